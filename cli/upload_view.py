"""Print a report, a batch, and a list of batches for a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from cli.context import console, enumerated, harmless
from cli.upload_absent import concerned, where
from cli.upload_absent import remedy as remedy_of_absent
from codes import china_time
from codes.departments import departments
from codes.messages import text
from codes.names import name_of
from codes.rules import rule_title
from codes.upload_limits import limit
from exports.reports.check_view import form_of, not_compared, sheet_lines
from exports.workbooks.settings import settings
from registry.bulk.report import LargeReport
from registry.uploads.findings import OUTCOMES, Cause, CheckReport, Finding
from registry.uploads.remedies import for_all, own
from registry.uploads.wording import excerpt, finding_text, header_of

if TYPE_CHECKING:
    from rich.console import Console

    from registry.uploads.summary import Summary

STYLES: Final = {"must": "bold red", "held": "bold magenta", "should": "yellow", "note": "cyan"}
NOT_OWNED: Final = "type_not_owned"
"""When every row breaks this rule, the sender is the wrong one, and nothing else matters."""

IN_FULL: Final = frozenset({"must", "held"})
"""Severities whose causes are printed with their places; others with one of them."""

MISSING_RULES: Final = frozenset({"element_required", "element_recommended"})


def print_report(report: CheckReport) -> None:
    """Print what was read, the causes, worst first, and the outcomes that add up."""
    out = console()
    _print_read(out, report)
    if not report.compared:
        _line(out, not_compared(report))
    if report.missing:
        _line(out, text("report.missing", count=len(report.missing)))
    causes = report.totals()
    foreign = [one for one in causes if one.rule == NOT_OWNED and one.total == report.rows]
    whole = not isinstance(report, LargeReport) and report.rows <= settings().returned.full_rows
    print_causes(foreign or causes, report.rows, marked=whole)
    out.print()
    if foreign:
        _line(out, text("report.all_not_owned"))
    _line(out, outcomes_text(report.outcomes, report.rows), "bold")


def outcomes_text(outcomes: Mapping[str, int], rows: int) -> str:
    """Say how the rows came out: the five add up to all."""
    parts = [f"{text(f'report.outcome_{name}')} {outcomes[name]:,}" for name in OUTCOMES]
    return text("report.outcomes", rows=rows, parts=" + ".join(parts))


def print_causes(causes: Sequence[Cause], rows: int, *, marked: bool = False) -> None:
    """Print the causes with exact totals and remedy; of the lesser one place, of notes a line.

    `rows` is how many rows with data the file has; `marked` says that a workbook can have them all.
    """
    out = console()
    if not causes:
        _line(out, text("report.nothing_found"))
    absent = [cause for cause in causes if _is_absent_column(cause)]
    for cause in causes:
        if cause not in absent:
            _print_cause(out, cause)
        elif cause is next(one for one in absent if one.rule == cause.rule):
            _print_absent(out, [one for one in absent if one.rule == cause.rule], rows)
    if any(cause.severity not in IN_FULL for cause in causes):
        _line(out, text("report.lesser_in_full" if marked else "report.lesser_totals"))


def print_summary(one: Summary) -> None:
    """Print one batch."""
    out = console()
    _line(out, _headline(one), "bold")
    if one.decided_by:
        decided = china_time.day_of(one.decided_at) if one.decided_at else "-"
        reason = one.decision_reason or text("upload.none")
        _line(out, text("report.decided", by=one.decided_by, on=decided, reason=reason))
    _line(out, outcomes_text(one.outcomes, one.rows))
    if one.missing:
        _line(out, text("report.missing", count=one.missing))


def print_list(found: Sequence[Summary]) -> None:
    """Print one line a batch."""
    out = console()
    if not found:
        _line(out, text("report.no_uploads"))
    for one in found:
        _line(out, f"{_headline(one)}  {outcomes_text(one.outcomes, one.rows)}")


def _headline(one: Summary) -> str:
    known = departments().get(one.department_code)
    name = one.department_code if known is None else name_of(known)
    return text(
        "report.upload",
        id=one.id,
        status=text(f"report.status_{one.status}"),
        file=one.file_name,
        department=name,
        by=one.submitted_by,
        on=china_time.day_of(one.submitted_at),
    )


def _print_read(out: Console, report: CheckReport) -> None:
    source = report.source
    _line(out, text("report.read", file=source.name, form=form_of(source), rows=report.rows))
    for words in sheet_lines(report):
        _line(out, words)
    ignored = [
        text("report.ignored_column", column=letter, header=excerpt(header))
        for _, letter, header, reason in report.ignored
        if reason == "unknown"
    ]
    if ignored:
        _line(out, text("report.ignored", columns=enumerated(dict.fromkeys(ignored))))


def _print_cause(out: Console, cause: Cause) -> None:
    about = f" · {_column_name(cause)}" if cause.element else ""
    title = f"{rule_title(cause.rule)}{about}"
    if cause.severity not in IN_FULL:
        _print_title(
            out, cause, title, cause.total, text("report.such_as", place=_place(cause.findings[0]))
        )
        if cause.severity != "note":
            _print_remedy(out, cause)
        return
    _print_title(out, cause, title, cause.total)
    for one in cause.findings[: limit("samples_shown")]:
        _line(out, "  " + _place(one))
        if remedy := own(one, cause, _remedy):
            _line(out, "    " + text("report.remedy", remedy=remedy))
    if cause.total > limit("samples_shown"):
        shown = limit("samples_shown")
        _line(out, "  " + text("report.first", shown=shown, total=cause.total))
    _print_remedy(out, cause)


def _print_remedy(out: Console, cause: Cause) -> None:
    _line(out, "  " + text("report.remedy", remedy=for_all(cause, _remedy)))


def _remedy(one: Finding) -> str:
    return finding_text(one)[1]


def _print_absent(out: Console, causes: Sequence[Cause], rows: int) -> None:
    """Print the causes of one rule that are whole columns the file does not have, as one."""
    total = sum(one.total for one in causes)
    headers = enumerated(header_of(cause.element) for cause in causes)
    places = where(causes, rows) if causes[0].severity in IN_FULL else ""
    if causes[0].severity in IN_FULL:
        _print_title(out, causes[0], rule_title(causes[0].rule), total)
        _line(out, "  " + text("report.columns_absent", headers=headers) + places)
    else:
        absent = text("report.columns_absent_after", headers=headers)
        _print_title(out, causes[0], rule_title(causes[0].rule), total, absent)
    if not places and (whom := concerned(causes, rows)):
        _line(out, f"  {whom}")
    _line(out, f"  {remedy_of_absent(causes)}")


def _print_title(out: Console, cause: Cause, title: str, total: int, more: str = "") -> None:
    head = text(f"report.severity_{cause.severity}")
    words = text("report.total", title=f"[{head}] {title}", total=total)
    if cause.severity in IN_FULL:
        out.print()
    _line(out, words + more, STYLES[cause.severity])


def _is_absent_column(cause: Cause) -> bool:
    """Say whether the cause is that the file has no such column, in no row."""
    return cause.rule in MISSING_RULES and all(one.column is None for one in cause.findings)


def _column_name(cause: Cause) -> str:
    first = cause.findings[0]
    name = header_of(cause.element)
    header = excerpt(first.header or "")  # a header may run over several lines
    if header and header != name:
        return text("report.column_called", header=header, name=name)
    return name


def _place(one: Finding) -> str:
    message, _ = finding_text(one)
    where = text("report.place_row", row=one.row) if one.row else ""
    if one.sheet:
        where = text("report.place_sheet", sheet=one.sheet) + where
    if one.column:
        where += text("report.place_column", column=one.column)
    return text("report.place", where=where.rstrip(), message=message) if where else message


def _line(out: Console, words: str, style: str | None = None) -> None:
    out.print(harmless(words), style=style, markup=False, soft_wrap=True)
