"""`fuwuma evaluate`: a city measured against what it promised."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import context
from codes.errors import UsageError
from codes.messages import text

if TYPE_CHECKING:
    from sqlmodel import Session

    from registry.evaluation.results import Evaluation
    from registry.evaluation.scope import Area, Scope

PlanName = Annotated[str | None, typer.Option("--plan", help=text("evaluate.help.plan_any"))]
Year = Annotated[str | None, typer.Option("--year", help=text("evaluate.help.year"))]
Place = Annotated[str | None, typer.Option("--division", help=text("evaluate.help.division"))]
Level = Annotated[str | None, typer.Option("--level", help=text("evaluate.help.level"))]
LevelBelow = Annotated[str | None, typer.Option("--level", help=text("evaluate.help.level_county"))]


def add_to(root: typer.Typer) -> None:
    """Hang the group on the root."""
    group = typer.Typer(no_args_is_help=True, help=text("evaluate.help.group"))
    for command in (indicators, achievement, warnings, balance, coverage, norms, report):
        name = command.__name__
        group.command(name, help=text(f"evaluate.help.{name}"))(command)
    root.add_typer(group, name="evaluate")


def indicators(
    plan: PlanName = None,
    year: Year = None,
    division: Place = None,
    level: Level = None,
    explain: Annotated[bool, typer.Option("--explain", help=text("evaluate.help.explain"))] = False,
) -> None:
    """List every indicator of a plan in each division; none is silently absent."""
    from registry.evaluation.result_json import result_json

    with _session() as session:
        found = _evaluation(session, plan, year, division, level)
        if context.current.json:
            context.give([result_json(one) for one in found.results])
            return
        from cli.evaluate_view import print_explained, print_indicators

        (print_explained if explain else print_indicators)(session, found)


def achievement(
    plan: PlanName = None, year: Year = None, division: Place = None, level: Level = None
) -> None:
    """Tell where each division stands: the year's level and the plan's progress apart."""
    from registry.evaluation.standing import standings_json

    with _session() as session:
        found = _evaluation(session, plan, year, division, level)
        if context.current.json:
            context.give(standings_json(found))
            return
        from cli.evaluate_view import print_standings

        print_standings(session, found)


def warnings(
    plan: PlanName = None, year: Year = None, division: Place = None, level: LevelBelow = None
) -> None:
    """Give every indicator in every division its colour."""
    from registry.evaluation.results import evaluate
    from registry.evaluation.scope import level_compared
    from registry.evaluation.warning_table import warnings_json

    with _session() as session:
        scope = _scope(session, plan, year, division, level)
        found = [evaluate(session, scope)]
        if (below := level_compared(scope.area, level)) != scope.area.level:
            found.append(evaluate(session, scope, level=below, state=found[0].state))
        if context.current.json:
            context.give(warnings_json(found))
            return
        from cli.evaluate_view import print_warnings

        print_warnings(session, found)


def balance(
    plan: PlanName = None,
    year: Year = None,
    division: Place = None,
    level: LevelBelow = None,
    capability: Annotated[
        list[str] | None, typer.Option("--capability", help=text("evaluate.help.capability"))
    ] = None,
    facility_type: Annotated[
        list[str] | None, typer.Option("--type", help=text("evaluate.help.type_beginning"))
    ] = None,
    group: Annotated[
        str | None, typer.Option("--group", help=text("evaluate.help.person_group"))
    ] = None,
) -> None:
    """Tell how evenly measures are spread over the divisions of one level."""
    from registry.evaluation.spread_json import spreads_json
    from registry.evaluation.spreads import balance_of

    if not capability and (facility_type or group):
        raise UsageError("evaluate.balance.group_alone")
    with _session() as session:
        scope = _scope(session, plan, year, division, level)
        found = balance_of(session, scope, level, capability, facility_type, group)
        if context.current.json:
            told = spreads_json(
                found.spreads, found.state, found.level, found.people, **found.about
            )
            context.give({**told, "areas_apart": [one.as_json() for one in found.apart]})
            return
        from cli.evaluate_spread_view import print_spreads

        print_spreads(session, found)


def coverage(
    facility_type: Annotated[
        list[str] | None, typer.Option("--type", help=text("evaluate.help.type"))
    ] = None,
    year: Year = None,
    division: Place = None,
    level: Level = None,
) -> None:
    """Tell how many townships have at least one operating facility of each type."""
    from codes.facility_types import find_type
    from registry.evaluation.coverage import coverage as coverage_of
    from registry.evaluation.coverage import coverage_json, types_of_townships
    from registry.evaluation.load import load

    types = [find_type(one) for one in facility_type] if facility_type else types_of_townships()
    with _session() as session:
        area = _area(session, year, division, level)
        state = load(session, area, types=[one.code for one in types], capabilities=())
        found = coverage_of(types, state, area.level)
        if context.current.json:
            context.give(coverage_json(found, state, area.level))
            return
        from cli.evaluate_spread_view import print_coverage

        print_coverage(session, found, state)


def norms(
    norm: Annotated[
        list[str] | None, typer.Option("--norm", help=text("evaluate.help.norm"))
    ] = None,
    facility_type: Annotated[
        list[str] | None, typer.Option("--type", help=text("evaluate.help.type"))
    ] = None,
    amount: Annotated[
        float | None, typer.Option("--amount", help=text("evaluate.help.amount"))
    ] = None,
    size: Annotated[float | None, typer.Option("--size", help=text("evaluate.help.size"))] = None,
    year: Year = None,
    division: Place = None,
    level: LevelBelow = None,
) -> None:
    """Tell what sizing rules ask of each division, what is there, and what lacks."""
    from cli.evaluate_norms import print_norms
    from registry.evaluation.norm_rules import asked_rules
    from registry.evaluation.norm_work import needs_json, needs_of
    from registry.evaluation.scope import level_compared

    with _session() as session:
        area = _area(session, year, division, level)
        below = level_compared(area, level)
        named = (area.city.code, area.on.year, below, norm, facility_type)
        needs = needs_of(session, area, below, asked_rules(*named, amount, size), size)
        if context.current.json:
            context.give(needs_json(needs))
            return
        print_norms(session, needs)


def report(
    output: Annotated[Path, typer.Option("-o", "--output", help=text("evaluate.help.output"))],
    plan: PlanName = None,
    year: Year = None,
    division: Place = None,
    force: Annotated[bool, typer.Option("--force", help=text("evaluate.help.force"))] = False,
) -> None:
    """Write a city's report of a year as HTML, and its figures as CSV beside it."""
    from exports.reports.year import write_report

    with _session() as session:
        scope = _scope(session, plan, year, division, None)
        written = write_report(session, scope, output, overwrite=force)
    for path in written:
        context.say("evaluate.written", path=path)
    if context.current.json:
        context.give({"files": [str(path) for path in written]})


