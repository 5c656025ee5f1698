"""The dated versions of one facility as a line without gaps, and what a change makes of it.

Pure: no database. A version is a dict of columns; a line is its versions in order of `valid_from`,
each beginning where the one before ends. A value given from a day on holds until that field's next
recorded change, field by field: a rename entered late does not undo the move recorded since.
Versions that are not in the database yet have the id None.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any, Final

from registry.dates import END_OF_TIME

Version = dict[str, Any]
Line = list[Version]

ONLY_AT_START: Final = "as_of"
"""The day the data speaks of; it says nothing of later versions."""

FOLLOWS: Final = {"closed_on": "status"}
"""A field that ends where another does: a later status brings its own closing day."""


def marked(kind: str, reason: str | None, upload_row_id: int | None = None) -> dict[str, Any]:
    """Return what marks the version that begins with an act; who did it is filled in on writing."""
    return {
        "kind": kind,
        "reason": reason,
        "upload_row_id": upload_row_id,
        "recorded_by": None,
    }


def at(line: Sequence[Version], day: date) -> Version | None:
    """Return the version that holds on a day."""
    return next((v for v in line if v["valid_from"] <= day < v["valid_to"]), None)


def overlay(
    line: Sequence[Version],
    values: Mapping[str, Any],
    since: date,
    mark: Mapping[str, Any],
    until: date | None = None,
) -> Line:
    """Return the line with `values` from `since` on, each until its next recorded change.

    With `until` they hold that long whatever was recorded. `mark` (see `marked`) is put
    on the version that begins on `since`; later versions keep theirs. A line on which all this is
    already so comes back as it is.
    """
    stops = {name: until or _next_change(line, name, since, values) for name in values}
    result: Line = []
    for version in line:
        pieces = [
            _patch(piece, values, stops, since, mark)
            for piece in _cut(version, since, until or END_OF_TIME)
        ]
        result += [piece for piece, _ in pieces] if any(new for _, new in pieces) else [version]
    return result


def extend(line: Sequence[Version], since: date) -> Line:
    """Return the line with its first version beginning on `since` if that is earlier."""
    first, *rest = line
    if since >= first["valid_from"]:
        return list(line)
    return [{**first, "valid_from": since, "id": None}, *rest]


def run_start(line: Sequence[Version], name: str, day: date) -> date:
    """Return the day since when a field has had the value it has on `day`."""
    holding = at(line, day) or line[0]
    start: date = holding["valid_from"]
    for version in reversed(line[: line.index(holding)]):
        if version[name] != holding[name]:
            break
        start = version["valid_from"]
    return start


def difference(before: Sequence[Version], after: Sequence[Version]) -> tuple[list[int], Line]:
    """Return the ids to supersede and the versions to write, to get from one line to another."""
    kept = {version["id"] for version in after}
    superseded = [version["id"] for version in before if version["id"] not in kept]
    return superseded, [version for version in after if version["id"] is None]


def _next_change(
    line: Sequence[Version], name: str, since: date, values: Mapping[str, Any]
) -> date:
    if FOLLOWS.get(name) in values:
        name = FOLLOWS[name]
    holding = at(line, since)
    for version in line:
        if holding is None or version["valid_from"] <= since:
            continue
        if name == ONLY_AT_START or version[name] != holding[name]:
            start: date = version["valid_from"]
            return start
        holding = version
    return END_OF_TIME


def _cut(version: Version, *days: date) -> Line:
    inside = sorted(day for day in days if version["valid_from"] < day < version["valid_to"])
    edges = [version["valid_from"], *inside, version["valid_to"]]
    return [
        {**version, "id": None, "valid_from": start, "valid_to": end}
        for start, end in pairwise(edges)
    ]


def _patch(
    piece: Version,
    values: Mapping[str, Any],
    stops: Mapping[str, date],
    since: date,
    mark: Mapping[str, Any],
) -> tuple[Version, bool]:
    start = piece["valid_from"]
    patch = {
        name: value
        for name, value in values.items()
        if since <= start < stops[name] and piece[name] != value
    }
    if not patch:
        return piece, False
    return {**piece, **patch, **(mark if start == since else {})}, True
