"""Submission of a large file whose sure lines DuckDB tells first, beside one judged row by row.

Rows: FUWUMA_BENCH_ROWS, else 30,000, 1 % broken, into an empty registry on SQLite. Both ways in one
process, in turn, twice each; its processor seconds, and what is stored is the same. That way back
is the one that small files and files full of mistakes take.
"""

# ruff: noqa: T201
from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from registry.db import open_registry
from registry.uploads import part_processes, sure_lines
from registry.uploads.submit import submit
from tests.bench.bulk.rows import write_csv
from tests.registry.uploads.conftest import EDUCATION, TODAY

ROWS = int(os.environ.get("FUWUMA_BENCH_ROWS", "30000"))
LEAST = 1.15
"""20,000 rows at load 3: 1.37. Placing, comparing and storing cost the same either way."""

WAYS = {"row by row": 1 << 60, "sure lines first": 0}
STORED = "SELECT json_extract(detail, '$.digest') FROM audit_entry WHERE action = 'upload_submit'"


@pytest.mark.bench
def test_submit(migrated_sqlite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(part_processes, "processes_for", lambda _file: 1)
    path = write_csv(tmp_path / "表.csv", ROWS, 0.01)
    seconds: dict[str, list[float]] = {name: [] for name in WAYS}
    stored = set()
    for name in (*WAYS, *WAYS):
        monkeypatch.setattr(sure_lines, "FROM_BYTES", WAYS[name])
        own = tmp_path / "own.db"
        shutil.copy(migrated_sqlite, own)
        engine = open_registry(str(own))
        started = time.process_time()
        submit(engine, path, department_code=EDUCATION, by="张三", today=TODAY)
        seconds[name].append(time.process_time() - started)
        with engine.connect() as connection:
            stored.add(connection.execute(text(STORED)).scalar_one())
        engine.dispose()
    least = {name: min(taken) for name, taken in seconds.items()}
    for name, taken in least.items():
        print(f"\n{name}: {taken:.1f} s of processor, {ROWS / taken:,.0f} rows a second")
    slow, quick = least.values()
    print(f"{slow / quick:.2f} times as fast")
    assert len(stored) == 1
    assert slow / quick >= LEAST