@contextmanager
def _session() -> Iterator[Session]:
    from registry.db import open_registry, reading

    engine = open_registry(context.current.db)
    try:
        with reading(engine) as session:
            yield session
    finally:
        engine.dispose()


def _scope(
    session: Session, plan: str | None, year: str | None, division: str | None, level: str | None
) -> Scope:
    from cli.ledger_load import year_of
    from codes.china_time import today
    from registry.evaluation.default_plan import default_plan
    from registry.evaluation.scope import scope_of

    code = _code_of(division, year)
    chosen = plan or default_plan(session, code)
    return scope_of(chosen, year_of(year), code, level, today())


def _area(session: Session, year: str | None, division: str | None, level: str | None) -> Area:
    """Coverage asks for no plan: any city will do, and this year unless said."""
    from cli.ledger_load import year_of
    from codes.china_time import today
    from registry.evaluation.default_plan import main_city
    from registry.evaluation.scope import area_of, reference_day, refuse_year

    this_day = today()
    asked = year_of(year) or this_day.year
    refuse_year(asked, this_day)
    code = _code_of(division, year) or main_city(session)
    return area_of(code, level, reference_day(asked, this_day))


def _code_of(division: str | None, year: str | None) -> str | None:
    """Return the code of a division given by code or name, as on the day the year is told of."""
    from cli.ledger_load import year_of
    from codes.china_time import today
    from codes.home import code_at_home
    from registry.evaluation.scope import reference_day

    if division is None:
        return None
    day = reference_day(year_of(year) or today().year, today())
    return code_at_home(division, day, "--division")


def _evaluation(
    session: Session, plan: str | None, year: str | None, division: str | None, level: str | None
) -> Evaluation:
    from registry.evaluation.results import evaluate

    return evaluate(session, _scope(session, plan, year, division, level))
