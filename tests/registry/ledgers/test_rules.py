"""Every rule of the ledgers: a row that breaks it, and what is said of it."""

from __future__ import annotations

import re
from datetime import date
from string import Formatter
from typing import Any

import pytest

from codes.book_check import check_book
from codes.divisions import counties_of_city
from codes.ledger_columns import Ledger, ledger_columns
from codes.ledger_rules import ledger_rules
from codes.messages import use_language
from registry.ledgers.jumps import check_jumps
from registry.ledgers.settings import ledger_headers
from registry.ledgers.totals import check_totals
from registry.ledgers.wording import finding_text

POPULATION = "区划代码,单列区域,年份,人群,人数,来源,来源类型,是否预测,统计时点,区划日期,首选,单位"
OBSERVATION = "规划,序号,分项,指标编码,区划代码,年份,数值,单位,来源,统计口径"
ZHOUSHAN = ("330902", "330903", "330921", "330922")


def figure(**given: str) -> str:
    """Return one row of a population file; what is not given is as it should be."""
    cells = {"division": "330106", "year": "2022", "group": "常住人口", "persons": "100"}
    cells |= {"source": "某公报", **given}
    return ",".join(cells.get(key, "") for key in ledger_columns("population"))


def value(**given: str) -> str:
    """Return one row of a file of observations."""
    cells = {"plan": "hangzhou-145", "number": "2", "division": "330100", "year": "2024"}
    cells |= {"value": "4.8", "source": "某部门", **given}
    order = ("plan", "number", "part", "indicator", "division", "year", "value", "unit", "source")
    return ",".join(cells.get(key, "") for key in (*order, "counted"))


