"""Make the rows of lines whose cells are all plain: nothing has to be asked of them any more.

What is made is what `registry.uploads.normalising.sheet` makes, cell by cell.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from codes.elements import FIGURES, all_fields
from registry.uploads.columns import SheetColumns
from registry.uploads.normalising.readings import Reading, reader_of, type_reader
from registry.uploads.normalising.row import Row, known_fields

TYPE: Final = "type"
NOTHING: Final[frozenset[str]] = frozenset()

AS_IT_STANDS: Final = frozenset({"text", "code", "date"})
"""Kinds whose plain cells are their values."""

ValueOf = Callable[[str], Any]


class _Step(NamedTuple):
    """One field of a row: its columns (the first is the field's own), what is given, its value."""

    key: str
    at: int | None
    spare: Sequence[int]
    letter: str
    given: str
    value_of: ValueOf | None


class _Steps(NamedTuple):
    """The fields of the rows of a type: of the columns place, letter and key.

    `further` are all fields but the type, where one may stand in several columns or is given.
    """

    at: Sequence[int]
    letters: Sequence[str]
    keys: Sequence[str]
    further: Sequence[_Step]
    converted: Sequence[tuple[str, ValueOf]]


class NotPlainError(ValueError):
    """A cell says more than it shows after all."""


class PlainReader:
    """Brings plain lines of a sheet into our form; `given` fills cells that are blank or absent."""

    def __init__(self, columns: SheetColumns, given: Mapping[str, str]) -> None:
        """Take the columns of the sheet."""
        self._columns, self._given = columns, given
        self._keys = (*columns.read, *(key for key in given if key not in columns.read))
        self._read_type = type_reader()
        self._type = self._step(TYPE, None)
        self._steps: dict[str, _Steps] = {}

    def read(self, number: int, cells: Sequence[Any]) -> Row | None:
        """Return a row in our form, None for one that is to be read cell by cell after all.

        `cells` are texts, as many as the sheet has columns.
        """
        try:
            return self._row(number, cells)
        except NotPlainError:
            return None

    def _row(self, number: int, cells: Sequence[str]) -> Row:
        word = _cell(self._type, cells) or self._type.given
        said = self._read_type(word)
        if said is None or said.type is None or said.rule:
            raise NotPlainError
        code = said.type.code
        if code not in self._steps:
            self._steps[code] = self._steps_of(code)
        steps = self._steps[code]
        own = [cells[at] for at in steps.at]
        raw = {letter: cell for letter, cell in zip(steps.letters, own, strict=True) if cell}
        seen = {TYPE: word}
        if steps.further:
            filled = ((one.key, _cell(one, cells) or one.given) for one in steps.further)
            seen |= {key: cell for key, cell in filled if cell}
        else:
            seen |= {key: cell for key, cell in zip(steps.keys, own, strict=True) if cell}
        fields: dict[str, Any] = {**seen, TYPE: code}
        for key, value_of in steps.converted:
            if key in fields:
                fields[key] = value_of(fields[key])
        return Row(self._columns.sheet, number, said.type, fields, NOTHING, seen, NOTHING, raw, ())

    def _steps_of(self, code: str) -> _Steps:
        every = [self._step(key, code) for key in self._keys]
        own = [one for one in every if one.at is not None]
        plain = not any(one.spare or one.given for one in every)
        return _Steps(
            [one.at for one in own if one.at is not None],
            [one.letter for one in own],
            [one.key for one in own],
            [] if plain else [one for one in every if one.key != TYPE],
            [(one.key, one.value_of) for one in every if one.value_of],
        )

    def _step(self, key: str, type_code: str | None) -> _Step:
        column = self._columns.read.get(key)
        return _Step(
            key,
            column.index if column else None,
            tuple(one.index for one in self._columns.spare.get(key, ())),
            column.letter if column else "",
            self._given.get(key, ""),
            None if key == TYPE else _value_of(key, type_code, column.unit if column else None),
        )


def _cell(step: _Step, cells: Sequence[str]) -> str:
    """The one filled cell of a field that may stand in several columns; '' when none is."""
    places = step.spare if step.at is None else (step.at, *step.spare)
    return next((cells[at] for at in places if cells[at]), "")


def _value_of(key: str, type_code: str | None, unit: str | None) -> ValueOf | None:
    """What makes the value of a plain cell of an element, None where it is the cell."""
    field = known_fields(type_code).get(key) or all_fields()[key]
    if field.kind in AS_IT_STANDS:
        return None
    if field.kind in FIGURES:
        return figure
    read, known = reader_of(field, unit), dict[str, Any]()

    def chosen(cell: str) -> Any:
        if cell not in known:
            known[cell] = _said(read(cell))
        return known[cell]

    return chosen


def _said(reading: Reading | None) -> Any:
    """What a listed word says, and nothing else."""
    if reading is None or reading.clears or reading.read.problem or reading.read.note:
        raise NotPlainError
    return reading.read.value


def figure(cell: str) -> float:
    """Return the figure that a plain cell shows; a whole one is an int."""
    read = float(cell)
    return int(read) if read.is_integer() else read
