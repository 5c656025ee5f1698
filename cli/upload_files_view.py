"""Print the reports on several files, and a table that sums them up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from cli.context import console
from cli.upload_view import print_report
from codes.messages import text
from exports.reports.check_view import Refusal, Result, outcome_words
from exports.upload_report import many_document
from registry.uploads.wording import excerpt

if TYPE_CHECKING:
    from rich.table import Table

    from registry.uploads.findings import CheckReport

IN_OTHER_FILE: Final = "row_in_other_file"


def print_files(results: Sequence[Result]) -> None:
    """Print every report, then the table with the sums and what could not be read."""
    out = console()
    for one in results:
        if not isinstance(one, Refusal):
            print_report(one)
            out.print()
    out.print(_table(results))
    if twice := sum(_in_other_files(one) for one in results if not isinstance(one, Refusal)):
        out.print(text("report.files_twice", count=twice), markup=False, soft_wrap=True)
    for one in results:
        if isinstance(one, Refusal):
            out.print(_refused(one), markup=False, soft_wrap=True)


def _in_other_files(report: CheckReport) -> int:
    return sum(cause.total for cause in report.totals() if cause.rule == IN_OTHER_FILE)


def _refused(one: Refusal) -> str:
    return text("report.files_refused", file=excerpt(one.name), message=str(one.error))


def _table(results: Sequence[Result]) -> Table:
    from rich.table import Table
    from rich.text import Text

    sums = many_document(results)
    table = Table(box=None, pad_edge=False)
    table.add_column(text("report.files_file"), overflow="fold")
    table.add_column(text("report.files_rows"), justify="right")
    for word, _ in outcome_words(sums["outcomes"]):
        table.add_column(word, justify="right")

    def add(name: str, rows: int, outcomes: Mapping[str, int]) -> None:
        counts = rows, *(count for _, count in outcome_words(outcomes))
        table.add_row(Text(name), *(f"{count:,}" for count in counts))

    for one in results:
        if isinstance(one, Refusal):
            table.add_row(Text(excerpt(one.name)), text("report.files_not_read"))
        else:
            add(excerpt(one.source.name), one.rows, one.outcomes)
    add(text("report.files_total"), sums["rows"], sums["outcomes"])
    return table
