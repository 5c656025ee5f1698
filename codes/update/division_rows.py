"""Put runs, links and stated dates together into the rows of the division books."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from codes.update.china_division import Edition
from codes.update.division_links import Link
from codes.update.division_runs import find_runs
from codes.update.division_villages import COUNTY, TOWNSHIP

Row = tuple[str, ...]
Event = Mapping[str, Any]

RUN_COLUMNS: Final = ("code", "name", "first_seen", "last_seen", "valid_from", "valid_to")
LINK_COLUMNS: Final = (
    "from_code",
    "to_code",
    "changed_on",
    "whole",
    "basis",
    "moved",
    "children",
)


@dataclass(frozen=True)
class Step:
    """The links from the edition with index `index` to the next, and the events of that time."""

    index: int
    present_on: str
    links: Sequence[Link]
    events: Sequence[Event]

    def stated(self, link: Link) -> str | None:
        """Return the stated day of the county change that moved this unit, if there is one."""
        pair = link.from_code[:COUNTY], link.to_code[:COUNTY]
        days = {
            event["changed_on"]
            for event in self.events
            if pair == (event["from_code"], event["to_code"])
        }
        return days.pop() if days else None


def make_step(
    before: Edition, index: int, after: Edition, links: Sequence[Link], events: Iterable[Event]
) -> Step:
    """Return the step with the events of its time.

    Raises ValueError for an event that the editions do not show: one of the two is wrong.
    """
    within = [e for e in events if before.present_on < e["changed_on"] <= after.present_on]
    shown = {(link.from_code, link.to_code) for link in links}
    for event in within:
        if (event["from_code"], event["to_code"]) not in shown:
            raise ValueError(f"event not shown by {after.name}: {dict(event)}")
    return Step(index, after.present_on, links, within)


def run_rows(
    tables: Sequence[Mapping[str, str]], editions: Sequence[Edition], steps: Sequence[Step]
) -> list[Row]:
    """Return the rows of one level; `tables` are its units by edition."""
    starts = _stated_days(steps, lambda link: link.to_code)
    ends = _stated_days(steps, lambda link: link.from_code)
    closed = _closing_days(steps)
    return [
        (
            run.code,
            run.name,
            editions[run.first].name,
            editions[run.last].name,
            starts.get((run.first - 1, run.code), ""),
            ends.get((run.last, run.code))
            or closed.get((run.last, run.code[:TOWNSHIP]))
            or closed.get((run.last, run.code[:COUNTY]), ""),
        )
        for run in find_runs(tables)
    ]


def link_rows(step: Step) -> list[Row]:
    """Return the rows of the successions of one step, with the day each is counted from."""
    return [
        (
            link.from_code,
            link.to_code,
            step.stated(link) or step.present_on,
            "true" if link.whole else "false",
            link.basis,
            *((str(link.moved), str(link.children)) if link.children else ("", "")),
        )
        for link in step.links
    ]


def with_history(counties: Iterable[Row], events: Iterable[Event], first_day: str) -> list[Row]:
    """Add the counties that ended before the first edition, and the days their successors began."""
    early = [event for event in events if event["changed_on"] <= first_day]
    began = {e["to_code"]: e["changed_on"] for e in early if e["to_begins"]}
    valid_from = RUN_COLUMNS.index("valid_from")
    known = [
        (*row[:valid_from], row[valid_from] or began.get(row[0], ""), *row[valid_from + 1 :])
        for row in counties
    ]
    ended = {
        (e["from_code"], e["from_name"], "", "", "", e["changed_on"])
        for e in early
        if e["from_ends"]
    }
    return sorted([*known, *ended], key=code_and_time)


def history_links(events: Iterable[Event], first_day: str) -> list[Row]:
    """Return the successions that only events tell of, being older than the first edition."""
    return [
        (
            e["from_code"],
            e["to_code"],
            e["changed_on"],
            str(e["from_ends"]).lower(),
            "stated",
            "",
            "",
        )
        for e in events
        if e["changed_on"] <= first_day
    ]


def code_and_time(row: Row) -> tuple[str, str]:
    """Return what the rows of a book of runs are in order of."""
    return row[RUN_COLUMNS.index("code")], row[RUN_COLUMNS.index("first_seen")]


def _closing_days(steps: Sequence[Step]) -> dict[tuple[int, str], str]:
    """Map (step, code) to the stated day a county or township ended: nothing in it can go on."""
    counties = {
        (step.index, event["from_code"]): event["changed_on"]
        for step in steps
        for event in step.events
        if event["from_ends"]
    }
    whole = {
        (step.index, link.from_code): day
        for step in steps
        for link in step.links
        if link.whole and (day := step.stated(link))
    }
    return counties | whole


def _stated_days(steps: Sequence[Step], end: Callable[[Link], str]) -> dict[tuple[int, str], str]:
    """Map (step, code) to its stated day where every link at that end of it has one."""
    days: dict[tuple[int, str], set[str | None]] = defaultdict(set)
    for step in steps:
        for link in step.links:
            days[step.index, end(link)].add(step.stated(link))
    return {key: day for key, found in days.items() if len(found) == 1 and (day := found.pop())}
