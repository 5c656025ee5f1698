"""Compare the rows of a file with the registry, stage by stage; loaded only where there is one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from codes.related_classes import related_to
from registry.facilities.links import heirs
from registry.plain_sql import Reader
from registry.uploads.judged import Context, Judged
from registry.uploads.proposing import identify
from registry.uploads.proposing.answers import Answers, answers_about
from registry.uploads.proposing.elsewhere import ask_if_elsewhere
from registry.uploads.proposing.fetching import by_codes, by_ids, by_places
from registry.uploads.proposing.keys import key_of, same_text
from registry.uploads.proposing.missing import missing_from
from registry.uploads.proposing.near import ask_if_near
from registry.uploads.proposing.registered import Registered
from registry.uploads.proposing.unlike import ask_if_unlike

Place = tuple[str, str]
"""Class and county."""

NOWHERE: Final = ("", "")


def find(rows: Sequence[Judged], context: Context, reader: Reader) -> None:
    """Find the facilities that rows name by code or by number, before they are placed."""
    identify.by_code(rows, reader, context)
    identify.by_number(rows, reader)


def compare(
    rows: Sequence[Judged], context: Context, reader: Reader, *, complete: bool
) -> list[Registered]:
    """Find rows that are placed by answer and name, and ask about those that may be registered.

    Return what a complete list leaves out.
    """
    places = [row.place for row in rows]
    here = by_places(reader, _sought(rows, places, complete))
    keys = [key_of(row) or "" for row in rows]
    answers = answers_about(reader, filter(None, keys))
    said = _said(keys, reader, answers, context)
    named = {place: identify.names_of(group) for place, group in here.items()}
    unknown = [row for row in rows if row.registered is None]
    for row, key, place in zip(rows, keys, places, strict=True):
        if key in said:
            identify.by_answer(row, said[key])
        if at := named.get(place or NOWHERE):
            identify.by_name(row, at, answers)
        identify.ask_if_closed(row, answers)
        if at:
            identify.ask_if_misnamed(row, at, answers)
        ask_if_unlike(row, answers)
    _complete(unknown, reader)
    for row in rows:
        if row.registered:
            row.merge(row.registered.fields)
    # where a row stands that is nobody is as it was
    nobody = [(row, at) for row, at in zip(rows, places, strict=True) if at and _is_nobody(row)]
    related = by_places(reader, {near for _, at in nobody for near in _around(at)[1:]})
    _compare_names(nobody, {**related, **here}, answers)
    ask_if_elsewhere(rows, reader, answers)
    return missing_from(rows, here) if complete else []


def _complete(rows: Sequence[Judged], reader: Reader) -> None:
    """Give rows that were found all that is known of their facilities."""
    known = by_ids(reader, {row.registered.id for row in rows if row.registered})
    for row in rows:
        if row.registered:
            row.registered = known[row.registered.id]


def _compare_names(
    rows: Sequence[tuple[Judged, Place]], here: dict[Place, list[Registered]], answers: Answers
) -> None:
    """Ask about rows that are still nobody, group by group."""
    groups: dict[Place, list[Judged]] = {}
    for row, place in rows:
        groups.setdefault(place, []).append(row)
    for place, group in groups.items():
        known = [one for near in _around(place) for one in here.get(near, ())]
        if not known:
            continue
        others = [answers.others(row, known) for row in group]
        ask_if_near(group, known, others)


def _around(place: Place) -> list[Place]:
    """The place itself, and there the classes related to its class."""
    class_code, county = place
    return [place, *((one, county) for one in sorted(related_to(class_code)))]


def _is_nobody(row: Judged) -> bool:
    return not row.registered and not row.held and "code" not in row.row.fields


def _said(
    keys: Sequence[str], reader: Reader, answers: Answers, context: Context
) -> dict[str, list[Registered]]:
    """The facilities rows were said to be, by row key; of one that has ended, its heirs."""
    wanted = {key: ids for key in keys if key and (ids := answers.same(key))}
    known = by_ids(reader, {id_ for ids in wanted.values() for id_ in ids})
    heirs_of = {
        one.id: by_codes(reader, heirs(reader, one.code, context.today))
        for one in known.values()
        if one.ended
    }
    return {
        key: [
            heir
            for id_ in ids
            for heir in (heirs_of[id_].values() if id_ in heirs_of else [known[id_]])
            if not heir.ended
        ]
        for key, ids in wanted.items()
    }


def _sought(rows: Sequence[Judged], places: Sequence[Place | None], complete: bool) -> set[Place]:
    """Where rows are looked for by their names; of a complete list, wherever it has rows."""
    at = zip(rows, places, strict=True)
    found = {place for row, place in at if place and (complete or _is_sought(row))}
    if not complete:
        return found
    classes, counties = {one for one, _ in found}, {one for _, one in found}
    return {(class_code, county) for class_code in classes for county in counties}


def _is_sought(row: Judged) -> bool:
    """Say whether a row is looked for by its name: it is nobody yet, or has another's code."""
    name = row.row.fields.get("name")
    if row.registered is None:
        return "code" not in row.row.fields
    return isinstance(name, str) and not same_text(name, row.registered.name)
