"""The cells of one row, read one by one; what cannot be read is reported and gives None."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from codes.ledger_limits import ledger_limit
from codes.text_fixes import is_placeholder
from codes.value_lists import find_value
from registry.ledgers.place import RowPlace
from registry.ledgers.stated_units import unit_of_header
from registry.uploads.columns import SheetColumns
from registry.uploads.findings import Finding
from registry.uploads.normalising.broken import why_broken
from registry.uploads.normalising.cell import CellValue, shown
from registry.uploads.normalising.dates import read_date
from registry.uploads.normalising.numbers import read_number
from registry.uploads.normalising.text import read_code, read_text
from registry.uploads.source import SourceRow, is_blank

_YEAR: Final = re.compile(r"(\d{4})(?:年[末底度]?)?")


class Cells:
    """Reads the cells of one row by our keys, and collects what is found on the way."""

    def __init__(
        self,
        row: SourceRow,
        columns: SheetColumns,
        given: Mapping[str, str],
        above: tuple[str, ...] = (),
    ) -> None:
        """Take a row; `above` are the units that stand above the table."""
        self.place = RowPlace(columns.sheet, row.number, columns)
        self.findings: list[Finding] = []
        self.above = above
        self._row, self._columns, self._given = row, columns, given
        self._troubled: set[str] = set()

    @property
    def sound(self) -> bool:
        """True as long as nothing was found that refuses the row."""
        return all(one.severity != "must" for one in self.findings)

    def report(self, rule: str, key: str | None = None, /, **params: Any) -> None:
        """Note that a rule found something in the cell of a column."""
        value = self.seen(key) if key else None
        finding = self.place.finding(rule, key, value, **params)
        if key and finding.severity == "must":
            self._troubled.add(key)
        self.findings.append(finding)

    def seen(self, key: str) -> str:
        """Return what the cell shows, or what was given with `--set`."""
        return shown(self._raw(key)).strip()

    def has(self, key: str) -> bool:
        """Say whether the file has the column at all, or `--set` stands in for it."""
        return key in self._columns.read or key in self._given

    def header_unit(self, key: str) -> str | None:
        """Return the unit in the brackets of the header of the column whose cell is read."""
        column = self._columns.read.get(key)
        for spare in self._columns.spare.get(key, ()):
            if column and is_blank(self._row.cells[column.index]):
                column = spare
        return unit_of_header(column) if column else None

    def require(self, key: str, instead: str | None = None) -> None:
        """Report a cell that has to be filled, or the one that can replace it.

        A column that is absent is reported elsewhere, once a sheet.
        """
        asked = key if self.has(key) or instead is None else instead
        if self.has(asked) and asked not in self._troubled:
            self.report("cell_absent", asked, form_of=asked)

    def filled(self, key: str) -> object:
        """Return the raw cell, None when it holds nothing or cannot be taken."""
        cell = self._raw(key)
        for other in self._columns.spare.get(key, ()):
            spare = self._row.cells[other.index]
            if is_blank(cell):
                cell = spare
            elif not is_blank(spare) and shown(spare).strip() != shown(cell).strip():
                self.report("cells_conflict", key, other=other.letter, other_value=shown(spare))
                return None
        if is_blank(cell):
            return None
        if broken := why_broken(cell, is_code=True):
            self.report(broken, key)
            return None
        if isinstance(cell, str) and is_placeholder(cell):
            self.report("placeholder_blank", key)
            return None
        return cell

    def text(self, key: str) -> str | None:
        """Return a cell's text, cleaned."""
        cell = self.filled(key)
        return None if cell is None else self.take(key, read_text(cell, key))

    def code(self, key: str) -> str | None:
        """Return a cell's code, half-width and without spaces."""
        cell = self.filled(key)
        return None if cell is None else self.take(key, read_code(cell))

    def figure(
        self, key: str, unit: str, stated: str, unreadable: str, /, **params: Any
    ) -> int | float | None:
        """Return a cell's number in `unit`, from `stated` where the cell itself has no unit.

        What is no number breaks the rule `unreadable`.
        """
        cell = self.filled(key)
        if cell is None:
            return None
        read = read_number(cell, unit or None, stated or None)
        if isinstance(read.value, bool) or not isinstance(read.value, (int, float)):
            self.report(unreadable, key, **params)
            return None
        self.take(key, read, unit)
        value = round(float(read.value), 9)
        return int(value) if value.is_integer() else value

    def day(self, key: str) -> date | None:
        """Return a cell's date; half a date is reported."""
        cell = self.filled(key)
        if cell is None:
            return None
        read = read_date(cell)
        try:
            day = date.fromisoformat(str(read.value))
        except ValueError:
            self.report("date_unreadable", key)
            return None
        self.take(key, read)
        return day

    def year(self, key: str) -> int | None:
        """Return a cell's year within the ledgers' limits."""
        cell = self.filled(key)
        if cell is None:
            return None
        written = "".join(unicodedata.normalize("NFKC", shown(cell)).split())
        found = _YEAR.fullmatch(written)
        if found is None:
            self.report("year_unreadable", key)
            return None
        year, lowest, highest = int(found[1]), *map(ledger_limit, ("year_earliest", "year_latest"))
        if not lowest <= year <= highest:
            self.report("year_out_of_range", key, lowest=lowest, highest=highest)
            return None
        if self.seen(key) != found[1] and key in self._columns.read:
            self.report("year_read", key, year=year)
        return year

    def yes_no(self, key: str) -> str | None:
        """Return 是 or 否."""
        written = self.text(key)
        if written is None:
            return None
        value = find_value("yes_no", written)
        if value is None:
            self.report("choice_unknown", key, form_of=key)
        return value

    def take(self, key: str, read: CellValue, unit: str = "") -> Any:
        """Return what a cell was read as; report what was mended, or why it cannot be taken."""
        if read.problem:
            self.report(read.problem, key, **read.params)
            return None
        if read.note and key in self._columns.read:
            self.report(read.note, key, read=str(read.value), unit=unit)
        return read.value

    def _raw(self, key: str) -> object:
        column = self._columns.read.get(key)
        cell = self._row.cells[column.index] if column else None
        spares = self._columns.spare.get(key, ())
        if is_blank(cell) and all(is_blank(self._row.cells[one.index]) for one in spares):
            return self._given.get(key)
        return cell
