"""Departments that own facility types, upload and approve (book `departments`)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from codes.errors import DataError
from codes.names import fold, index_names, listed, name_of, near_names
from codes.typed_rows import typed_rows


@dataclass(frozen=True)
class Department:
    """A city department: stable code, full name, the short names people use."""

    code: str
    name_zh: str
    name_en: str
    source: str
    valid_from: str
    verified_on: str
    short_names: tuple[str, ...] = ()
    valid_to: str | None = None


@cache
def departments() -> dict[str, Department]:
    """Return the departments by code, in book order."""
    return {row.code: row for row in typed_rows("departments", Department)}


def find_department(text: str) -> Department:
    """Return the department `text` names: code, full or short name, with or without a city's name.

    Raises DataError `spec.department_unknown` (params seen, near) when nothing has that name.
    """
    seen = fold(text)
    code = _names().get(seen) or _with_city_name(seen)
    if code is None:
        near = [_shown(departments()[code]) for code in near_names(text, _names())]
        raise DataError("spec.department_unknown", seen=text, near=listed(near))
    return departments()[code]


def _with_city_name(seen: str) -> str | None:
    """杭州市民政局 ends in 市民政局; a county's 西湖区民政局 does not and stays unknown."""
    found = {
        code for name, code in _names().items() if name.startswith("市") and seen.endswith(name)
    }
    return found.pop() if len(found) == 1 else None


@cache
def _names() -> dict[str, str]:
    return index_names(
        (row.code, (row.code, row.name_zh, row.name_en, *row.short_names))
        for row in departments().values()
    )


def _shown(row: Department) -> str:
    return f"{row.code} {name_of(row)}"
