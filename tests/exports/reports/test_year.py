"""A year's report: self-contained, told by signs as well as colours; the CSV says the same."""

from __future__ import annotations

import csv
import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import get_args
from xml.etree import ElementTree

import pytest
from sqlalchemy import Engine

from codes.errors import StoreError, UsageError
from codes.formulas import formula_of
from codes.messages import LANGUAGES, speaking, text, use_language
from codes.policy import bands, decimal_of, missing_colour
from exports.reports.heat import MOST_COLUMNS, heat_tables
from exports.reports.year import html, write_report
from exports.reports.year_data import YearReport, year_report
from registry.db import reading
from registry.evaluation.scope import Scope, scope_of
from registry.evaluation.targets import How
from registry.evaluation.wording import colour_name, colour_sign

TODAY = date(2026, 11, 22)


def scope(division: str | None = None) -> Scope:
    return scope_of("hangzhou-145", 2025, division, None, TODAY)


@pytest.fixture(scope="module")
def report(city: Engine) -> YearReport:
    with reading(city) as session:
        return year_report(session, scope())


class Page(HTMLParser):
    """The tags of a page in order, with what is in them; unclosed ones are an error."""

    VOID = ("meta", "br", "img", "input", "link")

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(source)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def page_of(report: YearReport, lang: str) -> tuple[str, Page]:
    use_language(lang)
    source = html(report)
    return source, Page(source)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_needs_nothing_else(report: YearReport, lang: str) -> None:
    source, page = page_of(report, lang)
    assert page.tags[0] == ("html", {"lang": "zh-CN" if lang == "zh" else "en"})
    assert not {"script", "link", "img", "iframe", "object"} & {tag for tag, _ in page.tags}
    assert not any({"src", "href"} & set(attributes) for _, attributes in page.tags)
    assert "url(" not in source
    assert "@import" not in source


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_coloured_cell_has_a_sign_and_a_word(report: YearReport, lang: str) -> None:
    source, _ = page_of(report, lang)
    codes = [*(band.code for band in bands()), missing_colour()]
    cells = re.findall(r'<td class="(?:mark )?(\w+)(?: own)?"([^>]*)>(.*?)</td>', source, re.DOTALL)
    coloured = [cell for cell in cells if cell[0] in codes]
    assert len(coloured) > 100
    for code, attributes, inside in coloured:
        assert colour_sign(code) in inside
        assert colour_name(code) in attributes + inside
    assert len({colour_sign(code) for code in codes}) == len(codes)


def test_it_says_what_it_is(report: YearReport) -> None:
    source, page = page_of(report, "zh")
    said = "".join(page.words)
    assert "杭州市 2025 年公共服务评价报告" in said
    assert "合成数据" in said
    assert "征求意见稿" in said
    assert "自行设计" in said
    assert "橙 0.70 起 warning.band.orange" in said
    assert "这一指标不能由台账算出" in said
    assert source.count('<svg class="trend"') == len(report.trends) > 0


def test_the_drawings_are_sound_xml_with_words_for_them(report: YearReport) -> None:
    source, _ = page_of(report, "zh")
    for drawn in re.findall(r'<svg class="trend" .*?</svg>', source, re.DOTALL):
        root = ElementTree.fromstring(drawn)
        assert root.attrib["aria-label"]
        marks = [one for group in root.findall("g") for one in group if one.tag != "title"]
        assert len(marks) > 1


def test_the_trend_is_of_the_years_with_values(report: YearReport) -> None:
    found = {trend.last.code: trend for trend in report.trends}
    infants = found["hangzhou-145.03"]
    assert [(one.year, one.value.value) for one in infants.values] == [
        (2020, 95),  # the base the document prints
        (2024, 94),
        (2025, 96),
    ]
    nursing = found["hangzhou-145.23"]
    assert [(one.year, one.value.value) for one in nursing.values] == [
        (2020, 55),
        (2023, 62.5),  # recorded on 2024-06-30: taken back to the end of 2023
        (2024, 62.5),
        (2025, 62.5),
    ]
    assert nursing.targets[0][:2] == (2020, 55)
    assert nursing.targets[-1][:2] == (2025, 58)


