"""What the site keeps in memory of a release: names of everything, and how many of each there are.

A release does not change while it is served, so this is read once.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from codes.code_layout import load_layout
from codes.errors import StoreError
from codes.statuses import on_register
from exports.release.allow_list import AllowList, PublicColumn, allow_list
from exports.release.manifest import Manifest
from exports.release.publish import SNAPSHOT
from exports.release.snapshot import CODE_TAIL
from exports.site import queries
from exports.site.held import HeldRelease
from exports.site.layout import check_columns
from exports.site.machine_words import word_of

Row = dict[str, Any]
LAST_CHARACTER: Final = "\U0010ffff"
"""After every other: what begins with a text lies before the text with this behind it."""


@dataclass(frozen=True, eq=False)
class Catalogue:
    """The small tables of a release by key, and the totals; each is itself and no other."""

    held: HeldRelease
    categories: dict[str, Row]
    classes: dict[str, Row]
    types: dict[str, Row]
    departments: dict[str, Row]
    divisions: dict[str, Row]
    capabilities: dict[str, Row]
    schemes: dict[str, Row]
    standards: dict[str, Row]
    plans: dict[str, Row]
    indicators: dict[str, Row]
    population_groups: dict[str, Row]
    bands: dict[str, Row]
    neighbours: tuple[tuple[str, str], ...]
    value_labels: dict[tuple[str, str], str]
    totals: tuple[Row, ...]
    outlines: dict[str, Any]
    fields: tuple[Row, ...]
    type_fields: tuple[Row, ...]
    rules: tuple[Row, ...]
    code_starts: tuple[str, ...]
    example_code: str
    columns: AllowList = field(default_factory=allow_list)

    @property
    def manifest(self) -> Manifest:
        """What is said of the release as a whole."""
        return self.held.manifest

    def name(self, table: str, code: str | None, lang: str, shows: str | None = None) -> str:
        """Return what `code` of a table is called; the code itself when nothing is known."""
        if code is None:
            return ""
        row = self._tables()[table].get(code)
        if row is None:
            return code
        if table == "division" and not shows:
            return self.place_name(row, lang)
        return str(row[shows or f"name_{lang}"])

    def place_name(self, unit: Row, lang: str) -> str:
        """Return what a division is called, in Chinese where it has no English name."""
        return str((lang == "en" and unit["name_en"]) or unit["name"])

    def value_name(self, list_name: str, value: str | None, lang: str) -> str:
        """Return a value such as 运营; `list_name` may be the beginning of several lists."""
        if value is None or lang == "zh":
            return value or ""
        named = (
            en
            for (name, zh), en in self.value_labels.items()
            if zh == value and name.startswith(list_name)
        )
        return next(named, value)

    def cell(self, column: PublicColumn, value: Any, lang: str) -> str:
        """Return a value of a public table as people read it."""
        if column.points_to and column.points_to in self._tables():
            return self.name(column.points_to, value, lang, column.shows)
        if column.values:
            return self.value_name(column.values, value, lang)
        if column.words and value:
            return word_of(column.words, value, lang)
        return _figure(value)

    def standing(
        self, *, type_codes: Iterable[str] | None = None, county: str | None = None
    ) -> int:
        """Count the facilities that are there or on their way, of all or some types."""
        wanted = None if type_codes is None else set(type_codes)
        return sum(
            row["facilities"]
            for row in self.totals
            if row["status"] in on_register()
            and (wanted is None or row["type_code"] in wanted)
            and (county is None or row["county_code"] == county)
        )

    def counted_by(self, key: str, rows: Iterable[Row]) -> list[tuple[str, int]]:
        """Sum totals by one of their columns, in order of code."""
        sums: Counter[str] = Counter()
        for row in rows:
            sums[row[key]] += row["facilities"]
        return sorted(sums.items())

    def types_of(self, class_code: str) -> list[Row]:
        """Return the types of a class."""
        return [row for row in self.types.values() if row["class_code"] == class_code]

    def classes_of(self, category_code: str) -> list[Row]:
        """Return the classes of a category."""
        return [row for row in self.classes.values() if row["category_code"] == category_code]

    def counties(self) -> list[Row]:
        """Return the counties that have facilities, in order of code."""
        codes = sorted({row["county_code"] for row in self.totals})
        return [self.divisions[code] for code in codes if code in self.divisions]

    def below(self, code: str) -> list[Row]:
        """Return the divisions directly below one, in order of code."""
        return [row for row in self.divisions.values() if row["parent_code"] == code]

    def beside(self, code: str) -> list[Row]:
        """Return the neighbours of a county, or the other townships of a township's county."""
        if self.divisions[code]["level"] == "township":
            siblings = self.below(self.divisions[code]["parent_code"])
            return [row for row in siblings if row["code"] != code]
        found = sorted(other for county, other in self.neighbours if county == code)
        return [self.divisions[other] for other in found]

    def above(self, code: str) -> list[Row]:
        """Return the divisions above one that have a page, the highest first."""
        found: list[Row] = []
        parent = self.divisions[code]["parent_code"]
        while parent and parent in self.divisions:
            found.append(self.divisions[parent])
            parent = self.divisions[parent]["parent_code"]
        return found[::-1]

    def city_name(self, lang: str) -> str:
        """Return the city when all facilities are in one, else an empty text."""
        above = {row["parent_code"] for row in self.counties()}
        city = self.divisions.get(next(iter(above)) or "") if len(above) == 1 else None
        return self.place_name(city, lang) if city else ""

    def _tables(self) -> dict[str, dict[str, Row]]:
        return {
            "category": self.categories,
            "class": self.classes,
            "facility_type": self.types,
            "department": self.departments,
            "division": self.divisions,
            "capability": self.capabilities,
            "identifier_scheme": self.schemes,
            "standard": self.standards,
            "plan": self.plans,
            "indicator": self.indicators,
            "population_group": self.population_groups,
        }


