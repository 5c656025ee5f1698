"""`fuwuma opinion`: list, read, answer and close what people wrote on the public site."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from cli import context
from cli.choices import chosen, offered
from cli.opinion_names import names_of
from codes.errors import UsageError
from codes.messages import text

if TYPE_CHECKING:
    from registry.opinions.opinion import Act, Opinion

DEFAULT_INBOX: Final = "inbox.db"
EVERY: Final = "all"
STATE_WORD: Final = "opinion.state."
EXCERPT: Final = 40
"""Characters of an opinion that a list shows."""

Inbox = Annotated[Path | None, typer.Option("--inbox", help=text("opinion.help.inbox"))]
Number = Annotated[int, typer.Argument(metavar="ID", help=text("opinion.help.id"))]
By = Annotated[str, typer.Option("--by", metavar="WHO", help=text("opinion.help.by"))]


def add_to(root: typer.Typer) -> None:
    """Hang the group on the root."""
    group = typer.Typer(help=text("opinion.help.opinion"), no_args_is_help=True)
    group.command("list", help=text("opinion.help.list"))(list_opinions)
    group.command("show", help=text("opinion.help.show"))(show)
    group.command("answer", help=text("opinion.help.answer"))(answer)
    group.command("close", help=text("opinion.help.close"))(close)
    root.add_typer(group, name="opinion")


def list_opinions(
    state: Annotated[str, typer.Option("--state", help=text("opinion.help.state"))] = "open",
    about: Annotated[str | None, typer.Option("--about", help=text("opinion.help.about"))] = None,
    page: Annotated[int, typer.Option(min=1, max=10**9, help=text("opinion.help.page"))] = 1,
    per_page: Annotated[
        int, typer.Option(min=1, max=1000, help=text("opinion.help.per_page"))
    ] = 20,
    inbox: Inbox = None,
) -> None:
    """List opinions."""
    from codes import facility_code
    from registry.opinions.clerk import listing
    from registry.opinions.opinion import STATES

    states = (*STATES, EVERY)
    state = chosen(state, states, STATE_WORD)
    if state not in states:
        raise UsageError("opinion.state_unknown", seen=state, known=offered(states, STATE_WORD))
    wanted = None if state == EVERY else state
    code = about and (facility_code.compact(about) if facility_code.is_valid(about) else about)
    found = listing(_inbox(inbox), state=wanted, about=code, page=page, per_page=per_page)
    if code and not found.total:
        _refuse_unreadable(code)
    names = names_of(found.items)
    if context.current.json:
        items = [{**one.as_json(), "about_name": names.get(one.about)} for one in found.items]
        context.give({"total": found.total, "page": page, "per_page": per_page, "items": items})
        return
    for one in found.items:
        print(_line(one, names.get(one.about, "")))
    if not found.total:
        context.say("opinion.nothing_listed")
        return
    pages = max(1, -(-found.total // per_page))
    context.say("opinion.listed", total=found.total, page=page, pages=pages)


def show(number: Number, inbox: Inbox = None) -> None:
    """Show one opinion."""
    from registry.opinions.clerk import find

    found = find(_inbox(inbox), number)
    name = names_of([found]).get(found.about)
    if context.current.json:
        context.give({**found.as_json(), "about_name": name})
        return
    print(_head(found))
    kind = text(f"opinion.page.kind_{found.about.kind}")
    context.say(
        "opinion.show.about", kind=kind, code=" ".join(filter(None, (_about_code(found), name)))
    )
    if found.contact:
        context.say("opinion.show.contact", contact=found.contact)
    _print_indented(found.text)
    for act in found.acts:
        print(_act_line(act))
        _print_indented(act.text)


def answer(
    number: Number,
    words: Annotated[str, typer.Option("--text", help=text("opinion.help.text"))],
    by: By,
    publish: Annotated[bool, typer.Option("--publish", help=text("opinion.help.publish"))] = False,
    with_question: Annotated[
        bool, typer.Option("--with-question", help=text("opinion.help.with_question"))
    ] = False,
    sure: Annotated[bool, typer.Option("--sure", help=text("opinion.help.sure"))] = False,
    inbox: Inbox = None,
) -> None:
    """Answer one opinion."""
    from registry.opinions import clerk

    if with_question and not publish:
        raise UsageError("opinion.question_needs_publish")
    done = clerk.answer(
        _inbox(inbox),
        number,
        text=words,
        by=by,
        publish=publish,
        with_question=with_question,
        sure=sure,
    )
    _say_done(done, "opinion.done.answered_published" if publish else "opinion.done.answered")


def close(
    number: Number,
    reason: Annotated[str, typer.Option("--reason", help=text("opinion.help.reason"))],
    by: By,
    inbox: Inbox = None,
) -> None:
    """Close one opinion."""
    from registry.opinions import clerk

    done = clerk.close(_inbox(inbox), number, reason=reason, by=by)
    _say_done(done, "opinion.done.closed")


def _say_done(done: Opinion, message_id: str) -> None:
    if context.current.json:
        context.give(done.as_json())
    else:
        context.say(message_id, id=done.id)


def _inbox(given: Path | None) -> Path:
    return given or Path(os.environ.get("FUWUMA_INBOX") or DEFAULT_INBOX)


def _head(one: Opinion) -> str:
    state = text(f"opinion.state.{one.state}")
    return text("opinion.show.head", id=one.id, date=_day(one.received_at), state=state)


def _line(one: Opinion, name: str) -> str:
    words = " ".join(one.text.split())
    return text(
        "opinion.line",
        id=one.id,
        date=_day(one.received_at),
        state=text(f"opinion.state.{one.state}"),
        kind=text(f"opinion.page.kind_{one.about.kind}"),
        code=" ".join(filter(None, (_about_code(one), name))),
        text=words[:EXCERPT] + ("…" if len(words) > EXCERPT else ""),
    )


def _about_code(one: Opinion) -> str:
    from codes import facility_code

    is_printed = one.about.kind == "facility" and facility_code.is_valid(one.about.code)
    return facility_code.format(one.about.code) if is_printed else one.about.code


def _refuse_unreadable(about: str) -> None:
    """A code that nothing can be called is a slip; one nobody wrote about is not."""
    from codes import facility_code
    from codes.indicators import indicators
    from codes.standards import standards

    known = facility_code.is_valid(about) or about in standards() or about in indicators()
    if not known:
        raise UsageError("opinion.about_unreadable", seen=about)


def _act_line(act: Act) -> str:
    if act.kind == "close":
        return text("opinion.show.close", date=_day(act.at), by=act.by)
    shown = "published_with" if act.with_question else "published"
    publication = text(f"opinion.show.{shown if act.published else 'not_published'}")
    return text("opinion.show.answer", date=_day(act.at), by=act.by, publication=publication)


def _day(moment: str) -> str:
    from datetime import datetime

    from codes.china_time import day_of

    return day_of(datetime.fromisoformat(moment)).isoformat()


def _print_indented(words: str) -> None:
    for line in words.splitlines():
        print(f"    {line}")
