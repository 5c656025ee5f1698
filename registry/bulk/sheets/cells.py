"""How the cells of a workbook stand in a canonical file, so that no kind of cell is lost.

Texts, plain figures, days and yes or no are written as they are shown, which says the same to every
reader. Any other cell is written as what it is, behind a mark: a row with such a cell is judged
exactly, with the cells that the sender's workbook has.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from codes.upload_limits import limit
from registry.bulk.in_form import PRIVATE, TO_PRIVATE
from registry.uploads.normalising.cell import MIDNIGHT, is_inexact, shown
from registry.uploads.source import BrokenCell

MARK: Final = "\uf8ff"
"""Before a cell that is no plain text. A text that holds it is one of those."""

MARK_BYTES: Final = MARK.encode()

_PLAIN: Final = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?")
_ODD: Final = re.compile(f"[{MARK}{''.join(PRIVATE.values())}]")
_TO_QUOTE: Final = re.compile(r'[",]')


class TooLongError(ValueError):
    """A text is longer than a cell may be; its only argument says how long it is."""


class NulError(ValueError):
    """A text holds the character NUL, which no database takes."""


def written(cell: object) -> bytes:
    """Return a cell as it stands in the canonical file. Raises TooLongError and NulError."""
    if isinstance(cell, BrokenCell):
        _check(cell)
        return _marked("broken", [str(cell), cell.reason])
    if isinstance(cell, str):
        return _text(cell)
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return _figure(float(cell))
    if isinstance(cell, datetime) and cell.time() != MIDNIGHT:
        return _marked("moment", cell.isoformat())
    return shown(cell).encode()


def restored(cell: str) -> object:
    """Return the cell that was written, of a row in which one is marked."""
    if not cell.startswith(MARK):
        return cell
    kind, said = json.loads(cell[len(MARK) :])
    if kind == "broken":
        return BrokenCell(*said)
    if kind == "moment":
        return datetime.fromisoformat(said)
    return float(said) if kind == "figure" else said


def line(cells: Sequence[bytes]) -> bytes:
    """Return cells as a part of a line."""
    return b",".join(cells)


def day(number: int) -> bytes:
    """Return the day with this proleptic number."""
    return date.fromordinal(number).isoformat().encode()


def _check(cell: str) -> None:
    if len(cell) > limit("cell_characters"):
        raise TooLongError(len(cell))
    if "\0" in cell:
        raise NulError


def _text(cell: str) -> bytes:
    _check(cell)
    if _ODD.search(cell):
        return _marked("text", cell)
    return _quoted(cell.translate(TO_PRIVATE))


def _figure(cell: float) -> bytes:
    """A figure as a spreadsheet shows it, when every reader of it takes the same from that."""
    if math.isfinite(cell) and not is_inexact(cell):
        seen = shown(cell)
        if _PLAIN.fullmatch(seen):
            return seen.encode()
    return _marked("figure", repr(cell))


def _marked(kind: str, said: object) -> bytes:
    return _quoted(MARK + json.dumps([kind, said]))


def _quoted(cell: str) -> bytes:
    if _TO_QUOTE.search(cell):
        cell = '"' + cell.replace('"', '""') + '"'
    return cell.encode()
