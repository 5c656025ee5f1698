"""Clean written cells: spaces of every kind, full-width, traditional, misspelt."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from codes.name_affixes import simplified as simplified_characters
from codes.text_fixes import is_joined, misspelt_words
from registry.uploads.normalising.broken import AS_TEXT
from registry.uploads.normalising.cell import CellValue, is_inexact, shown
from registry.uploads.source import BLANK_CHARACTERS

_SPACES = re.compile(r"[ \t\r\n\v\f\x85\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
INVISIBLE = re.compile(
    "[\u200b-\u200f\u2060\ufeff\u00ad\u202a-\u202e\u2066-\u2069\x00-\x08\x0e-\x1f\x7f]"
)
_BETWEEN_CHARACTERS = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")
_SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+\d{1,3}")
_HALF_WIDTH: Final = {
    code: chr(code - 0xFEE0)
    for start, end in ("０９", "ＡＺ", "ａｚ")
    for code in range(ord(start), ord(end) + 1)
}


def read_text(cell: object, element: str) -> CellValue:
    """Return the text of a cell, cleaned; the punctuation is left as written."""
    if is_inexact(cell):
        return CellValue(shown(cell), problem="value_scientific")
    seen = shown(cell)
    clean = tidy(seen)
    if _SCIENTIFIC.fullmatch(clean):
        return CellValue(seen, problem="value_scientific")
    if not clean.isprintable():
        unseen = " ".join(f"U+{ord(one):04X}" for one in clean if not one.isprintable())
        return CellValue(seen, problem="text_unprintable", params={"codes": unseen})
    if is_joined(element):
        clean = _BETWEEN_CHARACTERS.sub("", clean)
    plain = spelt = simplified(clean)
    for wrong, right in misspelt_words(element):
        spelt = spelt.replace(wrong, right)
    if spelt != plain:
        return CellValue(spelt, note="spelling_fixed")
    if plain != clean:
        return CellValue(plain, note="script_simplified")
    return CellValue(clean or None, note="text_cleaned" if clean != seen else None)


def read_code(cell: object) -> CellValue:
    """Return a code as it is stored: half-width, without spaces, in capitals.

    A number too long for a spreadsheet has lost its last digits and is a problem, never repaired.
    """
    seen = shown(cell)
    bare = seen.strip(BLANK_CHARACTERS)
    if is_inexact(cell) or _SCIENTIFIC.fullmatch(bare):
        return CellValue(seen, problem="value_scientific")
    if as_text := AS_TEXT.fullmatch(bare):
        bare = as_text.group(1)
    bare = bare.removeprefix("'")
    compact = "".join(unicodedata.normalize("NFKC", INVISIBLE.sub("", bare)).split()).upper()
    if compact.endswith(".0") and compact[:-2].isdigit():
        compact = compact[:-2]
    note = "code_compacted" if compact != seen else None
    return CellValue(compact or None, note=note)


def tidy(text: str) -> str:
    """Return text with single spaces, none at the ends, nothing invisible, half-width 0-9 A-Z a-z.

    >>> tidy("　Ａ１　幼儿园\\n（东） ")
    'A1 幼儿园 （东）'
    """
    return _SPACES.sub(" ", INVISIBLE.sub("", text)).strip().translate(_HALF_WIDTH)


def simplified(text: str) -> str:
    """Return text in simplified characters; only those read in one way alone are changed.

    >>> simplified("幼兒園（東區）")
    '幼儿园（东区）'
    """
    return text.translate(simplified_characters())
