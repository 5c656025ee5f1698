"""`fuwuma evaluate` as a user types it: documents, words, and what cannot be done."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import codes.formulas
from cli import context
from cli.main import run
from codes.book import Book, load_book

Fuwuma = Callable[..., tuple[int, str, str]]
Call = Callable[..., Any]


@pytest.fixture(scope="module")
def city(kept_registry_url: str) -> str:
    """A registry with three made-up facilities, which an evaluation only reads."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(context.current, "db", context.current.db)
        for name, kind, place, measures in (
            ("示例养老院甲", "养老机构", "330106002", ("床位数=100", "护理型床位数=60")),
            ("示例养老院乙", "养老机构", "330102001", ("床位数=300", "护理型床位数=150")),
            ("示例托育园", "托育机构", "330106002", ("托位数=60",)),
        ):
            given = [part for measure in measures for part in ("--set", measure)]
            words = [
                *("facility", "add", "--type", kind, "--name", name, "--division", place),
                *("--by", "张三", "--on", "2025-06-30", "--set", "启用日期=2015-01-01"),
                *given,
                *("--db", kept_registry_url, "--lang", "zh"),
            ]
            assert run(words) == 0
    return kept_registry_url


@pytest.fixture
def document(fuwuma: Fuwuma, city: str) -> Call:
    """Run `fuwuma evaluate ... --json` and give the document."""

    def call(*arguments: str) -> Any:
        code, out, err = fuwuma("evaluate", *arguments, "--db", city, "--json")
        assert (code, err) == (0, "")
        return json.loads(out)

    return call


@pytest.fixture
def said(fuwuma: Fuwuma, city: str) -> Call:
    """Run `fuwuma evaluate ...` and give what it prints."""

    def call(*arguments: str) -> str:
        code, out, err = fuwuma("evaluate", *arguments, "--db", city)
        assert (code, err) == (0, "")
        return out

    return call


def test_every_indicator_of_the_plan_is_there(document: Call) -> None:
    rows = document("indicators", "--plan", "hangzhou-145", "--year", "2025")
    assert {row["number"] for row in rows} == set(range(1, 52))
    assert len(rows) == 53  # row 9 has three parts
    keys = ("plan", "number", "division", "year", "value", "status", "reason", "target")
    for row in rows:
        assert {*keys, "achievement", "colour", "working", "target_from"} <= set(row)
        assert row["status"] in ("computed", "observed", "missing")
        assert (row["value"] is None) == (row["status"] == "missing")
        assert bool(row["reason"]) == (row["achievement"] is None)
    nursing = next(row for row in rows if row["number"] == 23)
    assert (nursing["value"], nursing["target"], nursing["colour"]) == (52.5, 58, "yellow")
    assert (nursing["division"], nursing["year"]) == ("330100", 2025)


def test_each_division_of_a_level(document: Call) -> None:
    rows = document("indicators", "--level", "county")
    nursing = {row["division"]: row for row in rows if row["number"] == 23}
    assert len(nursing) == 13
    assert (nursing["330106"]["value"], nursing["330102"]["value"]) == (60, 50)
    assert nursing["330109"]["status"] == "missing"
    alone = document("indicators", "--division", "330106")
    assert next(row for row in alone if row["number"] == 23) == nursing["330106"]
    towns = document("indicators", "--division", "330106", "--level", "township")
    assert {row["division"][:6] for row in towns} == {"330106"}


def test_the_table_and_the_working_in_words(said: Call) -> None:
    table = said("indicators")
    assert "养老机构护理型床位占比" in table
    assert "算出" in table
    assert "第 3、5、6" in table
    assert "版本" in table
    explained = said("indicators", "--explain")
    assert "算式：100 × 护理型床位数（机构养老）÷ 床位数（机构养老）" in explained
    assert "分子 210，分母 400" in explained
    assert "征求意见修改稿" in explained
    assert not re.search("-[0-9.]+%", explained)  # a value below its base is told in words
    assert "低于基期值，降幅为规划增幅的" in explained
    english = said("indicators", "--explain", "--lang", "en")
    assert "Numerator 210, denominator 400" in english


def test_a_division_may_be_given_by_name(document: Call) -> None:
    for name, code in (
        ("西湖区", "330106"),
        ("文新街道", "330106013"),
        ("上城", "330102"),
        ("杭州市", "330100"),
    ):
        rows = document("indicators", "--division", name)
        assert {row["division"] for row in rows} == {code}, name
    coverage = document("coverage", "--division", "西湖区", "--type", "托育机构")
    assert coverage["types"][0]["covered"] == 1


@pytest.mark.parametrize(("name", "says"), [("没有这个区", "没有这个名称"), ("街道", "不止一个")])
def test_a_wrong_name_of_a_division_names_the_option(
    fuwuma: Fuwuma, city: str, name: str, says: str
) -> None:
    for command in ("indicators", "coverage"):
        code, out, err = fuwuma("evaluate", command, "--division", name, "--db", city)
        assert (code, out) == (2, "")
        assert "--division" in err
        assert says in err