def test_the_csv_says_what_the_page_says(city: Engine, tmp_path: Path) -> None:
    with reading(city) as session:
        written = write_report(session, scope(), tmp_path / "year.html")
    names = [path.name for path in written]
    assert names == ["year.html", "year-indicators.csv", "year-trend.csv", "year-balance.csv"]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names)
    with (tmp_path / "year-indicators.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 53 * 14
    by_cell = {(row["序号"], row["区划代码"]): row for row in rows}
    city_row = by_cell["23", "330100"]
    assert (float(city_row["数值"]), city_row["来源"], city_row["颜色"]) == (62.5, "台账算出", "蓝")
    assert float(city_row["分子"]) / float(city_row["分母"]) * 100 == 62.5
    assert by_cell["3", "330106"]["颜色"] == "红"
    assert by_cell["3", "330100"]["上报或文件所载的出处"] == "'@示例统计"
    assert (city_row["上报或文件所载的数"], city_row["算出减上报"]) == ("60.0", "2.5")
    assert by_cell["5", "330100"]["说明"]
    assert not any(row["比较"].startswith("'") for row in rows)
    caveat = formula_of("hangzhou-145.02")
    assert caveat is not None and caveat.note_zh in by_cell["2", "330100"]["算法说明"]
    with (tmp_path / "year-balance.csv").open(encoding="utf-8-sig", newline="") as file:
        balance = [row for row in csv.DictReader(file) if row["项目"] == "每千人口托位数"]
    assert len(balance) == 13
    assert 0 < float(balance[0]["均衡指数"]) < 100
    assert {row["人口年份"] for row in balance} == {"2020"}
    assert "人口为 2020 年" in (tmp_path / "year.html").read_text("utf-8")


def test_nothing_is_overwritten_unasked_and_nothing_half_written(
    city: Engine, tmp_path: Path
) -> None:
    kept = tmp_path / "year-trend.csv"
    kept.write_text("mine", encoding="utf-8")
    with reading(city) as session:
        with pytest.raises(UsageError, match=r"year-trend\.csv"):
            write_report(session, scope(), tmp_path / "year.html")
        assert [path.name for path in tmp_path.iterdir()] == ["year-trend.csv"]
        assert kept.read_text(encoding="utf-8") == "mine"
        write_report(session, scope(), tmp_path / "year.html", overwrite=True)
        assert kept.read_text(encoding="utf-8-sig").startswith("规划")
        with pytest.raises(StoreError):
            write_report(session, scope(), tmp_path / "nowhere" / "year.html")
        with pytest.raises(UsageError):
            write_report(session, scope(), tmp_path / "year.pdf")


def test_a_county_has_a_report_of_its_townships(city: Engine) -> None:
    with reading(city) as session:
        found = year_report(session, scope("330106"))
    assert found.below is not None
    assert found.below.level == "township"
    assert {unit.code[:6] for unit in found.below.divisions} == {"330106"}
    use_language("zh")
    assert "西湖区 2025 年公共服务评价报告" in html(found)


def test_a_township_has_a_report_too(city: Engine) -> None:
    with reading(city) as session:
        found = year_report(session, scope("330106002"))
    assert found.below is None
    use_language("zh")
    Page(html(found))


def test_many_divisions_are_put_in_several_tables_and_none_is_lost(city: Engine) -> None:
    with reading(city) as session:
        scope = scope_of("hangzhou-145", 2025, "330109", None, TODAY)
        report = year_report(session, scope)
    tables = heat_tables(report)["tables"]
    assert len(tables) == 2
    names = [name for table in tables for name in table["columns"][1:]]
    assert report.below is not None
    assert names == [one.name for one in report.below.divisions]
    for table in tables:
        assert table["columns"][0] == "萧山区"
        assert len(table["columns"]) <= 1 + MOST_COLUMNS
        assert {len(row["cells"]) for row in table["rows"]} == {len(table["columns"])}


def test_facilities_of_no_known_township_are_said(city: Engine) -> None:
    with reading(city) as session:
        scope = scope_of("hangzhou-145", 2025, "330106", None, TODAY)
        source, _ = page_of(year_report(session, scope), "zh")
    assert "西湖区在运营的设施 2 个" in source
    assert "西湖区有 1 个设施未标明所在乡镇（街道）" in source


def test_every_way_a_target_is_known_has_its_mark(city: Engine) -> None:
    with reading(city) as session:
        found = year_report(session, scope_of("hangzhou-145", 2024, None, None, TODAY))
    hows = {one.target.how for one in found.own.results} - {None, "stated"}
    assert hows >= {"linear", "kept", "share"}
    assert "（2025 年 &gt;50）" in page_of(found, "zh")[0]
    for lang in LANGUAGES:
        source, page = page_of(found, lang)
        marks = set(re.findall(r"<sup>(.*?)</sup>", source))
        said = "".join(page.words)
        with speaking(lang):
            assert marks == {text(f"yearreport.how.{how}") for how in hows}
            assert all(text(f"yearreport.how_means.{how}") in said for how in hows)


def test_every_how_has_words() -> None:
    for how in get_args(How):
        if how != "stated":
            assert text(f"yearreport.how.{how}")
            assert text(f"yearreport.how_means.{how}")


def test_a_reported_figure_stands_beside_the_computed_one(report: YearReport) -> None:
    source, _ = page_of(report, "zh")
    line = next(row for row in re.findall(r"<tr>.*?</tr>", source) if "示例部门" in row)
    cells = re.findall(r"<td[^>]*>(.*?)</td>", line)
    assert cells[1] == "23"
    assert cells[3:8] == ["62.5", "60", "%", "+2.5", "+4.2%"]
    assert cells[9] == "部门上报：示例部门"
    assert '<span class="numbers">部门上报 60</span>' in source


def test_remarks_of_the_book_are_shown_once(report: YearReport) -> None:
    source, _ = page_of(report, "zh")
    assert source.count("原文无从判断") == 1
    assert source.count("一行分学前段、义务段、高中段三部分") == 1


def test_no_total_is_given_when_little_is_rated(report: YearReport, city: Engine) -> None:
    counted = report.standing.level.overall.counted
    assert 0 < counted < 53 * decimal_of("achievement.least_rated")
    source, _ = page_of(report, "zh")
    assert re.findall(r'<span class="big">(.*?)</span>', source) == [f"已评 {counted} 项，共 53 项"]
    assert "不给总体实现度" in source
    with reading(city) as session:
        found = year_report(session, scope_of("hangzhou-135", 2020, None, None, TODAY))
    source, _ = page_of(found, "zh")
    assert re.findall(r'<span class="big">(.*?)</span>', source)[:2] == [
        "100.0%",
        "已评 22 项，共 32 项",
    ]
    assert "不给总体实现度" not in source


def test_what_cannot_be_drawn_is_left_out_and_said(city: Engine) -> None:
    with reading(city) as session:
        found = year_report(session, scope_of("hangzhou-135", 2020, None, None, TODAY))
    source, _ = page_of(found, "zh")
    assert "未列出的部分" in source
    assert 'class="heat"' not in source
    assert 'class="trend"' not in source
    assert "没有一项指标能评到各县（市、区）" in source
    assert "没有一项指标有两年及以上的数" in source
    assert "文件所载" in source
    assert "部门上报：" not in source


def test_an_english_page_has_english_names(report: YearReport) -> None:
    source, _ = page_of(report, "en")
    heads = re.findall(r'<th class="up[^>]*><span>(.*?)</span>', source)
    assert heads[:3] == ["Hangzhou", "Shangcheng", "Gongshu"]
    assert "<title>Hangzhou: public services in 2025</title>" in source
    assert "Infant and child care" in source
    assert not re.search("[\u4e00-\u9fff]", "".join(heads))


def test_the_trend_file_has_the_line_of_targets_and_says_where_values_are_from(
    city: Engine, tmp_path: Path
) -> None:
    with reading(city) as session:
        write_report(session, scope(), tmp_path / "year.html")
    with (tmp_path / "year-trend.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["序号"] == "23"]
    assert [(row["年份"], row["当年目标"]) for row in rows] == [
        ("2020", "55.0"), ("2021", "55.6"), ("2022", "56.2"),
        ("2023", "56.8"), ("2024", "57.4"), ("2025", "58.0"),
    ]  # fmt: skip
    assert [row["来源"] for row in rows] == ["文件所载", "", "", *["台账算出"] * 3]
    assert "征求意见" in rows[0]["数值出处"]
    assert rows[0]["目标依据"] == "基期值，目标线由此起"
    assert "按直线推到 2025 年" in rows[1]["目标依据"]
