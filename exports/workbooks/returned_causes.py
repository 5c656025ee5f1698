"""The first sheet of a returned workbook: every cause with its total, remedy and first cells."""

from __future__ import annotations

from typing import Final, TypeAlias

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from codes.elements import all_fields
from codes.messages import text
from codes.rules import rule_title
from exports.workbooks.cells import CELL_LIMIT
from exports.workbooks.looks import EDGE, Looks
from exports.workbooks.returned_about import about_lines
from exports.workbooks.returned_sheet import SheetWriter
from exports.workbooks.settings import settings
from exports.workbooks.text_size import display_width, shortened
from registry.uploads.findings import OUTCOMES, SEVERITIES, Cause, CheckReport, Finding

_TABLE: Final[tuple[tuple[str, int], ...]] = (
    ("severity", 10),
    ("problem", 24),
    ("element", 16),
    ("total", 8),
    ("example", 48),
    ("remedy", 48),
    ("marked", 22),
)
"""Columns of the table and their widths in characters; links to cells follow them."""

Places: TypeAlias = list[tuple[str, int, int]]
"""Cells of this workbook: sheet, 0-based row and column."""

_LINK_WIDTH: Final = 14
_LINE_HEIGHT: Final = 16


def write_causes(
    workbook: Workbook,
    sheet: Worksheet,
    report: CheckReport,
    writer: SheetWriter,
    returned: tuple[int, int],
    lang: str,
) -> None:
    """Write the summary; `returned` is (rows sent back, rows that have findings)."""
    looks = Looks(workbook)
    cells = settings().returned.first_cells
    for position, (_, width) in enumerate(_TABLE):
        sheet.set_column(position, position, width)
    sheet.set_column(len(_TABLE), len(_TABLE) + cells - 1, _LINK_WIDTH)
    lines = about_lines(report, returned, writer, lang)
    row = _write_about(sheet, looks, report, lines, lang)
    _write_heading(sheet, looks, row, lang)
    causes = report.totals()
    marked = _marked(report, writer)
    for number, cause in enumerate(causes, start=row + 1):
        places = marked.get((cause.rule, cause.severity, cause.element), [])
        _write_cause(sheet, looks, number, cause, writer, _marked_words(cause, places, lang), lang)
        _write_links(sheet, looks, number, places, writer)
    sheet.freeze_panes(row + 1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.print_area(0, 0, row + len(causes), len(_TABLE))  # links are of no use on paper
    sheet.fit_to_pages(1, 0)
    sheet.hide_gridlines(2)


def outcomes_text(report: CheckReport, lang: str) -> str:
    """Say how many rows came out how, for instance 新增 12、退回 1."""
    parts = [
        f"{text(f'report.outcome_{outcome}', lang=lang)} {report.outcomes[outcome]:,}"
        for outcome in OUTCOMES
        if report.outcomes.get(outcome)
    ]
    return ("、" if lang == "zh" else ", ").join(parts)


def _write_about(
    sheet: Worksheet, looks: Looks, report: CheckReport, more: list[str], lang: str
) -> int:
    title = looks.get(bold=True, font_size=16, font_color=f"#{settings().colours.title}")
    sheet.write_string(0, 0, text("workbook.cause.title", lang=lang), title)
    sheet.set_row(0, 28)
    outcomes = outcomes_text(report, lang)
    about = text(
        "workbook.cause.about",
        lang=lang,
        name=report.source.name,
        rows=report.rows,
        outcomes=outcomes,
    )
    words = {name: text(f"report.severity_{name}", lang=lang) for name in SEVERITIES}
    words["rejected"] = text("report.outcome_rejected", lang=lang)
    how = text("workbook.cause.how", lang=lang, **words)
    lines = [about, how, *more]
    across = sum(width for _, width in _TABLE)
    for row, line in enumerate(lines, start=1):
        sheet.merge_range(row, 0, row, len(_TABLE) - 1, line, looks.get(text_wrap=True))
        sheet.set_row(row, _LINE_HEIGHT * (1 + display_width(line) // across) + 2)
    return len(lines) + 2


def _write_heading(sheet: Worksheet, looks: Looks, row: int, lang: str) -> None:
    look = looks.get(settings().colours.may, bold=True)
    for position, (name, _) in enumerate(_TABLE):
        sheet.write_string(row, position, text(f"workbook.cause.{name}", lang=lang), look)
    sheet.write_string(row, len(_TABLE), text("workbook.cause.cells", lang=lang), look)


def _marked(report: CheckReport, writer: SheetWriter) -> dict[tuple[str, str, str | None], Places]:
    """Return where the findings of each cause are marked in this workbook."""
    marked: dict[tuple[str, str, str | None], Places] = {}
    for one in report.findings:
        if (place := writer.cell_of(one)) is not None:
            marked.setdefault((one.rule, one.severity, one.element), []).append(place)
    return marked


def _marked_words(cause: Cause, places: Places, lang: str) -> str:
    """Say how many places of a cause are marked here, and to how many of these links lead."""
    links = min(len(places), settings().returned.first_cells)
    part = len(places) < cause.total
    which = "none" if not places else "part" if part else "first" if links < len(places) else "all"
    return text(
        f"workbook.cause.marked_{which}",
        lang=lang,
        links=links,
        marked=len(places),
        total=cause.total,
    )


def _write_cause(
    sheet: Worksheet,
    looks: Looks,
    row: int,
    cause: Cause,
    writer: SheetWriter,
    marked: str,
    lang: str,
) -> None:
    message, _ = writer.sentences(cause.findings[0])
    cells = {
        "severity": text(f"report.severity_{cause.severity}", lang=lang),
        "problem": rule_title(cause.rule, lang),
        "element": _element(cause.findings[0], lang),
        "example": message,
        "remedy": writer.remedy(cause),
        "marked": marked,
    }
    plain = looks.get(border=1, border_color=EDGE, text_wrap=True)
    coloured = looks.get(getattr(settings().colours, cause.severity))
    for position, (name, _) in enumerate(_TABLE):
        look = coloured if name == "severity" else plain
        if name == "total":
            sheet.write_number(row, position, cause.total, look)
        else:
            sheet.write_string(row, position, shortened(cells[name], CELL_LIMIT), look)
    lines = max(1 + display_width(cells.get(name, "")) // width for name, width in _TABLE)
    sheet.set_row(row, _LINE_HEIGHT * lines + 2)


def _element(finding: Finding, lang: str) -> str:
    """Name the column as the sender does, else as we do."""
    if finding.header:
        return finding.header
    if finding.element is None:
        return text(f"workbook.whole_{'sheet' if finding.row is None else 'row'}", lang=lang)
    field = all_fields().get(finding.element)
    if field is None:
        return finding.element
    return field.header_en if lang == "en" else field.header_zh


def _write_links(
    sheet: Worksheet, looks: Looks, row: int, places: Places, writer: SheetWriter
) -> None:
    look = looks.get(font_color="#0563C1", underline=1)
    shown = places[: settings().returned.first_cells]
    for position, (name, target_row, target_column) in enumerate(shown, start=len(_TABLE)):
        cell = xl_rowcol_to_cell(target_row, target_column)
        quoted = name.replace("'", "''")
        label = cell if len(writer.names) == 1 else f"{name}!{cell}"
        sheet.write_url(row, position, f"internal:'{quoted}'!{cell}", look, label)
