"""The facilities as JSON Lines: one object a line, with names beside codes, figures and links."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final

from exports.release.allow_list import AllowList
from exports.release.formats.cells import json_pairs

FACILITIES_JSONL: Final = "facilities.jsonl"
AT_A_TIME: Final = 500
"""So many that SQLite writes into one text: row by row, two threads would wait for each other."""

_READINGS: Final = """(SELECT json_group_array(json_object(
    'capability_code', capability_code, 'value', value, 'as_of', as_of,
    'confirmed_on', confirmed_on))
    FROM capability_value WHERE capability_value.code = facility.code)"""
_NUMBERS: Final = """(SELECT json_group_array(json_object(
    'scheme_code', scheme_code, 'value', value))
    FROM identifier WHERE identifier.code = facility.code)"""
_SUCCESSORS: Final = """(SELECT json_group_array(json_object(
    'code', successor_code, 'kind', kind, 'effective_on', effective_on))
    FROM succession WHERE predecessor_code = facility.code)"""


def write_json_lines(path: Path, db: sqlite3.Connection, listed: AllowList) -> None:
    """Write one line per facility, in code order, which is that of their numbers."""
    table = listed.tables["facility"]
    pairs = [(column, f'facility."{column}"') for column in table.columns]
    pairs += [
        ("type_name", "(SELECT name_zh FROM facility_type WHERE code = facility.type_code)"),
        ("division_name", "(SELECT full_name FROM division WHERE code = facility.division_code)"),
        ("capabilities", f"json({_READINGS})"),
        ("identifiers", f"json({_NUMBERS})"),
        ("successors", f"json({_SUCCESSORS})"),
    ]
    line = f"SELECT {json_pairs(pairs)} AS line FROM facility"  # noqa: S608
    some = f"{line} WHERE rowid BETWEEN :first AND :first + {AT_A_TIME - 1} ORDER BY rowid"
    lines = f"SELECT group_concat(line, char(10)) || char(10) FROM ({some})"  # noqa: S608
    (last,) = db.execute("SELECT coalesce(max(rowid), 0) FROM facility").fetchone()
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for first in range(1, last + 1, AT_A_TIME):
            file.writelines(text for (text,) in db.execute(lines, {"first": first}) if text)
