"""How far a release has come, told in facilities: so many are as good as done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Lock
from typing import Any, Final

Progress = Callable[[str, int, int], None]
"""Told of the step, how many facilities are as good as done, and how many there are (at least 1).

After the last step the name is empty.
"""

SHARES: Final = {
    "facility": 75, "capability_value": 63, "identifier": 1, "succession": 1, "history": 4,
    "evaluation": 91, "books": 13, "indexes": 43, "search": 241, "pack": 34, "delta": 1,
    "files": 401, "manifest": 32,
}  # fmt: skip
"""Step -> its thousandths of the work, measured with a million facilities (tests/bench)."""

STEPS: Final = tuple(SHARES)
ROWS: Final = 10_000
"""After so many rows something is told."""


class Work:
    """Tells `progress` of the steps of a release of `facilities`; any thread may."""

    def __init__(self, progress: Progress, facilities: int) -> None:
        self.progress = progress
        self.total = max(facilities, 1)
        self.step = ""
        self.lock = Lock()
        self.pieces = 0

    def begin(self, step: str) -> None:
        """Tell that a step begins."""
        self.step, self.pieces = step, 0
        self.part(0)

    def part(self, done: float) -> None:
        """Tell that this part of the step, from 0 to 1, is done."""
        before = sum(SHARES[step] for step in STEPS[: STEPS.index(self.step)])
        share = before + SHARES[self.step] * min(done, 1)
        self.progress(self.step, int(self.total * share / 1000), self.total)

    def piece(self, pieces: int) -> None:
        """Tell that one more of so many pieces of the step is done."""
        with self.lock:
            self.pieces += 1
            self.part(self.pieces / pieces)

    def rows(self, rows: Iterator[tuple[Any, ...]], expected: int) -> Iterator[tuple[Any, ...]]:
        """Hand rows on, and tell how many of those expected have passed."""
        for number, row in enumerate(rows, start=1):
            if number % ROWS == 0:
                self.part(number / max(expected, 1))
            yield row

    def end(self) -> None:
        """Tell that everything is done."""
        self.progress("", self.total, self.total)
