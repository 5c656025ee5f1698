"""What one cell of a workbook says, as it stands in a canonical file."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, timedelta
from typing import Final
from xml.sax.saxutils import unescape

from registry.bulk.sheets.cells import written
from registry.bulk.sheets.parts import DAY, NUMBER, Parts
from registry.bulk.sheets.pieces import OddXmlError
from registry.bulk.sheets.strings import Strings, plain_text, text_of
from registry.uploads.source import BrokenCell

REMEMBERED: Final = 50_000
"""Different figures of which it is remembered how they are written."""

EPOCH: Final = datetime(1899, 12, 30)  # noqa: DTZ001 -- a spreadsheet knows no zone
LAST_DAY: Final = 2_958_465
SHIFT_1904: Final = 1_462
LEAP_BUG: Final = 60
"""From this day on the days of 1900 are counted with one that never was."""

MILLISECONDS: Final = 86_400_000
LONGEST_FIGURE: Final = 15
ZERO: Final = ord("0")
"""No figure begins with it that is written as it is shown, but nought itself."""

_BOOLEANS: Final = (b"0", b"1")
_FORM: Final = re.compile(rb"0|[1-9]\d{0,8}")
_NUMBER: Final = re.compile(rb"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_SHORT: Final = re.compile(rb"-?(?:0|[1-9]\d{0,8})\.\d{0,5}[1-9]")


class Values:
    """Reads cells; strings and formats are the workbook's."""

    def __init__(self, strings: Strings, parts: Parts, prefix: bytes) -> None:
        """Take what it takes to read; `prefix` is that of the elements of the sheet."""
        self.strings = strings
        self._prefix = prefix
        self._parts = parts
        self._kinds = {str(at).encode(): kind for at, kind in enumerate(parts.kinds())}
        self._kinds[b""] = NUMBER
        self._errors: set[bytes] = set()
        self._figures: dict[tuple[bytes, bytes], bytes] = {}

    def read(self, form: bytes, kind: bytes, formula: bytes, value: bytes, inline: bytes) -> bytes:
        """Return a cell of this number of its format, type, formula, value and text.

        Raises TooLongError, NulError, BadZipFile, UnicodeDecodeError, and what the reader of small
        workbooks raises for a cell that it cannot read.
        """
        if inline and kind != b"inlineStr":
            raise OddXmlError("text")
        if value and not kind and not formula:
            return self._figure(form, value)
        if kind == b"e":
            return written(self._error(form, value))
        if formula and not value and kind != b"str":
            return written(BrokenCell(_formula(formula), "formula"))
        if kind == b"inlineStr":
            return written(text_of(inline, self._prefix))
        return self._of_kind(form, kind, value) if value else b""

    def _of_kind(self, form: bytes, kind: bytes, value: bytes) -> bytes:
        if kind in (b"", b"n"):
            return self._figure(form, value)
        if kind == b"str":
            return written(plain_text(value))
        if kind == b"b" and value in _BOOLEANS:
            return written(value == b"1")
        return written(self._parts.cell(form, kind, value))

    def _error(self, form: bytes, value: bytes) -> BrokenCell:
        if not value:
            raise OddXmlError("error")
        if value not in self._errors:
            self._parts.cell(form, b"e", value)
            self._errors.add(value)
        return BrokenCell(value.decode("utf-8", "replace"), "error")

    def _figure(self, form: bytes, value: bytes) -> bytes:
        kind = self._kinds.get(form)
        if kind is None:
            kind = self._kind_beyond(form)
        if kind == NUMBER:
            whole = value.isdigit() and len(value) <= LONGEST_FIGURE and value[0] != ZERO
            if whole or _SHORT.fullmatch(value):
                return value
        found = self._figures.get((form, value))
        if found is None:
            if len(self._figures) >= REMEMBERED:
                self._figures.clear()
            found = self._figures[form, value] = written(self._read_figure(form, kind, value))
        return found

    def _kind_beyond(self, form: bytes) -> str:
        """A format that the workbook does not have says nothing."""
        if not _FORM.fullmatch(form):
            raise OddXmlError(f"format {form!r}")
        return NUMBER

    def _read_figure(self, form: bytes, kind: str, value: bytes) -> object:
        if _NUMBER.fullmatch(value):
            if kind == NUMBER:
                return float(value)
            days = float(value)
            shifted = days + SHIFT_1904 * self._parts.is_1904
            if kind == DAY and days >= 1 and shifted <= LAST_DAY:
                return _moment(shifted)
        return self._parts.cell(form, b"", value)


def _moment(days: float) -> date | datetime:
    """Return the day, or the moment of it, that a spreadsheet means by a number of days."""
    since = days if days >= LEAP_BUG else days + 1
    moment = EPOCH + timedelta(milliseconds=math.floor(since * MILLISECONDS + 0.5))
    return moment.date() if float(days).is_integer() else moment


def _formula(formula: bytes) -> str:
    inner = formula[formula.find(b">") + 1 : formula.rfind(b"</")] if b"</" in formula else b""
    return f"={unescape(inner.decode('utf-8', 'replace'))}"
