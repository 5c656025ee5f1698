"""Facility types: what kind of place a facility is, under the classes (book `facility_types`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from codes.errors import DataError
from codes.names import fold, index_rows, listed, name_of, near_names
from codes.typed_rows import typed_rows

_CODE_AND_NAME: Final = re.compile(r"([a-z][0-9]{4})[-:、.]?(.+)")


@dataclass(frozen=True)
class FacilityType:
    """One type; its code is the class code and two digits, e.g. B0101 幼儿园.

    `aliases` are words departments use for it, `department_codes` the departments that own it,
    `level` the level of place it usually serves: city, county, township or village.
    """

    code: str
    class_code: str
    name_zh: str
    name_en: str
    department_codes: tuple[str, ...]
    level: str
    source: str
    valid_from: str
    verified_on: str
    aliases: tuple[str, ...] = ()
    valid_to: str | None = None

    @property
    def category_code(self) -> str:
        """The letter of the category above the class."""
        return self.class_code[0]


@cache
def facility_types() -> dict[str, FacilityType]:
    """Return the types by code, in book order; ended ones too."""
    return {row.code: row for row in typed_rows("facility_types", FacilityType)}


def find_type(text: str) -> FacilityType:
    """Return the type that `text` names: its code, Chinese or English name, or an alias.

    Its code may stand before its name, as our own lists have them.
    Raises DataError `spec.type_unknown` (params seen, near) when nothing has that name.

    >>> find_type("B0101 幼儿园").code
    'B0101'
    """
    code = _names().get(fold(text)) or _beside_name(fold(text))
    if code is None:
        near = [_shown(facility_types()[code]) for code in near_names(text, _names())]
        raise DataError("spec.type_unknown", seen=text, near=listed(near))
    return facility_types()[code]


def _beside_name(folded: str) -> str | None:
    """The code that stands before a name of the same type."""
    found = _CODE_AND_NAME.fullmatch(folded)
    code = _names().get(found[1]) if found else None
    return code if found and code and _names().get(found[2]) == code else None


@cache
def _names() -> dict[str, str]:
    return index_rows(facility_types().values())


def _shown(row: FacilityType) -> str:
    return f"{row.code} {name_of(row)}"