CASES: list[tuple[str, list[str], str | None, str]] = [
    # rule, rows, column of the finding, words of its message
    ("cell_absent", [figure(persons="")], "E", "“人数”没有填写"),
    ("placeholder_blank", [figure(persons="暂无")], "E", "暂无"),
    ("year_unreadable", [figure(year="去年")], "C", "去年"),
    ("year_read", [figure(year="2022年")], "C", "按 2022 年读"),
    ("year_out_of_range", [figure(year="1900")], "C", "1949 到 2100"),
    ("year_out_of_range", [figure(year="2101", is_projection="是")], "C", "2101"),
    ("year_ahead", [figure(year="2026")], "C", "2026-12-31，晚于今天（2026-11-22）"),
    ("date_unreadable", [figure(reference_on="2022年")], "I", "2022年"),
    ("reference_outside_year", [figure(reference_on="2021-07-01")], "I", "不在 2022 年"),
    ("division_shape", [figure(division="朝阳区")], "A", "220104 朝阳区"),
    ("division_from_name", [figure(division="西湖区")], "A", "330106 西湖区"),
    ("division_shape", [figure(division="33010")], "A", "33010"),
    ("division_from_name", [figure(division="杭州市西湖区")], "A", "330106 西湖区"),
    ("division_unknown", [figure(division="999999")], "A", "999999"),
    ("division_village_unknown", [figure(division="110101001001")], "A", "没有收"),
    ("division_replaced", [figure(division="330103")], "A", "由 330105 拱墅区 接替"),
    ("division_split", [figure(division="330104")], "A", "分属 330102 上城区、330114 钱塘区"),
    ("division_ended", [figure(division="321271", year="2024")], "A", "查不到由哪个区划接替"),
    ("division_not_yet", [figure(division="330114", year="2020")], "A", "2021-04-09 起"),
    ("division_undated", [figure(division="340176")], "A", "2021-10-31 版代码里没有"),
    ("group_unknown", [figure(group="60岁人")], "D", "60岁人"),
    ("choice_unknown", [figure(source_kind="听说")], "G", "听说"),
    ("choice_unknown", [figure(preferred="也许")], "K", "也许"),
    ("persons_unreadable", [figure(persons="约一百")], "E", "约一百"),
    ("persons_unreadable", [figure(persons="12.5亩")], "E", "12.5亩"),
    ("persons_unit_differs", [figure(unit="户")], "L", "“单位”一列的单位是“户”"),
    ("persons_negative", [figure(persons="-1")], "E", "不能小于 0"),
    ("persons_not_whole", [figure(persons="119.6")], "E", "119.6"),
    ("persons_too_many", [figure(persons="3000000000")], "E", "3,000,000,000"),
    ("kind_contradicts", [figure(source_kind="预测", is_projection="否")], "G", "是否预测"),
    ("source_too_long", [figure(source="长" * 201)], "F", "201 个字"),
    ("row_repeated", [figure(), figure(persons="101")], None, "第 2 行"),
    (
        "preferred_twice",
        [figure(preferred="是"), figure(source="另一公报", preferred="是")],
        "K",
        "第 2 行都标了首选",
    ),
    (
        "parts_differ",
        [figure(division="330900", persons="1000")]
        + [figure(division=code, persons="240") for code in ZHOUSHAN],
        "E",
        "是 1000，下级 4 个区划合计 960，相差 40",
    ),
    (
        "parts_exceed",
        [figure(division="330900", persons="1000"), figure(division="330902", persons="1001")],
        "E",
        "合计 1001，多出 1",
    ),
    (
        "groups_differ",
        [
            figure(persons="100"),
            figure(group="0-14岁", persons="20"),
            figure(group="15-59岁", persons="50"),
            figure(group="60岁以上", persons="29"),
        ],
        "E",
        "合计 99，相差 1",
    ),
    (
        "groups_exceed",
        [
            figure(persons="100"),
            figure(group="0-14岁", persons="60"),
            figure(group="60岁以上", persons="50"),
        ],
        "E",
        "合计 110，多出 10",
    ),
    (
        "group_exceeds",
        [figure(group="80岁以上", persons="60"), figure(group="60岁以上", persons="50")],
        "E",
        "60岁及以上人口是 50，其中的80岁及以上人口 60，多出 10",
    ),
    ("plan_unknown", [value(plan="hangzhou-146")], "A", "hangzhou-146"),
    ("number_unknown", [value(number="52")], "B", "没有这个序号"),
    ("number_two_sections", [value(plan="hefei-2022", number="3")], "B", "A3 失能"),
    ("part_absent", [value(number="9")], None, "没有写是哪一项"),
    ("part_unknown", [value(number="9", part="大学段")], "C", "大学段"),
    ("part_unneeded", [value(part="a")], "C", "不分项"),
    (
        "indicator_unknown",
        [value(plan="", number="", indicator="hangzhou-145.52")],
        "D",
        "hangzhou-145.52",
    ),
    ("indicator_contradicts", [value(indicator="hangzhou-145.03")], "D", "hangzhou-145.02"),
    ("value_unreadable", [value(value=">95")], "G", ">95"),
    ("unit_differs", [value(unit="平方米")], "H", "平方米"),
    ("year_ahead_observed", [value(year="2027")], "F", "2027"),
    ("share_outside", [value(number="10", value="101.5")], "G", "101.5%"),
    ("share_fraction", [value(number="23", value="0.63"), value(number="10")], "G", "63%"),
    ("share_fractions", [value(number="23", value="0.63")], "G", "像是 63%"),
    ("value_negative", [value(value="-1")], "G", "小于 0"),
    ("value_negative", [value(number="23", value="-100000000000000000000")], "G", "小于 0"),
    ("value_impossible", [value(number="23", value="100000000000000000000")], "G", "0 到 200"),
    ("value_impossible", [value(number="20", value="833")], "G", "0 到 130"),
    ("value_impossible", [value(value="100000000000")], "G", "以个为单位"),
    (
        "value_jump_years",
        [value(year="2023", value="48"), value(year="2022", value="4.8")],
        "G",
        "是 48，同一来源 2022 年是 4.8",
    ),
    ("value_jump_years", [value(year="2022"), value(value="0")], "G", "2022 年是 4.8"),
    ("value_jump_years", [figure(persons="1000"), figure(year="2023")], "E", "2022 年是 1,000"),
    (
        "value_jump_other_year",
        [value(year="2022"), value(value="48", source="另一部门")],
        "G",
        "是 48，另一来源（某部门）2022 年是 4.8",
    ),
    (
        "value_jump_sources",
        [value(), value(value="3.1", source="另一部门")],
        "G",
        "另一来源（某部门）是 4.8",
    ),
    ("counted_year", [value(number="12", value="30")], "G", "按 2024 年当年的数登记"),
    ("counted_running", [value(number="12", counted="累计")], "G", "2021 年到 2024 年的累计数"),
    ("counted_outside", [value(number="12", year="2020")], "G", "2021 年到 2025 年的累计数"),
    ("counted_unneeded", [value(counted="当年")], "J", "hangzhou-145.02 不是五年累计数"),
    ("division_other_city", [value(division="340104")], "E", "蜀山区不在杭州市"),
]

OF_SHEETS = {
    "column_absent",
    "value_jump_replaced",
    "unit_above",
    "unit_unknown",
    "units_contradict",
}
"""Rules that a row alone cannot break; below and in test_units."""


@pytest.mark.parametrize(("rule", "rows", "column", "words"), CASES)
def test_a_row_that_breaks_it(
    rule: str, rows: list[str], column: str | None, words: str, read: Any
) -> None:
    ledger: Ledger = "observation" if rows[0].count(",") == OBSERVATION.count(",") else "population"
    header = OBSERVATION if ledger == "observation" else POPULATION
    batch = read(header, *rows, ledger=ledger)
    found = list(batch.findings)
    if ledger == "population":
        found += check_totals(batch.entries, [])
    found += check_jumps(batch.entries, [])
    (finding,) = (one for one in found if one.rule == rule)
    message, remedy = finding_text(ledger, finding)
    assert finding.column == column
    assert words in message
    assert remedy
    assert "{" not in message + remedy
    assert finding.row in range(2, len(rows) + 2)
    others = {one.rule for one in found} - {rule}
    assert not others or rule == "placeholder_blank", others


