"""A report as one JSON document; scripts rely on `rows` and `findings`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Final

from codes.messages import language, speaking
from codes.rules import rule_title
from codes.upload_limits import limit
from registry.uploads.expected import expected_form
from registry.uploads.findings import Cause, CheckReport, Finding
from registry.uploads.remedies import FORM, for_all
from registry.uploads.source import SourceFile
from registry.uploads.wording import finding_text, header_of

LONGEST_VALUE: Final = 500
"""Characters of a cell that a report repeats."""


def report_document(report: CheckReport, lang: str | None = None) -> dict[str, Any]:
    """Return the report: exact totals, and the first places of each cause."""
    lang = lang or language()
    return {
        "rows": report.rows,
        "findings": [_cause(cause, lang) for cause in report.totals()],
        "outcomes": dict(report.outcomes),
        "compared": report.compared,
        "missing": list(report.missing),
        "file": _file(report),
        "ignored": [
            dict(zip(("sheet", "column", "header", "reason"), one, strict=True))
            for one in report.ignored
        ],
    }


def _file(report: CheckReport) -> dict[str, Any]:
    facts = file_facts(report.source)
    for one, sheet in zip(facts["sheets"], report.source.sheets, strict=True):
        one["outcomes"] = dict(report.outcomes_of(sheet.name))
    return facts


@cache
def report_schema() -> dict[str, Any]:
    """Return the JSON Schema of the documents that `upload check` gives."""
    path = Path(__file__).with_name("check_report.schema.json")
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema


def causes_document(causes: Iterable[Cause], lang: str) -> list[dict[str, Any]]:
    """Return the causes with their exact totals and first places."""
    return [_cause(cause, lang) for cause in causes]


def _cause(cause: Cause, lang: str) -> dict[str, Any]:
    shown = cause.findings[: limit("samples_kept")]
    with speaking(lang):
        header = header_of(cause.element) if cause.element else None
        expected = expected_in(cause)
        remedy = for_all(cause, lambda one: finding_text(one)[1])
    return {
        "rule": cause.rule,
        "severity": cause.severity,
        "element": cause.element,
        "total": cause.total,
        "samples": [_sample(one, lang) for one in shown],
        "title": rule_title(cause.rule, lang),
        "remedy": remedy,
        "field": header,
        "expected": expected or None,
    }


def expected_in(cause: Cause) -> str:
    """Return what the cells of a cause should hold, '' when it is about no cell."""
    return "" if cause.element is None else for_all(cause, _form)


def _form(one: Finding) -> str:
    form = expected_form(*(one.params.get(FORM) or ("", one.element or "")))
    return "" if form == "-" else form


def _sample(one: Finding, lang: str) -> dict[str, Any]:
    message, remedy = finding_text(one, lang)
    return {
        "row": one.row,
        "column": one.column,
        "value": None if one.value is None else one.value[:LONGEST_VALUE],
        "message": message,
        "remedy": remedy,
        "header": one.header,
        "sheet": one.sheet or None,
    }


def file_facts(source: SourceFile) -> dict[str, Any]:
    """Return what was read: name, hash, format, sheets read and sheets skipped."""
    return {
        "name": source.name,
        "sha256": source.sha256,
        "size": source.size,
        "kind": source.kind,
        "encoding": source.encoding,
        "delimiter": source.delimiter,
        "sheets": [
            {
                "name": sheet.name or None,
                "header_row": sheet.header_row,
                "columns": sheet.headed,
                "rows": len(sheet.rows),
            }
            for sheet in source.sheets
        ],
        "skipped": [{"name": one.name, "reason": one.reason} for one in source.skipped],
    }