def read_catalogue(held: HeldRelease) -> Catalogue:
    """Read the small tables of a release.

    Raises StoreError `release.other_columns` or `release.unreadable` for one of another version of
    this program, and `site.release_replaced` when another one has taken its place.
    """
    db = held.connect()
    db.row_factory = sqlite3.Row
    try:
        check_columns(db, held.directory / SNAPSHOT)
        labels = {
            (row["list"], row["value"]): row["name_en"] for row in _rows(db, queries.VALUE_LABELS)
        }
        return Catalogue(
            held=held,
            categories=_by_code(db, queries.CATEGORIES),
            classes=_by_code(db, queries.CLASSES),
            types=_by_code(db, queries.TYPES),
            departments=_by_code(db, queries.DEPARTMENTS),
            divisions=_by_code(db, queries.DIVISIONS),
            capabilities=_by_code(db, queries.CAPABILITIES),
            schemes=_by_code(db, queries.SCHEMES),
            standards=_by_code(db, queries.STANDARDS),
            plans=_by_code(db, queries.PLANS),
            indicators=_by_code(db, queries.INDICATORS),
            population_groups=_by_code(db, queries.POPULATION_GROUPS),
            bands=_by_code(db, queries.BANDS),
            neighbours=tuple(tuple(row.values()) for row in _rows(db, queries.NEIGHBOURS)),
            value_labels=labels,
            totals=tuple(_rows(db, queries.TOTALS)),
            outlines={
                row["county_code"]: json.loads(row["geometry"])
                for row in _rows(db, queries.OUTLINES)
            },
            fields=tuple(_rows(db, queries.FIELDS)),
            type_fields=tuple(_rows(db, queries.TYPE_FIELDS)),
            rules=tuple(_rows(db, queries.RULES)),
            code_starts=_code_starts(db),
            example_code=_example_code(db),
        )
    except sqlite3.Error as error:
        path = held.directory / SNAPSHOT
        raise StoreError("release.unreadable", path=path, detail=error) from None
    finally:
        db.close()


def _rows(db: sqlite3.Connection, sql: str) -> Iterator[Row]:
    for row in db.execute(sql):
        yield dict(row)


def _by_code(db: sqlite3.Connection, sql: str) -> dict[str, Row]:
    return {row["code"]: row for row in _rows(db, sql)}


def _code_starts(db: sqlite3.Connection) -> tuple[str, ...]:
    """Return what the codes of the release begin with, before the part that tells them apart."""
    step = {"length": load_layout().length - CODE_TAIL, "last": LAST_CHARACTER}
    return tuple(start for (start,) in map(tuple, db.execute(queries.CODE_STARTS, step)))


def _example_code(db: sqlite3.Connection) -> str:
    """Return the first code that stands, for pages to show; empty when there is none."""
    standing = {"statuses": json.dumps(on_register())}
    return next((code for (code,) in map(tuple, db.execute(queries.FIRST_CODE, standing))), "")


def _figure(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:,.10g}" if isinstance(value, float) else str(value)