def test_a_total_below_the_rows_is_left_out_and_said(read: Any) -> None:
    batch = read(POPULATION, figure(), "合计" + figure()[figure().index(",") :])
    (finding,) = (one for one in batch.findings if one.rule == "footer_row_skipped")
    assert (len(batch.entries), finding.row) == (1, 3)
    assert "“合计”是合计" in finding_text("population", finding)[0]


def test_of_many_parts_the_first_are_listed_and_all_are_counted(read: Any) -> None:
    counties = [one.code for one in counties_of_city("330100", date(2022, 12, 31))]
    rows = [figure(division=code) for code in counties]
    batch = read(POPULATION, figure(division="330100", persons="99"), *rows)
    (finding,) = check_totals(batch.entries, [])
    message, _ = finding_text("population", finding)
    assert "下级 13 个区划" in message
    assert message.endswith("（共 13 项，只列前 10 项）。")
    assert message.count(" 100") == 10


def test_every_rule_has_a_row_that_breaks_it() -> None:
    assert {rule for rule, *_ in CASES} | OF_SHEETS == set(ledger_rules())


def test_a_column_that_is_absent_is_said_once(read: Any) -> None:
    batch = read("区划代码,年份,人数", "330106,2022,100", "330105,2022,100")
    found = [one for one in batch.findings if one.rule == "column_absent"]
    assert [one.element for one in found] == ["group", "source"]
    assert "表里没有“人群”这一列" in finding_text("population", found[0])[0]
    assert batch.entries == ()


def test_year_or_reference_date_will_do(read: Any) -> None:
    batch = read("区划代码,统计时点,人群,人数,来源", "330106,2020-11-01,常住人口,100,公报")
    assert [one.year for one in batch.entries] == [2020]
    assert batch.findings == ()
    blank = read("区划代码,统计时点,人群,人数,来源", "330106,,常住人口,100,公报")
    assert [one.rule for one in blank.findings] == ["cell_absent"]


@pytest.mark.parametrize("ledger", ["population", "observation"])
def test_no_row_is_lost_without_a_word(ledger: Ledger, read: Any) -> None:
    """With any one cell empty a row is an entry, or something forbids it."""
    full = {
        "population": figure(area="某区", source_kind="普查", reference_on="2022-05-01"),
        "observation": value(number="9", part="a", indicator="hangzhou-145.09a", unit="%"),
    }[ledger]
    header = {"population": POPULATION, "observation": OBSERVATION}[ledger]
    cells = full.split(",")
    for place in range(len(cells)):
        row = ",".join("" if at == place else cell for at, cell in enumerate(cells))
        batch = read(header, row, ledger=ledger)
        forbidden = any(one.severity == "must" for one in batch.findings)
        assert len(batch.entries) == (0 if forbidden else 1), row


@pytest.mark.parametrize(
    "book",
    [
        "ledger_rules",
        "ledger_columns",
        "ledger_limits",
        "source_kinds",
        "countings",
        "group_partitions",
        "value_bounds",
    ],
)
def test_the_books_are_right(book: str) -> None:
    assert [str(mistake) for mistake in check_book(book)] == []


def test_both_languages_take_the_same_parameters() -> None:
    for rule in ledger_rules().values():
        for part in ("message", "remedy"):
            zh, en = (_parameters(getattr(rule, f"{part}_{lang}")) for lang in ("zh", "en"))
            assert zh == en, (rule.id, part)
        assert not re.search("[一-鿿][,:;?!]", rule.message_zh + rule.remedy_zh), rule.id


@pytest.mark.parametrize("ledger", ["population", "observation"])
def test_headers_mean_one_thing_in_both_languages(ledger: Ledger) -> None:
    names = ledger_headers(ledger)
    for column in ledger_columns(ledger).values():
        assert {names.key(name) for name in column.names} == {column.key}


def test_findings_in_english(read: Any) -> None:
    batch = read(POPULATION, figure(division="330104"), figure(persons="-5"))
    use_language("en")
    said = [finding_text("population", one)[0] for one in batch.findings]
    assert "since 2021-04-09 its area belongs to 330102 上城区, 330114 钱塘区" in said[0]
    assert "fewer than 0" in said[1]


def _parameters(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


@pytest.mark.parametrize(
    ("number", "part", "rules", "key"),
    [
        ("9a", "", [], ("9", "a")),
        ("第 9B 项", "", [], ("9", "b")),
        ("9a", "a", [], ("9", "a")),
        ("9a", "b", ["part_unknown"], None),
        ("9d", "", ["number_unknown"], None),
        ("2a", "", ["number_unknown"], None),
    ],
)
def test_the_programs_own_row_number_is_read(
    number: str, part: str, rules: list[str], key: tuple[str, str] | None, read: Any
) -> None:
    """What `evaluate indicators` calls a row in parts is what a file may say."""
    batch = read(OBSERVATION, value(number=number, part=part), ledger="observation")
    assert [one.rule for one in batch.findings if one.element in ("number", "part")] == rules
    assert [(one.number, one.part) for one in batch.entries] == ([key] if key else [])
