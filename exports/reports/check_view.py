"""What the page about a check shows, as plain words: files, causes, places, rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from codes.errors import FuwumaError
from codes.messages import language, text
from codes.rules import rule_title, rules
from codes.upload_limits import limit
from exports.workbooks.marks import remedy_of, sentences
from registry.bulk.report import LargeReport
from registry.uploads.document import expected_in
from registry.uploads.findings import OUTCOMES, SEVERITIES, Cause, CheckReport, Finding
from registry.uploads.remedies import for_all, own
from registry.uploads.source import SourceFile
from registry.uploads.wording import excerpt, finding_text, header_of

SHOWN_AT_ONCE: Final = 10
"""Places of a cause that stand open; the others are folded."""

SAYS_FORM: Final = "{expected}"
"""What stands in the remedy of a rule that says itself what the cell should hold."""

DELIMITERS: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


@dataclass(frozen=True)
class Refusal:
    """A file that could not be checked, and why."""

    name: str
    error: FuwumaError


Result: TypeAlias = CheckReport | Refusal


def view(results: Sequence[Result]) -> dict[str, Any]:
    """Return what the template shows, in the language in use."""
    read = [one for one in results if not isinstance(one, Refusal)]
    causes = [cause for one in read for cause in one.totals()]
    places = max(1, min(limit("samples_kept"), limit("page_places") // max(len(causes), 1)))
    files = [_file(number, one, places) for number, one in enumerate(results, start=1)]
    names = [one["name"] for one in files]
    title = names[0] if len(names) == 1 else text("checkpage.files", count=len(names))
    return {
        "title": text("checkpage.title", name=title),
        "files": files,
        "several": len(files) > 1,
        "rules": _rules({one.rule for one in causes}),
        "severities": {name: text(f"report.severity_{name}") for name in SEVERITIES},
    }


def outcome_words(outcomes: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return (word, rows) of the five outcomes, in order."""
    return [(text(f"report.outcome_{name}"), outcomes[name]) for name in OUTCOMES]


def form_of(source: SourceFile) -> str:
    """Return how a file is written: its kind or, of a text, encoding and delimiter."""
    if source.encoding is None:
        return f".{source.kind}"
    mark = DELIMITERS.get(source.delimiter or "", "other")
    return f"CSV, {source.encoding.upper()}, {text(f'report.delimiter_{mark}')}"


def sheet_lines(report: CheckReport) -> list[str]:
    """Return a sentence on each table that was read, and on each sheet that was not."""
    source, lines = report.source, []
    for sheet in source.sheets:
        shown: dict[str, Any] = {
            "row": sheet.header_row,
            "rows": len(sheet.rows),
            "columns": sheet.headed,
        }
        if len(source.sheets) > 1:
            came = outcome_words(report.outcomes_of(sheet.name))
            shown["outcomes"] = " + ".join(f"{word} {count:,}" for word, count in came if count)
            message = "report.sheet_came" if shown["outcomes"] else "report.sheet"
            lines.append(text(message, sheet=excerpt(sheet.name), **shown))
        elif sheet.name:
            lines.append(text("report.sheet", sheet=excerpt(sheet.name), **shown))
        else:
            lines.append(text("report.table", **shown))
    for skipped in source.skipped:
        reason = text(f"report.skipped_{skipped.reason}")
        lines.append(text("report.skipped", sheet=excerpt(skipped.name), reason=reason))
    return lines


def not_compared(report: CheckReport) -> str:
    """Say why a report does not know what is registered, and what that means for it."""
    large = isinstance(report, LargeReport)
    return text("report.not_compared_large" if large else "report.not_compared")


def _file(number: int, one: Result, places: int) -> dict[str, Any]:
    if isinstance(one, Refusal):
        return {"id": f"f{number}", "name": excerpt(one.name), "refused": str(one.error)}
    causes = [_cause(f"f{number}c{at}", cause, places) for at, cause in enumerate(one.totals(), 1)]
    return {
        "id": f"f{number}",
        "name": excerpt(one.source.name),
        "refused": None,
        "rows": one.rows,
        "about": list(_about(one)),
        "outcomes": outcome_words(one.outcomes),
        "causes": causes,
        "counts": {
            name: sum(cause.total for cause in one.totals() if cause.severity == name)
            for name in SEVERITIES
        },
    }


def _about(report: CheckReport) -> Sequence[str]:
    source = report.source
    form = text("checkpage.form", form=form_of(source), sha256=source.sha256[:16])
    lines = [form, *sheet_lines(report)]
    if not report.compared:
        lines.append(not_compared(report))
    if report.missing:
        lines.append(text("report.missing", count=len(report.missing)))
    return lines


def _cause(anchor: str, cause: Cause, places: int) -> dict[str, Any]:
    shown = [_place(one, own(one, cause, _remedy)) for one in cause.findings[:places]]
    return {
        "id": anchor,
        "severity": cause.severity,
        "word": text(f"report.severity_{cause.severity}"),
        "title": rule_title(cause.rule),
        "rule": cause.rule,
        "column": _column(cause),
        "total": cause.total,
        "shown": len(shown),
        "open": shown[:SHOWN_AT_ONCE],
        "folded": shown[SHOWN_AT_ONCE:],
        "sheets": any(one.sheet for one in cause.findings[:places]),
        "expected": _expected(cause),
        "remedy": for_all(cause, _remedy),
    }


def _remedy(one: Finding) -> str:
    return sentences(one, language(), in_workbook=False)[1]


def _column(cause: Cause) -> str:
    if cause.element is None:
        return ""
    name, written = header_of(cause.element), excerpt(cause.findings[0].header or "")
    if written and written != name:
        return text("report.column_called", header=written, name=name)
    return name


def _expected(cause: Cause) -> str:
    """What the cell should hold, unless the remedy says it already or nothing has to be done."""
    said = SAYS_FORM in remedy_of(cause.rule)
    return "" if said or cause.severity == "note" else expected_in(cause)


def _place(one: Finding, remedy: str) -> dict[str, Any]:
    return {
        "sheet": excerpt(one.sheet),
        "row": one.row,
        "column": one.column or "",
        "value": excerpt(one.value or ""),
        "message": finding_text(one)[0],
        "remedy": remedy,
    }


def _rules(used: set[str]) -> list[dict[str, str]]:
    """The catalogue's sections of the rules that were broken, in the catalogue's order."""
    suffix = "en" if language() == "en" else "zh"
    return [
        {
            "id": one.id,
            "severity": one.severity,
            "word": text(f"report.severity_{one.severity}"),
            "title": getattr(one, f"title_{suffix}"),
            "message": _blanked(getattr(one, f"message_{suffix}")),
            "remedy": _blanked(remedy_of(one.id)),
        }
        for one in rules().values()
        if one.id in used
    ]


def _blanked(sentence: str) -> str:
    """The sentence with dots where a finding has its words."""
    parts, depth = [], 0
    for one in sentence:
        depth += (one == "{") - (one == "}")
        if one == "}":
            parts.append("…")
        elif depth == 0:
            parts.append(one)
    return "".join(parts)
