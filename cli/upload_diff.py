"""Print what approving a batch would do, and give it as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any, Final

from cli.context import console, harmless
from cli.upload_effect import print_effect
from cli.upload_input import steps_shown
from cli.upload_view import print_summary
from codes import facility_code
from codes.messages import text
from codes.rules import rule_title
from registry.evaluation.effect import Change
from registry.uploads.diff import Diff, RowDiff
from registry.uploads.findings import Finding
from registry.uploads.wording import (
    department_shown,
    division_shown,
    finding_text,
    header_of,
    type_shown,
)

GROUPS: Final = ("created", "updated", "confirmed", "held")
SHOWN: Final = {"created": 20, "updated": 200, "confirmed": 0, "held": 200, "missing": 200}
"""Rows printed of each group; `--all` and the JSON have all."""

MISSING: Final = "missing"
TOLD_EVERY: Final = 1_000
"""Rows between two looks at how far the reading has come."""
SHOWN_WARNED: Final = 200
"""Rows printed of each group when something was reported of them; they come first."""


def diff_document(found: Diff) -> dict[str, Any]:
    """Return the whole difference as one JSON object; its rows are an iterator."""
    return {
        **found.summary.as_json(),
        "moved": found.moved,
        "diff": (_row(one) for one in found.rows),
        "missing_facilities": [{"code": one.code, "name": one.name} for one in found.missing],
    }


def print_diff(found: Diff, effect: Sequence[Change] = (), *, everything: bool = False) -> None:
    """Print the batch, then the rows by what happens to them; of many the first, or everything.

    `effect` are the indicators that approving would change.
    """
    out = console()
    print_summary(found.summary)
    if found.moved:
        _line(text("report.moved", count=found.moved))
    groups = {name: _Group(name, found.rows, everything) for name in GROUPS}
    with steps_shown() as told:
        for done, one in enumerate(found.rows, start=1):
            if one_of := groups.get(_group_of(one)):
                one_of.take(one)
            if done % TOLD_EVERY == 0:
                told("listing", done, len(found.rows))
    missing = _Group(MISSING, found.missing, everything)
    for one in found.missing:
        missing.take(one)
    for group in (*groups.values(), missing):
        group.print(found.summary.id)
    if found.summary.status == "submitted":
        print_effect(effect)
    if found.summary.status == "submitted":
        out.print()
        if found.summary.held:
            _line(text("report.next_decide", id=found.summary.id))
        _line(text("report.next_approve", id=found.summary.id))


def _group_of(one: RowDiff) -> str:
    return "confirmed" if one.only_confirms else one.outcome


class _Group:
    """The rows to which one thing happens: how many, and those of them that are printed."""

    def __init__(self, name: str, source: Sequence[RowDiff], everything: bool) -> None:
        self._name = name
        self._source = source
        self._everything = everything
        self._count = 0
        self._warned: list[RowDiff] = []
        self._others: list[RowDiff] = []

    def take(self, one: RowDiff) -> None:
        """Count one more row; keep it when it is among the first."""
        self._count += 1
        kept, most = (
            (self._warned, SHOWN_WARNED) if one.warnings else (self._others, SHOWN[self._name])
        )
        if not self._everything and len(kept) < most:
            kept.append(one)

    def print(self, upload_id: int) -> None:
        """Print the rows, those first of which something was reported."""
        if not self._count:
            return
        console().print()
        _line(text(f"report.group_{self._name}", count=self._count), "bold")
        shown = 0
        for one in self._printed():
            _print_row(one, with_changes=self._name == "updated")
            shown += 1
        if self._count > shown > 0:
            words = text("report.first_rows", shown=shown, total=self._count, id=upload_id)
            _line("  " + words)

    def _printed(self) -> Iterable[RowDiff]:
        if not self._everything:
            most = max(SHOWN[self._name], len(self._warned))
            return [*self._warned, *self._others][:most]
        return chain(  # read again, for of a million rows none is kept
            (one for one in self._own() if one.warnings),
            (one for one in self._own() if not one.warnings),
        )

    def _own(self) -> Iterable[RowDiff]:
        if self._name == MISSING:
            return self._source
        return (one for one in self._source if _group_of(one) == self._name)


def _print_row(one: RowDiff, *, with_changes: bool) -> None:
    _line("  " + _title(one))
    if with_changes:
        for key, (before, after) in one.changes.items():
            _line("    " + _change(key, before, after))
    for said in (*one.questions, *one.warnings):
        mark = text(f"report.severity_{said.severity}")
        _line(f"    [{mark}] {rule_title(said.rule)}：{finding_text(said)[0]}")


def _title(one: RowDiff) -> str:
    where = text("report.place_row", row=one.row) if one.row else ""
    if one.sheet:
        where = text("report.place_sheet", sheet=one.sheet) + where
    code = facility_code.format(one.code) if one.code else ""
    place = _place(one) if one.outcome == "created" else ""
    return " ".join(part for part in (where, code, one.name, place) if part)


def _place(one: RowDiff) -> str:
    """What kind of facility a new one is, and where."""
    kind, division = (one.changes.get(key, ("", ""))[1] for key in ("type", "division"))
    return text("report.kind_and_place", type=type_shown(kind), division=division_shown(division))


def _change(key: str, before: Any, after: Any) -> str:
    old, new = _shown(key, before), _shown(key, after)
    return text("report.change", header=header_of(key), before=old, after=new)


def _shown(key: str, value: Any) -> str:
    """Return a field's value with the name of what a code stands for; numbers as people write."""
    if value is None:
        return text("report.blank")
    if key == "division":
        return division_shown(value)
    if key == "type":
        return f"{value} {type_shown(value)}"
    if key == "department":
        return f"{value} {department_shown(value)}"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _row(one: RowDiff) -> dict[str, Any]:
    return {
        "sheet": one.sheet or None,
        "row": one.row,
        "outcome": one.outcome,
        "code": one.code,
        "name": one.name,
        "changes": {key: list(pair) for key, pair in one.changes.items()},
        "questions": [_said(question) for question in one.questions],
        "warnings": [_said(warning) for warning in one.warnings],
    }


def _said(one: Finding) -> dict[str, Any]:
    message, remedy = finding_text(one)
    return {"rule": one.rule, "message": message, "remedy": remedy, "params": dict(one.params)}


def _line(words: str, style: str | None = None) -> None:
    console().print(harmless(words), style=style, markup=False, soft_wrap=True)
