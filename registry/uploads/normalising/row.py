"""Turn one raw row into fields: each cell by the kind of its field, each repair said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from codes.elements import Field, all_fields, fields_of
from codes.errors import DataError
from codes.facility_types import FacilityType, find_type
from codes.text_fixes import is_clear_token, is_placeholder
from registry.uploads.columns import Column, SheetColumns
from registry.uploads.findings import Finding, found
from registry.uploads.normalising.cell import CellValue, shown, storable
from registry.uploads.normalising.choices import read_choice
from registry.uploads.normalising.dates import read_date
from registry.uploads.normalising.numbers import read_number
from registry.uploads.normalising.text import read_code, read_text
from registry.uploads.source import BrokenCell, SourceRow, is_blank

BROKEN: Final = {"error": "cell_error", "formula": "formula_uncalculated"}
CHOSEN_FIRST: Final = frozenset({"choice"})
"""Kinds whose listed values go before the words for nothing: 无 is a value of some lists."""


@dataclass(frozen=True)
class Row:
    """One row as we read it.

    `fields` holds our values by key, blank ones absent; `cleared` the keys to be cleared; `seen`
    what each cell shows; `troubled` the keys whose cell could not be taken. `type` is None when
    the type is missing or unknown.
    """

    sheet: str
    number: int
    type: FacilityType | None
    fields: Mapping[str, Any]
    cleared: frozenset[str]
    seen: Mapping[str, str]
    troubled: frozenset[str]
    raw: Mapping[str, Any]
    findings: tuple[Finding, ...]


def normalise_row(source: SourceRow, columns: SheetColumns, given: Mapping[str, str]) -> Row:
    """Return the row in our form; `given` fills cells that are blank or absent."""
    reader = _RowReader(source, columns, given)
    kind = reader.type()
    fields = known_fields(kind.code if kind else None)
    for key in (*columns.read, *(key for key in given if key not in columns.read)):
        if key != "type":
            reader.take(key, fields.get(key) or all_fields()[key])
    return reader.row(kind)


@cache
def known_fields(type_code: str | None) -> Mapping[str, Field]:
    """Return the fields of a type by key, of any type when it is not known."""
    if type_code is None:
        return all_fields()
    return {field.key: field for field in fields_of(type_code)}


def read_cell(cell: object, key: str, field: Field, header_unit: str | None) -> CellValue:
    """Return what a filled cell says of an element; a token that clears is not asked here.

    `header_unit` is the unit in the header of its column, when it names one.
    """
    if field.kind in CHOSEN_FIRST:
        chosen = read_choice(cell, key, field)
        if chosen.problem or chosen.value is not None:
            return chosen
    if isinstance(cell, str) and is_placeholder(cell):
        return CellValue(None, note="placeholder_blank")
    if field.kind == "date":
        return read_date(cell)
    if field.kind in ("integer", "number"):
        return read_number(cell, field.unit_zh, header_unit)
    return read_code(cell) if field.kind == "code" else read_text(cell, key)


def read_type(cell: object) -> tuple[FacilityType | None, str | None, Mapping[str, Any]]:
    """Return the type a filled cell names, the rule to say about it, and what fills its words."""
    read = read_text(cell, "type")
    written = read.value or ""
    try:
        kind = find_type(written)
    except DataError as error:
        return None, "type_unknown", {"near": error.params["near"]}
    if written not in (kind.code, kind.name_zh):
        return kind, "value_alias", {"read": kind.name_zh}
    return kind, read.note, {"read": kind.name_zh}


def raw_cells(source: SourceRow, columns: SheetColumns) -> dict[str, Any]:
    """Return the cells as sent, by column letter, for the record; blank ones left out."""
    return {
        column.letter: storable(source.cells[column.index])
        for column in columns.read.values()
        if not is_blank(source.cells[column.index])
    }


class _RowReader:
    """Collects what one row says while its cells are read."""

    def __init__(self, source: SourceRow, columns: SheetColumns, given: Mapping[str, str]) -> None:
        self.source, self.columns, self.given = source, columns, given
        self.fields: dict[str, Any] = {}
        self.cleared: set[str] = set()
        self.seen: dict[str, str] = {}
        self.troubled: set[str] = set()
        self.findings: list[Finding] = []

    def type(self) -> FacilityType | None:
        cell = self._cell("type")
        if is_blank(cell):
            return None
        if isinstance(cell, BrokenCell):
            self._note("type", BROKEN[cell.reason], shown(cell), trouble=True)
            return None
        self.seen["type"] = shown(cell)
        kind, rule, params = read_type(cell)
        if kind is not None:
            self.fields["type"] = kind.code
        if rule:
            self._note("type", rule, shown(cell), trouble=kind is None, **params)
        return kind

    def take(self, key: str, field: Field) -> None:
        cell = self._cell(key)
        if is_blank(cell):
            return
        self.seen[key] = shown(cell)
        if isinstance(cell, BrokenCell):
            self._note(key, BROKEN[cell.reason], shown(cell), trouble=True)
        elif isinstance(cell, str) and is_clear_token(cell):
            self.cleared.add(key)
        else:
            column = self.columns.read.get(key)
            self._keep(key, read_cell(cell, key, field, column.unit if column else None), field)

    def row(self, kind: FacilityType | None) -> Row:
        return Row(
            self.columns.sheet,
            self.source.number,
            kind,
            self.fields,
            frozenset(self.cleared),
            self.seen,
            frozenset(self.troubled),
            raw_cells(self.source, self.columns),
            tuple(self.findings),
        )

    def _keep(self, key: str, read: CellValue, field: Field) -> None:
        if read.problem:
            self._note(key, read.problem, self.seen[key], trouble=True, **read.params)
            return
        if read.value is not None:
            self.fields[key] = read.value
        if read.note and key in self.columns.read:
            said = str(read.value) if read.value is not None else ""
            self._note(key, read.note, self.seen[key], read=said, unit=field.unit_zh or "")

    def _cell(self, key: str) -> object:
        """The cell of the field's column, of a second column when that is blank, or `--set`."""
        column = self.columns.read.get(key)
        cells = [self.source.cells[column.index]] if column else []
        for other in self.columns.spare.get(key, ()):
            cells.append(self.source.cells[other.index])
            self._compare(key, cells[0], cells[-1], other)
        filled = next((cell for cell in cells if not is_blank(cell)), None)
        return self.given.get(key) if filled is None else filled

    def _compare(self, key: str, first: object, second: object, other: Column) -> None:
        if is_blank(first) or is_blank(second) or shown(first).strip() == shown(second).strip():
            return
        self._note(
            key,
            "cells_conflict",
            shown(first),
            trouble=True,
            other=other.letter,
            other_value=shown(second),
        )

    def _note(
        self, key: str, rule: str, value: str, *, trouble: bool = False, **params: Any
    ) -> None:
        if trouble:
            self.troubled.add(key)
        place = self.columns.place(key)
        self.findings.append(
            found(
                rule,
                self.columns.sheet,
                self.source.number,
                key,
                place=place,
                value=value,
                **params,
            )
        )


def not_carried(row: Row) -> Iterator[str]:
    """Yield the keys a row fills that its type does not have."""
    if row.type is not None:
        carried = known_fields(row.type.code)
        yield from (key for key in row.fields if key not in carried)
