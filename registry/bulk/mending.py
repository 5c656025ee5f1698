"""Mend the cells that are not plain as the check row by row does, each different cell only once.

A department's file may hold a million dates written `2015/9/1` and a few thousand different ones.
Each is read by the reader of small files; SQL puts what was read in the place of the cell, and
what was said about it stands in the mask. A cell that leaves anything open gives its row up.
"""

# ruff: noqa: S608 -- queries are put together from our own names; what a file says is a parameter
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlglot import exp

from codes.elements import Field, all_fields
from codes.facility_types import facility_types
from codes.rules import rules
from codes.text_fixes import is_clear_token
from registry.bulk.cells_query import cell_of
from registry.bulk.compile.values import NUMBER_SHAPE, Value, literal
from registry.bulk.conditions import ABSENCE, ALL, Condition
from registry.bulk.engine import Connection, fill
from registry.bulk.in_form import FROM_PRIVATE
from registry.bulk.plain import is_odd, variants
from registry.bulk.plan import Plan, column_called, is_numeric
from registry.uploads.normalising.row import known_fields, read_cell, read_type
from registry.uploads.rules.types import REQUIRED_OF_ALL
from registry.uploads.source import is_blank

SILENT: Final = 0
GIVEN_UP: Final = -1
"""States of a cell: nothing is said of it; SQL cannot go on with it. Others are said by number."""

PLACING: Final = frozenset({"division", "name"})
"""Elements without which a row is placed or told apart in ways that SQL does not know."""

BATCH: Final = 10_000
JOINED: Final = 16
"""Tables joined at a time: each join takes some megabytes of the memory there is."""

ROWS: Final = "rest"

Read = tuple[str | None, int]
"""What a cell says, as text, and its state."""


@dataclass
class Mending:
    """What was read of the cells of the rows that are not sure; tables m0, m1, ... hold it."""

    plan: Plan
    tables: dict[str, str] = field(default_factory=dict)
    parted: set[str] = field(default_factory=set)
    """Elements that mean different things in different types."""

    said: dict[tuple[str, str], Condition] = field(default_factory=dict)

    def conditions(self) -> tuple[Condition, ...]:
        """Return what is said of cells, as conditions on the columns `<key> ~`."""
        return tuple(self.said.values())

    def cells(self) -> dict[str, exp.Expr]:
        """Return what stands in the place of the cells of each element that was mended."""
        return {
            key: exp.case()
            .when(state_of(key).is_(exp.null()), cell_of(self.plan, key))
            .else_(column_called(f"{key} ="))
            for key in self.tables
        }

    def given_up(self) -> list[exp.Expr]:
        """Return the conditions under which a row holds a cell SQL cannot go on with."""
        found = [exp.EQ(this=state_of(key), expression=literal(GIVEN_UP)) for key in self.tables]
        return [exp.func("coalesce", one, exp.false()) for one in found]

    def state(self, key: str, rule: str, ends: str = "") -> int:
        """Return the number of what is said of cells of an element; rule '' only silences."""
        if (key, rule) not in self.said:
            number = len(self.said) + 1
            is_said = exp.EQ(this=state_of(key), expression=literal(number))
            holds = exp.func("coalesce", is_said, exp.false())
            severity = rules()[rule].severity if rule else ""
            types = frozenset(facility_types())
            self.said[key, rule] = Condition((rule, severity, key), holds, types, ends=ends)
        return list(self.said).index((key, rule)) + 1


def state_of(key: str) -> exp.Expr:
    """Return the column of the state of an element's cell."""
    return column_called(f"{key} ~")


def read_types(connection: Connection, plan: Plan, mending: Mending, words: str) -> None:
    """Make the table `read_type` (seen, value: the type's index, state) of unknown words."""
    rows = []
    numbers = {code: at for at, code in enumerate(facility_types())}
    for (seen,) in connection.execute(words).fetchall():
        written = seen.translate(FROM_PRIVATE)
        if is_blank(written):
            continue
        kind, rule, _ = read_type(written)
        if kind is not None:
            rows.append((seen, numbers[kind.code], mending.state("type", rule) if rule else SILENT))
    columns = {"seen": "VARCHAR", "value": "SMALLINT", "state": "SMALLINT"}
    fill(connection, "read_type", columns, rows)


