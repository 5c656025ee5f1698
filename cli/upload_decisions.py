"""The `fuwuma upload` commands that decide: answer a row, approve, reject, withdraw."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import context
from cli.upload_give import give_codes, give_summary
from cli.upload_input import registry_opened, steps_shown
from codes.messages import text

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from registry.uploads.decide import Decided
    from registry.uploads.summary import Summary

Id = Annotated[int, typer.Argument(help=text("upload.help.id"), metavar="ID")]
By = Annotated[str, typer.Option("--by", help=text("upload.help.by"))]
Codes = Annotated[Path | None, typer.Option("--report", help=text("upload.help.codes"))]
Reason = Annotated[str, typer.Option("--reason", help=text("upload.help.reason"))]
Why = Annotated[str, typer.Option("--reason", help=text("upload.help.withdraw_reason"))]


def decide(
    upload_id: Id,
    rows: Annotated[list[int], typer.Argument(help=text("upload.help.row"), metavar="ROW...")],
    by: By,
    same: Annotated[str | None, typer.Option("--same", help=text("upload.help.same"))] = None,
    new: Annotated[bool, typer.Option("--new", help=text("upload.help.new"))] = False,
    division: Annotated[
        str | None, typer.Option("--division", help=text("upload.help.division"))
    ] = None,
    refuse: Annotated[bool, typer.Option("--reject", help=text("upload.help.refuse"))] = False,
    sheet: Annotated[str | None, typer.Option("--sheet", help=text("upload.help.sheet"))] = None,
) -> None:
    """Answer what holds one row of a waiting batch, or several rows alike."""
    from registry.uploads.decide import Answer
    from registry.uploads.decide import decide as decide_row

    answer = Answer(same, new, division, refuse)
    with registry_opened() as registry:
        given: list[dict[str, object]] = []
        for row in dict.fromkeys(rows):
            done = decide_row(registry, upload_id, row, answer, by=by, sheet=sheet)
            given.append(_as_json(done))
            _say_decided(done)
        now = _waiting(registry, upload_id)
    if context.current.json:
        context.give(given[0] if len(given) == 1 else given)
        return
    if now.held:
        context.say("upload.held_still", id=upload_id, held=now.held)
    else:
        left = "held_no_more" if now.created + now.updated else "nothing_to_write"
        context.say(f"upload.{left}", id=upload_id, by=now.submitted_by)


def _as_json(done: Decided) -> dict[str, object]:
    from registry.uploads.wording import finding_text

    faults = [
        {"rule": one.rule, "element": one.element, "message": message, "remedy": remedy}
        for one in done.faults
        for message, remedy in [finding_text(one)]
    ]
    asked = list(done.questions)
    return {"row": done.row, "outcome": done.outcome, "questions": asked, "faults": faults}


def _say_decided(done: Decided) -> None:
    """Say it at once: the rows answered before one that cannot be stay answered."""
    from codes.rules import rule_title
    from registry.uploads.wording import finding_text

    if context.current.json:
        return
    outcome = text(f"report.outcome_{done.outcome}")
    context.say("upload.row_decided", row=done.row, outcome=outcome)
    for rule in done.questions:
        context.say("upload.still_asked", question=rule_title(rule))
    for one in done.faults:
        message, remedy = finding_text(one)
        context.say("upload.refused_for", message=message, remedy=remedy)


def _waiting(registry: Engine, upload_id: int) -> Summary:
    from registry.db import reading
    from registry.uploads.summary import summary

    with reading(registry) as session:
        return summary(session, upload_id)


def approve(upload_id: Id, by: By, report: Codes = None) -> None:
    """Merge a batch into the registry, all of it or nothing."""
    from registry.uploads.approve import approve as approve_upload

    with registry_opened() as registry:
        before = _waiting(registry, upload_id)
        if before.held and before.status == "submitted":
            context.say("upload.held_before", id=upload_id, held=before.held)
        with steps_shown() as told:
            done = approve_upload(registry, upload_id, by=by, told=told)
    give_summary(done, "upload.approved")
    if report is None:
        context.say("upload.codes_hint", id=done.id)
    give_codes(done.id, report)


def reject(upload_id: Id, by: By, reason: Reason) -> None:
    """Refuse a batch as a whole."""
    from registry.uploads.approve import reject as reject_upload

    with registry_opened() as registry:
        done = reject_upload(registry, upload_id, by=by, reason=reason)
        kept = _answers_kept(registry, upload_id)
    give_summary(done, "upload.rejected")
    _say_kept(upload_id, kept)


def withdraw(upload_id: Id, by: By, reason: Why = "") -> None:
    """Take a batch back before it is decided; only who submitted it may."""
    from registry.uploads.withdraw import withdraw as withdraw_upload

    with registry_opened() as registry:
        done = withdraw_upload(registry, upload_id, by=by, reason=reason)
        kept = _answers_kept(registry, upload_id)
    give_summary(done, "upload.withdrawn")
    _say_kept(upload_id, kept)


def _answers_kept(registry: Engine, upload_id: int) -> int:
    from registry.db import reading
    from registry.uploads.answered import STANDS, answered

    with reading(registry) as session:
        return sum(one.state == STANDS for one in answered(session, upload_id))


def _say_kept(upload_id: int, kept: int) -> None:
    """Say that what was answered of a batch outlives it."""
    if kept:
        context.say("upload.answers_kept", id=upload_id, count=kept)
