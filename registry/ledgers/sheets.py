"""Open a ledger's file with the reader of uploads, and hand out its rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from codes.errors import DataError
from codes.ledger_columns import ledger_columns
from registry.ledgers.cells import Cells
from registry.ledgers.place import RowPlace
from registry.ledgers.settings import LedgerSettings
from registry.ledgers.stated_units import UnitAbove, check_units, units_above
from registry.uploads.columns import SheetColumns, check_mapped, map_columns
from registry.uploads.findings import Finding
from registry.uploads.read import read_file
from registry.uploads.source import SourceFile, SourceSheet

INEXACT: Final = frozenset({"xls", "ods"})
"""Formats whose errors in formulas cannot be told from blank cells."""

SHOWN_RANGES: Final = 5


@dataclass(frozen=True)
class LedgerFile:
    """A file opened: its rows, and what was found about whole sheets."""

    source: SourceFile
    rows: tuple[Cells, ...]
    findings: tuple[Finding, ...]


def open_file(path: str | Path, settings: LedgerSettings) -> LedgerFile:
    """Read a spreadsheet or a delimited text.

    Raises StoreError and DataError as `registry.uploads.read.read_file` does (DataError
    `ledger.header_absent` when no header of this ledger is found), and UsageError for a `--map`
    header that stands nowhere.
    """
    names = settings.names
    try:
        source = read_file(path, names=names)
    except DataError as error:
        if error.message_id not in {"read.header_absent", "read.header_absent_text"}:
            raise
        expected = "、".join(
            column.header
            for column in ledger_columns(settings.ledger).values()
            if column.requirement == "must"
        )
        raise DataError("ledger.header_absent", **error.params, expected=expected) from None
    check_mapped(source, settings.mapped)
    rows: list[Cells] = []
    findings: list[Finding] = []
    for sheet in source.sheets:
        columns, about = map_columns(sheet, names, frozenset())
        above = units_above(sheet)
        units = check_units(sheet, columns, above, settings.ledger)
        findings += [*_about_sheet(source, sheet), *about, *units]
        rows += _rows(sheet, columns, settings, above, source.delimiter or ",")
    return LedgerFile(source, tuple(rows), tuple(findings))


def _rows(
    sheet: SourceSheet,
    columns: SheetColumns,
    settings: LedgerSettings,
    above: tuple[UnitAbove, ...],
    delimiter: str,
) -> Iterator[Cells]:
    widths = dict(sheet.widths)
    units = tuple(unit for line in above for unit in line.units)
    headed = max(index for index, header in enumerate(sheet.headers) if header) + 1
    for row in sheet.rows:
        cells = Cells(row, columns, settings.given, units)
        if row.number in widths:
            wide = widths[row.number] > headed
            counts = {"cells": widths[row.number], "headers": headed}
            if wide:
                cells.report("cells_extra", **counts, delimiter=delimiter)
            else:
                cells.report("cells_missing", **counts)
        yield cells


def _about_sheet(source: SourceFile, sheet: SourceSheet) -> Iterator[Finding]:
    whole = RowPlace(sheet.name, None)
    if source.kind in INEXACT:
        yield whole.finding("format_inexact", kind=f".{source.kind}")
    for row in sheet.repeated:
        yield RowPlace(sheet.name, row).finding("header_row_repeated")
    for rule, row, said in sheet.no_rows:
        yield RowPlace(sheet.name, row).finding(rule, None, said)
    if sheet.merged:
        ranges = list(sheet.merged[:SHOWN_RANGES])
        yield whole.finding("cells_merged", count=len(sheet.merged), ranges=ranges)
