"""A part of a large file judged by itself, and what is left of it to compare with other parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Final

from sqlmodel import Session

from codes.identifier_schemes import identifier_schemes
from registry.collector import collector_paused
from registry.uploads.alike import COMPARED
from registry.uploads.finding_rows import finding_cells
from registry.uploads.findings import Finding
from registry.uploads.judge import judge
from registry.uploads.judged import STOPPING, Context, Judged
from registry.uploads.large_rows import LargeRows, Lines
from registry.uploads.normalising.row import Row
from registry.uploads.proposing.parts import parts_of
from registry.uploads.proposing.plan import plan_of
from registry.uploads.standing import last_act
from registry.uploads.store import ROW_COLUMNS, Cells, row_cells
from registry.uploads.tally import Tally

OUTCOME: Final = ROW_COLUMNS.index("outcome")
CHANGES: Final = ROW_COLUMNS.index("changes")
NOTHING: Final[frozenset[str]] = frozenset()


@dataclass
class Part:
    """Rows judged `apart`: as they will be stored, with what was found and counted.

    The registry was as the act `seen` left it. `passed` holds what concerns the file as a whole.
    """

    rows: Sequence[Judged]
    kept: list[Cells]
    findings: list[Cells]
    tally: Tally
    passed: Passed
    seen: int

    def settle(self, before: Sequence[int]) -> None:
        """Take what comparing with other parts has added to the rows' findings since `before`."""
        for at, (row, count) in enumerate(zip(self.rows, before, strict=True)):
            if added := row.findings[count:]:
                self._add(at, row, added)

    def _add(self, at: int, row: Judged, added: Sequence[Finding]) -> None:
        """Store and count more findings of a row, with the outcome they lead to."""
        cells = list(self.kept[at])
        planned = cells[OUTCOME]
        if row.rejected:
            cells[OUTCOME], cells[CHANGES] = "rejected", "{}"
        elif row.held:
            cells[OUTCOME] = "held"
        self.kept[at] = tuple(cells)
        self.findings += finding_cells(added)
        self.tally.found(added)
        self.tally.outcomes.subtract([planned])
        self.tally.outcomes.update([cells[OUTCOME]])


@dataclass
class Passed:
    """What is found about the whole file while a part of it passes; see `LargeRows`."""

    about_lines: list[Finding] = field(default_factory=list)
    filled: Counter[str] = field(default_factory=Counter)
    shifted: bool = False
    rows: int = 0

    def add_to(self, whole: LargeRows) -> None:
        """Add it to what is known of the file."""
        whole.about_lines += self.about_lines
        whole.filled.update(self.filled)
        whole.shifted |= self.shifted
        whole.rows += self.rows


def judged_part(file: LargeRows, lines: Lines, context: Context, session: Session) -> Part:
    """Judge some lines of a file against the registry, not against each other."""
    with collector_paused():
        return _judged_part(file, lines, context, session)


def _judged_part(file: LargeRows, lines: Lines, context: Context, session: Session) -> Part:
    seen = last_act(session)
    own = replace(file, about_lines=[], filled=Counter(), shifted=False, rows=0)
    rows = own.batch(lines)
    judge(rows, context, session, apart=True)
    tally, kept = Tally(), []
    for row in rows:
        plan = plan_of(row, context)
        kept.append(row_cells(row, plan))
        tally.count(row, plan)
    parts_of.cache_clear()  # names of a million rows, hardly one of which comes again
    findings = finding_cells(one for row in rows for one in row.findings)
    passed = Passed(own.about_lines, own.filled, own.shifted, own.rows)
    return Part(rows, kept, findings, tally, passed, seen)


def slim(row: Judged) -> Judged:
    """Return a judged row with no more than comparing it with other rows of the file looks at."""
    read = row.row
    fields = {key: read.fields[key] for key in _looked_at() if key in read.fields}
    seen = {key: read.seen[key] for key in _shown() if key in read.seen}
    whole = fields  # all that is known of what is not registered is what the row says
    if row.registered:
        whole = {key: row.whole[key] for key in _looked_at() if key in row.whole}
    return Judged(
        Row(read.sheet, read.number, None, fields, NOTHING, seen, read.troubled, {}, ()),
        row.columns,
        whole,
        row.placement,
        registered=row.registered and replace(row.registered, fields={}),
        candidates=row.candidates,
        findings=[one for one in row.findings if one.severity in STOPPING],
    )


@cache
def _looked_at() -> tuple[str, ...]:
    own = ("code", "type", "division", *COMPARED, *identifier_schemes())
    return tuple(dict.fromkeys(own))


@cache
def _shown() -> tuple[str, ...]:
    """The elements of which a finding on several rows shows the cell."""
    return "code", "name", "division", *identifier_schemes()
