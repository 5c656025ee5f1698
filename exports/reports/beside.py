"""Where a department's figure stands beside our own: both, the difference, and the source."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from codes.divisions.english import shown_name
from codes.messages import text
from exports.reports.year_data import YearReport
from registry.evaluation.reported import DOCUMENT, Reported
from registry.evaluation.results import Result
from registry.evaluation.wording import figure, name_of, number_of, origin_of, percent, unit_of


def both_known(report: YearReport) -> list[dict[str, Any]]:
    """Return a line for each result of the report that is both computed and reported."""
    results: Iterable[Result] = (one for found in report.evaluations for one in found.results)
    return [line for one in results if (line := _line(one))]


def difference(one: Result) -> float | None:
    """Return the computed value less the reported one, None where there are not both as numbers."""
    computed, reported = one.value.computed, one.value.reported
    if computed is None or reported is None or reported.bound:
        return None
    if computed.value is None or reported.value is None:
        return None
    return computed.value - reported.value


def reported_kind(reported: Reported) -> str:
    """Say whether a reported figure is a department's or stands in the document."""
    which = "printed" if reported.found_in == DOCUMENT else "observed"
    return text(f"yearreport.origin.{which}")


def _line(one: Result) -> dict[str, Any] | None:
    computed, reported = one.value.computed, one.value.reported
    if computed is None or computed.value is None or reported is None:
        return None
    apart = difference(one)
    share = apart / abs(reported.value) if apart is not None and reported.value else None
    return {
        "division": shown_name(one.division),
        "number": number_of(one),
        "name": name_of(one),
        "unit": unit_of(one.row),
        "computed": figure(computed.value),
        "reported": reported.raw if reported.value is None else figure(reported.value),
        "difference": _signed(apart, figure(apart)),
        "share": _signed(share, percent(share)),
        "first": text(f"yearreport.origin.{origin_of(one)}"),
        "kind": reported_kind(reported),
        "source": reported.source,
    }


def _signed(value: float | None, shown: str) -> str:
    return f"+{shown}" if value is not None and value > 0 else shown.replace("-", "−")
