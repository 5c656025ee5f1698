"""Judge the rows of a file: match, place, check, compare, one stage after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry.uploads.among import Among
from registry.uploads.elements_check import check_elements
from registry.uploads.judged import Context, Judged
from registry.uploads.placing.rows import place_rows
from registry.uploads.proposing.apart import Apart
from registry.uploads.proposing.registered import Registered
from registry.uploads.rules import apply_rules
from registry.uploads.sure_rows import check_settled, is_settled

if TYPE_CHECKING:  # what asks a registry is loaded only where there is one to compare with
    from registry.plain_sql import Reader


@dataclass(frozen=True)
class Verdict:
    """The judged rows, and what a complete list leaves out (empty for a list of changes)."""

    rows: Sequence[Judged]
    missing: Sequence[Registered] = ()


def judge(
    rows: Sequence[Judged],
    context: Context,
    reader: Reader | None,
    *,
    complete: bool = False,
    apart: bool = False,
    progress: Callable[[int], None] = lambda _: None,
) -> Verdict:
    """Judge rows in place; `progress` is told how many are done.

    Without a reader nothing is compared with the registry; rows `apart` are not compared with
    each other.
    """
    if reader is not None:
        from registry.uploads.proposing.compare import find

        find(rows, context, reader)
    for row in rows:
        row.merge(row.registered.fields if row.registered else {})
    place_rows(rows, context)
    missing: Sequence[Registered] = ()
    if reader is not None:
        from registry.uploads.proposing.compare import compare

        missing = compare(rows, context, reader, complete=complete)
    for done, row in enumerate(rows, start=1):
        if is_settled(row):
            check_settled(row, context)
        else:
            check_elements(row, need_all=_is_whole(row))
            apply_rules(row, context)
        progress(done)
    if not apart:
        Among([], lambda _name: {}, Apart(reader)).compare(rows)
    return Verdict(rows, missing)


def _is_whole(row: Judged) -> bool:
    """Whether all that is known of the row's facility is here: it is new, or it was found."""
    return row.registered is not None or "code" not in row.row.fields
