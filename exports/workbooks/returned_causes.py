"""The first sheet of a returned workbook: every cause with its total, remedy and first cells."""

from __future__ import annotations

from typing import Final

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from codes.elements import all_fields
from codes.messages import text
from codes.rules import rule_title
from exports.workbooks.cells import CELL_LIMIT
from exports.workbooks.formulas import count_formulas
from exports.workbooks.looks import EDGE, Looks
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
)
"""Columns of the table and their widths in characters; links to cells follow them."""

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
    lines = [*_about_size(report, returned, lang), *_about_form(report, writer, lang)]
    row = _write_about(sheet, looks, report, lines, lang)
    _write_heading(sheet, looks, row, lang)
    causes = report.totals()
    for number, cause in enumerate(causes, start=row + 1):
        _write_cause(sheet, looks, number, cause, writer, lang)
        _write_links(sheet, looks, number, cause, writer)
    sheet.freeze_panes(row + 1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.print_area(0, 0, row + len(causes), len(_TABLE))  # links are of no use on paper
    sheet.fit_to_pages(1, 0)
    sheet.hide_gridlines(2)


def outcomes_text(report: CheckReport, lang: str) -> str:
    """Say how many rows came out how, for instance 新增 12、退回 1."""
    parts = [
        f"{text(f'report.outcome_{outcome}', lang=lang)} {report.outcomes[outcome]}"
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


def _about_size(report: CheckReport, returned: tuple[int, int], lang: str) -> list[str]:
    shown, bad = returned
    if shown == report.rows:
        return []
    if report.source.row_count < report.rows:
        return [text("workbook.cause.part_first", lang=lang, shown=shown, total=bad)]
    if shown < bad:
        return [text("workbook.cause.part_cut", lang=lang, shown=shown, total=bad)]
    return [text("workbook.cause.part", lang=lang, shown=shown)]


def _about_form(report: CheckReport, writer: SheetWriter, lang: str) -> list[str]:
    """Say in what this file differs from the sender's own."""
    lines = [text("workbook.cause.columns", lang=lang)]
    if writer.added:
        fields = (all_fields()[key] for key in writer.added)
        headers = [one.header_en if lang == "en" else one.header_zh for one in fields]
        shown = ("、" if lang == "zh" else ", ").join(headers)
        lines.append(text("workbook.cause.added", lang=lang, headers=shown))
    if report.source.kind not in ("csv", "tsv"):
        lines.append(text("workbook.cause.rewritten", lang=lang))
    if count := count_formulas(report.source):
        lines.append(text("workbook.cause.formulas", lang=lang, count=count))
    return lines


def _write_heading(sheet: Worksheet, looks: Looks, row: int, lang: str) -> None:
    look = looks.get(settings().colours.may, bold=True)
    for position, (name, _) in enumerate(_TABLE):
        sheet.write_string(row, position, text(f"workbook.cause.{name}", lang=lang), look)
    sheet.write_string(row, len(_TABLE), text("workbook.cause.cells", lang=lang), look)


def _write_cause(
    sheet: Worksheet, looks: Looks, row: int, cause: Cause, writer: SheetWriter, lang: str
) -> None:
    message, remedy = writer.sentences(cause.findings[0])
    cells = {
        "severity": text(f"report.severity_{cause.severity}", lang=lang),
        "problem": rule_title(cause.rule, lang),
        "element": _element(cause.findings[0], lang),
        "example": message,
        "remedy": remedy,
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
    sheet: Worksheet, looks: Looks, row: int, cause: Cause, writer: SheetWriter
) -> None:
    look = looks.get(font_color="#0563C1", underline=1)
    places = (writer.cell_of(finding) for finding in cause.findings)
    shown = [place for place in places if place][: settings().returned.first_cells]
    for position, (name, target_row, target_column) in enumerate(shown, start=len(_TABLE)):
        cell = xl_rowcol_to_cell(target_row, target_column)
        quoted = name.replace("'", "''")
        label = cell if len(writer.names) == 1 else f"{name}!{cell}"
        sheet.write_url(row, position, f"internal:'{quoted}'!{cell}", look, label)
