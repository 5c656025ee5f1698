"""`fuwuma upload answers` and `take-back`: what was said of two facilities being one or two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli import context
from cli.upload_decisions import By
from cli.upload_input import registry_opened, steps_shown
from codes.messages import text

if TYPE_CHECKING:
    from registry.uploads.answer_list import AnswerListed, RowNamed
    from registry.uploads.recall import Recalled

Number = Annotated[int, typer.Argument(help=text("upload.help.number"), metavar="NUMBER")]
Batch = Annotated[int | None, typer.Option("--upload", metavar="ID", help=text("upload.help.of"))]
Code = Annotated[
    str | None, typer.Option("--facility", metavar="CODE", help=text("upload.help.of_facility"))
]
Everything = Annotated[bool, typer.Option("--all", help=text("upload.help.all_answers"))]
Reason = Annotated[str, typer.Option("--reason", help=text("upload.help.take_back_reason"))]


def answers(upload: Batch = None, facility: Code = None, everything: Everything = False) -> None:
    """List the answers that are remembered, latest first."""
    from registry.db import reading
    from registry.uploads.answer_list import answers_listed

    with registry_opened() as registry, reading(registry) as session:
        found = answers_listed(session, upload_id=upload, facility=facility, everything=everything)
    if context.current.json:
        context.give([one.as_json() for one in found])
        return
    for one in found:
        _print(one)
    context.say("upload.answers_next" if found else "upload.answers_none")


def take_back(number: Number, by: By, reason: Reason) -> None:
    """Take one of these answers back, so that it is asked again."""
    from registry.uploads.recall import recall

    with registry_opened() as registry, steps_shown() as told:
        done = recall(registry, number, by=by, reason=reason, told=told)
    if context.current.json:
        context.give(done.as_json())
        return
    context.say("upload.taken_back", number=number, id=done.upload_id, row=done.row)
    _say_next(done)


def _say_next(done: Recalled) -> None:
    """Say what becomes of the batch the answer was given in."""
    from codes.rules import rule_title

    if done.outcome is None:
        context.say(f"upload.taken_back_{done.status}", id=done.upload_id)
        if done.status == "approved":
            context.say(f"upload.mistaken_{done.answer}")
        return
    outcome = text(f"report.outcome_{done.outcome}")
    context.say("upload.taken_back_row", row=done.row, outcome=outcome)
    for rule in done.questions:
        context.say("upload.still_asked", question=rule_title(rule))


def _print(one: AnswerListed) -> None:
    from codes import facility_code
    from codes.china_time import day_of

    row = _row_shown(one.row)
    on = day_of(one.at)
    context.say(
        "upload.answer_head", number=one.number, id=one.upload_id, row=row, by=one.by, on=on
    )
    for said in one.facilities:
        code = facility_code.format(said.code)
        context.say(f"upload.answer_is_{said.verdict}", code=code, name=said.name)
    for other in one.rows:
        context.say("upload.answer_apart", row=_row_shown(other))
    if back := one.taken_back:
        on = day_of(back.at)
        context.say("upload.answer_back", by=back.by, on=on, reason=back.reason)
    elif not one.stands:
        context.say("upload.answer_otherwise")


def _row_shown(row: RowNamed) -> str:
    from codes import facility_code
    from registry.uploads.wording import excerpt

    if row.row is None:
        return text("upload.answer_row_unknown")
    where = text("report.place_row", row=row.row)
    if row.sheet:
        where = text("report.place_sheet", sheet=row.sheet) + where
    name, address = excerpt(row.name or ""), excerpt(row.address or "")
    shown = text("upload.answer_row", where=where, name=name)
    if address:
        shown += text("upload.answer_row_at", address=address)
    if row.code:
        shown += text("upload.answer_row_code", code=facility_code.format(row.code))
    return shown
