"""A part of a code looked up in the index against looking through every code, in one run."""

from __future__ import annotations

import json
import random
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from codes import facility_code
from exports.release.allow_list import allow_list
from exports.release.grams import code_expression
from exports.release.snapshot import CODE_PIECE, CODE_TAIL, Snapshot
from exports.site import queries
from exports.site.search_sources import code_ranges

FACILITIES = 100_000
CLASSES = ["B01", "D01", "E01", "E02", "J01", "L01"]
COUNTIES = [f"3301{number:02}" for number in (2, 5, 6, 8, 9, 10, 11, 12, 13, 14, 22, 27, 82)]
MOST = 2000
SCAN = (
    f"{queries.LISTED} WHERE rowid IN"
    " (SELECT rowid FROM facility WHERE instr(code, :part) > 0 LIMIT :limit)"
)
PARTS = {"last 5": slice(12, 17), "serial": slice(9, 15), "county and serial": slice(3, 15)}


def _codes() -> Iterator[str]:
    starts = [(one, county) for one in CLASSES for county in COUNTIES]
    for number in range(FACILITIES):
        yield facility_code.make(*starts[number % len(starts)], number // len(starts) + 1)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path = tmp_path_factory.mktemp("parts") / "working.sqlite"
    tables = allow_list().tables
    known = {"name": "示例设施", "status": "运营"}
    with Snapshot(path) as snapshot:
        for name in ("facility", "history"):
            snapshot.create(tables[name])
        rows = [[{**known, "code": code}.get(name) for name in tables["facility"].columns]
                for code in sorted(_codes())]  # fmt: skip
        marks = ",".join("?" * len(tables["facility"].columns))
        snapshot.db.executemany(f"INSERT INTO facility VALUES ({marks})", rows)
        snapshot.index_text()
        yield snapshot.db


def _seconds(look: Callable[[str], Any], parts: list[str]) -> float:
    taken = []
    for part in parts:
        started = time.process_time()
        look(part)
        taken.append(time.process_time() - started)
    return statistics.median(taken)


@pytest.mark.bench
@pytest.mark.parametrize("cut", PARTS)
def test_a_part_of_a_code(filled: sqlite3.Connection, cut: str) -> None:
    step = {"length": 17 - CODE_TAIL, "last": "\U0010ffff"}
    starts = [start for (start,) in filled.execute(queries.CODE_STARTS, step)]

    def scanned(part: str) -> list[Any]:
        return filled.execute(SCAN, {"part": part, "limit": MOST}).fetchall()

    def indexed(part: str) -> list[Any]:
        ranges = json.dumps(code_ranges(starts, part))
        found = filled.execute(queries.BY_CODE_RANGES, {"ranges": ranges, "limit": MOST}).fetchall()
        if len(part) <= CODE_TAIL:
            tail = {"match": code_expression(part, CODE_PIECE), "part": part, "tail": CODE_TAIL}
            found += filled.execute(queries.BY_CODE_TAIL, {**tail, "limit": MOST}).fetchall()
        return found

    codes = random.Random(7).sample(sorted(_codes()), 40)
    parts = [code[PARTS[cut]] for code in codes]
    assert all({*scanned(part)} == {*indexed(part)} for part in parts[:5])
    slow, quick = _seconds(scanned, parts), _seconds(indexed, parts)
    print(f"\n{cut}: {slow * 1000:.2f} ms through all {FACILITIES:,} codes, {quick * 1000:.2f} ms")  # noqa: T201
    assert quick < slow / 2
