"""The results of the indicators as JSON Lines: one object a result, with names beside codes."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final

from exports.release.allow_list import AllowList
from exports.release.formats.cells import json_pairs

INDICATORS_JSONL: Final = "indicator_results.jsonl"


def write_results(path: Path, db: sqlite3.Connection, listed: AllowList) -> None:
    """Write one line per result, by indicator, division and year."""
    table = listed.tables["indicator_result"]
    pairs = [(column, f'result."{column}"') for column in table.columns]
    pairs += [
        ("indicator_name_zh", "indicator.name_zh"),
        ("indicator_name_en", "indicator.name_en"),
        ("attribute", "indicator.attribute"),
        ("division_name", "division.full_name"),
    ]
    sql = (
        f"SELECT {json_pairs(pairs)} FROM indicator_result AS result"  # noqa: S608
        " JOIN indicator ON indicator.code = result.indicator_code"
        " JOIN division ON division.code = result.division_code"
        " ORDER BY result.indicator_code, result.division_code, result.year"
    )
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for (line,) in db.execute(sql):
            file.write(line)
            file.write("\n")
