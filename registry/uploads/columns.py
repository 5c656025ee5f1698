"""Which column of a sheet holds which field, and what is odd about the headers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from codes.errors import UsageError
from codes.names import fold
from registry.uploads.findings import Finding, found
from registry.uploads.reading.headers import HeaderNames, header_unit, is_result_column
from registry.uploads.source import SourceFile, SourceSheet, column_letter, index_of, is_blank

TOGETHER: Final = frozenset({"division"})
"""Elements whose columns are read together: county, township and code beside each other."""


@dataclass(frozen=True)
class Column:
    """One column that is read: where it stands and which field it holds."""

    index: int
    header: str
    key: str
    unit: str | None

    @cached_property
    def letter(self) -> str:
        """Its letter in the sender's file."""
        return column_letter(self.index)


@dataclass(frozen=True)
class SheetColumns:
    """The columns of one sheet: `read` by key, later columns of the same field in `spare`.

    `ignored` are the columns that are not read: (letter, header, reason), the reason being
    unknown, no_header or ours.
    """

    sheet: str
    read: Mapping[str, Column]
    spare: Mapping[str, tuple[Column, ...]]
    ignored: tuple[tuple[str, str, str], ...]

    def unread(self, filled: int, beyond: range = range(0)) -> list[tuple[str, str, str]]:
        """Return the columns that are not read, up to the last that holds anything.

        That is the last with a header, or the last of those `filled` below it. Columns `beyond` the
        header line are filled.
        """
        named = [index_of(letter) + 1 for letter, header, _ in self.ignored if header]
        last = max([filled, *named, *(one.index + 1 for one in self.read.values())])
        within = [one for one in self.ignored if beyond or index_of(one[0]) < last]
        return [*within, *((column_letter(index), "", "no_header") for index in beyond)]

    def place(self, key: str | None) -> tuple[str | None, str | None]:
        """Return (letter, header) of a field, or nothing when the file has no such column."""
        column = self.read.get(key or "")
        return (column.letter, column.header) if column else (None, None)


def check_mapped(source: SourceFile, mapped: Mapping[str, str]) -> None:
    """Raise UsageError when a header given with `--map` stands in no sheet."""
    present = {fold(header) for sheet in source.sheets for header in sheet.headers}
    for theirs in mapped:
        if fold(theirs) not in present:
            known = "、".join(header for header in source.sheets[0].headers if header)
            raise UsageError("upload.map_header_absent", seen=theirs, known=known)


def map_columns(
    sheet: SourceSheet, names: HeaderNames, together: AbstractSet[str] = TOGETHER
) -> tuple[SheetColumns, list[Finding]]:
    """Return the columns of a sheet and the findings about its header.

    `together` are the elements whose columns are read together where there are several.
    """
    claims: dict[str, list[Column]] = {}
    ignored: list[tuple[str, str, str]] = []
    findings: list[Finding] = []
    for index, header in enumerate(sheet.headers):
        key = names.key(header)
        if key is not None and not is_result_column(header):
            column = Column(index, header, key, header_unit(header))
            claims.setdefault(key, []).append(column)
            continue
        reason = _reason(header)
        filled = sum(not is_blank(row.cells[index]) for row in sheet.rows)
        ignored.append((column_letter(index), header, reason))
        findings += _unread(sheet, index, reason, filled, names)
    read, spare = {}, {}
    for key, columns in claims.items():
        columns.sort(key=lambda column: (not names.is_plain(column.header), column.index))
        read[key], spare[key] = columns[0], tuple(columns[1:])
        findings += _odd(sheet, columns, names, together)
    return SheetColumns(sheet.name, read, spare, tuple(ignored)), findings


def _reason(header: str) -> str:
    if is_result_column(header):
        return "ours"
    return "unknown" if header else "no_header"


def _unread(
    sheet: SourceSheet, index: int, reason: str, filled: int, names: HeaderNames
) -> Iterator[Finding]:
    if reason == "unknown":
        near = names.near(sheet.headers[index])
        yield _about(sheet, "header_unknown", index, near_elements=near, cells=filled)
    elif reason == "no_header" and filled and not sheet.widths:
        yield _about(sheet, "header_blank", index, cells=filled)


def _odd(
    sheet: SourceSheet, columns: list[Column], names: HeaderNames, together: AbstractSet[str]
) -> Iterator[Finding]:
    first, *others = columns
    if not names.is_plain(first.header):
        yield _about(sheet, "header_read_as", first.index, first.key, field_element=first.key)
    for column in others:
        key, place = column.key, first.letter
        rule = "header_levels" if key in together else "header_repeated"
        yield _about(sheet, rule, column.index, key, first=place, field_element=key)


def _about(
    sheet: SourceSheet, rule: str, index: int, element: str | None = None, **params: Any
) -> Finding:
    header = sheet.headers[index]
    place = (column_letter(index), header)
    return found(rule, sheet.name, sheet.header_row, element, place=place, value=header, **params)