def mend(connection: Connection, mending: Mending) -> None:
    """Read each different cell of the table `rest` that is not plain. `plan` knows the types."""
    plan = mending.plan
    for key in plan.values:
        forms = list(variants(key, plan.types))
        if len(forms) > 1:
            mending.parted.add(key)
        rows = list(_read_cells(connection, mending, key))
        if not rows:
            continue
        table = mending.tables[key] = f"m{len(mending.tables)}"
        columns = {"seen": "VARCHAR", "of_type": "SMALLINT", "value": "VARCHAR"}
        fill(connection, table, {**columns, "state": "SMALLINT"}, rows)
        if any(one.kind in ("text", "code") for one, _ in forms):
            still = is_odd(key, Value(exp.column("value")), None, plan.types).sql("duckdb")
            connection.execute(f"UPDATE {table} SET state = {GIVEN_UP} WHERE {still}")


def mended_rows(connection: Connection, mending: Mending) -> str:
    """Return the query of the rows with what was read beside their cells."""
    tables = list(mending.tables.items())
    while len(tables) > JOINED:
        query = _joined(mending, tables[:JOINED])
        connection.execute(f"CREATE OR REPLACE TABLE {ROWS} AS {query}")
        del tables[:JOINED]
    return _joined(mending, tables)


def _joined(mending: Mending, tables: Sequence[tuple[str, str]]) -> str:
    columns, joins = ["r.*"], []
    for key, table in tables:
        value, state = (column_called(f"{key} {mark}").sql("duckdb") for mark in "=~")
        columns += [f"{table}.value AS {value}", f"{table}.state AS {state}"]
        cell = cell_of(mending.plan, key).sql("duckdb")
        of_type = f" AND {table}.of_type = r.type_no" if key in mending.parted else ""
        joins.append(f"LEFT JOIN {table} ON {table}.seen = {cell}{of_type}")
    return f"SELECT {', '.join(columns)} FROM {ROWS} AS r {' '.join(joins)}"


def _read_cells(connection: Connection, mending: Mending, key: str) -> Iterator[tuple[Any, ...]]:
    plan = mending.plan
    cell = cell_of(plan, key)
    odd = is_odd(key, Value(cell), plan.unit(key), plan.types).sql("duckdb")
    of_type = "type_no" if key in mending.parted else "NULL::SMALLINT"
    cursor = connection.execute(
        f"SELECT DISTINCT {cell.sql('duckdb')}, {of_type} FROM {ROWS} "
        f"WHERE type_no IS NOT NULL AND {cell.sql('duckdb')} IS NOT NULL AND ({odd})"
    )
    codes = list(facility_types())
    ((form, *_),) = [[one for one, _ in variants(key, plan.types)] or [all_fields()[key]]]
    while rows := cursor.fetchmany(BATCH):
        for seen, number in rows:
            known = form if number is None else known_fields(codes[number]).get(key)
            yield seen, number, *_read(seen, key, known or all_fields()[key], mending)


def _read(seen: str, key: str, form: Field, mending: Mending) -> Read:
    """Return what a cell says in our form, as text, and the state of that."""
    cell = seen.translate(FROM_PRIVATE)
    if is_blank(cell):
        return None, SILENT
    if is_clear_token(cell):
        return None, _cleared(key, mending)
    read = read_cell(cell, key, form, mending.plan.unit(key))
    if read.problem:
        return None, GIVEN_UP if key in PLACING else mending.state(key, read.problem, ALL)
    text = None if read.value is None else str(read.value)
    if text is not None and _is_open(text, read.value, key):
        return None, GIVEN_UP
    said = read.note if key in mending.plan.columns.read else None
    return text, mending.state(key, said) if said else SILENT


def _cleared(key: str, mending: Mending) -> int:
    if key in PLACING:
        return GIVEN_UP
    return mending.state(key, "clear_required" if key in REQUIRED_OF_ALL else "", ABSENCE)


def _is_open(text: str, value: object, key: str) -> bool:
    """Whether the text would not mean in SQL what the value means here."""
    if "\n" in text or "\r" in text:
        return True
    return is_numeric(key) and (not isinstance(value, str)) != bool(NUMBER_SHAPE.fullmatch(text))
