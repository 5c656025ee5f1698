"""What a complete list leaves out: registered facilities of its types in its counties."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from registry.uploads.judged import Judged
from registry.uploads.proposing.registered import Registered

Here = Mapping[tuple[str, str], Sequence[Registered]]


class Named:
    """The facilities and types that the rows of a list name."""

    def __init__(self) -> None:
        self._present: set[int] = set()
        self._types: set[str] = set()

    def take(self, rows: Iterable[Judged]) -> None:
        """Take in more rows."""
        for row in rows:
            self._present.update(row.candidates)
            if row.registered:
                self._present.add(row.registered.id)
            if row.type:
                self._types.add(row.type.code)

    def missing(self, here: Here) -> list[Registered]:
        """Return the facilities in operation that no row is or may be, in order of their codes."""
        return sorted(
            (
                one
                for group in here.values()
                for one in group
                if one.id not in self._present
                and not one.ended
                and not one.closed
                and one.fields["type"] in self._types
            ),
            key=lambda one: one.code,
        )


def missing_from(rows: Iterable[Judged], here: Here) -> list[Registered]:
    """Return the facilities in operation that no row is or may be, in order of their codes.

    `here` holds what is registered by (class, county) for every pair of the file's classes and
    counties. Nothing is closed by this: each becomes a question.
    """
    named = Named()
    named.take(rows)
    return named.missing(here)
