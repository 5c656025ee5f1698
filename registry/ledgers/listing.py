"""List what the ledgers hold: every source of every cell, with the preferred one marked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session

from codes.countings import RUNNING, YEAR
from codes.divisions import division, in_force, normalise
from codes.divisions.shape import digits_below
from codes.formulas import population_groups
from codes.indicators import indicators, plans
from codes.population_groups import group_name
from registry import rows
from registry.ledgers.entries import RUNNING_PART, YES, Key, ObservationEntry, PopulationEntry
from registry.ledgers.known import known_rows
from registry.ledgers.preferred import choose
from registry.ledgers.wording import indicator_code, indicator_name


@dataclass(frozen=True)
class LedgerFilter:
    """What to list: `division` with all below it, one year, one group or plan and number."""

    division: str | None = None
    year: int | None = None
    group: str | None = None
    plan: str | None = None
    number: str | None = None
    source: str | None = None


def population_listing(session: Session, wanted: LedgerFilter) -> list[dict[str, Any]]:
    """Return every figure known now, by division, year and group; the preferred source first.

    Raises DataError `division.shape` for what is no division code.
    """
    table = PopulationEntry.table
    found = known_rows(session, table, *_conditions(table, wanted))
    found.sort(key=_population_order)
    listed = []
    for row in _preferred_first(found, PopulationEntry.key_columns[:-1]):
        code = row["group_code"]
        named = {"division_name": _name(row), "group_name": group_name(code)}
        listed.append({**_plain(row), **named, "is_projection": row["is_projection"] == YES})
    return [row for row in listed if _says(row, wanted)]


def observation_listing(session: Session, wanted: LedgerFilter) -> list[dict[str, Any]]:
    """Return every value known now, by indicator, division and year; the preferred source first."""
    table = ObservationEntry.table
    found = known_rows(session, table, *_conditions(table, wanted))
    order = list(plans())
    found.sort(key=lambda row: (order.index(row["plan_code"]), _observation_order(row)))
    listed = []
    for row in _preferred_first(found, ObservationEntry.key_columns[:-1]):
        code, running = indicator_code(row), row["part"] == RUNNING_PART
        part = "" if running else row["part"]
        about = {
            "part": part,
            "indicator": code + part,
            "indicator_name": indicator_name(code, part),
            "counted": _counted(code, running),
            "division_name": _name(row),
        }
        listed.append({**_plain(row), **about})
    return [row for row in listed if _says(row, wanted)]


def _counted(code: str, running: bool) -> str | None:
    """How the figure of a five-year total is counted; None for any other indicator."""
    if running:
        return RUNNING
    return YEAR if code in indicators() and indicators()[code].is_plan_total else None


def _conditions(table: str, wanted: LedgerFilter) -> list[ColumnElement[bool]]:
    columns = rows.table(table).c
    exact = {
        "year": wanted.year,
        "group_code": wanted.group,
        "plan_code": wanted.plan,
        "number": wanted.number,
    }
    found = [columns[name] == value for name, value in exact.items() if value is not None]
    if wanted.division is not None:
        begins = digits_below(normalise(wanted.division))
        found.append(columns.division_code.startswith(begins))
    return found


def _preferred_first(
    found: Iterable[Mapping[str, Any]], columns: Sequence[str]
) -> list[dict[str, Any]]:
    cells: dict[Key, list[Mapping[str, Any]]] = defaultdict(list)
    for row in found:
        cells[tuple(row[name] for name in columns)].append(row)
    ordered = []
    for sources in cells.values():
        chosen = choose(sources)
        for row in [chosen.row, *(row for row in sources if row["id"] != chosen.row["id"])]:
            first = row["id"] == chosen.row["id"]
            marks = {
                "marked": row["preferred"] == YES,
                "preferred": first,
                "how": chosen.how if first else None,
                "how_shown": chosen.how_shown if first else None,
                "sources": chosen.sources,
            }
            ordered.append({**row, **marks})
    return ordered


def _population_order(row: Mapping[str, Any]) -> tuple[Any, ...]:
    order = list(population_groups())
    group = row["group_code"]
    place = order.index(group) if group in order else len(order)
    return (row["division_code"], row["area"], row["year"], place, group)


def _observation_order(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return (indicator_code(row), row["part"], row["division_code"], row["year"])


def _says(row: Mapping[str, Any], wanted: LedgerFilter) -> bool:
    return wanted.source is None or wanted.source in row["source"]


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in ("id", "superseded_at")}


def _name(row: Mapping[str, Any]) -> str:
    code, day = row["division_code"], row["divisions_on"]
    return division(code, day if in_force(code, day) else None).name
