"""The registry's side of a release: one SELECT per public table, made from the allow-list.

Each SELECT names the listed columns and no other. SQLite and PostgreSQL give the same rows in the
same order, so that a release does not depend on where the registry is kept: dates are cast to ISO
text, and codes are compared byte by byte.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import (
    Date,
    DateTime,
    FromClause,
    Select,
    String,
    and_,
    case,
    cast,
    collate,
    exists,
    func,
    null,
    or_,
    select,
)
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session, SQLModel

import registry.tables  # noqa: F401  fills SQLModel.metadata
from codes import statuses
from codes.china_time import CHINA_TIME
from codes.statuses import named
from exports.release.allow_list import MADE, PublicColumn, PublicTable
from exports.release.book_rows import class_categories
from registry.dates import END_OF_TIME

ANNULLED: Final = named(statuses.ANNULLED)
"""Status of a record made in error; a release keeps its code and empties the rest."""

_TABLES = SQLModel.metadata.tables
SOURCES: Final[dict[str, FromClause]] = {
    "facility": _TABLES["facility"],
    "version": _TABLES["facility_version"],
    "capability_value": _TABLES["capability_value"],
    "identifier": _TABLES["identifier"],
    "succession": _TABLES["succession"],
    "predecessor": _TABLES["facility"].alias("predecessor"),
    "successor": _TABLES["facility"].alias("successor"),
}
"""Alias used in `columns.toml` -> table of the registry."""


def recorded(session: Session) -> dict[str, int]:
    """Return how many facilities and readings are on record, for telling how far a release is."""
    names = ("facility", "capability_value")
    return {
        name: session.scalar(select(func.count()).select_from(_TABLES[name])) or 0 for name in names
    }


CATEGORY: Final = case(class_categories(), value=SOURCES["version"].c.class_code)


class RegistryRows:
    """Asks for the public rows as on the day `on`, their cells in order of the allow-list."""

    def __init__(self, dialect: str, on: date) -> None:
        self.on = on
        self.dialect = dialect

    def facilities(self, table: PublicTable) -> Select[Any]:
        """Ask for one row per code: the state on the day, else the first one to come.

        The category, which the registry does not keep, follows from the class.
        """
        facility, version = SOURCES["facility"], SOURCES["version"]
        query = (
            select(*self._listed(table, blank_annulled=True))
            .join_from(facility, version, version.c.facility_id == facility.c.id)
            .where(self._stands_on_the_day(version), self._known_by_then())
        )
        return self._ordered(query, facility.c.code)

    def history(self, table: PublicTable) -> Select[Any]:
        """Ask for the states that ended on or before the day."""
        facility, version = SOURCES["facility"], SOURCES["version"]
        query = (
            select(*self._listed(table))
            .join_from(facility, version, version.c.facility_id == facility.c.id)
            .where(version.c.superseded_at.is_(None), version.c.valid_to <= self.on)
        )
        # not the code itself, in whose order SQLite would look up every record, ended or not
        return self._ordered(query, facility.c.code.concat(""), version.c.valid_from)

    def capability_values(self, table: PublicTable) -> Select[Any]:
        """Ask for the latest value of each facility and capability; a withdrawn one is left out."""
        facility, value = SOURCES["facility"], SOURCES["capability_value"]
        later = value.alias("later")
        newer = and_(
            later.c.facility_id == value.c.facility_id,
            later.c.capability_code == value.c.capability_code,
            later.c.superseded_at.is_(None),
            later.c.as_of <= self.on,
            or_(
                later.c.as_of > value.c.as_of,
                and_(later.c.as_of == value.c.as_of, later.c.id > value.c.id),
            ),
        )
        query = (
            select(*self._listed(table))
            .join_from(facility, value, value.c.facility_id == facility.c.id)
            .where(value.c.superseded_at.is_(None), value.c.as_of <= self.on)
            .where(value.c.value.is_not(None), ~exists().where(newer))
        )
        return self._ordered(query, facility.c.code, value.c.capability_code)

    def identifiers(self, table: PublicTable) -> Select[Any]:
        """Ask for the facilities' numbers in other schemes."""
        facility, identifier = SOURCES["facility"], SOURCES["identifier"]
        query = (
            select(*self._listed(table))
            .join_from(facility, identifier, identifier.c.facility_id == facility.c.id)
            .where(identifier.c.superseded_at.is_(None))
        )
        return self._ordered(query, facility.c.code, identifier.c.scheme_code, identifier.c.value)

    def successions(self, table: PublicTable) -> Select[Any]:
        """Ask for the links in effect on the day."""
        link, before, after = (SOURCES[name] for name in ("succession", "predecessor", "successor"))
        query = (
            select(*self._listed(table))
            .join_from(link, before, link.c.predecessor_id == before.c.id)
            .join(after, link.c.successor_id == after.c.id)
            .where(link.c.superseded_at.is_(None), link.c.effective_on <= self.on)
        )
        return self._ordered(query, before.c.code, after.c.code)

    def _listed(self, table: PublicTable, *, blank_annulled: bool = False) -> list[Any]:
        chosen = []
        for column in table.columns_from(*SOURCES, MADE):
            value = CATEGORY if column.source == MADE else self._as_published(column)
            if blank_annulled and not column.kept_when_annulled:
                annulled = SOURCES["version"].c.status == ANNULLED
                value = case((annulled, null()), else_=value)
            chosen.append(value.label(column.name))
        return chosen

    def _as_published(self, column: PublicColumn) -> ColumnElement[Any]:
        alias, name = column.source.split(".")
        source: ColumnElement[Any] = SOURCES[alias].c[name]
        if isinstance(source.type, Date):
            return func.nullif(cast(source, String), END_OF_TIME.isoformat())
        if isinstance(getattr(source.type, "impl", source.type), DateTime):
            return self._china_day(source)
        return source

    def _china_day(self, moment: ColumnElement[Any]) -> ColumnElement[Any]:
        """A moment is kept in UTC; people count days in China Standard Time."""
        if self.dialect == "postgresql":
            return func.to_char(func.timezone("Asia/Shanghai", moment), "YYYY-MM-DD")
        return func.date(moment, "+8 hours")

    def _stands_on_the_day(self, version: FromClause) -> ColumnElement[bool]:
        earlier = version.alias("earlier")
        sooner = and_(
            earlier.c.facility_id == version.c.facility_id,
            earlier.c.superseded_at.is_(None),
            earlier.c.valid_to > self.on,
            earlier.c.valid_from < version.c.valid_from,
        )
        return and_(
            version.c.superseded_at.is_(None),
            version.c.valid_to > self.on,
            ~exists().where(sooner),
        )

    def _known_by_then(self) -> ColumnElement[bool]:
        """A code counts once it was issued, or once its facility is in being."""
        next_midnight = datetime.combine(self.on + timedelta(days=1), time(), CHINA_TIME)
        return or_(
            SOURCES["version"].c.valid_from <= self.on,
            SOURCES["facility"].c.issued_at < next_midnight.astimezone(UTC),
        )

    def _ordered(self, query: Select[Any], *order: ColumnElement[Any]) -> Select[Any]:
        plain = "C" if self.dialect == "postgresql" else "BINARY"
        by = [
            collate(column, plain)
            if isinstance(getattr(column.type, "impl", column.type), String)
            else column
            for column in order
        ]
        return query.order_by(*by)