def test_a_county_is_headed_by_its_own_facilities(said: Call, document: Call) -> None:
    """Two of the three made-up ones lie in 西湖区."""
    assert "在运营的设施 3 个" in said("indicators")
    assert "在运营的设施 2 个" in said("indicators", "--division", "330106")
    assert "在运营的设施 1 个" in said("indicators", "--division", "330102001")
    assert document("achievement", "--division", "330106")["registry"]["facilities"] == 2


def test_a_year_without_a_target_does_not_show_the_last_years(said: Call) -> None:
    """The cells of 2022 are “/” in rows 11, 13 and 20; only 2025 has figures."""
    asked = ("indicators", "--plan", "zhoushan-2022", "--year", "2022")
    table = said(*asked)
    for number, last in (("11", "5.5"), ("13", "100"), ("20", "60")):
        (line,) = [one for one in table.splitlines() if one.split()[:1] == [number]]
        assert f"（2025 年 {last}）" in line, line
        assert not re.search(rf"(?<!年) {last}(?!）)", line), line
    assert re.search(r"第 [\d、]*11、13、20[\d、]* 项.*没有基期值，推不出 2022 年的目标", table)
    told = said(*asked, "--explain")
    assert "当年没有目标：没有基期值，推不出 2022 年的目标（有 2025 年的）" in told
    assert "（2025 年 5.5）" in told


def test_achievement_warnings_balance_and_coverage(document: Call, said: Call) -> None:
    standing = document("achievement")["divisions"][0]
    assert 0 < standing["achievement"]["value"] <= 1
    assert standing["achievement"]["worst_indicator"]["number"]
    warnings = document("warnings")
    assert warnings["levels"] == ["city", "county"]
    assert len(warnings["warnings"]) == 53 * 14
    assert document("warnings", "--level", "county")["levels"] == ["county"]
    balance = document("balance", "--capability", "托位数", "--group", "常住人口")
    assert balance["level"] == "county"
    assert balance["measures"][0]["measure"] == "places"
    assert balance["parameters"]["version"]
    assert document("balance")["measures"]
    assert "人口为 2020 年" in said("balance")
    coverage = document("coverage", "--type", "托育机构", "--year", "2025")
    assert (coverage["types"][0]["covered"], coverage["types"][0]["townships"]) == (1, 191)


def test_parameters_are_printed_by_their_names(said: Call) -> None:
    table = said("warnings")
    assert "最高一色须真正达标 是" in table
    assert "橙 0.70 起" in table
    assert "以哪个值为准 算出" in table
    assert not re.search(r"[a-z]+\.[a-z_]+", table.splitlines()[-1])


def test_balance_names_whom_no_county_counts(said: Call, document: Call) -> None:
    assert "没有计入西湖风景名胜区" in said("balance")
    (apart,) = document("balance", "--capability", "托位数")["areas_apart"]
    assert (apart["persons"], apart["year"]) == (23_763, 2020)
    assert document("balance", "--division", "330106", "--level", "township")["areas_apart"] == []


def test_words_in_both_languages(said: Call) -> None:
    for command in ("indicators", "achievement", "warnings", "balance", "coverage"):
        assert said(command, "--lang", "zh") != said(command, "--lang", "en")


def test_a_report_is_written_with_its_csv(fuwuma: Fuwuma, city: str, tmp_path: Path) -> None:
    target = tmp_path / "年报.html"
    code, out, _ = fuwuma("evaluate", "report", "-o", str(target), "--db", city, "--json")
    assert code == 0
    files = [Path(name) for name in json.loads(out)["files"]]
    assert [path.name for path in files] == [
        "年报.html",
        "年报-indicators.csv",
        "年报-trend.csv",
        "年报-balance.csv",
    ]
    assert all(path.exists() for path in files)
    code, _, err = fuwuma("evaluate", "report", "-o", str(target), "--db", city)
    assert code == 2
    assert "--force" in err
    assert fuwuma("evaluate", "report", "-o", str(target), "--force", "--db", city)[0] == 0
    assert fuwuma("evaluate", "report", "-o", str(tmp_path / "a" / "b.html"), "--db", city)[0] == 4


@pytest.fixture
def empty(migrated_sqlite: Path, tmp_path: Path) -> str:
    """A registry without anything in it."""
    shutil.copy(migrated_sqlite, tmp_path / "empty.db")
    return str(tmp_path / "empty.db")


PLAN = ("--plan", "hangzhou-145")


