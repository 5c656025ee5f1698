"""Print what recording a file did, and tables of the ledgers, for a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from rich.cells import cell_len

from cli.context import console
from codes.messages import text
from codes.upload_limits import limit
from registry.ledgers.document import load_document
from registry.ledgers.load import LoadReport
from registry.ledgers.wording import finding_text, item_shown, rule_title, shown
from registry.uploads.findings import Cause, Finding, causes_of

if TYPE_CHECKING:
    from rich.console import Console

STYLES: Final = {"must": "bold red", "should": "yellow", "note": "cyan"}


def print_load(report: LoadReport, *, dry_run: bool) -> None:
    """Print what was found, what was recorded, and which sources are preferred now."""
    out = console()
    source = report.batch.source
    if source:
        _line(out, text("ledger.read", file=source.name, rows=report.batch.rows))
        for skipped in source.skipped:
            reason = text(f"report.skipped_{skipped.reason}")
            _line(out, text("report.skipped", sheet=skipped.name, reason=reason))
    for cause in causes_of(report.findings):
        _print_cause(out, report, cause)
    if report.refused:
        count = sum(one.severity == "must" for one in report.findings)
        _line(out, text("ledger.refused", count=count), "bold")
        return
    found = load_document(report, dry_run=dry_run)
    _print_changes(out, found)
    _print_several(out, report, found)
    counts = {name: found[name] for name in ("rows", "added", "corrected", "unchanged")}
    done = "ledger.rehearsed" if dry_run else "ledger.recorded"
    _line(out, text(done if report.plan.records else "ledger.nothing_new", **counts), "bold")


def print_table(headers: Sequence[str], rows: Sequence[Sequence[str]], right: set[int]) -> None:
    """Print rows in columns; those at the places `right` are set to the right. Nothing is cut."""
    out = console()
    widths = [max(cell_len(cell) for cell in column) for column in zip(headers, *rows, strict=True)]
    for row in (headers, *rows):
        cells = [
            _padded(cell, width, to_right=place in right)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        _line(out, "  ".join(cells).rstrip(), "bold" if row is headers else None)


def _print_cause(out: Console, report: LoadReport, cause: Cause) -> None:
    head = text(f"report.severity_{cause.severity}")
    title = f"[{head}] {rule_title(cause.rule)}"
    out.print()
    total = text("report.total", title=title, total=cause.total)
    _line(out, total, STYLES[cause.severity])
    most = limit("samples_shown")
    remedies = [finding_text(report.batch.ledger, one)[1] for one in cause.findings[:most]]
    for place, (one, remedy) in enumerate(zip(cause.findings, remedies, strict=False)):
        _line(out, "  " + _place(report, one))
        if remedy not in remedies[place + 1 :]:
            _line(out, "  " + text("report.remedy", remedy=remedy))
    if cause.total > most:
        _line(out, "  " + text("report.first", shown=most, total=cause.total))


def _place(report: LoadReport, one: Finding) -> str:
    message, _ = finding_text(report.batch.ledger, one)
    where = text("report.place_row", row=one.row) if one.row else ""
    if one.sheet:
        where = text("report.place_sheet", sheet=one.sheet) + where
    if one.column:
        where += text("report.place_column", column=one.column)
    return text("report.place", where=where, message=message) if where else message


def _print_changes(out: Console, found: dict[str, Any]) -> None:
    for change in found["changes"][: limit("samples_shown")]:
        _line(out, text("ledger.change", item=change["item"], changes=_differences(change)))


def _differences(change: dict[str, Any]) -> str:
    words = [
        text("ledger.from_to", name=_column(name), before=shown(before), after=shown(after))
        for name, before, after in (
            (name, before, change["after"][name]) for name, before in change["before"].items()
        )
    ]
    return text("ledger.and").join(words)


def _column(name: str) -> str:
    return text(f"ledger.column.{name}")


def _print_several(out: Console, report: LoadReport, found: dict[str, Any]) -> None:
    if not found["several"]["total"]:
        return
    _line(out, text("ledger.several", count=found["several"]["total"]))
    for one in found["several"]["samples"][: limit("samples_shown")]:
        names = report.batch.entries[0].key_columns[:-1]  # the source is said by itself
        item = item_shown(report.plan.table, [one[name] for name in names])
        figure = shown(one["persons"] if "persons" in one else one["value"])
        about = {"source": one["source"], "how": one["how_shown"]}
        words = {"item": item, "figure": figure, **about}
        _line(out, "  " + text("ledger.preferred_is", **words))


def _padded(cell: str, width: int, *, to_right: bool) -> str:
    gap = " " * (width - cell_len(cell))
    return gap + cell if to_right else cell + gap


def _line(out: Console, words: str, style: str | None = None) -> None:
    out.print(words, style=style, markup=False, soft_wrap=True)
