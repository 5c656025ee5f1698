"""How far the judging of a large file has come, told in lines: so many are as good as done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

Progress = Callable[[int, int], None]
"""Told how many lines are as good as done, and how many there are."""

SCAN: Final = 0.03
"""The share of the work that the scan is which tells the lines that are sure."""


class Told:
    """Tells `progress` of the work on so many lines."""

    def __init__(self, progress: Progress, lines: int) -> None:
        self._progress, self._lines = progress, lines
        self._scanned = 0.0

    def scanning(self, lines: int) -> Callable[[float], None]:
        """Return what is to be told which part of the scan of a table of so many lines is done."""
        before = self._scanned

        def scanned(done: float) -> None:
            self._scanned = before + SCAN * lines * done
            self._progress(int(self._scanned), self._lines)

        return scanned

    def judged(self, rows: int) -> None:
        """Tell that so many rows are judged."""
        left = 1 - self._scanned / self._lines if self._lines else 1
        self._progress(round(self._scanned + rows * left), self._lines)
