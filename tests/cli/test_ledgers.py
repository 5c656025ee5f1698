"""`fuwuma population` and `fuwuma observation`: what they print, their JSON, their exit codes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli import context
from cli.main import run

Capture = pytest.CaptureFixture[str]

HEADER = "区划代码,年份,人群,人数,来源,来源类型\n"
OBSERVED = "规划,序号,区划代码,年份,数值,来源\n"


@pytest.fixture(autouse=True)
def folder(
    tmp_path: Path, migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """An empty folder with an empty registry, as after `fuwuma init`."""
    shutil.copy(migrated_sqlite, tmp_path / "fuwuma.db")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(context.current, "db", "fuwuma.db")
    monkeypatch.setattr(context.current, "json", False)
    yield tmp_path


def given(name: str, text: str) -> str:
    Path(name).write_text(text, encoding="utf-8")
    return name


def as_json(capsys: Capture, *arguments: str, exit_code: int = 0) -> Any:
    capsys.readouterr()
    assert run([*arguments, "--json"]) == exit_code
    context.current.json = False
    return json.loads(capsys.readouterr().out)


def test_load_in_words(capsys: Capture) -> None:
    file = given("p.csv", HEADER + "330106,2022,常住人口,100,甲公报,\n")
    assert run(["population", "load", file, "--by", "张三"]) == 0
    assert "新增 1 条，更正 0 条" in capsys.readouterr().out
    assert run(["population", "load", file]) == 0
    assert "1 行都已登记过，没有变化" in capsys.readouterr().out
    again = given("q.csv", HEADER + "330106,2022,常住人口,110,甲公报,\n")
    assert run(["population", "load", again]) == 0
    assert "人数由 100 改为 110" in capsys.readouterr().out
    assert run(["verify"]) == 0


def test_load_says_which_source_is_preferred(capsys: Capture) -> None:
    rows = "330106,2022,常住人口,100,甲公报,普查\n330106,2022,常住人口,110,乙年鉴,\n"
    assert run(["population", "load", given("p.csv", HEADER + rows)]) == 0
    assert "常住人口：100，来源：甲公报（2 个来源中类型在先的）" in capsys.readouterr().out
    more = given("q.csv", HEADER + "330106,2022,常住人口,120,丙部门,\n")
    found = as_json(capsys, "population", "load", more, "--preferred")
    (chosen,) = found["several"]["samples"]
    assert (chosen["source"], chosen["persons"], chosen["how"]) == ("丙部门", 120, "marked")
    assert run(["population", "show", "330106", "--year", "2022"]) == 0
    assert "120 人。来源：丙部门（3 个来源中标明首选的）" in capsys.readouterr().out


def test_a_wrong_row_is_exit_1_and_nothing_is_written(capsys: Capture) -> None:
    rows = "330106,2022,常住人口,100,甲公报,\n330104,2022,常住人口,-1,甲公报,\n"
    file = given("p.csv", HEADER + rows)
    found = as_json(capsys, "population", "load", file, exit_code=1)
    assert (found["rows"], found["added"], found["written"]) == (2, 0, False)
    by_rule = {one["rule"]: one for one in found["findings"]}
    assert set(by_rule) == {"division_split", "persons_negative"}
    sample = by_rule["division_split"]["samples"][0]
    assert (sample["row"], sample["column"], sample["value"]) == (3, "A", "330104")
    assert "330102 上城区、330114 钱塘区" in sample["message"]
    assert by_rule["persons_negative"]["severity"] == "must"
    assert run(["population", "load", file]) == 1
    out = capsys.readouterr().out
    assert "第 3 行 D 列：“人数”填的是 -1" in out
    assert "整个文件都没有登记" in out
    assert as_json(capsys, "population", "list") == []


def test_totals_that_disagree_with_their_parts(capsys: Capture) -> None:
    codes = ("330902", "330903", "330921", "330922")
    rows = "".join(f"{code},2022,常住人口,250,公报,\n" for code in codes)
    file = given("p.csv", f"{HEADER}330900,2022,常住人口,1010,公报,\n{rows}")
    found = as_json(capsys, "population", "load", file, exit_code=1)
    (one,) = found["findings"]
    assert one["rule"] == "parts_differ"
    assert "是 1010，下级 4 个区划合计 1000，相差 10" in one["samples"][0]["message"]


def test_the_census(capsys: Capture) -> None:
    found = as_json(capsys, "population", "load", "--census")
    assert (found["file"], found["added"], found["written"]) == (None, 31, True)
    assert as_json(capsys, "population", "load", "--census")["unchanged"] == 31
    listed = as_json(capsys, "population", "list", "--division", "3301", "--group", "常住人口")
    assert len(listed) == 15
    assert [row["area"] for row in listed if row["area"]] == ["西湖风景名胜区"]
    shown = as_json(capsys, "population", "show", "330106", "--year", "2025")
    assert [(one["persons"], one["year"], one["is_earlier"]) for one in shown] == [
        (1_089_229, 2020, True)
    ]
    assert run(["population", "show", "330106", "--year", "2025"]) == 0
    assert "没有 2025 年的数，这是之前最近的 2020 年的数" in capsys.readouterr().out
    assert run(["population", "list", "--division", "330100"]) == 0
    assert "杭州市 · 西湖风景名胜区" in capsys.readouterr().out


def test_a_rehearsal(capsys: Capture) -> None:
    found = as_json(capsys, "population", "load", "--census", "--dry-run")
    assert (found["added"], found["written"], found["dry_run"]) == (31, False, True)
    assert as_json(capsys, "population", "list") == []
    assert run(["population", "load", "--census", "--dry-run"]) == 0
    assert "试算，没有写入：将新增 31 条" in capsys.readouterr().out


def test_observations(capsys: Capture) -> None:
    rows = "hangzhou-145,2,330100,2024,4.8,市卫健委\nhangzhou-145,10,330100,2024,101.5,市教育局\n"
    file = given("o.csv", OBSERVED + rows)
    found = as_json(capsys, "observation", "load", file, "--by", "李四")
    assert (found["added"], [one["rule"] for one in found["findings"]]) == (2, ["share_outside"])
    assert found["findings"][0]["severity"] == "should"
    listed = as_json(capsys, "observation", "list", "--plan", "hangzhou-145", "--number", "2")
    assert [(row["indicator"], row["value"], row["unit"]) for row in listed] == [
        ("hangzhou-145.02", 4.8, "个")
    ]
    assert run(["observation", "list"]) == 0
    assert "每千人口拥有3岁以下婴幼儿托位数" in capsys.readouterr().out
    wrong = given("w.csv", OBSERVED + "hangzhou-145,99,330100,2024,约5,x\n")
    found = as_json(capsys, "observation", "load", wrong, exit_code=1)
    assert {one["rule"] for one in found["findings"]} == {"number_unknown"}


@pytest.mark.parametrize(
    ("arguments", "exit_code", "words"),
    [
        (["population", "load"], 2, "--census"),
        (["population", "load", "x.csv", "--census"], 2, "--census"),
        (["population", "load", "--census", "--by", " "], 2, "姓名|办理人"),
        (["population", "load", "没有.csv"], 4, "找不到文件"),
        (["population", "load", "p.csv", "--set", "火星=1"], 2, "没有“火星”这一栏"),
        (["population", "list", "--year", "去年"], 2, "去年"),
        (["population", "list", "--group", "火星人"], 1, "火星人"),
        (["population", "list", "--division", "西湖"], 1, "西湖"),
        (["population", "show", "330106"], 1, "没有区划 330106|里没有"),
        (["population", "show", "330106", "--db", "别处.db"], 4, "还没有登记库"),
        (["observation", "list", "--plan", "五年规划"], 2, "五年规划"),
        (["observation", "load"], 2, "FILE"),
    ],
)
def test_what_is_wrong_with_a_command(
    arguments: list[str], exit_code: int, words: str, capsys: Capture
) -> None:
    given("p.csv", HEADER + "330106,2022,常住人口,100,甲公报,\n")
    assert run(arguments) == exit_code
    said = capsys.readouterr()
    assert any(word in said.err for word in words.split("|")), said
    assert "Traceback" not in said.err


def test_in_english(capsys: Capture) -> None:
    file = given("p.csv", HEADER + "330103,2022,常住人口,100,甲公报,\n")
    assert run(["--lang", "en", "population", "load", file]) == 1
    out = capsys.readouterr().out
    assert "330103 下城区 was not in force on 2022-12-31" in out
    assert "Nothing of the file was recorded" in out


def test_the_same_from_a_windows_spreadsheet(capsys: Capture) -> None:
    Path("p.csv").write_bytes((HEADER + "330106,2022,常住人口,100,甲公报,\n").encode("gb18030"))
    assert as_json(capsys, "population", "load", "p.csv")["file"]["encoding"] == "gb18030"
