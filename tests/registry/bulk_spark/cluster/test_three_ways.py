"""One file checked three ways in one run: row by row with `jsonschema`, in DuckDB, and on Spark.

FUWUMA_SPARK_ROWS says how many rows (200,000 unless given, which is as many as are checked row by
row). The table printed is the one kept in docs/spark.md.
"""

# ruff: noqa: T201
from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import perf_counter

import pytest

from registry.bulk.check import check_large
from registry.bulk.spark.check import check_on
from registry.bulk.spark.session import Cluster
from registry.uploads.check import check_file
from registry.uploads.findings import CheckReport
from tests.bench.bulk.rows import write_csv
from tests.registry.bulk.test_check_large import ALIKE, _unless_alike, totals

pytestmark = pytest.mark.spark

ROWS = int(os.environ.get("FUWUMA_SPARK_ROWS", "200000"))
BROKEN = 0.02
TODAY = date(2026, 11, 22)

Found = tuple[dict[tuple[str, str, str | None], int], dict[str, int]]
"""How many findings each cause has, and how many rows each outcome."""


def test_totals_are_equal_three_ways(
    two_workers: Cluster, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_csv(tmp_path / "表.csv", ROWS, BROKEN)
    ways: dict[str, Callable[[], Found]] = {
        "jsonschema": lambda: _without_alike(check_file(path, today=TODAY)),
        "DuckDB": lambda: _all_of(check_large(path, today=TODAY)),
        "Spark, 2 workers": lambda: _all_of(check_on(two_workers, path, today=TODAY)),
    }
    found: dict[str, Found] = {}
    with capsys.disabled():
        print(f"\n{ROWS} rows, {BROKEN:.0%} broken, {path.stat().st_size >> 20} MiB, {_load()}")
        for name, check in ways.items():
            began = perf_counter()
            found[name] = check()
            print(_line(name, found[name], perf_counter() - began))
        print(_load())
    first, *others = found.values()
    assert all(one == first for one in others)
    assert sum(first[1].values()) == ROWS
    assert len(first[0]) > 40


def _all_of(report: CheckReport) -> Found:
    return totals(report), dict(report.outcomes)


def _without_alike(report: CheckReport) -> Found:
    """Leave out the one rule that neither DuckDB nor Spark has: rows that are merely alike."""
    counted = {cause: total for cause, total in totals(report).items() if cause[0] != ALIKE}
    return counted, _unless_alike(report)


def _line(name: str, found: Found, seconds: float) -> str:
    by_severity: Counter[str] = Counter()
    for (_, severity, _), total in found[0].items():
        by_severity[severity] += total
    told = ", ".join(f"{severity} {total}" for severity, total in sorted(by_severity.items()))
    kept = ", ".join(f"{outcome} {rows}" for outcome, rows in found[1].items())
    return f"{name:16} {seconds:7.1f} s  {len(found[0])} causes: {told}; rows: {kept}"


def _load() -> str:
    return "load " + " ".join(f"{one:.1f}" for one in os.getloadavg())
