"""Rows that go in while the next ones are made ready.

PostgreSQL takes rows in by itself, and most of the time of a large batch is its own. SQLite works
in this process, so there they go in at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy.engine import Connection

from registry.rows import COPY_FROM, Row, columns, insert

AS_JSON: Final = r"(FORMAT csv, NULL 'null', ESCAPE '\')"
"""How COPY takes JSON lists of numbers, texts and nulls whose brackets are off."""


class RowsBehind:
    """Inserts rows one table after another; until `wait` the connection is taken."""

    def __init__(self, connection: Connection, helper: ThreadPoolExecutor | None) -> None:
        """With a helper its thread inserts, without one the caller's."""
        self._connection, self._helper = connection, helper
        self._going: list[Future[None]] = []

    def insert(self, name: str, plain: Sequence[Row], listed: bytes) -> None:
        """Insert rows in the plain form of `registry.rows`, `listed` being `canonical` of them."""
        if self._helper is None:
            insert(self._connection, name, plain)
        else:
            self._going.append(self._helper.submit(_copy, self._connection, name, plain, listed))

    def wait(self) -> None:
        """Wait until all rows are in; raises what went wrong with the first that are not."""
        going, self._going = self._going, []
        for one in going:
            one.result()


@contextmanager
def inserting_behind(connection: Connection) -> Iterator[RowsBehind]:
    """Give what inserts rows behind the block; at its end all of them are in."""
    if connection.dialect.name == "sqlite":
        yield RowsBehind(connection, None)
        return
    with ThreadPoolExecutor(1) as helper:
        behind = RowsBehind(connection, helper)
        try:
            yield behind
            behind.wait()
        finally:
            helper.shutdown(cancel_futures=True)


def _copy(connection: Connection, name: str, plain: Sequence[Row], listed: bytes) -> None:
    lines = lines_of(listed, len(plain)) if len(plain) >= COPY_FROM else None
    if lines is None:
        insert(connection, name, plain)
        return
    quote = connection.dialect.identifier_preparer.quote
    names = ", ".join(map(quote, columns(name)))
    driver: Any = connection.connection.driver_connection
    statement = f"COPY {quote(name)} ({names}) FROM STDIN {AS_JSON}"
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(lines)


def lines_of(listed: bytes, count: int) -> bytes | None:
    """Return JSON lists as lines without brackets, None where a text has such signs itself."""
    if b"\\" in listed:
        return None
    lines = listed[1:-2].replace(b"],[", b"\n")
    between = (len(listed) - len("[],") - len(lines)) // (len(b"],[") - len(b"\n"))
    return lines if between == count - 1 else None
