"""`fuwuma population`: record population figures, list them, show what is used for a division."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import context
from cli.ledger_load import load_batch, load_file, year_of
from codes.errors import DataError, UsageError
from codes.messages import text

if TYPE_CHECKING:
    from registry.ledgers.lookup import PopulationChoice

Year = Annotated[str | None, typer.Option("--year", help=text("ledger.help.year"))]
Group = Annotated[str | None, typer.Option("--group", help=text("ledger.help.group"))]


def add_to(root: typer.Typer) -> None:
    """Hang the group on the root."""
    group = typer.Typer(no_args_is_help=True, help=text("ledger.help.population"))
    group.command("load", help=text("ledger.help.population_load"))(load)
    group.command("list", help=text("ledger.help.population_list"))(list_figures)
    group.command("show", help=text("ledger.help.population_show"))(show)
    root.add_typer(group, name="population")


def load(
    file: Annotated[
        Path | None, typer.Argument(help=text("ledger.help.file"), metavar="FILE")
    ] = None,
    by: Annotated[str | None, typer.Option("--by", help=text("ledger.help.by"))] = None,
    maps: Annotated[list[str] | None, typer.Option("--map", help=text("ledger.help.map"))] = None,
    sets: Annotated[list[str] | None, typer.Option("--set", help=text("ledger.help.set"))] = None,
    preferred: Annotated[
        bool, typer.Option("--preferred", help=text("ledger.help.preferred"))
    ] = False,
    census: Annotated[bool, typer.Option("--census", help=text("ledger.help.census"))] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=text("ledger.help.dry_run"))] = False,
) -> None:
    """Record a file, or the census figures that come with the program."""
    if census == (file is not None) or (census and (maps or sets or preferred)):
        raise UsageError("ledger.file_or_census")
    if file is None:
        from registry.ledgers.census import census_batch

        load_batch(census_batch(), by=by, dry_run=dry_run)
        return
    load_file("population", file, maps=maps, sets=sets, preferred=preferred, by=by, dry_run=dry_run)


def list_figures(
    division: Annotated[
        str | None, typer.Option("--division", help=text("ledger.help.division"))
    ] = None,
    year: Year = None,
    group: Group = None,
    source: Annotated[str | None, typer.Option("--source", help=text("ledger.help.source"))] = None,
) -> None:
    """List every figure with its source; the preferred one of each first."""
    from registry.db import open_registry, reading
    from registry.ledgers.listing import LedgerFilter, population_listing

    wanted = LedgerFilter(division, year_of(year), _group(group), source=source)
    engine = open_registry(context.current.db)
    with reading(engine) as session:
        found = population_listing(session, wanted)
    engine.dispose()
    if context.current.json:
        context.give(found)
    elif not found:
        context.say("ledger.nothing_listed")
    else:
        _print_figures(found)


def show(
    code: Annotated[str, typer.Argument(help=text("ledger.help.code"), metavar="CODE")],
    year: Year = None,
    group: Group = None,
) -> None:
    """Show the figure that counts for a division and year, how it was chosen, and the others."""
    from codes.china_time import today
    from codes.divisions import normalise
    from codes.formulas import population_groups
    from registry.db import open_registry, reading
    from registry.ledgers.lookup import populations

    chosen = _group(group)
    groups = (chosen,) if chosen else tuple(population_groups())
    asked = year_of(year) or today().year
    division = normalise(code)
    engine = open_registry(context.current.db)
    with reading(engine) as session:
        found = populations(session, asked, groups, (division,))
    engine.dispose()
    if not found:
        raise DataError("ledger.none_for_division", code=division, year=asked)
    figures = [found[division, one] for one in groups if (division, one) in found]
    if context.current.json:
        context.give([_as_json(one) for one in figures])
        return
    for one in figures:
        _say_choice(one)


def _group(written: str | None) -> str | None:
    from codes.population_groups import find_group

    return find_group(written) if written else None


def _say_choice(one: PopulationChoice) -> None:
    from codes.population_groups import group_name
    from registry.ledgers.wording import place_shown, shown

    words = {
        "division": place_shown(one.division_code, ""),
        "year": one.year,
        "group": group_name(one.group_code),
        "persons": shown(one.persons),
        "source": one.source,
        "how": one.how_shown,
    }
    context.say("ledger.figure", **words)
    if one.is_earlier:
        context.say("ledger.figure_earlier", asked=one.asked_year, year=one.year)
    if one.is_projection:
        context.say("ledger.figure_projection")


def _as_json(one: PopulationChoice) -> dict[str, Any]:
    from dataclasses import asdict

    return {**asdict(one), "is_earlier": one.is_earlier, "how_shown": one.how_shown}


def _print_figures(found: list[dict[str, Any]]) -> None:
    from cli.ledger_view import print_table
    from codes.source_kinds import kind_name
    from registry.ledgers.wording import shown

    names = ("division", "name", "year", "group", "persons", "source", "kind", "preferred")
    rows = [
        (
            row["division_code"],
            row["division_name"] + (f" · {row['area']}" if row["area"] else ""),
            str(row["year"]),
            row["group_name"],
            shown(row["persons"]),
            row["source"],
            kind_name(row["source_kind"]),
            row["how_shown"] or "",
        )
        for row in found
    ]
    print_table([text(f"ledger.table.{name}") for name in names], rows, right={4})
