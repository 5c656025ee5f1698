"""Clean written cells: spaces of every kind, full-width, traditional, misspelt."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from codes.name_affixes import simplified as simplified_characters
from codes.text_fixes import is_joined, misspelt_words
from registry.uploads.normalising.broken import AS_TEXT
from registry.uploads.normalising.cell import CellValue, is_inexact, shown
from registry.uploads.normalising.garbled import garbled
from registry.uploads.normalising.markup import has_markup, without_markup
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
    seen = shown(cell)
    bare = without_markup(seen)
    clean = tidy(bare)
    if is_inexact(cell) or _SCIENTIFIC.fullmatch(clean):
        return CellValue(seen, problem="value_scientific")
    return _lost(seen, clean, element) or _mended(seen, bare, clean, element)


def _lost(seen: str, clean: str, element: str) -> CellValue | None:
    """A text whose characters were lost on the way to us, None for one that is whole."""
    if lost := garbled(seen, element):
        return CellValue(seen, problem="text_garbled", params={"meant_garbled": lost.meant})
    if not clean.isprintable():
        unseen = " ".join(f"U+{ord(one):04X}" for one in clean if not one.isprintable())
        return CellValue(seen, problem="text_unprintable", params={"codes": unseen})
    return None


def _mended(seen: str, bare: str, clean: str, element: str) -> CellValue:
    """The text as it is registered; of several things that were mended the weightiest is said."""
    if is_joined(element):
        clean = _BETWEEN_CHARACTERS.sub("", clean)
    plain = spelt = simplified(clean)
    for wrong, right in misspelt_words(element):
        spelt = spelt.replace(wrong, right)
    changes = (
        ("markup_left", has_markup(spelt)),
        ("spelling_fixed", spelt != plain),
        ("script_simplified", plain != clean),
        ("markup_removed", bare != seen),
        ("text_cleaned", clean != seen),
    )
    note = next((rule for rule, holds in changes if holds), None)
    return CellValue(spelt or None, note=note)


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
