"""The check on Spark, with two worker processes, finds what the check in DuckDB finds."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from codes.elements import all_fields, example_row, fields_of
from codes.errors import FuwumaError
from codes.facility_types import facility_types
from registry.bulk.check import check_large
from registry.bulk.report import LargeReport
from registry.bulk.spark.check import check_on
from registry.bulk.spark.session import Cluster
from registry.uploads.check import check_file
from registry.uploads.rules.slips import example_cells
from registry.uploads.settings import UploadSettings
from tests.bench.bulk.rows import BREAKERS, rows, write_csv
from tests.registry.bulk.test_check_large import csv_bytes, table, totals
from tests.registry.bulk.test_division_columns import write_levels
from tests.registry.uploads.conftest import own_row

pytestmark = pytest.mark.spark

TODAY = date(2026, 11, 22)


def agree(
    cluster: Cluster, path: Path, settings: UploadSettings | None = None, **options: Any
) -> LargeReport:
    """Check a file on Spark and in DuckDB, compare all that is reported, and return the report."""
    duck = check_large(path, settings, today=TODAY, **options)
    spark = check_on(cluster, path, settings, today=TODAY, **options)
    assert totals(spark) == totals(duck)
    assert spark.outcomes == duck.outcomes
    assert spark.rows == duck.rows == sum(spark.outcomes.values())
    assert spark.ignored == duck.ignored
    # the sentences too: place, column, value and words of the first of each cause
    assert spark.totals() == duck.totals()
    assert spark.source == duck.source or _but_rows(spark, duck)
    return spark


def _but_rows(spark: LargeReport, duck: LargeReport) -> bool:
    """The sources are alike but for the rows, of which neither keeps any but their number."""
    pairs = zip(spark.source.sheets, duck.source.sheets, strict=True)
    return spark.source.sha256 == duck.source.sha256 and all(
        one.headers == other.headers and len(one.rows) == len(other.rows) for one, other in pairs
    )


def _tasks(cluster: Cluster) -> dict[str, int]:
    """How many tasks each process has done."""
    listed = cluster.session.sparkContext._jsc.sc().statusStore().executorList(True)
    found = [listed.apply(at) for at in range(listed.size())]
    return {one.id(): one.completedTasks() for one in found}


def test_every_way_of_breaking_a_row(two_workers: Cluster, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "表.csv", 12 * len(BREAKERS), 0.6)
    before = _tasks(two_workers)
    report = agree(two_workers, path)
    after = _tasks(two_workers)
    workers = [name for name in after if name != "driver"]
    assert len(workers) == 2
    assert all(after[name] > before.get(name, 0) for name in workers)
    assert len(report.totals()) > 40
    assert 0 < report.exact_rows < report.rows
    small = check_file(path, today=TODAY)
    others = {key: total for key, total in totals(small).items() if key[0] != "row_alike"}
    assert totals(report) == others


def test_county_and_township_in_two_columns(two_workers: Cluster, tmp_path: Path) -> None:
    report = agree(two_workers, write_levels(tmp_path / "表.csv"))
    assert totals(report)["division_levels_apart", "must", "division"] > 0


def test_all_types_with_a_cell_spoilt(two_workers: Cluster, tmp_path: Path) -> None:
    """Rows of each type: one like its example, and that with a bad or another type's cell."""
    spoilt = ("x", "", "-1", "园" * 300, "2023-02-30", "1e3", "关闭", "0", "无")
    given: list[dict[str, Any]] = []
    for at, code in enumerate(facility_types()):
        example = {**own_row(code), "name": f"示例{at}号{code}"}
        fields = fields_of(code)
        key = fields[at % len(fields)].key
        given += [example, {**example, "address": f"示例路{at}号", key: spoilt[at % 9]}]
    path = tmp_path / "全.csv"
    path.write_bytes(csv_bytes(table(given, tuple(all_fields()))))
    assert agree(two_workers, path).rows == 2 * len(facility_types())


