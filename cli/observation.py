"""`fuwuma observation`: record reported values of plans' indicators, and list them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from cli import context
from cli.ledger_load import load_file, year_of
from codes.messages import text


def add_to(root: typer.Typer) -> None:
    """Hang the group on the root."""
    group = typer.Typer(no_args_is_help=True, help=text("ledger.help.observation"))
    group.command("load", help=text("ledger.help.observation_load"))(load)
    group.command("list", help=text("ledger.help.observation_list"))(list_values)
    root.add_typer(group, name="observation")


def load(
    file: Annotated[Path, typer.Argument(help=text("ledger.help.file"), metavar="FILE")],
    by: Annotated[str | None, typer.Option("--by", help=text("ledger.help.by"))] = None,
    maps: Annotated[list[str] | None, typer.Option("--map", help=text("ledger.help.map"))] = None,
    sets: Annotated[list[str] | None, typer.Option("--set", help=text("ledger.help.set"))] = None,
    preferred: Annotated[
        bool, typer.Option("--preferred", help=text("ledger.help.preferred"))
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=text("ledger.help.dry_run"))] = False,
) -> None:
    """Record a file of reported values."""
    load_file(
        "observation", file, maps=maps, sets=sets, preferred=preferred, by=by, dry_run=dry_run
    )


def list_values(
    plan: Annotated[str | None, typer.Option("--plan", help=text("ledger.help.plan"))] = None,
    number: Annotated[str | None, typer.Option("--number", help=text("ledger.help.number"))] = None,
    division: Annotated[
        str | None, typer.Option("--division", help=text("ledger.help.division"))
    ] = None,
    year: Annotated[str | None, typer.Option("--year", help=text("ledger.help.year"))] = None,
    source: Annotated[str | None, typer.Option("--source", help=text("ledger.help.source"))] = None,
) -> None:
    """List every reported value with its source; the preferred one of each first."""
    from codes.indicators import indicators_of
    from registry.db import open_registry, reading
    from registry.ledgers.listing import LedgerFilter, observation_listing

    if plan:
        indicators_of(plan)  # an unknown plan is a wrong command, not an empty list
    wanted = LedgerFilter(division, year_of(year), None, plan, number, source)
    engine = open_registry(context.current.db)
    with reading(engine) as session:
        found = observation_listing(session, wanted)
    engine.dispose()
    if context.current.json:
        context.give(found)
    elif not found:
        context.say("ledger.nothing_listed")
    else:
        _print_values(found)


def _print_values(found: list[dict[str, Any]]) -> None:
    from cli.ledger_view import print_table
    from codes.countings import counting_name
    from registry.ledgers.wording import shown

    names = (
        "indicator",
        "name",
        "division",
        "year",
        "value",
        "unit",
        "counted",
        "source",
        "preferred",
    )
    rows = [
        (
            row["indicator"],
            row["indicator_name"] or "",
            f"{row['division_code']} {row['division_name']}",
            str(row["year"]),
            shown(row["value"]),
            row["unit"],
            counting_name(row["counted"]) if row["counted"] else "",
            row["source"],
            row["how_shown"] or "",
        )
        for row in found
    ]
    print_table([text(f"ledger.table.{name}") for name in names], rows, right={4})
