"""A year's report in words and drawings, ready for the template; nothing is worked out here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from codes.china_time import today
from codes.divisions.english import shown_name
from codes.indicator_areas import area_name
from codes.messages import language, text
from codes.policy import decimal_of, policy
from exports.reports.behind import notes, parameters, reasons, sources, targets_known
from exports.reports.beside import both_known
from exports.reports.heat import heat_tables
from exports.reports.marks import (
    ORIGINS,
    bar_width,
    legend,
    line_of,
    worst_colours,
)
from exports.reports.spread_view import spread_shown
from exports.reports.trend_view import trend_keys, trend_shown
from exports.reports.year_data import YearReport
from registry.evaluation.spread import Spread, mean_index
from registry.evaluation.standing import Mean, Standing
from registry.evaluation.warning_table import colour_counts, worst_first
from registry.evaluation.wording import figure, name_of, named, number_of, origin_of, percent


def view(report: YearReport) -> dict[str, Any]:
    """Return what the template shows."""
    scope, results = report.scope, report.own.results
    worst = worst_colours()
    heat = heat_tables(report)
    balanced = [one for one in report.spreads if one.reason is None]
    standing = [one for one in report.standings_below if one.level.is_enough]
    return {
        "title": text("yearreport.title", division=shown_name(scope.area.root), year=scope.year),
        "plan": named(scope.plan),
        "about": list(_about(report)),
        "synthetic": report.synthetic,
        "cards": list(_cards(report)),
        "has_total": report.standing.level.is_enough,
        "legend": legend(colour_counts(results)),
        "worst": [line_of(one) for one in worst_first(results) if one.rating.colour in worst],
        "areas": list(_areas(report)),
        "heat": heat,
        "below": text(f"yearreport.units.{report.below.level}") if report.below else "",
        "standings": [_standing(one) for one in standing],
        "no_standing": _named_apart(report, standing),
        "both": both_known(report),
        "trends": [trend_shown(one) for one in report.trends],
        "trend_keys": trend_keys(),
        "spreads": [spread_shown(one) for one in balanced],
        "mean_index": figure(mean_index(report.spreads), 1),
        "no_spread": text("yearreport.comma").join(
            named(one.formula) for one in report.spreads if one.reason is not None
        ),
        "absent": list(_absent(report, heat["tables"], standing, balanced)),
        "lines": [line_of(one) for one in results],
        "targets_known": targets_known(results),
        "reasons": reasons(results),
        "notes": notes(results),
        "sources": sources(results),
        "parameters": parameters(),
        "version": policy()["version"].value,
        "least": _least(),
    }


def _about(report: YearReport) -> Iterator[str]:
    scope, held = report.scope, report.on_record
    division = shown_name(scope.area.root)
    yield "".join(_basis(report, division))
    english = language() == "en"
    yield text(
        "yearreport.source",
        document=scope.plan.document_en if english else scope.plan.document_zh,
        table=scope.plan.table_en if english else scope.plan.table_zh,
        issued_on=scope.plan.issued_on,
        stage=text(f"yearreport.stage.{scope.plan.stage}"),
    )
    if held.lost and report.below:
        yield text(f"yearreport.lost.{report.below.level}", division=division, total=held.lost)
    yield text("yearreport.made", on=today())
    if english:
        yield text("yearreport.names")


def _basis(report: YearReport, division: str) -> Iterator[str]:
    held, on = report.on_record, report.scope.area.on
    yield text("yearreport.basis", on=on, division=division, facilities=held.facilities)
    if held.taken_back:
        yield text("yearreport.basis_taken_back", total=held.taken_back)
    if held.unsure:
        yield text("yearreport.basis_unsure", total=held.unsure)


def _cards(report: YearReport) -> Iterator[dict[str, str]]:
    """The few figures in large: a total only where enough is rated, always with how many are."""
    standing, results = report.standing, report.own.results
    total, level, progress = len(results), standing.level, standing.progress
    if level.is_enough:
        words = text("yearreport.level_card", uncapped=percent(level.overall.uncapped))
        yield {"big": percent(level.overall.value), "small": words}
    origins = Counter(map(origin_of, results))
    counted: dict[str, Any] = {name: origins[name] for name in ORIGINS}
    yield {
        "big": text("yearreport.rated_card", counted=level.overall.counted, total=total),
        "small": text("yearreport.origins_card", **counted),
    }
    if progress.is_enough:
        words = text(
            "yearreport.progress_card",
            counted=progress.overall.counted,
            behind=len(standing.behind),
        )
        yield {"big": percent(progress.overall.value), "small": words}


def _areas(report: YearReport) -> Iterator[dict[str, Any]]:
    """Give the areas of the plan; none where none has a total."""
    areas = report.standing.areas
    if any(mean.is_enough for _, mean in areas):
        for area, mean in areas:
            yield {"name": area_name(area), **_mean(mean)}


def _standing(one: Standing) -> dict[str, Any]:
    worst = one.level.worst
    shown = (
        text(
            "yearreport.worst_of",
            number=number_of(worst),
            name=name_of(worst),
            achievement=percent(worst.rating.achievement),
        )
        if worst
        else ""
    )
    return {"name": shown_name(one.division), "worst": shown, **_mean(one.level)}


def _mean(mean: Mean) -> dict[str, Any]:
    found, enough = mean.overall, mean.is_enough
    return {
        "value": percent(found.value) if enough else "—",
        "bar": bar_width(found.value if enough else None),
        "counted": found.counted,
        "total": found.counted + found.missing,
    }


def _named_apart(report: YearReport, standing: Sequence[Standing]) -> str:
    """Name the divisions without a total, where others have one."""
    left = [shown_name(one.division) for one in report.standings_below if one not in standing]
    return text("yearreport.comma").join(left) if standing else ""


def _absent(
    report: YearReport,
    heat: Sequence[Any],
    standing: Sequence[Standing],
    balanced: Sequence[Spread],
) -> Iterator[str]:
    """Say of every section that is left out why it is."""
    below = text(f"yearreport.units.{report.below.level}") if report.below else ""
    if not any(_areas(report)):
        yield text("yearreport.absent.areas", least=_least())
    if below and not heat:
        yield text("yearreport.absent.heat", below=below)
    elif below and not standing:
        yield text("yearreport.absent.standings", below=below, least=_least())
    if not report.trends:
        yield text("yearreport.absent.trends")
    if below and not balanced:
        yield text("yearreport.absent.balance", below=below)


def _least() -> str:
    return f"{float(decimal_of('achievement.least_rated')):.0%}"
