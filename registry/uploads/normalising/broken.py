"""Cells without content: an error, a formula, `#####`, 同上, as a workbook or a text says it.

A text file saved from a spreadsheet, a column pasted as text and our own marked workbook hold
`#REF!` and `=VLOOKUP(A2,B:B,1,0)` as texts; they say no more there than in the workbook.
"""

from __future__ import annotations

import re
from typing import Final

from codes.text_fixes import first_characters, is_ditto, is_error_word, is_filler
from registry.uploads.source import BLANK_CHARACTERS, BrokenCell

ERROR, FORMULA = "cell_error", "formula_uncalculated"
DITTO, NARROW = "cell_ditto", "cell_too_narrow"
AS_TEXT: Final = re.compile(r'="([^"]*)"')
"""How some systems write a code so that a spreadsheet keeps its zeros."""

BROKEN: Final = {"error": ERROR, "formula": FORMULA}
"""The rules that speak of a cell a workbook calls broken."""


def why_broken(cell: object, *, is_code: bool = False) -> str | None:
    """Return the rule that says why a cell has no content, None for one that may have some.

    Of a code (`is_code`) the form `="330106"` is a way to write it, not a formula.

    >>> why_broken("#REF!"), why_broken("=B2"), why_broken("1=1"), why_broken("#1楼")
    ('cell_error', 'formula_uncalculated', None, None)
    >>> why_broken("=同上"), why_broken("####")
    ('cell_ditto', 'cell_too_narrow')
    """
    if isinstance(cell, BrokenCell):
        return BROKEN[cell.reason]
    if not isinstance(cell, str):
        return None
    bare = cell.strip(BLANK_CHARACTERS)
    if bare[:1] == "=" and len(bare) > 1 and not is_ditto(bare[1:]):
        return None if is_code and AS_TEXT.fullmatch(bare) else FORMULA
    return _word(bare) if bare[:1] == "=" or bare[:1] in first_characters() else None


def _word(bare: str) -> str | None:
    if is_ditto(bare.removeprefix("=")):
        return DITTO
    if is_filler(bare):
        return NARROW
    return ERROR if is_error_word(bare) else None
