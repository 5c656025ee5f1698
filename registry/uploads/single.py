"""Judge one facility by the very rules of uploads: as typed by a clerk, or as it would stand.

What is typed becomes one row of a file made for it; what would stand is judged by itself.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rapidfuzz.fuzz import ratio
from sqlmodel import Session

from codes import china_time
from codes.elements import all_fields
from codes.facility_types import facility_types
from registry.uploads.check import check_file
from registry.uploads.columns import SheetColumns
from registry.uploads.elements_check import check_elements
from registry.uploads.findings import Finding
from registry.uploads.judged import Context, Judged
from registry.uploads.normalising.identity import private_in, shown_for
from registry.uploads.normalising.row import Row
from registry.uploads.placing.placement import Placement
from registry.uploads.proposing.keys import name_key, same_text
from registry.uploads.proposing.near import Candidate, as_params, metres_between
from registry.uploads.proposing.registered import Registered
from registry.uploads.rules import apply_rules
from registry.uploads.wording import header_of


def judge_entry(session: Session, entry: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Return what is found about one facility (values by field key), compared with the registry.

    Nobody has sent a file, so that no row is named.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / "entry.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(map(header_of, entry))
            writer.writerow(["" if value is None else value for value in entry.values()])
        found = check_file(path, reader=session, look=_ask_if_registered).findings
    return tuple(replace(one, row=None) for one in found)


def _ask_if_registered(rows: Sequence[Judged]) -> None:
    """Ask about an entry that is a registered facility: as a row it would be an update of it."""
    for row in rows:
        one = row.registered
        if one is None or row.held or "code" in row.row.fields:
            continue
        score = ratio(name_key(str(row.whole.get("name"))), name_key(one.name))
        found = Candidate(one, score, metres_between(row, one))
        about: dict[str, Any] = {**as_params([found]), "identical": _is_identical(row, one)}
        row.report("near_duplicate", "name", **about)


def _is_identical(row: Judged, one: Registered) -> bool:
    """Say whether type, county, name and address are those registered."""
    given = row.row.fields
    words = all(same_text(given.get(key), one.fields.get(key)) for key in ("name", "address"))
    return words and given.get("type") == one.fields.get("type") and row.county == one.county_code


def judge_whole(values: Mapping[str, Any]) -> list[Finding]:
    """Return what is wrong with a facility as it would stand (values in our form by field key).

    It is not placed and not compared with the registry or with anything else. Of a value that holds
    a number of a person nothing else is said.
    """
    private = _numbers_of_persons(values)
    seen = {key: shown_for(private.get(key), value) for key, value in values.items()}
    kind = facility_types().get(str(values.get("type")))
    row = Row("", 0, kind, values, frozenset(), seen, frozenset(), {}, ())
    judged = Judged(row, SheetColumns("", {}, {}, ()), dict(values))
    judged.placement = Placement(values.get("division"))
    check_elements(judged)
    apply_rules(judged, Context(china_time.today()))
    judged.findings[:] = [one for one in judged.findings if one.element not in private]
    for key, rule in private.items():
        judged.report(rule, key)
    return judged.findings


def _numbers_of_persons(values: Mapping[str, Any]) -> dict[str, str]:
    """Return by field key the rule that a value breaks as a cell that holds such a number does."""
    known = all_fields()
    found = {key: private_in(value, known[key]) for key, value in values.items() if key in known}
    return {key: rule for key, rule in found.items() if rule is not None}
