"""How far the check of a large file has come, told in lines: so many are as good as done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Final

from registry.bulk.engine import Connection

Progress = Callable[[int, int], None]
"""Told how many lines are as good as done, and how many there are."""

SHARES: Final = {"scan": 75, "exact": 15, "samples": 10}
"""Step -> its hundredths of the work once the lines are counted (a million rows, 1 % broken)."""

STEPS: Final = tuple(SHARES)
EVERY: Final = 0.25
"""Seconds between two looks at a running query."""


class Work:
    """Tells `progress` of the steps of the check of so many `lines`."""

    def __init__(self, progress: Progress, lines: int) -> None:
        self.progress = progress
        self.lines = lines
        self._told = 0

    def part(self, step: str, done: float) -> None:
        """Tell that this part of a step, from 0 to 1, is done."""
        self.progress(self._lines(step, done), self.lines)

    def _lines(self, step: str, done: float) -> int:
        before = sum(SHARES[one] for one in STEPS[: STEPS.index(step)])
        return int(self.lines * (before + SHARES[step] * min(done, 1)) / 100)

    @contextmanager
    def watching(self, connection: Connection) -> Iterator[None]:
        """Tell how far the queries of the scan are while they run; the longest counts."""
        with watched_queries(connection, self._scan):
            yield

    def _scan(self, done: float) -> None:
        if (lines := self._lines("scan", done)) > self._told:
            self._told = lines
            self.progress(lines, self.lines)


@contextmanager
def watched_queries(connection: Connection, told: Callable[[float], None]) -> Iterator[None]:
    """Tell which part of the longest query so far, from 0 to 1, is done while queries run."""
    connection.execute("SET enable_progress_bar = true")
    connection.execute("SET enable_progress_bar_print = false")
    over = Event()
    watcher = Thread(target=_watch, args=(connection, told, over), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def _watch(connection: Connection, told: Callable[[float], None], over: Event) -> None:
    most = 0.0
    while not over.wait(EVERY):
        per_cent = max(connection.query_progress(), 0)  # -1 while nothing is known
        if per_cent > most:
            most = per_cent
            told(most / 100)
