"""`fuwuma division`: what a division code is on a day, and what an old one is now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from cli import context
from codes.china_time import today
from codes.errors import DataError, UsageError
from codes.messages import text

if TYPE_CHECKING:
    from codes.divisions import Division


Code = Annotated[str, typer.Argument(help=text("division.help.code"), metavar="CODE")]
On = Annotated[str | None, typer.Option("--on", help=text("division.help.on"))]


def add_to(root: typer.Typer) -> None:
    """Hang the group on the root."""
    group = typer.Typer(no_args_is_help=True, help=text("division.help.group"))
    group.command("show", help=text("division.help.show"))(show)
    group.command("resolve", help=text("division.help.resolve"))(resolve)
    group.command("list", help=text("division.help.list"))(list_below)
    group.command("find", help=text("division.help.find"))(find)
    root.add_typer(group, name="division")


def show(code: Code, on: On = None) -> None:
    """Show one division as on a day."""
    from cli.division_card import card, words

    found = card(code, _day("--on", on))
    if context.current.json:
        context.give(found)
        return
    _print_columns(words(found))


def resolve(
    code: Code,
    from_on: Annotated[str | None, typer.Option("--from", help=text("division.help.from"))] = None,
    on: On = None,
) -> None:
    """Tell what an old code is on a day; several candidates or none are an error of the data."""
    from codes import divisions

    day = _day("--on", on)
    then = _day("--from", from_on) if from_on else divisions.last_day(code, day)
    new = divisions.resolve(code, then, day)
    old = divisions.division(code, then)
    full_name = divisions.full_name(new.code, day)
    if context.current.json:
        before = {"code": old.code, "name": old.name, "on": then}
        after = {"code": new.code, "name": new.name, "full_name": full_name, "on": day}
        context.give({**after, "from": before, "changed": old != new})
    elif old == new:
        context.say("division.unchanged", code=new.code, full_name=full_name, from_on=then, on=day)
    else:
        context.say(
            "division.resolved",
            old_code=old.code,
            old_name=old.name,
            from_on=then,
            code=new.code,
            full_name=full_name,
            on=day,
        )


def list_below(code: Code, on: On = None) -> None:
    """List what is directly below a division."""
    from codes import divisions

    below = divisions.children(code, _day("--on", on))
    if context.current.json:
        context.give([{"code": u.code, "name": u.name, "level": u.level} for u in below])
        return
    _print_columns([(unit.code, unit.name) for unit in below])


def find(
    name: Annotated[str, typer.Argument(help=text("division.help.name"), metavar="NAME")],
    below: Annotated[str | None, typer.Option("--in", help=text("division.help.below"))] = None,
    on: Annotated[str | None, typer.Option("--on", help=text("division.help.on_any"))] = None,
) -> None:
    """Find divisions by name; nothing found is an error of the data."""
    from codes.divisions import find_by_name

    found = find_by_name(name, below, _day("--on", on) if on else None)
    if not found:
        raise DataError("division.none_found", seen=name)
    if context.current.json:
        context.give([_listed(unit) for unit in found])
        return
    _print_columns([(unit.code, _name_and_end(unit)) for unit in found])


def _listed(unit: Division) -> dict[str, object]:
    from codes.divisions import full_name

    return {
        "code": unit.code,
        "name": unit.name,
        "full_name": full_name(unit.code, unit.last_seen_on),
        "level": unit.level,
        "valid_from": unit.valid_from,
        "valid_to": unit.valid_to,
    }


def _name_and_end(unit: Division) -> str:
    from codes.divisions import full_name

    name = full_name(unit.code, unit.last_seen_on)
    ended = text("division.time.ended", valid_to=unit.valid_to) if unit.valid_to else ""
    return name + ended


def _print_columns(rows: Sequence[tuple[str, str]]) -> None:
    """Print labels and values side by side; a long value is never cut."""
    from rich.cells import cell_len, set_cell_size

    console = context.console()
    width = max((cell_len(label) for label, _ in rows), default=0) + 2
    for label, value in rows:
        for number, line in enumerate(value.split("\n")):
            start = set_cell_size("" if number else label, width)
            console.print(start + line, soft_wrap=True, markup=False)


def _day(option: str, written: str | None) -> date:
    if written is None:
        return today()
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise UsageError("division.date_unreadable", option=option, seen=written) from None
