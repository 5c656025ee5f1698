"""A department's own workbook back, with everything that was found marked where it stands.

Same sheets, rows and order; two columns at the left say for each row how it came out and what to
mend, cells are coloured by severity and commented, what a row must still answer gets a column at
the right, a first sheet lists the causes with links. Mended and sent again it reads like any
upload: our columns and that sheet are skipped.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from codes.messages import language, text
from codes.upload_limits import limit
from exports.workbooks.marks import RowMarks, row_marks, rows_to_return
from exports.workbooks.returned_causes import write_causes
from exports.workbooks.returned_guide import add_guide
from exports.workbooks.returned_sheet import SheetWriter
from exports.workbooks.saving import new_workbook
from exports.workbooks.settings import settings
from registry.uploads.findings import CheckReport
from registry.uploads.source import SourceFile, SourceRow, SourceSheet


@dataclass(frozen=True)
class Returned:
    """What went back: `rows` of the file's rows; `complete` when these are all of them."""

    path: Path
    rows: int
    complete: bool


def write_returned(
    report: CheckReport, source: SourceFile, path: Path, lang: str | None = None
) -> Returned:
    """Write the marked workbook to `path`, replacing what is there.

    Of a file longer than `settings.toml` allows only the first rejected and held rows come back;
    the sheet of causes says so. Raises StoreError when the file cannot be written.
    """
    lang = lang or language()
    limits = settings().returned
    marks = row_marks(report)
    complete = source.row_count == report.rows <= limits.full_rows
    sheets = _chosen(source, marks, complete, limit("failing_rows_kept"))
    shown = sum(len(sheet.rows) for sheet in sheets)
    with new_workbook(path) as workbook:
        causes = workbook.add_worksheet(text("workbook.sheet.causes", lang=lang))
        writer = SheetWriter(workbook, report, lang, in_place=complete)
        for sheet in sheets:
            writer.write(sheet)
        writer.finish()
        add_guide(workbook, report.source, lang)
        counted = report.outcomes["rejected"] + report.outcomes["held"]
        bad = max(counted, _bad_rows(marks))
        write_causes(workbook, causes, report, writer, (shown, bad), lang)
    return Returned(path, shown, complete)


def _chosen(
    source: SourceFile, marks: dict[tuple[str, int], RowMarks], complete: bool, most: int
) -> list[SourceSheet]:
    sheets = []
    for sheet in source.sheets:
        rows: tuple[SourceRow, ...] = tuple(rows_to_return(sheet, marks, complete, most))
        most -= 0 if complete else len(rows)
        sheets.append(replace(sheet, rows=rows))
    return sheets


def _bad_rows(marks: dict[tuple[str, int], RowMarks]) -> int:
    return sum(1 for found in marks.values() if found.stays_out)
