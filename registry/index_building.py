"""Fill tables of a SQLite file without their indexes, and build those afterwards.

An index that is sorted once takes a fraction of the work of one in which a place is looked for row
by row. Taking it down and building it is part of the transaction: whatever ends that before its
commit leaves the indexes as they were, and nobody else ever sees a table without them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from sqlalchemy import bindparam, text
from sqlalchemy.engine import Connection

from codes.upload_limits import limit

_OWN: Final = text(
    "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name IN :tables "
    "AND sql LIKE 'CREATE INDEX %'"  # those that forbid something stay
).bindparams(bindparam("tables", expanding=True))


@contextmanager
def indexes_built_after(
    connection: Connection, tables: Sequence[str], coming: int
) -> Iterator[None]:
    """Let `coming` rows into the first of some tables, and what belongs to them into the others.

    The indexes stay in place where more rows are there already than come, and on PostgreSQL, where
    taking one down keeps readers out. What fails in the block has to undo the transaction.
    """
    if not _is_less_work(connection, tables[0], coming):
        yield
        return
    indexes = connection.execute(_OWN, {"tables": list(tables)}).all()
    quote = connection.dialect.identifier_preparer.quote
    for name, _ in indexes:
        connection.exec_driver_sql(f"DROP INDEX {quote(name)}")
    yield
    for _, statement in indexes:
        connection.exec_driver_sql(statement)


def _is_less_work(connection: Connection, name: str, coming: int) -> bool:
    if connection.dialect.name != "sqlite" or coming < limit("indexes_after_from"):
        return False
    there = connection.execute(text(f"SELECT coalesce(max(id), 0) FROM {name}"))  # noqa: S608
    return coming >= int(there.scalar_one())
