"""The two cells at the left of a row that goes back: how it came out, and what to mend in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, TypeAlias

from xlsxwriter.worksheet import Worksheet

from codes.messages import text
from exports.workbooks.cells import CELL_LIMIT
from exports.workbooks.looks import Looks
from exports.workbooks.marks import RowMarks, sentences
from exports.workbooks.returned_layout import OUTCOME, RESULT, Layout
from exports.workbooks.settings import settings
from exports.workbooks.text_size import display_width, shortened
from registry.uploads.findings import Finding

LINE_HEIGHT: Final = 15

_Note: TypeAlias = tuple[Worksheet, tuple[int, int], tuple[Finding, ...], Layout]


@dataclass
class Comments:
    """Writes the notes on cells, as many as one workbook may have; the sender's cells go first.

    `left_out` counts those of the sender's cells that are coloured and have no note.
    """

    lang: str
    left: int
    left_out: int = 0
    _of_rows: list[_Note] = field(default_factory=list)

    def write(
        self, sheet: Worksheet, place: tuple[int, int], found: tuple[Finding, ...], layout: Layout
    ) -> None:
        """Note on a cell what is wrong and how to mend it; nothing when the notes are used up."""
        if not found:
            return
        if self.left <= 0:
            self.left_out += 1
            return
        self._note(sheet, place, found, layout)

    def keep(
        self, sheet: Worksheet, place: tuple[int, int], found: tuple[Finding, ...], layout: Layout
    ) -> None:
        """Keep the note on a row's result, which says it too, until all cells have theirs."""
        if found and len(self._of_rows) < self.left:
            self._of_rows.append((sheet, place, found, layout))

    def write_kept(self) -> None:
        """Write the notes on rows that were kept, while there are notes left."""
        for one in self._of_rows[: self.left]:
            self._note(*one)
        self._of_rows.clear()

    def _note(
        self, sheet: Worksheet, place: tuple[int, int], found: tuple[Finding, ...], layout: Layout
    ) -> None:
        self.left -= 1
        between = "" if self.lang == "zh" else " "  # what goes between two sentences
        lines = [between.join(sentences(layout.lettered(one), self.lang)) for one in found]
        height = 22 * (1 + sum(1 + display_width(line) // 40 for line in lines))
        options = {"width": 300, "height": height, "font_size": 10}
        sheet.write_comment(*place, "\n".join(lines), options)


def write_left_cells(
    sheet: Worksheet,
    number: int,
    marks: RowMarks,
    layout: Layout,
    looks: Looks,
    comments: Comments,
    original_row: int | None,
) -> None:
    """Write both cells of the 0-based row `number`; `original_row` is named when it has moved."""
    lang = comments.lang
    outcome = text(f"report.outcome_{marks.outcome}", lang=lang) if marks.outcome else ""
    look = looks.get(getattr(settings().colours, marks.standing), text_wrap=True)
    lines = result_lines(marks, layout, lang)
    if original_row is not None:
        lines.insert(0, text("workbook.result.original_row", lang=lang, row=original_row))
    sheet.write_string(number, OUTCOME, outcome, look)
    sheet.write_string(number, RESULT, shortened("\n".join(lines), CELL_LIMIT), look)
    wanted, most = height_of(lines), settings().returned.result_height
    sheet.set_row(number, min(wanted, most))
    homeless = tuple(one for one in marks.told if layout.place(one) is None)
    comments.keep(sheet, (number, RESULT), marks.told if wanted > most else homeless, layout)


def result_lines(marks: RowMarks, layout: Layout, lang: str) -> list[str]:
    """Return the lines of 检查结果: what must be mended or answered first, then what was tidied."""
    lines = [
        text(
            "workbook.result.finding",
            lang=lang,
            number=number,
            message=sentences(layout.lettered(found), lang)[0],
        )
        for number, found in enumerate(marks.told, start=1)
    ]
    if marks.tidied:
        headers = ("、" if lang == "zh" else ", ").join(marks.tidied)
        lines.append(text("workbook.result.tidied", lang=lang, headers=headers))
    return lines or [text("workbook.result.passed", lang=lang)]


def height_of(lines: list[str]) -> int:
    """Return the height in points that shows all lines of a result."""
    width = settings().returned.result_width
    return LINE_HEIGHT * sum(1 + (display_width(line) - 1) // width for line in lines)
