"""One sheet of a returned workbook: the sender's rows with our two columns and the marks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from codes.elements import all_fields
from codes.messages import speaking, text
from exports.workbooks.cells import CELL_LIMIT, write_cell
from exports.workbooks.looks import Looks
from exports.workbooks.marks import RowMarks, row_marks, sentences, worst
from exports.workbooks.returned_choices import Choices
from exports.workbooks.returned_layout import OURS, OUTCOME, RESULT, Layout, layout_of
from exports.workbooks.returned_row import Comments, write_left_cells
from exports.workbooks.saving import add_sheet
from exports.workbooks.settings import settings
from exports.workbooks.text_size import display_width, shortened
from registry.uploads.findings import Cause, CheckReport, Finding
from registry.uploads.normalising.identity import HIDDEN, shown_safely
from registry.uploads.remedies import for_all
from registry.uploads.source import BrokenCell, SourceRow, SourceSheet, is_blank

_WIDTH_SAMPLE: Final = 200
"""Rows looked at for the width of a column."""

_UNTOUCHED: Final = RowMarks((), None)


class SheetWriter:
    """Writes the sheets of one returned workbook and remembers where each row went.

    With `in_place` a row keeps the number it has in the sender's file; otherwise the rows follow
    one another and the result column names the original row.
    """

    def __init__(self, workbook: Workbook, report: CheckReport, lang: str, in_place: bool) -> None:
        self._workbook = workbook
        self._findings = report.findings
        self._marks = row_marks(report)
        self._lang = lang
        self._in_place = in_place
        self._looks = Looks(workbook)
        self._comments = Comments(lang, settings().returned.comments)
        self._choices = Choices(workbook, lang)
        self._names: dict[str, str] = {}
        self._rows: dict[tuple[str, int], int] = {}
        self._layouts: dict[str, Layout] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the sheets written, in order."""
        return tuple(self._names.values())

    @property
    def added(self) -> tuple[str, ...]:
        """The keys of the fields for which a column was appended to some sheet."""
        keys = (key for layout in self._layouts.values() for key in layout.added)
        return tuple(dict.fromkeys(keys))

    @property
    def notes(self) -> int:
        """How many notes on cells were written."""
        return settings().returned.comments - self._comments.left

    @property
    def without_note(self) -> int:
        """How many cells were coloured only, because a workbook has no more notes."""
        return self._comments.left_out

    def cell_of(self, finding: Finding) -> tuple[str, int, int] | None:
        """Return (sheet, 0-based row, column) where the finding shows; None if it is not there."""
        row = self._rows.get((finding.sheet, finding.row or 0))
        if row is None:
            return None
        column = self._layouts[finding.sheet].place(finding)
        if column is None and finding.rule in settings().returned.causes_only:
            return None
        return self._names[finding.sheet], row, RESULT if column is None else column

    def sentences(self, finding: Finding) -> tuple[str, str]:
        """Say a finding with the column letters of this workbook."""
        layout = self._layouts.get(finding.sheet)
        return sentences(layout.lettered(finding) if layout else finding, self._lang)

    def remedy(self, cause: Cause) -> str:
        """Say how the findings of a cause are mended."""
        with speaking(self._lang):
            return for_all(cause, lambda one: self.sentences(one)[1])

    def finish(self) -> None:
        """Write what waits until all sheets are written: notes that other cells go before."""
        self._comments.write_kept()

    def write(self, source: SourceSheet) -> None:
        """Write one sheet."""
        shown = source.name or text("workbook.sheet.data", lang=self._lang)
        sheet = add_sheet(self._workbook, shown)
        self._names[source.name] = sheet.get_name()
        layout = self._layouts[source.name] = layout_of(source, self._findings)
        for number, cells in enumerate(source.title_rows):
            for position, value in enumerate(cells[layout.skip :], start=OURS):
                write_cell(sheet, number, position, value, self._looks, None)
        header_row = last = source.header_row - 1
        self._write_headers(sheet, header_row, layout)
        for offset, row in enumerate(source.rows, start=1):
            last = row.number - 1 if self._in_place else header_row + offset
            self._rows[source.name, row.number] = last
            self._write_row(sheet, last, row, layout, source.name)
        _set_widths(sheet, source, layout)
        headers = dict(enumerate(layout.headers, start=OURS))
        headers |= {layout.position_added(key): key for key in layout.added}
        self._choices.add(sheet, headers, header_row + 1, last)
        _arrange(sheet, header_row, last, layout)

    def _write_headers(self, sheet: Worksheet, row: int, layout: Layout) -> None:
        colours = settings().colours
        ours = self._looks.get(colours.result, bold=True)
        sheet.write_string(row, OUTCOME, text("workbook.outcome.header", lang=self._lang), ours)
        sheet.write_string(row, RESULT, text("workbook.result.header", lang=self._lang), ours)
        look = self._looks.get(colours.may, bold=True, text_wrap=True)
        for position, header in enumerate(layout.headers, start=OURS):
            sheet.write_string(row, position, shortened(header, CELL_LIMIT), look)
        asked = self._looks.get(colours.must, bold=True, text_wrap=True)
        for key in layout.added:
            field = all_fields()[key]
            header = field.header_en if self._lang == "en" else field.header_zh
            sheet.write_string(row, layout.position_added(key), header, asked)

    def _write_row(
        self, sheet: Worksheet, number: int, row: SourceRow, layout: Layout, name: str
    ) -> None:
        marks = self._marks.get((name, row.number), _UNTOUCHED)
        original = None if self._in_place else row.number
        write_left_cells(sheet, number, marks, layout, self._looks, self._comments, original)
        marked: dict[int, tuple[Finding, ...]] = {}
        for found in marks.findings:
            if (place := layout.place(found)) is not None:
                marked[place] = (*marked.get(place, ()), found)
        cells = (*row.cells[layout.skip :], *(None for _ in layout.added))
        for position, value in enumerate(cells, start=OURS):
            on_cell = marked.get(position, ())
            colour = getattr(settings().colours, worst(on_cell)) if on_cell else None
            kept = _without_numbers(value, on_cell) if on_cell else value
            write_cell(sheet, number, position, kept, self._looks, colour)
            self._comments.write(sheet, (number, position), on_cell, layout)


