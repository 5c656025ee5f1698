"""One sheet of a returned workbook: the sender's rows with the result column and the marks."""

from __future__ import annotations

from typing import Final

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from codes.messages import text
from exports.workbooks.cells import CELL_LIMIT, write_cell
from exports.workbooks.looks import Looks
from exports.workbooks.marks import RowMarks, letters_of, sentences, without_result_column
from exports.workbooks.settings import settings
from exports.workbooks.text_size import display_width, shortened
from registry.uploads.findings import Finding
from registry.uploads.source import SourceRow, SourceSheet, is_blank

_WIDTH_SAMPLE: Final = 200
"""Rows looked at for the width of a column."""

_LINE_HEIGHT: Final = 15
_HIGHEST: Final = 180
"""Points; a spreadsheet allows 409, but a row must leave room for its neighbours."""

_UNTOUCHED: Final = RowMarks((), None)


class SheetWriter:
    """Writes the sheets of one returned workbook and remembers where each row went.

    With `in_place` a row keeps the number it has in the sender's file; otherwise the rows follow
    one another and the result column names the original row.
    """

    def __init__(
        self, workbook: Workbook, marks: dict[tuple[str, int], RowMarks], lang: str, in_place: bool
    ) -> None:
        self._workbook = workbook
        self._marks = marks
        self._lang = lang
        self._in_place = in_place
        self._looks = Looks(workbook)
        self._comments_left = settings().returned.comments
        self._names: dict[str, str] = {}
        self._rows: dict[tuple[str, int], int] = {}
        self._columns: dict[tuple[str, str], int] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the sheets written, in order."""
        return tuple(self._names.values())

    def cell_of(self, finding: Finding) -> tuple[str, int, int] | None:
        """Return (sheet, 0-based row, column) where the finding shows; None if it is not there."""
        row = self._rows.get((finding.sheet, finding.row or 0))
        if row is None:
            return None
        column = self._columns.get((finding.sheet, finding.column or ""), 0)
        return self._names[finding.sheet], row, column

    def write(self, source: SourceSheet) -> None:
        """Write one sheet."""
        sheet = self._workbook.add_worksheet(
            source.name or text("workbook.sheet.data", lang=self._lang)
        )
        self._names[source.name] = sheet.get_name()
        skip, headers = without_result_column(source)
        letters = letters_of(source)
        self._columns |= {(source.name, letter): i + 1 for i, letter in enumerate(letters)}
        self._write_titles(sheet, source, skip)
        header_row = source.header_row - 1
        self._write_headers(sheet, header_row, headers)
        last = header_row
        for offset, row in enumerate(source.rows, start=1):
            last = row.number - 1 if self._in_place else header_row + offset
            self._rows[source.name, row.number] = last
            self._write_row(sheet, last, row, letters, skip, source.name)
        self._finish(sheet, source, header_row, last, skip, headers)

    def _write_titles(self, sheet: Worksheet, source: SourceSheet, skip: int) -> None:
        for number, cells in enumerate(source.title_rows):
            for position, value in enumerate(cells[skip:], start=1):
                write_cell(sheet, number, position, value, self._looks, None)

    def _write_headers(self, sheet: Worksheet, row: int, headers: tuple[str, ...]) -> None:
        look = self._looks.get(settings().colours.may, bold=True, text_wrap=True)
        result = self._looks.get(settings().colours.result, bold=True)
        sheet.write_string(row, 0, text("workbook.result.header", lang=self._lang), result)
        for position, header in enumerate(headers, start=1):
            sheet.write_string(row, position, shortened(header, CELL_LIMIT), look)

    def _write_row(
        self,
        sheet: Worksheet,
        number: int,
        row: SourceRow,
        letters: list[str],
        skip: int,
        name: str,
    ) -> None:
        marks = self._marks.get((name, row.number), _UNTOUCHED)
        self._write_result(sheet, number, row, marks)
        for position, (letter, value) in enumerate(
            zip(letters, row.cells[skip:], strict=False), start=1
        ):
            found = marks.at(letter) if marks.findings else ()
            colour = getattr(settings().colours, found[0].severity) if found else None
            write_cell(sheet, number, position, value, self._looks, colour)
            if found:
                self._comment(sheet, number, position, found)

    def _write_result(self, sheet: Worksheet, number: int, row: SourceRow, marks: RowMarks) -> None:
        standing = marks.standing
        label = "noted" if standing == "note" else standing
        said = text(f"workbook.result.{label}", lang=self._lang)
        if not self._in_place:
            said += text("workbook.result.original_row", lang=self._lang, row=row.number)
        lines = [said, *self._numbered(marks.findings)]
        colours = settings().colours
        fill = colours.passed if standing in ("passed", "note") else getattr(colours, standing)
        look = self._looks.get(fill, text_wrap=True)
        sheet.write_string(number, 0, shortened("\n".join(lines), CELL_LIMIT), look)
        if marks.findings:
            sheet.set_row(number, _height(lines))

    def _numbered(self, findings: tuple[Finding, ...]) -> list[str]:
        lines = []
        for number, found in enumerate(findings, start=1):
            message, remedy = sentences(found, self._lang)
            parts = {"number": number, "message": message, "remedy": remedy}
            lines.append(text("workbook.result.finding", lang=self._lang, **parts))
        return lines

    def _comment(
        self, sheet: Worksheet, row: int, column: int, findings: tuple[Finding, ...]
    ) -> None:
        if self._comments_left <= 0:
            return
        self._comments_left -= 1
        lines = [" ".join(sentences(found, self._lang)) for found in findings]
        height = 22 * (1 + sum(1 + display_width(line) // 40 for line in lines))
        options = {"width": 300, "height": height, "font_size": 10}
        sheet.write_comment(row, column, "\n".join(lines), options)

    def _finish(
        self,
        sheet: Worksheet,
        source: SourceSheet,
        header_row: int,
        last_row: int,
        skip: int,
        headers: tuple[str, ...],
    ) -> None:
        sheet.set_column(0, 0, settings().returned.result_width)
        for position, header in enumerate(headers, start=1):
            sheet.set_column(position, position, _width(header, source, skip + position - 1))
        sheet.freeze_panes(header_row + 1, 1)
        sheet.autofilter(header_row, 0, max(last_row, header_row), len(headers))
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        sheet.set_landscape()
        sheet.set_paper(8)  # A3
        sheet.repeat_rows(header_row)
        sheet.repeat_columns(0)
        sheet.print_area(0, 0, max(last_row, header_row), len(headers))


def _height(lines: list[str]) -> int:
    """Return the height that shows all lines of a result, within reason."""
    width = settings().returned.result_width
    rows = sum(1 + display_width(line) // width for line in lines)
    return min(rows * _LINE_HEIGHT, _HIGHEST)


def _width(header: str, source: SourceSheet, position: int) -> int:
    limits = settings().template
    shown = [header]
    for row in source.rows[:_WIDTH_SAMPLE]:
        if position < len(row.cells) and not is_blank(row.cells[position]):
            shown.append(str(row.cells[position]))
    return min(max(max(map(display_width, shown)) + 2, limits.narrowest), limits.widest)
