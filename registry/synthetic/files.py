"""The files departments would send: their own kind of file, headers, dates, datum, divisions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Final

from codes.categories import classes
from codes.datums import UNKNOWN, from_cgcs2000
from codes.departments import departments
from codes.elements import all_fields
from registry.synthetic.facility import SyntheticFacility
from registry.synthetic.parameters import DepartmentStyle, department_styles

MARK: Final = "合成"
"""What every file name begins with, so that the registry's uploads show where rows are from."""

_EVERYBODY: Final = "*"
_DIGITS: Final = {"county": 6, "township": 9, "village": 12}
_LIKELY_DATUM: Final = "GCJ02"
"""What points of an unstated datum are really in: most phone maps."""


@dataclass(frozen=True)
class FileSheet:
    """One sheet: the titles above the header, headers, our keys of the columns, rows of cells."""

    name: str
    titles: tuple[str, ...]
    headers: tuple[str, ...]
    keys: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    def row_number(self, index: int) -> int:
        """Return the spreadsheet's number of the row at `index`."""
        return len(self.titles) + 2 + index


@dataclass(frozen=True)
class DepartmentFile:
    """A department's file; a CSV has one sheet."""

    department_code: str
    name: str
    style: DepartmentStyle
    sheets: tuple[FileSheet, ...]

    @property
    def row_count(self) -> int:
        """Rows in all sheets."""
        return sum(len(sheet.rows) for sheet in self.sheets)


def department_files(facilities: Iterable[SyntheticFacility]) -> tuple[DepartmentFile, ...]:
    """Return one file a department, in the order of the book of departments."""
    by_department: dict[str, list[SyntheticFacility]] = {}
    for one in facilities:
        by_department.setdefault(one.department_code, []).append(one)
    return tuple(
        _file(code, by_department[code]) for code in departments() if code in by_department
    )


def _file(code: str, facilities: list[SyntheticFacility]) -> DepartmentFile:
    styles = department_styles()
    style = styles.get(code) or styles[_EVERYBODY]
    name = departments()[code].name_zh
    if style.kind == "csv":
        sheets = [_sheet("", name, facilities, style)]
    else:
        sheets = [
            _sheet(classes()[class_code].name_zh, name, list(group), style)
            for class_code, group in groupby(facilities, key=lambda one: one.class_code)
        ]
    return DepartmentFile(code, f"{MARK}-{name}-设施报表.{style.kind}", style, tuple(sheets))


def _sheet(
    name: str, department: str, facilities: list[SyntheticFacility], style: DepartmentStyle
) -> FileSheet:
    present = {key for one in facilities for key in one.values}
    fields = [field for key, field in all_fields().items() if key in present]
    keys = tuple(field.key for field in fields)
    rows = [_as_sent(one, style) for one in facilities]
    titles = (f"{department}{name}设施报表(合成数据,仅供演示)",) if style.title else ()
    headers = (field.header_en if style.headers == "en" else field.header_zh for field in fields)
    cells = tuple(tuple(row.get(key, "") for key in keys) for row in rows)
    return FileSheet(name, titles, tuple(headers), keys, cells)


def _as_sent(one: SyntheticFacility, style: DepartmentStyle) -> dict[str, Any]:
    values = {key: _cell(value, style) for key, value in one.values.items()}
    values["division"] = values["division"][: _DIGITS[style.division]]
    actual = _LIKELY_DATUM if style.datum == UNKNOWN else style.datum
    lon, lat = from_cgcs2000(values["longitude"], values["latitude"], actual)
    return values | {
        "longitude": round(lon, 6),
        "latitude": round(lat, 6),
        "datum": style.datum,
    }


def _cell(value: Any, style: DepartmentStyle) -> Any:
    if not isinstance(value, date):
        return value
    if style.dates == "slash":
        return f"{value.year}/{value.month}/{value.day}"
    if style.dates == "chinese":
        return f"{value.year}年{value.month}月{value.day}日"
    return value.isoformat() if style.dates == "iso" else value