def _without_numbers(value: object, on_cell: Sequence[Finding]) -> object:
    """What comes back of a cell of which something is said: no number of a person."""
    if any(one.rule in HIDDEN for one in on_cell):
        return None
    if isinstance(value, BrokenCell) or (isinstance(value, str) and value.startswith("=")):
        safe = shown_safely(value)
        return value if safe == str(value) else safe
    return value


def _set_widths(sheet: Worksheet, source: SourceSheet, layout: Layout) -> None:
    limits = settings()
    sheet.set_column(OUTCOME, OUTCOME, limits.returned.outcome_width)
    sheet.set_column(RESULT, RESULT, limits.returned.result_width)
    for offset, header in enumerate(layout.headers):
        width = _width(header, source, layout.skip + offset)
        sheet.set_column(OURS + offset, OURS + offset, width)
    if layout.added:
        first = OURS + len(layout.headers)
        sheet.set_column(first, layout.last, limits.returned.added_width)


def _arrange(sheet: Worksheet, header_row: int, last_row: int, layout: Layout) -> None:
    """Keep our columns and the header in view, let rows be filtered, and print on A3 across."""
    last_row = max(last_row, header_row)
    sheet.freeze_panes(header_row + 1, OURS)
    sheet.autofilter(header_row, 0, last_row, layout.last)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    sheet.set_landscape()
    sheet.set_paper(8)  # A3
    sheet.repeat_rows(header_row)
    sheet.repeat_columns(OUTCOME, RESULT)
    sheet.print_area(0, 0, last_row, layout.last)


def _width(header: str, source: SourceSheet, position: int) -> int:
    limits = settings().template
    shown = [header]
    for row in source.rows[:_WIDTH_SAMPLE]:
        if position < len(row.cells) and not is_blank(row.cells[position]):
            shown.append(str(row.cells[position]))
    return min(max(max(map(display_width, shown)) + 2, limits.narrowest), limits.widest)
