"""A year's report in words and drawings, ready for the template; nothing is worked out here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from codes.china_time import today
from codes.messages import text
from codes.policy import as_json as policy_json
from codes.policy import policy
from exports.reports.heat import heat_tables
from exports.reports.marks import bar_width, colours, legend, line_of
from exports.reports.svg import Marked, line_chart
from exports.reports.year_data import Trend, YearReport
from registry.evaluation.results import Evaluation, Result
from registry.evaluation.scope import level_name
from registry.evaluation.spread import Spread, mean_index
from registry.evaluation.standing import Mean, Standing
from registry.evaluation.values import COUNTED_NOTES
from registry.evaluation.warning_table import colour_counts, worst_first
from registry.evaluation.wording import (
    figure,
    lost_below,
    name_of,
    named,
    number_of,
    percent,
    target_shown,
    unit_of,
    value_shown,
)

WORST = ("red", "orange")


def view(report: YearReport) -> dict[str, Any]:
    """Return what the template shows."""
    scope, results = report.scope, report.own.results
    return {
        "title": text("yearreport.title", division=scope.area.root.name, year=scope.year),
        "plan": named(scope.plan),
        "about": _about(report),
        "synthetic": report.synthetic,
        "level": _mean(report.standing.level),
        "progress": _mean(report.standing.progress),
        "behind": len(report.standing.behind),
        "statuses": Counter(one.value.status for one in results),
        "total": len(results),
        "colours": colours(colour_counts(results)),
        "legend": legend(),
        "worst": [line_of(one) for one in worst_first(results) if one.rating.colour in WORST],
        "areas": [_area(area, mean) for area, mean in report.standing.areas],
        "heat": heat_tables(report),
        "standings": [_standing(one) for one in report.standings_below],
        "below": level_name(report.below.level) if report.below else None,
        "lines": [line_of(one) for one in results],
        "trends": [_trend(one) for one in report.trends],
        "spreads": [_spread(one) for one in report.spreads],
        "mean_index": figure(mean_index(report.spreads), 1),
        "reasons": _reasons(results),
        "notes": _notes(results),
        "parameters": policy_json("achievement", "warning", "band", "balance", "value"),
        "version": policy()["version"].value,
    }


def _about(report: YearReport) -> list[str]:
    scope = report.scope
    counts: dict[str, Any] = report.own.state.counts
    below = report.below
    return [
        text("evaluate.basis", on=scope.area.on, **counts),
        *filter(None, [lost_below(report.own.state, below.level) if below else None]),
        text(
            "yearreport.source",
            document=scope.plan.document_zh,
            table=scope.plan.table_zh,
            issued_on=scope.plan.issued_on,
            stage=text(f"yearreport.stage.{scope.plan.stage}"),
        ),
        text("yearreport.made", on=today()),
    ]


def _mean(mean: Mean) -> dict[str, Any]:
    return {
        "value": percent(mean.overall.value) if mean.overall.counted else "—",
        "uncapped": percent(mean.overall.uncapped),
        "counted": mean.overall.counted,
        "missing": mean.overall.missing,
        "worst": line_of(mean.worst) if mean.worst else None,
    }


def _area(area: str, mean: Mean) -> dict[str, Any]:
    known = mean.overall.counted > 0
    return {
        "name": area,
        "value": percent(mean.overall.value) if known else "—",
        "bar": bar_width(mean.overall.value if known else None),
        "counted": mean.overall.counted,
        "missing": mean.overall.missing,
    }


def _standing(one: Standing) -> dict[str, Any]:
    return {"name": one.division.name, **_mean(one.level), "bar": _bar_of(one.level)}


def _bar_of(mean: Mean) -> float | None:
    return bar_width(mean.overall.value) if mean.overall.counted else None


def _trend(one: Trend) -> dict[str, Any]:
    points = [
        Marked(
            each.year, each.value.value or 0.0, value_shown(each), each.value.status == "observed"
        )
        for each in one.values
    ]
    said = text(
        "yearreport.trend_about",
        name=name_of(one.last),
        values="；".join(f"{each.year} {value_shown(each)}" for each in one.values),
        target=target_shown(one.last),
    )
    return {
        "number": number_of(one.last),
        "name": name_of(one.last),
        "unit": unit_of(one.last.row),
        "target": target_shown(one.last),
        "svg": line_chart(points, one.targets, said),
    }


def _spread(one: Spread) -> dict[str, Any]:
    shares = sorted(one.shares, key=lambda share: share.quotient)
    interval = one.index_interval()
    return {
        "name": named(one.formula),
        "reason": None if one.reason is None else str(one.reason),
        "index": figure(one.index, 1),
        "bar": None if one.index is None else max(0.0, one.index),
        "interval": f"{figure(interval[0], 1)}–{figure(interval[1], 1)}" if interval else "—",
        "gini": figure(one.gini, 3),
        "cv": figure(one.cv, 3),
        "theil": figure(one.theil.total, 4) if one.theil else "—",
        "least": _share(shares[:1]),
        "most": _share(shares[-1:]),
        "left_out": len(one.left_out),
    }


def _share(shares: Sequence[Any]) -> str:
    return "".join(f"{share.division.name} {figure(share.quotient)}" for share in shares)


def _reasons(results: Sequence[Result]) -> list[dict[str, str]]:
    by_reason: dict[str, list[str]] = {}
    for one in results:
        if one.reason is not None:
            by_reason.setdefault(str(one.reason), []).append(number_of(one))
    return [
        {"reason": reason, "numbers": "、".join(numbers)} for reason, numbers in by_reason.items()
    ]


def _notes(results: Sequence[Result]) -> list[dict[str, str]]:
    """What there is to mind about computed values, each kind once, and of which it is true."""
    by_note: dict[str, list[str]] = {}
    for one in results:
        if one.value.computed is None or one.value.status != "computed":
            continue
        working = one.value.computed.working
        for kind in COUNTED_NOTES:
            if total := working[f"facilities_{kind}"]:
                said = text(f"yearreport.note.{kind}")
                by_note.setdefault(said, []).append(f"{number_of(one)}({total:,})")
        for note in working["other_notes"]:
            by_note.setdefault(note, []).append(number_of(one))
    return [{"note": note, "numbers": "、".join(numbers)} for note, numbers in by_note.items()]


def evaluations(report: YearReport) -> list[Evaluation]:
    """Return the report's evaluations, its own first."""
    return [report.own, *([report.below] if report.below else [])]
