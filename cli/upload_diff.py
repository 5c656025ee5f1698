"""Print what approving a batch would do, and give it as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from cli.context import console
from cli.upload_view import print_summary
from codes import facility_code
from codes.messages import text
from codes.rules import rule_title
from registry.uploads.diff import Diff, RowDiff
from registry.uploads.wording import division_shown, finding_text, header_of, type_shown

GROUPS: Final = ("created", "updated", "confirmed", "held")
SHOWN: Final = {"created": 20, "updated": 200, "confirmed": 0, "held": 200, "missing": 200}
"""Rows printed of each group; the JSON has all."""


def diff_document(found: Diff) -> dict[str, Any]:
    """Return the whole difference as one JSON object."""
    return {
        **found.summary.as_json(),
        "moved": found.moved,
        "diff": [_row(one) for one in found.rows],
        "missing_facilities": [{"code": one.code, "name": one.name} for one in found.missing],
    }


def print_diff(found: Diff) -> None:
    """Print the batch, then the rows by what happens to them."""
    out = console()
    print_summary(found.summary)
    if found.moved:
        _line(text("report.moved", count=found.moved))
    groups: dict[str, list[RowDiff]] = {name: [] for name in GROUPS}
    for one in found.rows:
        name = "confirmed" if one.only_confirms else one.outcome
        if name in groups:
            groups[name].append(one)
    for name in GROUPS:
        _print_group(name, groups[name], found.summary.id)
    _print_group("missing", found.missing, found.summary.id)
    if found.summary.status == "submitted":
        out.print()
        _line(text("report.next", id=found.summary.id))


def _print_group(name: str, rows: Sequence[RowDiff], upload_id: int) -> None:
    if not rows:
        return
    console().print()
    _line(text(f"report.group_{name}", count=len(rows)), "bold")
    for one in rows[: SHOWN[name]]:
        _line("  " + _title(one))
        if name == "updated":
            for key, (before, after) in one.changes.items():
                _line("    " + _change(key, before, after))
        for question in one.questions:
            _line(f"    {rule_title(question.rule)}：{finding_text(question)[0]}")
    if len(rows) > SHOWN[name] > 0:
        _line("  " + text("report.first", shown=SHOWN[name], total=len(rows)))


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
    old = text("report.blank") if before is None else before
    new = text("report.blank") if after is None else after
    return text("report.change", header=header_of(key), before=old, after=new)


def _row(one: RowDiff) -> dict[str, Any]:
    return {
        "sheet": one.sheet or None,
        "row": one.row,
        "outcome": one.outcome,
        "code": one.code,
        "name": one.name,
        "changes": {key: list(pair) for key, pair in one.changes.items()},
        "questions": [
            {
                "rule": question.rule,
                "message": finding_text(question)[0],
                "remedy": finding_text(question)[1],
                "params": dict(question.params),
            }
            for question in one.questions
        ],
    }


def _line(words: str, style: str | None = None) -> None:
    console().print(words, style=style, markup=False, soft_wrap=True)
