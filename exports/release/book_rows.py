"""The books' side of a release: rows of categories, types, departments, divisions and so on.

A book may know more than a release shows; only the listed columns are taken. Lists become text with
`;` between the items.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from operator import attrgetter
from typing import Any, Final

from codes import divisions
from codes.capabilities import capabilities
from codes.categories import categories, classes
from codes.departments import departments
from codes.divisions import Division
from codes.divisions.english import english_name, has_english_name
from codes.errors import DataError
from codes.facility_types import facility_types
from codes.formulas import population_groups
from codes.identifier_schemes import identifier_schemes
from codes.indicators import plans
from codes.policy import policy
from codes.rules import rules
from codes.standards import standards
from codes.value_lists import list_names, values
from exports.release.allow_list import AllowList, PublicTable
from exports.release.field_rows import field_rows, type_field_rows
from exports.release.indicator_rows import lines, printed_figures

OUTLINE_DEGREES: Final = 0.0001

BOOKS: Final[dict[str, Callable[[], Iterable[Any]]]] = {
    "category": lambda: categories().values(),
    "class": lambda: classes().values(),
    "facility_type": lambda: facility_types().values(),
    "department": lambda: departments().values(),
    "capability": lambda: capabilities().values(),
    "standard": lambda: standards().values(),
    "plan": lambda: plans().values(),
    "indicator": lines,
    "indicator_figure": printed_figures,
    "policy": lambda: policy().values(),
    "identifier_scheme": lambda: identifier_schemes().values(),
    "field": field_rows,
    "type_field": type_field_rows,
    "rule": lambda: rules().values(),
    "population_group": lambda: population_groups().values(),
    "value_label": lambda: (item for name in list_names() for item in values(name).values()),
}
"""Public table -> the book rows it is made of."""


def book_rows(table: PublicTable) -> Iterator[tuple[Any, ...]]:
    """Yield the listed columns of the book behind the table, by key."""
    rows = [_listed(table, item) for item in BOOKS[table.name]()]
    positions = [list(table.columns).index(name) for name in table.key]
    yield from sorted(rows, key=lambda row: [row[position] for position in positions])


def division_rows(table: PublicTable, used: Iterable[str], on: date) -> Iterator[tuple[Any, ...]]:
    """Yield the divisions in `used`, those above them, and all below their counties.

    Below are the townships, and the villages of those whose villages the book has.

    A code the book does not know (it may have been entered before the book was corrected) is given
    with itself as its name, so that no facility is lost.
    """
    known: dict[str, Division | None] = {}
    walked: set[str] = set()
    for code in used:
        known.update(_with_relatives(code, on, walked))
    for code in sorted(known):
        row = known[code]
        if row is None:
            yield tuple(
                code if name in ("code", "name", "full_name") else None for name in table.columns
            )
        else:
            day = _day_in_force(row, on)
            made = {"full_name": divisions.full_name(code, day), "name_en": _english(row)}
            yield _listed(table, row, made)


def _english(unit: Division) -> str | None:
    spelt = unit.level != "village" and has_english_name(unit)
    return english_name(unit.name, unit.level) if spelt else None


def outline_rows(counties: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the outline of every county that has one, as GeoJSON to about ten metres."""
    from shapely import set_precision, to_geojson

    from codes.place import outline

    for code in sorted(counties):
        try:
            shape = outline(code)
        except DataError:
            continue
        yield code, to_geojson(set_precision(shape, OUTLINE_DEGREES))


def dictionary_rows(listed: AllowList) -> Iterator[tuple[str, ...]]:
    """Yield one row per column of the release: titles, meaning, unit."""
    for table in sorted(listed.tables.values(), key=lambda table: table.name):
        for row in sorted(table.columns.values(), key=lambda row: row.name):
            yield (
                table.name, row.name, row.title_zh, row.title_en,
                row.about_zh, row.about_en, row.unit_zh, row.unit_en,
            )  # fmt: skip


def class_categories() -> dict[str, str]:
    """Return the category of each class."""
    return {row.code: row.category_code for row in classes().values()}


def _with_relatives(code: str, on: date, walked: set[str]) -> Iterator[tuple[str, Division | None]]:
    """Yield a division and its relatives, but for those of the divisions `walked` before."""
    try:
        unit: Division | None = _as_known(code, on)
    except DataError:
        yield code, None
        return
    while unit:
        yield unit.code, unit
        if unit.code in walked:
            return
        walked.add(unit.code)
        day = _day_in_force(unit, on)
        if unit.level == "county":
            yield from ((child.code, child) for child in _below(unit.code, day))
        unit = divisions.above(unit, day)


def _below(county: str, day: date) -> Iterator[Division]:
    for township in divisions.children(county, day):
        yield township
        if divisions.holds_villages(township.code):
            yield from divisions.children(township.code, day)


def _as_known(code: str, on: date) -> Division:
    """Return a division as on the day; one that has ended, or is still to come, as it was last."""
    try:
        return divisions.division(code, on)
    except DataError:
        return divisions.division(code)


def _day_in_force(unit: Division, on: date) -> date:
    """Return the day, or for a division not in force on it the nearest day on which it was."""
    if unit.valid_to and unit.valid_to <= on:
        return unit.valid_to - timedelta(days=1)
    return max(on, unit.valid_from or on)


def _listed(table: PublicTable, item: Any, made: dict[str, Any] | None = None) -> tuple[Any, ...]:
    made = made or {}
    return tuple(
        made[name] if name in made else _plain(_value(item, column.source))
        for name, column in table.columns.items()
    )


def _value(item: Any, source: str) -> Any:
    """Follow `book.box.category_code` from an item of the book."""
    return attrgetter(source.partition(".")[2])(item)


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return ";".join(value)
    return value.isoformat() if isinstance(value, date) else value
