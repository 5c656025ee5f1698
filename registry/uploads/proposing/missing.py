"""What a complete list leaves out: registered facilities of its types in its counties."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from registry.uploads.judged import Judged
from registry.uploads.proposing.registered import Registered


def missing_from(
    rows: Iterable[Judged], here: Mapping[tuple[str, str], Sequence[Registered]]
) -> list[Registered]:
    """Return the facilities in operation that no row is or may be, in order of their codes.

    `here` holds what is registered by (class, county) for every pair of the file's classes and
    counties. Nothing is closed by this: each becomes a question.
    """
    present: set[int] = set()
    types: set[str] = set()
    for row in rows:
        present.update(row.candidates)
        if row.registered:
            present.add(row.registered.id)
        if row.type:
            types.add(row.type.code)
    return sorted(
        (
            one
            for group in here.values()
            for one in group
            if one.id not in present
            and not one.ended
            and not one.closed
            and one.fields["type"] in types
        ),
        key=lambda one: one.code,
    )
