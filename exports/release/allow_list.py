"""The allow-list of a release: which tables and columns the public may see (`columns.toml`).

Everything that leaves is listed there and nothing else leaves. A private column cannot be listed,
under whatever name it would be published: the source column is what is compared.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from codes.errors import FuwumaError
from codes.value_lists import list_names

COLUMNS_FILE: Final = Path(__file__).parent / "columns.toml"
MADE: Final = "made"
KINDS: Final = {"text": "TEXT", "integer": "INTEGER", "number": "REAL", "date": "TEXT"}


class AllowListError(FuwumaError):
    """`columns.toml` is wrong; shown with table and column."""


@dataclass(frozen=True)
class PublicColumn:
    """One column of a release; `source` is `alias.column` of the registry, `book.field`, `made`."""

    name: str
    source: str
    kind: str
    title_zh: str
    title_en: str
    page_zh: str = ""
    page_en: str = ""
    about_zh: str = ""
    about_en: str = ""
    unit_zh: str = ""
    unit_en: str = ""
    points_to: str | None = None
    shows: str | None = None
    values: str | None = None
    words: str | None = None
    kept_when_annulled: bool = False
    may_be_empty: bool = False
    decimals: int | None = None

    def title(self, lang: str) -> str:
        """Return what a page calls the column."""
        return (self.page_zh or self.title_zh) if lang == "zh" else (self.page_en or self.title_en)

    @property
    def source_name(self) -> str:
        """The name of the source column, without its table."""
        return self.source.rpartition(".")[2]

    def describe(self, lang: str) -> str:
        """Return meaning and unit in one phrase, empty when the title says it all."""
        about, unit = (
            (self.about_zh, self.unit_zh) if lang == "zh" else (self.about_en, self.unit_en)
        )
        return ("；" if lang == "zh" else "; ").join(part for part in (unit, about) if part)


@dataclass(frozen=True)
class PublicTable:
    """One table of a release; `key` is its primary key, `label` the column that names a row."""

    name: str
    title_zh: str
    title_en: str
    about_zh: str
    about_en: str
    key: tuple[str, ...]
    columns: dict[str, PublicColumn]
    indexes: tuple[tuple[str, ...], ...] = ()
    label: str | None = None
    hidden_when_annulled: bool = False

    def title(self, lang: str) -> str:
        """Return what a page calls the table."""
        return self.title_zh if lang == "zh" else self.title_en

    @property
    def sortable(self) -> tuple[str, ...]:
        """The columns that rows may be sorted by: those an index begins with."""
        return tuple(sorted({self.key[0], *(group[0] for group in self.indexes)}))

    def columns_from(self, *aliases: str) -> list[PublicColumn]:
        """Return the columns whose values come from one of the sources `aliases`."""
        return [row for row in self.columns.values() if row.source.partition(".")[0] in aliases]


@dataclass(frozen=True)
class AllowList:
    """The public tables by name, in the order they are written."""

    tables: dict[str, PublicTable]
    never: frozenset[str] = field(default_factory=frozenset)


@cache
def allow_list(path: Path = COLUMNS_FILE) -> AllowList:
    """Read and check the allow-list.

    Raises AllowListError for a private column, an unknown key or kind, or a reference to a table
    or column that is not listed.
    """
    listed = tomllib.loads(path.read_text(encoding="utf-8"))
    never = frozenset(listed.pop("never")) | private_fields()
    result = AllowList({name: _table(name, row) for name, row in listed.items()}, never)
    _check(result)
    return result


def private_fields() -> frozenset[str]:
    """Return the keys of every field that the element books mark private."""
    from codes.elements import all_fields

    return frozenset(key for key, field_ in all_fields().items() if field_.private)


def _table(name: str, row: dict[str, Any]) -> PublicTable:
    columns = {key: _column(f"{name}.{key}", key, value) for key, value in row["columns"].items()}
    known = set(PublicTable.__dataclass_fields__) - {"name"}
    if unknown := sorted(set(row) - known):
        raise AllowListError("release.list_unknown_key", where=name, seen=", ".join(unknown))
    return PublicTable(
        **row
        | {
            "name": name,
            "columns": columns,
            "key": tuple(row["key"]),
            "indexes": tuple(map(tuple, row.get("indexes", ()))),
        }
    )


_KEYS: Final = {
    "from": "source",
    "type": "kind",
    "zh": "title_zh",
    "en": "title_en",
    "annulled": "kept_when_annulled",
}


def _column(where: str, name: str, row: dict[str, Any]) -> PublicColumn:
    values = {_KEYS.get(key, key): value for key, value in row.items()}
    if unknown := sorted(set(values) - set(PublicColumn.__dataclass_fields__)):
        raise AllowListError("release.list_unknown_key", where=where, seen=", ".join(unknown))
    if values.get("kind") not in KINDS:
        raise AllowListError(
            "release.list_unknown_kind",
            where=where,
            seen=values.get("kind"),
            known=", ".join(KINDS),
        )
    return PublicColumn(name=name, **values)


def _check(listed: AllowList) -> None:
    for table in listed.tables.values():
        for column in table.columns.values():
            where = f"{table.name}.{column.name}"
            if {column.name, column.source_name, column.source} & listed.never:
                raise AllowListError("release.list_private", where=where, seen=column.source)
            for seen in _pointing_nowhere(column, listed):
                raise AllowListError("release.list_points_nowhere", where=where, seen=seen)
        indexed = {part for index in table.indexes for part in index}
        for name in {*table.key, *indexed, *([table.label] if table.label else [])}:
            if name not in table.columns:
                raise AllowListError("release.list_points_nowhere", where=table.name, seen=name)


def _pointing_nowhere(column: PublicColumn, listed: AllowList) -> Iterator[str]:
    """Yield what a column names that there is none of: a table, a column of it, a list of words."""
    if column.points_to and column.points_to not in listed.tables:
        yield column.points_to
    elif column.shows and (
        not column.points_to or column.shows not in listed.tables[column.points_to].columns
    ):
        yield column.shows
    if column.values and not any(name.startswith(column.values) for name in list_names()):
        yield column.values
