"""Read the rows of one sheet; which cells are read, and by what, is worked out once for a type."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from codes.elements import Field, all_fields
from codes.facility_types import FacilityType
from registry.uploads.columns import TOGETHER, Column, SheetColumns
from registry.uploads.findings import Finding, found
from registry.uploads.normalising.broken import BROKEN
from registry.uploads.normalising.cell import shown, storable
from registry.uploads.normalising.identity import shown_for, shown_safely
from registry.uploads.normalising.levels import in_one
from registry.uploads.normalising.readings import (
    Reader,
    Reading,
    TypeReading,
    reader_of,
    type_reader,
)
from registry.uploads.normalising.row import Row, known_fields
from registry.uploads.source import BrokenCell, SourceRow, is_blank

TYPE: Final = "type"

Sooner = Callable[[Field, str | None, Reader], Reader]
"""Gives for a field, the unit in its header and what reads its cells what reads them sooner."""


class _Step(NamedTuple):
    """One field of a row: its column, if there is one, others of the same field, what is given."""

    key: str
    at: int | None
    letter: str
    spare: tuple[Column, ...]
    given: str | None
    read: Callable[[object], Reading | TypeReading | None]
    unit: str


class RowReader:
    """Brings the rows of a sheet into our form; `given` fills cells that are blank or absent."""

    def __init__(
        self, columns: SheetColumns, given: Mapping[str, str], sooner: Sooner | None = None
    ) -> None:
        """Take the columns of the sheet; `sooner` makes of what reads a cell what reads alike."""
        self._columns, self._given, self._sooner = columns, given, sooner
        self._keys = (*columns.read, *(key for key in given if key not in columns.read))
        self._read_type = type_reader()
        self._type = self._step(TYPE, None)
        self._steps: dict[str | None, Sequence[_Step]] = {}

    def read(self, source: SourceRow) -> Row:
        """Return a row in our form."""
        taken = _Taken(self._columns, source)
        kind = self._take_type(taken)
        code = kind.code if kind else None
        if code not in self._steps:
            self._steps[code] = [self._step(key, code) for key in self._keys]
        taken.take_all(self._steps[code])
        return taken.row(kind)

    def _step(self, key: str, type_code: str | None) -> _Step:
        field = known_fields(type_code).get(key) or all_fields()[key]
        column = self._columns.read.get(key)
        unit = column.unit if column else None
        read = reader_of(field, unit)
        if self._sooner:
            read = self._sooner(field, unit, read)
        return _Step(
            key,
            column.index if column else None,
            column.letter if column else "",
            tuple(self._columns.spare.get(key, ())),
            self._given.get(key),
            self._read_type if key == TYPE else read,
            field.unit_zh or "",
        )

    def _take_type(self, taken: _Taken) -> FacilityType | None:
        cell = taken.cell(self._type)
        if isinstance(cell, BrokenCell):
            taken.note_broken(TYPE, cell)
            return None
        read = self._read_type(cell)
        if read is None:
            return None
        taken.seen[TYPE] = read.seen
        if read.type is not None:
            taken.fields[TYPE] = read.type.code
        if read.rule:
            taken.note(TYPE, read.rule, read.seen, trouble=read.type is None, **read.params)
        return read.type


class _Taken:
    """What has been taken from the cells of one row so far."""

    def __init__(self, columns: SheetColumns, source: SourceRow) -> None:
        self.columns, self.source = columns, source
        self.fields: dict[str, Any] = {}
        self.cleared: set[str] = set()
        self.seen: dict[str, str] = {}
        self.troubled: set[str] = set()
        self.raw: dict[str, Any] = {}
        self.findings: list[Finding] = []

    def take_all(self, steps: Sequence[_Step]) -> None:
        """Take the cells of a row as sent, and every field but the type."""
        cells, raw = self.source.cells, self.raw
        for step in steps:
            key, at, letter, spare, given, read, _ = step
            cell = None if at is None else cells[at]
            broken = isinstance(cell, BrokenCell)
            reading = None if cell is None or cell == "" or broken else read(cell)
            if reading is not None or (broken and not is_blank(cell)):
                raw[letter] = _kept(cell, reading)
            if key == TYPE:
                continue
            if broken or spare or given is not None:
                reading = self._looked_for(step)
            if isinstance(reading, Reading):
                self._keep(step, reading)

    def cell(self, step: _Step) -> object:
        """Return the cell of the field's column, of a second column when that is blank, or given.

        Columns that contradict each other are said.
        """
        cells = [] if step.at is None else [self.source.cells[step.at]]
        if step.key in TOGETHER and cells and step.spare:
            cells += [self.source.cells[one.index] for one in step.spare]
            return self._together(step.key, cells) or step.given
        for other in step.spare:
            cells.append(self.source.cells[other.index])
            self._compare(step.key, cells[0], cells[-1], other)
        filled = next((cell for cell in cells if not is_blank(cell)), None)
        return step.given if filled is None else filled

    def _together(self, key: str, cells: Sequence[object]) -> object:
        """The division that several columns say; that they contradict each other is said once."""
        filled = [one for one in cells if not is_blank(one)]
        if len(filled) < 2:
            return filled[0] if filled else None
        if (read := in_one(filled)) is not None:
            return read
        first, *others = dict.fromkeys(map(shown_safely, filled))
        self.note(key, "division_levels_apart", first, trouble=True, others=others)
        return filled[0]

    def note(
        self, key: str, rule: str, value: str, *, trouble: bool = False, **params: Any
    ) -> None:
        """Say something of a cell; after `trouble` its field is not judged any more."""
        if trouble:
            self.troubled.add(key)
        place, number = self.columns.place(key), self.source.number
        said = found(rule, self.columns.sheet, number, key, place=place, value=value, **params)
        self.findings.append(said)

    def note_broken(self, key: str, cell: BrokenCell) -> None:
        """Say why a cell of a workbook has no value."""
        self.note(key, BROKEN[cell.reason], shown_safely(cell), trouble=True)

    def row(self, kind: FacilityType | None) -> Row:
        """Return the row that has been read."""
        return Row(
            self.columns.sheet,
            self.source.number,
            kind,
            self.fields,
            frozenset(self.cleared),
            self.seen,
            frozenset(self.troubled),
            self.raw,
            tuple(self.findings),
        )

    def _looked_for(self, step: _Step) -> Reading | TypeReading | None:
        """What a field says that may stand in several places, or in a cell without a value."""
        cell = self.cell(step)
        if not isinstance(cell, BrokenCell):
            return step.read(cell)
        self.seen[step.key] = shown_safely(cell)
        self.note_broken(step.key, cell)
        return None

    def _keep(self, step: _Step, reading: Reading) -> None:
        key, read = step.key, reading.read
        self.seen[key] = reading.seen
        if reading.clears:
            self.cleared.add(key)
        elif read.problem:
            self.note(key, read.problem, reading.seen, trouble=True, **read.params)
        else:
            if read.value is not None:
                self.fields[key] = read.value
            if read.note and step.at is not None:
                said = str(read.value) if read.value is not None else ""
                self.note(key, read.note, reading.seen, read=said, unit=step.unit)

    def _compare(self, key: str, first: object, second: object, other: Column) -> None:
        if is_blank(first) or is_blank(second) or shown(first).strip() == shown(second).strip():
            return
        self.note(
            key,
            "cells_conflict",
            shown_safely(first),
            trouble=True,
            other=other.letter,
            other_value=shown_safely(second),
        )


def _kept(cell: object, reading: Reading | TypeReading | None) -> object:
    """A cell as the batch keeps it; of the number of a person no more than is shown."""
    if isinstance(reading, Reading):
        problem = reading.read.problem
    else:
        problem = reading.rule if reading and reading.type is None else None
    if problem is None and not isinstance(cell, BrokenCell):
        return storable(cell)
    safe = shown_for(problem, cell) if problem else shown_safely(cell)
    return storable(cell) if safe == shown(cell) else safe
