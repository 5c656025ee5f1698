"""`fuwuma facility`: look facilities up; `cli.facility_write` has the commands that write."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from cli import facility_write
from cli.context import current, give, say
from codes import facility_code
from codes.messages import text

Code = facility_write.Code
OnDay = Annotated[
    str | None, typer.Option("--on", metavar="DATE", help=text("facility.help.as_on"))
]
Private = Annotated[bool, typer.Option("--private", help=text("facility.help.private"))]


def add_to(root: typer.Typer) -> None:
    """Hang the group on the root."""
    group = typer.Typer(no_args_is_help=True, help=text("facility.help.group"))
    group.command("show", help=text("facility.help.show"))(_show)
    group.command("list", help=text("facility.help.list"))(_list)
    group.command("history", help=text("facility.help.history"))(_history)
    facility_write.add_to(group)
    root.add_typer(group, name="facility")


def _show(
    code: Code,
    on: OnDay = None,
    known_at: Annotated[
        str | None,
        typer.Option("--known-at", metavar="MOMENT", help=text("facility.help.known_at")),
    ] = None,
    private: Private = False,
) -> None:
    from cli.facility_card import document, print_card
    from cli.facility_history import print_links
    from cli.facility_input import day_of, moment_of, refuse_name, registry_for_reading
    from codes.china_time import today
    from registry.facilities.links import heirs, links_of
    from registry.facilities.lookup import find

    day = day_of("--on", on) or today()
    with registry_for_reading() as session:
        refuse_name(session, code)
        view = find(session, code, on=day, known_at=moment_of("--known-at", known_at))
        links, ends = links_of(session, view.code), heirs(session, view.code, day)
        later = {end: find(session, end, on=day) for end in ends if end != view.code}
    if current.json:
        followed = [document(found) for found in later.values()]
        linked = {"links": [asdict(link) for link in links], "successors": followed}
        give({**document(view, private=private), **linked})
        return
    for found in later.values():
        shown = facility_code.format(found.code)
        say("facility.now", code=shown, name=found.name, status=found.status)
    print_card(view, private=private)
    print_links(view.code, links)


def _list(
    category: Annotated[str | None, typer.Option(help=text("facility.help.category"))] = None,
    class_code: Annotated[
        str | None, typer.Option("--class", help=text("facility.help.class"))
    ] = None,
    type_: Annotated[str | None, typer.Option("--type", help=text("facility.help.type"))] = None,
    division: Annotated[str | None, typer.Option(help=text("facility.help.within"))] = None,
    status: Annotated[str | None, typer.Option(help=text("facility.help.status"))] = None,
    words: Annotated[str | None, typer.Option("--text", help=text("facility.help.text"))] = None,
    uscc: Annotated[str | None, typer.Option(help=text("facility.help.uscc"))] = None,
    on: OnDay = None,
    ended: Annotated[bool, typer.Option("--ended", help=text("facility.help.ended"))] = False,
    page: Annotated[int, typer.Option(min=1, help=text("facility.help.page"))] = 1,
    per_page: Annotated[int, typer.Option(min=1, help=text("facility.help.per_page"))] = 50,
) -> None:
    from cli.facility_card import document, print_listing
    from cli.facility_input import day_of, registry_for_reading
    from codes import divisions
    from codes.facility_types import find_type
    from registry.facilities.lookup import Filter, listing

    limits = Filter(
        category=category,
        class_code=class_code,
        type_code=type_ and find_type(type_).code,
        division=division and divisions.normalise(division),
        status=status,
        text=words,
        operator_uscc=uscc,
        ended=ended,
    )
    with registry_for_reading() as session:
        day = day_of("--on", on)
        found = listing(session, limits, on=day, page=page, per_page=per_page)
    if current.json:
        items = [document(view) for view in found.items]
        give({"total": found.total, "page": page, "per_page": per_page, "items": items})
        return
    print_listing(found, page, per_page)


def _history(code: Code, private: Private = False) -> None:
    from cli.facility_history import history_document, print_history
    from cli.facility_input import refuse_name, registry_for_reading
    from registry.facilities.lookup import history

    with registry_for_reading() as session:
        refuse_name(session, code)
        past = history(session, code)
    if current.json:
        give(history_document(past, private=private))
        return
    print_history(past)
