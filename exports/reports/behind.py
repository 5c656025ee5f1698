"""What stands behind a report: reasons, remarks, sources, how targets are known, the policy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from codes.messages import text
from codes.policy import policy
from exports.reports.beside import reported_kind
from registry.evaluation.results import Result
from registry.evaluation.values import COUNTED_NOTES
from registry.evaluation.wording import number_of, parameter_shown, reasons_of

GROUPS = ("achievement", "warning", "band", "balance", "value")
"""Groups of the policy that a report rests on."""


def reasons(results: Sequence[Result]) -> list[dict[str, str]]:
    """Why values are missing or not rated, each reason once with the numbers it is true of."""
    return _gathered(
        (reason, number_of(one))
        for one in results
        if one.rating.achievement is None
        for reason in reasons_of(one)
    )


def notes(results: Sequence[Result]) -> list[dict[str, str]]:
    """What there is to mind about values, each kind once, and of which numbers it is true."""
    return _gathered(_noted(results))


def sources(results: Sequence[Result]) -> list[dict[str, str]]:
    """Where reported values are from, each source once."""
    return _gathered(
        (
            text("yearreport.from", kind=reported_kind(reported), source=reported.source),
            number_of(one),
        )
        for one in results
        if (reported := one.value.reported) is not None
    )


def targets_known(results: Sequence[Result]) -> list[dict[str, str]]:
    """Return the marks at targets that the document does not state for the year, those used."""
    used = {one.target.how for one in results}
    return [
        {"mark": text(f"yearreport.how.{how}"), "means": text(f"yearreport.how_means.{how}")}
        for how in ("linear", "kept", "share", "held", "range")
        if how in used
    ]


def parameters() -> list[dict[str, str]]:
    """Return the policy's values in words, with their codes."""
    return [
        {"code": row.code, "words": parameter_shown(row)}
        for row in policy().values()
        if row.group in GROUPS and row.value is not None
    ]


def _noted(results: Iterable[Result]) -> Iterable[tuple[str, str]]:
    for one in results:
        if one.reason is not None and one.rating.achievement is not None:
            yield str(one.reason), number_of(one)
        if one.value.computed is None or one.value.status != "computed":
            continue
        working = one.value.computed.working
        for kind in COUNTED_NOTES:
            if total := working[f"facilities_{kind}"]:
                counted = text("yearreport.counted", number=number_of(one), total=total)
                yield text(f"yearreport.note.{kind}"), counted
        for note in working["other_notes"]:
            yield note, number_of(one)


def _gathered(pairs: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
    found: dict[str, list[str]] = {}
    for words, number in pairs:
        found.setdefault(words, []).append(number)
    between = text("yearreport.comma")
    return [{"words": words, "numbers": between.join(held)} for words, held in found.items()]
