"""The list of high schools as it was published: other headers, points without datum, no division.

Where that list is not at hand a synthetic one of the same shape takes its place.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Fuwuma = Callable[..., tuple[int, str, str]]

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = ROOT.parent / "shared" / "data" / "hangzhou_high_schools.csv"
SYNTHETIC = """名称,纬度,经度,备注
示例一中,30.2731,120.0825,重点高中
示例二中,30.1797,120.1338,普通高中
示例三中,29.6043,119.0421,未分类
"""
READING = [
    *("--map", "名称=name", "--map", "纬度=latitude", "--map", "经度=longitude"),
    *("--set", "type=普通高中", "--set", "status=运营", "--set", "as_of=2026-11-22"),
]


@pytest.fixture
def schools(tmp_path: Path) -> Path:
    """The published list, else a synthetic one."""
    if PUBLISHED.exists():
        return PUBLISHED
    path = tmp_path / "学校.csv"
    path.write_text(SYNTHETIC, encoding="utf-8")
    return path


def test_from_the_published_list_to_codes(fuwuma: Fuwuma, registry_url: str, schools: Path) -> None:
    at = ["--db", registry_url, "--json"]
    code, out, _ = fuwuma("upload", "check", str(schools), *READING, *at)
    report = json.loads(out)
    lines = len(schools.read_text("utf-8").splitlines()) - 1
    assert (code, report["rows"], report["outcomes"]["rejected"]) == (1, lines, 0)
    causes = {(one["rule"], one["element"]): one["total"] for one in report["findings"]}
    assert causes["datum_missing", "datum"] == lines
    assert causes["division_uncertain", "division"] == report["outcomes"]["held"] > 0
    assert causes["division_proposed", "division"] == report["outcomes"]["created"] > 0

    sender = ["--department", "市教育局", "--by", "张三"]
    code, out, err = fuwuma("upload", "submit", str(schools), *READING, *sender, *at)
    assert code == 0, err
    upload_id = str(json.loads(out)["id"])
    _, out, _ = fuwuma("upload", "diff", upload_id, *at)
    held = [one for one in json.loads(out)["diff"] if one["outcome"] == "held"]
    assert all(one["questions"][0]["params"]["candidates_divisions"] for one in held)

    first = held[0]
    choice = first["questions"][0]["params"]["candidates_divisions"][0]
    answer = ["--division", choice, "--by", "王五"]
    code, out, _ = fuwuma("upload", "decide", upload_id, str(first["row"]), *answer, *at)
    assert json.loads(out)["outcome"] == "created"
    code, out, _ = fuwuma("upload", "approve", upload_id, "--by", "李四", *at)
    done = json.loads(out)
    assert (code, done["created"]) == (0, report["outcomes"]["created"] + 1)
    code, out, _ = fuwuma("facility", "list", *at)
    assert code == 0
    assert json.loads(out)["total"] == done["created"]
