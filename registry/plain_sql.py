"""Questions to a registry in plain SQL: within a session, or of a SQLite file by its driver alone.

To load SQLAlchemy and the classes of the tables takes longer than to check a hundred rows. So what
a check asks is asked here, and a submission asks the same within its transaction.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from registry.sqlite_reader import SqliteReader

if TYPE_CHECKING:
    from sqlmodel import Session

Reader: TypeAlias = "Session | SqliteReader"
"""Whom a question is put to."""

MARKS: Final = {"sqlite": "?", "postgresql": "%s"}
"""Kind of database -> how its driver marks a value."""

CHUNK: Final = 5_000
"""Values in one list of a question; no database minds so many."""


def ask(reader: Reader, query: str, *values: Any) -> Sequence[Sequence[Any]]:
    """Return the rows a query finds, days as the driver has them (see `registry.dates.as_day`).

    A `?` stands for a value; for one that is a list, as in `code IN ?`, it stands for all of it.
    Rows that were added to a session a moment ago are found too. Raises ValueError for a list
    without values, and StoreError as `registry.db.reading` does.
    """
    if isinstance(reader, SqliteReader):
        return reader.rows(*_spelled(query, values, MARKS["sqlite"]))
    reader.flush()
    connection = reader.connection()
    spelled = _spelled(query, values, MARKS[connection.dialect.name])
    return connection.exec_driver_sql(*spelled).all()


def chunks(values: Sequence[Any]) -> Iterator[list[Any]]:
    """Yield values in lists that are not too long for a question."""
    for start in range(0, len(values), CHUNK):
        yield list(values[start : start + CHUNK])


def _spelled(query: str, values: Sequence[Any], mark: str) -> tuple[str, tuple[Any, ...]]:
    """Return the query with the marks of a driver, and one value for each of them."""
    pieces = query.split("?")
    spelled, given = [pieces[0]], []
    for value, piece in zip(values, pieces[1:], strict=True):
        listed = value if isinstance(value, list) else [value]
        if not listed:
            raise ValueError(query)
        marks = ", ".join([mark] * len(listed))
        spelled.append((f"({marks})" if value is listed else marks) + piece)
        given += listed
    return "".join(spelled), tuple(given)
