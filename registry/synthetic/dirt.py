"""Spoil a few rows of the departments' files on purpose, one kind of mistake a row.

Which kinds and how many is data (book `synthetic/dirt`); each kind is one function below, which
says whether it can spoil a row and returns the spoilt one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random
from typing import Any, Final

from codes.cross_field_rules import cross_field_rules
from registry.synthetic.files import DepartmentFile, FileSheet
from registry.synthetic.parameters import dirts

Values = dict[str, Any]
Place = tuple[int, int, int]
"""Indexes of file, sheet and row."""
Spoiler = Callable[[Values, Random], Values | None]

_FULL_WIDTH: Final = str.maketrans("0123456789", "０１２３４５６７８９")
_KEPT_OF_TYPE: Final = 2
_ABOLISHED_ONE_SUCCESSOR: Final = "330103"
_ABOLISHED_SPLIT: Final = "330104"


@dataclass(frozen=True)
class Dirtied:
    """One spoilt row: file name, sheet, the row as the spreadsheet counts, kind of mistake."""

    file: str
    sheet: str
    row: int
    kind: str


def soil(
    files: tuple[DepartmentFile, ...], random: Random
) -> tuple[tuple[DepartmentFile, ...], tuple[Dirtied, ...]]:
    """Return the files with some rows spoilt, and the list of those rows.

    A row gets at most one mistake, and two rows of each type get none. A repeated row is added
    below the original.
    """
    places = _places(files)
    rows = sum(file.row_count for file in files)
    random.shuffle(places)
    spoilt: dict[Place, tuple[str, Values]] = {}
    for kind in dirts():
        wanted = max(1, round(kind.per_mille * rows / 1000))
        for file, sheet, row in places:
            if wanted and (file, sheet, row) not in spoilt:
                values = _values(files[file].sheets[sheet], row)
                if (changed := SPOILERS[kind.kind](values, random)) is not None:
                    spoilt[file, sheet, row] = (kind.kind, changed)
                    wanted -= 1
    return _rewritten(files, spoilt)


def _places(files: tuple[DepartmentFile, ...]) -> list[Place]:
    """Return where rows may be spoilt: not the last few of a type, which would leave it empty."""
    found: dict[Any, list[Place]] = {}
    for file, one in enumerate(files):
        for sheet, part in enumerate(one.sheets):
            kind = part.keys.index("type")
            for row, cells in enumerate(part.rows):
                found.setdefault(cells[kind], []).append((file, sheet, row))
    return [place for places in found.values() for place in places[_KEPT_OF_TYPE:]]


def _values(sheet: FileSheet, row: int) -> Values:
    return dict(zip(sheet.keys, sheet.rows[row], strict=True))


def _rewritten(
    files: tuple[DepartmentFile, ...], spoilt: dict[Place, tuple[str, Values]]
) -> tuple[tuple[DepartmentFile, ...], tuple[Dirtied, ...]]:
    listed: list[Dirtied] = []
    made = []
    for file_index, file in enumerate(files):
        sheets = []
        for sheet_index, sheet in enumerate(file.sheets):
            rows: list[tuple[Any, ...]] = []
            for row_index, row in enumerate(sheet.rows):
                kind, values = spoilt.get((file_index, sheet_index, row_index), (None, None))
                rows.append(row if values is None else tuple(values[key] for key in sheet.keys))
                if kind == "row_twice":
                    rows.append(row)
                if kind:
                    number = sheet.row_number(len(rows) - 1)
                    listed.append(Dirtied(file.name, sheet.name, number, kind))
            sheets.append(replace(sheet, rows=tuple(rows)))
        made.append(replace(file, sheets=tuple(sheets)))
    return tuple(made), tuple(listed)


def _full_width_digits(values: Values, _: Random) -> Values | None:
    for key in ("beds", "places", "school_places", "staff"):
        if values.get(key):
            return values | {key: str(values[key]).translate(_FULL_WIDTH)}
    return None


def _spaces(values: Values, _: Random) -> Values:
    return values | {"name": f" {values['name']}　"}


def _status_other_word(values: Values, _: Random) -> Values | None:
    return values | {"status": "正常"} if values["status"] == "运营" else None


def _status_wrong(values: Values, _: Random) -> Values | None:
    return values | {"status": "待定"} if values["status"] == "运营" else None


def _uscc_wrong(values: Values, random: Random) -> Values | None:
    code = values.get("operator_uscc")
    if not code:
        return None
    place = random.randrange(8, 16)
    wrong = str((int(code[place]) + 1) % 10) if code[place].isdigit() else "0"
    return values | {"operator_uscc": code[:place] + wrong + code[place + 1 :]}


def _division_abolished(values: Values, _: Random) -> Values | None:
    return _old_division(values, "330105", _ABOLISHED_ONE_SUCCESSOR)


def _division_split(values: Values, _: Random) -> Values | None:
    """Take point and address away too: they would tell where the facility went."""
    spoilt = _old_division(values, "330102", _ABOLISHED_SPLIT)
    return spoilt and spoilt | dict.fromkeys(("longitude", "latitude", "datum", "address"), "")


def _old_division(values: Values, county: str, old: str) -> Values | None:
    return values | {"division": old} if values["division"].startswith(county) else None


def _name_missing(values: Values, _: Random) -> Values:
    return values | {"name": ""}


def _row_twice(values: Values, _: Random) -> Values:
    return values


def _part_exceeds_whole(values: Values, random: Random) -> Values | None:
    for rule in cross_field_rules().values():
        left, right = values.get(rule.left), values.get(rule.right)
        if rule.severity == "must" and isinstance(left, int) and isinstance(right, int):
            return values | {rule.left: right + random.randint(5, 40)}
    return None


def _date_impossible(values: Values, _: Random) -> Values | None:
    return values | {"opened_on": "2019-02-30"} if values.get("opened_on") else None


def _number_with_words(values: Values, _: Random) -> Values | None:
    area = values.get("floor_area")
    return values | {"floor_area": f"约{area}左右"} if area else None


def _point_swapped(values: Values, _: Random) -> Values:
    return values | {"longitude": values["latitude"], "latitude": values["longitude"]}


def _as_of_missing(values: Values, _: Random) -> Values:
    return values | {"as_of": ""}


SPOILERS: Final[dict[str, Spoiler]] = {
    "full_width_digits": _full_width_digits,
    "spaces": _spaces,
    "status_other_word": _status_other_word,
    "status_wrong": _status_wrong,
    "uscc_wrong": _uscc_wrong,
    "division_abolished": _division_abolished,
    "division_split": _division_split,
    "name_missing": _name_missing,
    "row_twice": _row_twice,
    "part_exceeds_whole": _part_exceeds_whole,
    "date_impossible": _date_impossible,
    "number_with_words": _number_with_words,
    "point_swapped": _point_swapped,
    "as_of_missing": _as_of_missing,
}
"""Kind of the book -> how a row is spoilt."""