@pytest.mark.parametrize(
    ("arguments", "exit_code", "says"),
    [
        (("indicators",), 2, "--plan"),
        (("indicators", "--plan", "shanghai-145"), 2, "hangzhou-145"),
        (("indicators", *PLAN, "--year", "1999"), 2, "1999"),
        (("indicators", *PLAN, "--year", "2030"), 2, "2030"),
        (("indicators", *PLAN, "--year", "去年"), 2, "去年"),
        (("indicators", "--division", "330199"), 1, "330199"),
        (("indicators", "--division", "330103"), 1, "拱墅区"),
        (("indicators", *PLAN, "--division", "340100"), 2, "340100"),
        (("indicators", "--division", "110101"), 2, "--plan"),
        (("indicators", *PLAN, "--level", "street"), 2, "township"),
        (("indicators", "--division", "330106", "--level", "city"), 2, "city"),
        (("balance", *PLAN, "--capability", "床位"), 1, "床位数"),
        (("balance", *PLAN, "--group", "total"), 2, "--capability"),
        (("balance", *PLAN, "--capability", "beds", "--type", "Z99"), 1, "Z99"),
        (("balance", *PLAN, "--capability", "beds", "--group", "外星人"), 1, "外星人"),
        (("coverage",), 2, "--division"),
        (("coverage", "--type", "太空站"), 1, "太空站"),
        (("coverage", "--year", "1900"), 2, "1900"),
        (("report", *PLAN, "-o", "year.pdf"), 2, "year.pdf"),
        (("report", *PLAN, "-o", "nothing.html"), 1, "没有可写的报告"),
        (("report", "-o", "nothing.html"), 2, "还没有设施"),
    ],
)
def test_what_cannot_be_done_is_said(
    fuwuma: Fuwuma, empty: str, arguments: tuple[str, ...], exit_code: int, says: str
) -> None:
    code, out, err = fuwuma("evaluate", *arguments, "--db", empty)
    assert (code, out) == (exit_code, "")
    assert says in err
    assert "Traceback" not in err
    code, out, _ = fuwuma("evaluate", *arguments, "--db", empty, "--json")
    assert code == exit_code
    assert json.loads(out)["error"]
    assert not Path("nothing.html").exists()


@pytest.fixture
def broken_book(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The formulas' book with a measure that no book has."""
    book = load_book("formulas")
    first, *others = book.rows
    wrong = {**first, "numerator": {**first["numerator"], "capabilities": ["wings"]}}

    def load(name: str) -> Book:
        return Book(book.header, (wrong, *others), book.schema) if name == "formulas" else book

    caches = (codes.formulas.formulas, codes.formulas.formula_of)
    for cached in caches:
        cached.cache_clear()
    monkeypatch.setattr("codes.formulas.load_book", load)
    yield
    for cached in caches:
        cached.cache_clear()


def test_a_formula_that_names_an_unknown_measure_is_a_sentence(
    fuwuma: Fuwuma, empty: str, broken_book: None
) -> None:
    code, out, err = fuwuma("evaluate", "indicators", *PLAN, "--db", empty)
    assert (code, out) == (1, "")
    assert "wings" in err


def test_without_a_registry(fuwuma: Fuwuma, tmp_path: Path) -> None:
    code, _, err = fuwuma("evaluate", "indicators", "--db", str(tmp_path / "none.db"))
    assert code == 4
    assert "none.db" in err


def test_what_a_new_rule_would_ask_for(document: Call, said: Call) -> None:
    (one,) = document("norms", "--norm", "zhejiang-01", "--amount", "6", "--size", "100")
    assert one["amount"] == 6
    assert len(one["divisions"]) == 13
    lacks = [row["lack"] for row in one["divisions"]]
    assert one["lack"] == pytest.approx(sum(lacks))
    assert one["sites"] == sum(-(-lack // 100) for lack in lacks)
    assert "需要新建" in said("norms", "--norm", "zhejiang-01", "--size", "100", "--lang", "zh")
    assert "hangzhou-03" in said("norms", "--lang", "zh")
    table = said("norms", "--lang", "zh")
    assert "没有算 hangzhou-08：只管新建居住区" in table
    assert "只见搜索摘要" in table
    assert "没有计入西湖风景名胜区" in table
    assert "hangzhou-05" in table and "hangzhou-04" not in table
    assert "gansu" not in table
    of_2022 = said("norms", "--year", "2022", "--lang", "zh")
    assert "hangzhou-04" in of_2022 and "hangzhou-05" not in of_2022
    assert "期限：2022 年" in said("norms", "--norm", "hangzhou-04", "--lang", "zh")


@pytest.mark.parametrize(
    ("words", "exit_code", "sentence"),
    [
        (("--norm", "hangzhou-99"), 1, "没有编码为“hangzhou-99”的配置标准"),
        (("--norm", "hangzhou-17"), 2, "没有可以加总的配置标准"),
        (("--norm", "hangzhou-08"), 2, "只管新建居住区"),
        (("--norm", "hangzhou-23"), 2, "只管“四大新城区及钱塘区”"),
        (("--norm", "hangzhou-14"), 2, "有附加条件（行政村人口 ≥ 500 人）"),
        (("--norm", "hangzhou-10", "--level", "township"), 2, "只能按"),
        (("--norm", "hefei-08", "--year", "2021"), 2, "从 2022 年起执行"),
        (("--amount", "6"), 2, "只能对一条标准用"),
        (("--norm", "zhejiang-01", "--size", "0"), 2, "须大于 0"),
    ],
)
def test_a_rule_that_cannot_be_worked_out_is_said(
    fuwuma: Fuwuma, city: str, words: tuple[str, ...], exit_code: int, sentence: str
) -> None:
    code, out, err = fuwuma("evaluate", "norms", *words, "--db", city, "--lang", "zh")
    assert (code, out) == (exit_code, "")
    assert sentence in err
