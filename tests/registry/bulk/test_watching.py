"""How far a large check is, is told while DuckDB is at work, and never goes back."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry.bulk import watching
from registry.bulk.check import check_large
from registry.bulk.engine import connect
from registry.bulk.watching import SHARES, Work
from tests.registry.uploads.conftest import csv_text, row

LINES = 400


def test_the_steps_make_a_hundred() -> None:
    assert sum(SHARES.values()) == 100


def test_a_running_query_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "EVERY", 0.002)
    told: list[tuple[int, int]] = []
    with connect(tmp_path) as connection:
        work = Work(lambda done, total: told.append((done, total)), 1000)
        with work.watching(connection):
            connection.execute("SELECT sum(hash(range)) FROM range(60_000_000)")
    assert told == sorted(set(told))
    assert all(0 < done <= 10 * SHARES["scan"] and total == 1000 for done, total in told)
    assert told


def test_a_check_is_told_of_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = [row(name=f"第{at}园", status="?" if at % 3 else "运营") for at in range(LINES)]
    path.write_text(csv_text(rows), encoding="utf-8")
    told: list[tuple[int, int]] = []
    check_large(path, progress=lambda done, total: told.append((done, total)))
    assert told == sorted(told)
    assert told[-1] == (LINES, LINES)
    assert len(told) > 2
