"""One facility as the site knows it: row, figures, numbers, what came before and after."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from datasette.app import Datasette

from codes import facility_code
from codes.statuses import ANNULLED, LEADS_ON, on_register, states
from exports.site import queries
from exports.site.asked import all_fields, wanted_figures
from exports.site.catalogue import Catalogue, Row
from exports.site.pages.page import rows


@dataclass(frozen=True)
class Facility:
    """`history` is newest first: (from which day, changes as (column, before, after))."""

    row: Row
    readings: list[Row]
    identifiers: list[Row]
    predecessors: list[Row]
    successors: list[Row]
    history: list[tuple[str, list[tuple[str, Any, Any]]]]
    standing: list[Row]

    @property
    def code(self) -> str:
        """The stored code."""
        return str(self.row["code"])

    @property
    def is_annulled(self) -> bool:
        """Whether the record was made in error."""
        return states().get(self.row["status"]) == ANNULLED

    @property
    def one_successor(self) -> str | None:
        """Where a merged facility's page leads: what stands there now, if it is one."""
        one = self.leads_to[0]["code"] if len(self.leads_to) == 1 else None
        return one if states().get(self.row["status"]) in LEADS_ON else None

    @property
    def leads_to(self) -> list[Row]:
        """What stands there now, when it is not the facility itself."""
        return others(self.code, self.standing)

    def not_reported(self, catalogue: Catalogue) -> list[str]:
        """Return the figures that its type should report and that nobody has."""
        seen = {reading["capability_code"] for reading in self.readings}
        return [
            code for code in wanted_figures(catalogue, self.row["type_code"]) if code not in seen
        ]

    def as_json(self, catalogue: Catalogue) -> dict[str, Any]:
        """Return the facility for a program; names stand beside codes."""
        named = {
            f"{column.name.removesuffix('_code')}_name": catalogue.cell(column, value, "zh")
            for column in catalogue.columns.tables["facility"].columns.values()
            if column.points_to and (value := self.row[column.name]) is not None
        }
        return {
            **self.row,
            **named,
            "printed_code": facility_code.format(self.code),
            "capabilities": self.readings,
            "identifiers": self.identifiers,
            "predecessors": self.predecessors,
            "successors": self.successors,
            "standing": now_there(self.row, self.standing),
            "history": [
                {
                    "from": day,
                    "changes": [
                        {"field": name, "before": before, "after": after}
                        for name, before, after in changes
                    ],
                }
                for day, changes in self.history
            ],
        }


async def find_facility(datasette: Datasette, catalogue: Catalogue, code: str) -> Facility | None:
    """Return the facility with a stored code, or None."""
    found = await rows(datasette, queries.FACILITY, code=code)
    if not found:
        return None
    return Facility(
        row=found[0],
        readings=_in_book_order(catalogue, await rows(datasette, queries.READINGS, code=code)),
        identifiers=await rows(datasette, queries.IDENTIFIERS, code=code),
        predecessors=await rows(datasette, queries.PREDECESSORS, code=code),
        successors=await rows(datasette, queries.SUCCESSORS, code=code),
        history=_changes([*await rows(datasette, queries.HISTORY, code=code), found[0]]),
        standing=await standing(datasette, code),
    )


def now_there(row: Row, last: list[Row]) -> list[Row]:
    """Return what stands now where a facility was recorded: itself while it is on the register.

    `last` is where the chain of its successors ends; nothing of that is left when it has ended,
    or was annulled, without a successor.
    """
    if row["status"] in on_register():
        return [{"code": row["code"], "name": row["name"]}]
    return others(row["code"], last)


def others(code: str, last: list[Row]) -> list[Row]:
    """Return where a chain of successors ends, leaving out the code it began at."""
    return [one for one in last if one["code"] != code]


async def standing(datasette: Datasette, code: str) -> list[Row]:
    """Return code and name of what stands now where `code` stood; itself when nothing followed."""
    return await rows(datasette, queries.STANDING, code=code)


def _in_book_order(catalogue: Catalogue, readings: list[Row]) -> list[Row]:
    order = {key: place for place, key in enumerate(all_fields(catalogue))}
    return sorted(readings, key=lambda row: order.get(row["capability_code"], len(order)))


def _changes(states: list[Row]) -> list[tuple[str, list[tuple[str, Any, Any]]]]:
    watched = [name for name in states[0] if name not in ("code", "valid_from", "valid_to")]
    if len(states) == 1:
        watched = []
    steps: list[tuple[str, list[tuple[str, Any, Any]]]] = [(states[0]["valid_from"], [])]
    for before, after in pairwise(states):
        changed = [
            (name, before[name], after[name]) for name in watched if before[name] != after[name]
        ]
        if changed:
            steps.append((after["valid_from"], changed))
    return steps[::-1]
