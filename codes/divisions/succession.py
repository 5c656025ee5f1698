"""Follow a division through changes: what an old code means today, if it means one thing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from codes.divisions.lookup import as_reference, division, in_force
from codes.divisions.model import Division, Succession
from codes.divisions.names import full_name
from codes.divisions.shape import COUNTY, normalise
from codes.divisions.store import links_from, links_to, runs_of, stated_sources
from codes.errors import DataError, UsageError
from codes.messages import text


def resolve(code: str, from_on: date | None, on: date) -> Division:
    """Return the one division that on the day `on` is what `code` was on the day `from_on`.

    Without `from_on`: what is in force under the code on `on`, else what it was on its last day
    before. A unit that goes on but gave a part away (余杭 330110 in 2021) is no longer one place
    for an older record. Raises DataError as `division` does for `from_on`; `division.split` (params
    code, name, candidates, needs) when there are several; `division.no_successor` (params code,
    name, within) when the book does not know; UsageError `division.dates_reversed`.
    """
    from_on = from_on or last_day(code, on)
    if on < from_on:
        raise UsageError("division.dates_reversed", from_on=from_on, on=on)
    old = division(code, from_on)
    found = sorted(_follow(old, from_on, on))
    if not found:
        raise _lost(old, from_on, on)
    if len(found) > 1:
        raise _split(old, [division(candidate, on) for candidate in found], from_on, on)
    return division(found[0], on)


def last_day(code: str, on: date) -> date:
    """Return the last day up to `on` on which the code was in force; `on` when it never was.

    Raises DataError `division.shape`.
    """
    ends = [run.valid_to for run in runs_of(normalise(code)) if run.valid_to is not None]
    past = [end - timedelta(days=1) for end in ends if end <= on]
    return on if in_force(code, on) or not past else max(past)


def successors(code: str, on: date | None = None) -> tuple[Division, ...]:
    """Return what took the place of the unit that `code` was on a day, each as on its first day.

    Without a day, of the unit it was last. Empty for a unit that has not ended, and for one of
    which the book does not know what became of it. Raises DataError as `division` does.
    """
    unit = division(code, on)
    return _new_units(link for link in _links_of(unit) if link.changed_on == unit.valid_to)


def gave_parts_to(code: str, on: date | None = None) -> tuple[Division, ...]:
    """Return the units that took parts of this one while it went on, each as on that day."""
    unit = division(code, on)
    return _new_units(link for link in _links_of(unit) if link.changed_on != unit.valid_to)


def predecessors(code: str, on: date | None = None) -> tuple[Division, ...]:
    """Return the units that became this one or gave it a part, each as on its last day."""
    unit = division(code, on)
    return tuple(
        dict.fromkeys(
            division(link.from_code, link.changed_on - timedelta(days=1))
            for link in links_to(unit.code)
            if unit.in_force_on(link.changed_on)
        )
    )


def sources(unit: Division) -> tuple[str, ...]:
    """Return the sources of the stated changes this unit took part in."""
    stated = stated_sources()
    taken = (link for link in links_to(unit.code) if unit.in_force_on(link.changed_on))
    pairs = [
        (link.from_code[:COUNTY], link.to_code[:COUNTY]) for link in [*taken, *_links_of(unit)]
    ]
    return tuple(dict.fromkeys(stated[pair] for pair in pairs if pair in stated))


def _links_of(unit: Division) -> Iterable[Succession]:
    """The links of this unit, not of another that had or has the same code."""
    return [
        link
        for link in links_from(unit.code)
        if unit.in_force_on(link.changed_on - timedelta(days=1))
    ]


def _new_units(links: Iterable[Succession]) -> tuple[Division, ...]:
    return tuple(dict.fromkeys(division(link.to_code, link.changed_on) for link in links))


def _follow(unit: Division, since: date, on: date) -> set[str]:
    """Return the codes that hold what `unit` held on a day; empty when the trace is lost."""
    links = [link for link in _links_of(unit) if since < link.changed_on <= on]
    if not links:
        return {unit.code} if unit.in_force_on(on) else set()
    day = min(link.changed_on for link in links)
    targets = {division(link.to_code, day) for link in links if link.changed_on == day}
    if unit.in_force_on(day):
        targets.add(unit)
    return set().union(*(_follow(target, day, on) for target in targets))


def _split(old: Division, candidates: list[Division], from_on: date, on: date) -> DataError:
    named = [as_reference(unit) | {"full_name": full_name(unit.code, on)} for unit in candidates]
    return DataError(
        "division.split",
        code=old.code,
        name=old.name,
        from_on=from_on,
        on=on,
        candidates=named,
        choices="、".join(f"{unit.code} {unit.name}" for unit in candidates),
        needs=text(f"division.needs.{old.level}"),
    )


def _lost(old: Division, from_on: date, on: date) -> DataError:
    within = _place_of_parent(old, from_on, on)
    hint = "within" if within else "none"
    return DataError(
        "division.no_successor",
        code=old.code,
        name=old.name,
        from_on=from_on,
        on=on,
        within=within and as_reference(within),
        hint=text(
            f"division.hint.{hint}", code=within and within.code, name=within and within.name
        ),
    )


def _place_of_parent(old: Division, from_on: date, on: date) -> Division | None:
    known = runs_of(old.parent_code) if old.parent_code else ()
    if not any(run.in_force_on(from_on) for run in known):
        return None
    try:
        return resolve(str(old.parent_code), from_on, on)
    except DataError:
        return None
