"""What the rows of one file have to do with each other, whatever number of them is in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from registry.uploads.alike import Kept, Likenesses
from registry.uploads.judged import Judged
from registry.uploads.numbers_kept import Numbers
from registry.uploads.other_files import Look, unseen
from registry.uploads.proposing.apart import Apart
from registry.uploads.repeated import Repetitions
from registry.uploads.two_counties import TwoCounties


class Among:
    """Reports rows that repeat earlier ones and asks about those that seem to.

    Rows are given in the order of the file, part by part, judged `apart`; of earlier parts what
    `kept` and `numbers` take is remembered.
    """

    def __init__(
        self,
        kept: Kept,
        numbers: Callable[[str], Numbers],
        apart: Apart,
        look: Look = unseen,
    ) -> None:
        """Keep rows in `kept` and, under keys, where they are in what `numbers` makes by name.

        Rows told `apart` are not asked about. `look` is shown the rows when these are compared, and
        may say more of them.
        """
        self._repetitions = Repetitions(numbers("repetitions"))
        self._likenesses = Likenesses(kept, numbers("likenesses"), apart)
        self._counties = TwoCounties(kept, numbers("counties"), apart)
        self._look = look

    def compare(self, rows: Sequence[Judged]) -> None:
        """Look at more rows."""
        for row in rows:
            self._repetitions.report(row)
            place = self._likenesses.ask(row)
            if place is not None:
                self._counties.ask(row, place)
        self._look(rows)
