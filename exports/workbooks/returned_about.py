"""What the first sheet of a returned workbook says of the workbook: what is in it, what is not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from codes.elements import all_fields
from codes.messages import text
from exports.workbooks.formulas import count_formulas
from exports.workbooks.returned_sheet import SheetWriter
from registry.uploads.findings import CheckReport
from registry.uploads.source import SourceFile

OURS: Final = "ours"
"""Why a sheet was not read that we ourselves had put into the workbook."""


def about_lines(
    report: CheckReport, returned: tuple[int, int], writer: SheetWriter, lang: str
) -> list[str]:
    """Say in what the workbook differs from the file; `returned` is (rows in it, failing rows)."""
    return [
        *_about_size(report, returned, lang),
        *_about_form(report, writer, lang),
        *_left_out(report.source, writer, lang),
    ]


def _about_size(report: CheckReport, returned: tuple[int, int], lang: str) -> Iterator[str]:
    shown, bad = returned
    if shown == report.rows:
        return
    if report.source.row_count < report.rows:
        which = "part_first" if shown < bad else "part_first_all"
        yield text(f"workbook.cause.{which}", lang=lang, shown=shown, total=bad)
    elif shown < bad:
        yield text("workbook.cause.part_cut", lang=lang, shown=shown, total=bad)
    else:
        yield text("workbook.cause.part", lang=lang, shown=shown)
    lesser = {name: text(f"report.severity_{name}", lang=lang) for name in ("should", "note")}
    yield text("workbook.cause.part_lesser", lang=lang, **lesser)


def _about_form(report: CheckReport, writer: SheetWriter, lang: str) -> Iterator[str]:
    yield text("workbook.cause.columns", lang=lang)
    if writer.added:
        fields = (all_fields()[key] for key in writer.added)
        headers = (one.header_en if lang == "en" else one.header_zh for one in fields)
        yield text("workbook.cause.added", lang=lang, headers=_listed(headers, lang))
    if report.source.kind not in ("csv", "tsv"):
        yield text("workbook.cause.rewritten", lang=lang)
    if count := count_formulas(report.source):
        yield text("workbook.cause.formulas", lang=lang, count=count)


def _left_out(source: SourceFile, writer: SheetWriter, lang: str) -> Iterator[str]:
    if sheets := [one.name for one in source.skipped if one.reason != OURS]:
        yield text("workbook.cause.sheets_out", lang=lang, sheets=_listed(sheets, lang))
    no_data = sum(len(one.repeated) + len(one.examples) + len(one.no_rows) for one in source.sheets)
    if no_data:
        yield text("workbook.cause.rows_out", lang=lang, count=no_data)
    if hidden := sum(len(one.hidden) for one in source.sheets):
        yield text("workbook.cause.rows_shown", lang=lang, count=hidden)
    if writer.without_note:
        count = writer.without_note
        yield text("workbook.cause.notes_out", lang=lang, count=count, notes=writer.notes)


def _listed(words: Iterable[str], lang: str) -> str:
    return ("、" if lang == "zh" else ", ").join(words)
