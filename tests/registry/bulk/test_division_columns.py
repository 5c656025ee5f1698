"""A county and a township in columns of their own are read alike in DuckDB and row by row."""

from __future__ import annotations

from itertools import cycle, product
from pathlib import Path

import pytest

from registry.uploads.settings import UploadSettings
from tests.bench.bulk.rows import rows
from tests.registry.bulk.test_check_large import agree, csv_bytes, table, totals

IDENTITY = "11010119900307109X"
"""Of nobody: the example of the standard's check digit."""

LEVELS = (
    ("西湖区", "文新街道"), ("西湖", "文新"), ("杭州市西湖区", "文新街道"), ("西湖区", ""),
    ("", "文新街道"), ("", ""), ("　", "文新街道"), ("西湖区", " "), ("西湖 区", "文新街道"),
    ("西湖区", "文新 街道"), ("３３０１０６", "文新街道"), ("330106", "文新街道"),
    ("330106", "四季青街道"), ("西湖区", "四季青街道"), ("西湖 区", "四季青街道"),
    ("西湖区", "城关镇"), ("", "城关镇"), ("西湖区", "西湖区"), ("西湖區", "转塘"),
    ("西湖区", "无"), ("无", "无"), ("[清空]", "文新街道"), ("西湖区", "330106"),
    ("西湖区", IDENTITY), ("鼓楼区", "新华街道"), ("西湖区", "甲\ue01f乙"), ("西\ue01f湖", ""),
)  # fmt: skip
"""A county and a township, each in a column of its own."""

_POINTLESS = {"longitude": "", "latitude": "", "datum": ""}


def write_levels(path: Path) -> Path:
    """Write a file of every pair, with and without a code beside it."""
    cells = table([{**one, **_POINTLESS} for one in rows(3 * len(LEVELS), 0.0)])
    at = cells[0].index("区划代码")
    cells[0][at : at + 1] = ["所在区县", "街道（乡镇）", "区划代码"]
    codes = ("", "330106", "330106009")
    for row, (pair, code) in zip(cells[1:], product(LEVELS, codes), strict=True):
        row[at : at + 1] = [*pair, code]
    path.write_bytes(csv_bytes(cells))
    return path


@pytest.mark.parametrize("given", [{}, {"division": "330106"}])
def test_county_and_township_apart(tmp_path: Path, given: dict[str, str]) -> None:
    """Each different pair is read once; few are left to be judged row by row."""
    path = write_levels(tmp_path / "表.csv")
    report = agree(path, UploadSettings(given=given))
    assert report.exact_rows < len(LEVELS)
    assert totals(report)["division_levels_apart", "must", "division"] > len(LEVELS) // 3


def test_rows_with_county_and_township_are_not_judged_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "表.csv"
    cells = table([{**one, **_POINTLESS} for one in rows(24, 0.0)])
    at = cells[0].index("区划代码")
    for row, pair in zip(cells[1:], cycle((*LEVELS[:12], LEVELS[13])), strict=False):
        row[at : at + 1] = pair
    cells[0][at : at + 1] = ["所在区县", "街道（乡镇）"]
    path.write_bytes(csv_bytes(cells))
    assert agree(path).exact_rows == 0
