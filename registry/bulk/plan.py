"""What is asked of each row of a file: its columns, and the conditions on them as masks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from sqlglot import exp

from codes.elements import FIGURES, all_fields
from codes.facility_types import facility_types
from codes.identifier_schemes import identifier_schemes
from registry.bulk.compile.values import TRUE, Value, literal
from registry.bulk.conditions import Condition, Mask, lay_out
from registry.bulk.row_conditions import add_row_conditions
from registry.bulk.schema_conditions import schema_conditions
from registry.uploads.columns import SheetColumns
from registry.uploads.judged import Context
from registry.uploads.reading.headers import HeaderNames
from registry.uploads.source import index_of

NO_TYPE: Final = ""
"""In the place of a type's code: of a row whose type is missing or unknown."""


@dataclass(frozen=True)
class Plan:
    """What is asked of each row of a file with these columns."""

    columns: SheetColumns
    given: Mapping[str, str]
    context: Context
    names: HeaderNames
    types: tuple[str, ...] | None = None
    """The types that are looked at, None for all."""

    known: frozenset[str] = frozenset()
    """The elements whose frequent cells are known to be plain (`registry.bulk.known_cells`)."""

    mends: tuple[Condition, ...] = ()
    """What is said of cells that were mended."""

    @cached_property
    def type_numbers(self) -> dict[str, int]:
        """The numbers of the types that are looked at: their places in the book."""
        return {
            code: at
            for code, at in type_numbers().items()
            if self.types is None or code in self.types
        }

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The elements the file or `--set` gives."""
        return tuple(dict.fromkeys((*self.columns.read, *self.given)))

    @cached_property
    def values(self) -> dict[str, Value]:
        """The elements as columns of the scan; `type` is looked up and not among them."""
        return {
            key: Value(
                column_called(key),
                column_called(f"{key} #") if is_numeric(key) else None,
                column_called(f"{key} @") if is_day(key) else None,
            )
            for key in self.keys
            if key != "type"
        }

    @cached_property
    def mask(self) -> Mask:
        """The conditions on a row."""
        values = {**self.values, "type": Value(column_called("type"))}
        collected = schema_conditions(values, self.types)
        add_row_conditions(collected, self.values, self.context, self.types)
        # what is said of no type that is looked at holds of nearly every row, for nothing
        asked = [one for one in collected.conditions() if one.types]
        return lay_out([*map(self._in_own_types, asked), *self.mends])

    def _in_own_types(self, one: Condition) -> Condition:
        """The condition, asked of rows of its types alone; so few rows hold any of several."""
        own = sorted(self.type_numbers[code] for code in one.types if code in self.type_numbers)
        if len(own) == len(self.type_numbers) or one.holds == TRUE or one.absent_key:
            return one
        kind = exp.column("type_no").isin(*map(literal, own))
        return replace(one, holds=exp.case().when(kind, one.holds).else_(exp.false()))

    def unit(self, key: str) -> str | None:
        """The unit in the header of an element's column, when it names one."""
        column = self.columns.read.get(key)
        return column.unit if column else None


def type_numbers() -> dict[str, int]:
    """Return the numbers of the types, and of none."""
    return {NO_TYPE: -1, **{code: at for at, code in enumerate(facility_types())}}


def unread(columns: SheetColumns) -> list[int]:
    """Return the places of the columns that are not read."""
    return [index_of(letter) for letter, _, _ in columns.ignored]


def numbered(plan: Plan) -> list[str]:
    """Return the elements by which a row may repeat another, in the order they are looked at."""
    return [key for key in ("code", *identifier_schemes()) if key in plan.values]


def is_numeric(key: str) -> bool:
    """Say whether an element is a figure."""
    return all_fields()[key].kind in FIGURES


def is_text(key: str) -> bool:
    """Say whether an element is a text or a code, which may hold any words."""
    return all_fields()[key].kind in ("text", "code")


def is_day(key: str) -> bool:
    """Say whether an element is a date."""
    return all_fields()[key].kind == "date"


def column_called(name: str) -> exp.Expr:
    """Return the column of an element in the scan."""
    return exp.column(name, quoted=True)


def named(part: exp.Expr, name: str) -> exp.Expr:
    """Name a part of a SELECT, without copying it."""
    return exp.Alias(this=part, alias=exp.to_identifier(name, quoted=True))
