"""What the rows of one file have to do with each other, whatever number of them is in memory."""

from __future__ import annotations

from collections.abc import Iterable

from registry.uploads.judged import Judged
from registry.uploads.repeated import Kept, Likenesses, Repetitions
from registry.uploads.two_counties import TwoCounties


class Among:
    """Reports rows that repeat earlier ones and asks about those that seem to.

    Rows are given in the order of the file, part by part, judged `apart`; of earlier parts a few
    bytes a row are remembered, and what `kept` takes.
    """

    def __init__(self, kept: Kept) -> None:
        self._repetitions = Repetitions()
        self._likenesses = Likenesses(kept)
        self._counties = TwoCounties()

    def compare(self, rows: Iterable[Judged]) -> None:
        """Look at more rows."""
        for row in rows:
            self._repetitions.report(row)
            self._likenesses.ask(row)
            self._counties.ask(row)
