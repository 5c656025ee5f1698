"""Read a workbook: which sheets hold data, their cells where they stand, and what is broken."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetMetadata,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from codes.errors import DataError, StoreError
from codes.private_numbers import persons_hidden
from codes.reserved_names import is_reserved
from codes.upload_limits import limit
from registry.uploads.reading.archive import check_archive
from registry.uploads.reading.headers import HeaderNames
from registry.uploads.reading.ods_extent import expanded_cells
from registry.uploads.reading.sheet_xml import SheetFacts, member_key, sheet_facts, sheet_members
from registry.uploads.reading.string_claims import check_string_claims
from registry.uploads.reading.tabulate import check_cells, tabulate
from registry.uploads.source import SkippedSheet, SourceSheet, column_letter

Cells = list[list[object]]


def read_workbook(
    path: Path, kind: str, names: HeaderNames
) -> tuple[tuple[SourceSheet, ...], tuple[SkippedSheet, ...]]:
    """Return the sheets with data and those skipped, in the workbook's order.

    Raises StoreError for a workbook that is damaged, encrypted or too large, DataError for a cell
    or a count over the limits.
    """
    facts = _facts(path, kind)
    sheets: list[SourceSheet] = []
    skipped: list[SkippedSheet] = []
    with reader_errors(path), _opened(path) as book:
        check_names(path, book.sheets_metadata)
        called = names_shown(book.sheets_metadata)
        for about in book.sheets_metadata:
            name = called[about.name]
            if reason := not_data(about):
                skipped.append(SkippedSheet(name, reason))
                continue
            sheet = book.get_sheet_by_name(about.name)
            records = _records(sheet, facts.get(about.name))
            check_cells(name, records)
            table = tabulate(name, records, names)
            if table is None:
                reason = "no_header" if records else "empty"
                skipped.append(SkippedSheet(name, reason))
            else:
                merged, hidden = _merged(sheet, table), _hidden(table, facts.get(about.name))
                sheets.append(replace(table, merged=merged, hidden=hidden))
    return tuple(sheets), tuple(skipped)


def first_rows(path: Path) -> list[str]:
    """Return the filled cells of the first filled row, for a message about a missing header."""
    with reader_errors(path), _opened(path) as book:
        for about in book.sheets_metadata:
            if not_data(about):
                continue
            for row in book.get_sheet_by_name(about.name).to_python(
                nrows=limit("header_search_rows")
            ):
                if any(cell != "" for cell in row):
                    return [str(cell) for cell in row if cell != ""]
    return []


@contextmanager
def _opened(path: Path) -> Iterator[CalamineWorkbook]:
    """Open a workbook for what its bytes say it is; a path would be taken by its extension."""
    with path.open("rb") as file, CalamineWorkbook.from_filelike(file) as book:
        yield book


def _facts(path: Path, kind: str) -> dict[str, SheetFacts]:
    """Check sizes before anything is parsed, and scan the sheets of an .xlsx."""
    if kind == "xls":
        return {}
    check_archive(path)
    try:
        with zipfile.ZipFile(path) as archive:
            if kind == "ods":
                _check_extent(path.name, expanded_cells(archive))
                return {}
            check_string_claims(archive)
            members = sheet_members(archive)
            known = {member_key(name): name for name in archive.namelist()}
            facts = {
                name: sheet_facts(archive.read(known[member_key(member)]))
                for name, member in members.items()
                if member_key(member) in known
            }
    except zipfile.BadZipFile as error:
        raise StoreError("read.workbook_corrupt", path=path.name, detail=str(error)) from error
    for name, found in facts.items():
        _check_extent(name, found.rows * found.columns)
    return facts


def _check_extent(sheet: str, cells: int) -> None:
    if cells > limit("sheet_cells"):
        raise DataError("read.sheet_too_wide", sheet=sheet, seen=cells, limit=limit("sheet_cells"))


def check_names(path: Path, sheets: Iterable[SheetMetadata]) -> None:
    """Raise DataError when two sheets have one name: cells are read, and named, by it."""
    seen: set[str] = set()
    for one in sheets:
        if one.name in seen:
            raise DataError("read.sheets_of_one_name", path=path.name, sheet=one.name)
        seen.add(one.name)


def names_shown(sheets: Iterable[SheetMetadata]) -> dict[str, str]:
    """Return how each sheet is called in what we say and keep: without the numbers of persons."""
    called: dict[str, str] = {}
    for one in sheets:
        name = shown = persons_hidden(one.name)
        while shown in called.values():
            shown = f"{shown}*"
        called[one.name] = one.name if name == one.name else shown
    return called


def not_data(about: SheetMetadata) -> str | None:
    """Return why a sheet is not read, None when it may hold data."""
    if about.typ != SheetTypeEnum.WorkSheet:
        return "not_cells"
    if is_reserved("sheet", about.name):
        return "ours"
    return "hidden" if about.visible != SheetVisibleEnum.Visible else None


def _records(sheet: CalamineSheet, facts: SheetFacts | None) -> Cells:
    records: Cells = [list(row) for row in sheet.to_python(skip_empty_area=False)]
    for (row, column), cell in (facts.broken if facts else {}).items():
        while len(records) <= row:
            records.append([])
        records[row].extend([""] * (column + 1 - len(records[row])))
        records[row][column] = cell
    return records


def _merged(sheet: CalamineSheet, table: SourceSheet) -> tuple[str, ...]:
    """The merged cells below the header; a heading or a footer may stand over all columns."""
    words = {row - 1 for _, row, _ in table.no_rows}
    return tuple(
        f"{column_letter(left)}{top + 1}:{column_letter(right)}{bottom + 1}"
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
        if top + 1 > table.header_row and not (top == bottom and top in words)
    )


def _hidden(table: SourceSheet, facts: SheetFacts | None) -> tuple[int, ...]:
    """The rows with data that the sender does not see: hidden by hand or by a filter."""
    hidden = facts.hidden if facts else frozenset()
    return tuple(row.number for row in table.rows if row.number in hidden)


@contextmanager
def reader_errors(path: Path) -> Iterator[None]:
    """Turn the reader library's errors into ours, its panics on mangled files too."""
    try:
        yield
    except OverflowError as error:
        raise DataError("read.time_too_long", path=path.name) from error
    except PasswordError as error:
        raise StoreError("read.workbook_encrypted", path=path.name) from error
    except CalamineError as error:
        raise StoreError("read.workbook_corrupt", path=path.name, detail=str(error)) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise StoreError("read.workbook_corrupt", path=path.name, detail=str(error)) from error