def test_a_file_that_must_be_rewritten(two_workers: Cluster, tmp_path: Path) -> None:
    """GB18030, a tab, a title, lines too short and too long, cells over several lines."""
    cells = table(list(rows(60, 0.4, seed=3)))
    cells[5], cells[9] = cells[5][:4], [*cells[9], "多", "余"]
    cells[12][4] = '示例路\n“2”号,"甲"\\'
    path = tmp_path / "表.csv"
    path.write_bytes(csv_bytes([["幼儿园报表"], *cells], "\t", "gb18030"))
    settings = UploadSettings(given={"datum": "CGCS2000"})
    report = agree(two_workers, path, settings)
    assert {"cells_missing", "cells_extra"} <= {one.rule for one in report.totals()}


def test_cells_that_try_the_form(two_workers: Cluster, tmp_path: Path) -> None:
    """What Java's patterns, casts and readers take otherwise than RE2 and DuckDB, if let."""
    odd = (
        "a\u2028", "a\u0085", "甲\u00a0", "𠮷" * 60, "𠮷" * 101, "\\", "\\N", "NULL", "#甲", '"',
        " 12 ", "+3", "1e3", "1_0", "Infinity", "NaN", "0x10", "12d", "12f", "1" * 16, "-0",
        "9" * 15 + ".9", "0.000000001", "epoch", "today", "2024-2-29", "2024-02-29T00",
        "0000-01-01", "+2024-02-29", "9999-12-31", "İ园", "ſ", "字 " * 3000, "1 " * 3000,
    )  # fmt: skip
    base = next(iter(rows(1, 0.0)))
    keys = (
        "name",
        "address",
        "enrolment",
        "opened_on",
        "phone",
        "website",
        "code",
        "operator_uscc",
    )
    given = [
        {**base, "name": f"示例第{at}园{key}", key: cell}
        for at, cell in enumerate(odd)
        for key in keys
    ]
    path = tmp_path / "表.csv"
    path.write_bytes(csv_bytes(table(given)))
    agree(two_workers, path)


def test_the_example_left_in_and_what_is_given_for_all_rows(
    two_workers: Cluster, tmp_path: Path
) -> None:
    """Rows written over the template's example, and cells that only look filled."""
    example = {**own_row("B0101"), **example_row("B0101")}
    telling = [key for key in example if key in example_cells()]
    given: list[dict[str, Any]] = []
    for at in range(2 * len(telling)):
        left = [telling[(at + step) % len(telling)] for step in range(3 + at % 4)]
        given.append({**own_row("B0101"), "name": f"园{at}号", "address": f"路{at}号"})
        given[-1].update({key: example[key] for key in left})
        given[-1]["status"] = ("运营", " ", "\u200b")[at % 3]
    path = tmp_path / "例.csv"
    path.write_bytes(csv_bytes(table(given, tuple(given[0]))))
    report = agree(two_workers, path, UploadSettings(given={"status": "运营"}))
    small = check_file(path, UploadSettings(given={"status": "运营"}), today=TODAY)
    told = totals(report)
    assert told == {key: total for key, total in totals(small).items() if key[0] != "row_alike"}
    assert 0 < told["example_left", "must", None] < len(given)


def test_what_cannot_be_read_is_refused_with_the_same_words(
    two_workers: Cluster, tmp_path: Path
) -> None:
    path = tmp_path / "表.csv"
    for content in (
        '设施名称,设施类型\n"甲,幼儿园\n乙,幼儿园\n'.encode(),
        "设施名称,设施类型\n甲,幼儿园\n".encode() * 9 + b"\xff\xff\n",
        "设施名称,设施类型\n".encode(),
    ):
        path.write_bytes(content)
        with pytest.raises(FuwumaError) as duck:
            check_large(path, today=TODAY)
        with pytest.raises(FuwumaError) as spark:
            check_on(two_workers, path, today=TODAY)
        assert str(spark.value) == str(duck.value)
