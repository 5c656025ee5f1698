"""One row while it is judged: as read, where it stands, which facility it is, what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from codes.divisions import county_of
from codes.facility_types import FacilityType, facility_types
from codes.place import PlaceProposal
from registry.facilities.allowed import CLOSED
from registry.uploads.columns import SheetColumns
from registry.uploads.findings import Finding, found
from registry.uploads.normalising.row import Row
from registry.uploads.placing.placement import NOT_GIVEN, Placement
from registry.uploads.placing.points import Stray
from registry.uploads.proposing.registered import Registered

STOPPING: Final = ("must", "held")
"""Severities that keep a row from being registered."""


@dataclass(frozen=True)
class Context:
    """What holds for the whole file. `sender` is the submitting department's code, if known.

    `compared` says whether there is a registry to compare with; `mode` is new, update or both.
    """

    today: date
    sender: str | None = None
    compared: bool = False
    mode: str = "both"


@dataclass
class Judged:
    """The row and what has been found out about it so far.

    `division_confirmed` says that somebody answered where it stands, `said_new` that it is like no
    other row; `sure` that the row was found to break no rule on itself but that cells are blank
    (`registry.uploads.sure_lines`). `registered` is the facility it is, None for a new one. `whole`
    is what the registry would hold: the registered fields with the row's over them. `candidates`
    are the facilities it may be.
    """

    row: Row
    columns: SheetColumns
    whole: dict[str, Any] = field(default_factory=dict)
    placement: Placement = NOT_GIVEN
    proposal: PlaceProposal | None = None
    stray: Stray | None = None
    division_confirmed: bool = False
    said_new: bool = False
    sure: bool = False
    registered: Registered | None = None
    candidates: tuple[int, ...] = ()
    findings: list[Finding] = field(default_factory=list)

    @property
    def type(self) -> FacilityType | None:
        """The type of the row, else the registered one."""
        code = self.whole.get("type")
        return facility_types().get(code) if isinstance(code, str) else None

    @property
    def county(self) -> str | None:
        """The county in which the facility stands today, None while that is open."""
        return county_of(self.placement.code) if self.placement.code else None

    @property
    def place(self) -> tuple[str, str] | None:
        """The class and county among whose facilities the row is looked for by name.

        None for a row without a name, and while one of the two is open.
        """
        kind, county = self.type, self.county
        if kind is None or county is None or not self.whole.get("name"):
            return None
        return kind.class_code, county

    @property
    def rejected(self) -> bool:
        """Whether anything found rejects the row."""
        return any(one.severity == "must" for one in self.findings)

    @property
    def held(self) -> bool:
        """Whether anything found asks a question."""
        return any(one.severity == "held" for one in self.findings)

    def leaves(self, element: str) -> bool:
        """Whether the row says nothing of an element of a facility that is registered."""
        read = self.row
        said = element in read.fields or element in read.cleared or element in read.troubled
        return self.registered is not None and not said

    def is_let_be(self, elements: Sequence[str], severity: str) -> bool:
        """Whether a breach by some elements is not told: it is registered so, and stops nothing."""
        return severity not in STOPPING and all(map(self.leaves, elements))

    def whose(self, element: str, others: Iterable[str] = ()) -> dict[str, Any]:
        """Return what fills the words of a breach where the value of an element is registered.

        `others` are what it does not fit; of them one will do.
        """
        words = {"mine": (element,), "theirs": [key for key in others if key != element]}
        return {
            f"{word}_registry": True
            for word, keys in words.items()
            if any(self.leaves(key) and key in self.whole for key in keys)
        }

    def report(
        self,
        rule: str,
        element: str | None = None,
        *,
        value: str | None = None,
        severity: str | None = None,
        **params: Any,
    ) -> None:
        """Add a finding on a cell of this row; the value is what the cell shows, else `value`."""
        self.findings.append(
            found(
                rule,
                self.row.sheet,
                self.row.number,
                element,
                place=self.columns.place(element),
                value=self.row.seen.get(element or "", value),
                severity=severity,
                **params,
            )
        )

    def report_width(self, cells: int, headers: int, delimiter: str) -> None:
        """Say that a row of a text has more or fewer cells than its header has columns."""
        if cells > headers:
            self.report("cells_extra", cells=cells, headers=headers, delimiter=delimiter)
        else:
            self.report("cells_missing", cells=cells, headers=headers)

    def merge(self, registered: Mapping[str, Any]) -> None:
        """Put the row's fields over the registered ones; cleared ones go.

        A facility that opens again loses its closing day.
        """
        self.whole = {**registered, **self.row.fields}
        gone = set(self.row.cleared)
        if self.row.fields.get("status") not in (None, CLOSED):
            gone |= {"closed_on"} - set(self.row.fields)
        for key in gone:
            self.whole.pop(key, None)
