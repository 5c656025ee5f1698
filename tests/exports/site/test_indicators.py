"""Indicators: the list, a page each with its working, and the figures on a division's page."""

from __future__ import annotations

import re
import sqlite3
from typing import Any

import pytest

from codes.formulas import formulas
from codes.messages import use_language
from exports.site.results import bands, short, working
from exports.site.sites import SITES
from exports.site.trend import trend
from tests.exports.site.conftest import Site

WORDS = re.compile(r"\s+")


def _words(body: str) -> str:
    return WORDS.sub(" ", re.sub(r"<[^>]+>", " ", body))


@pytest.fixture
def result(snapshot: sqlite3.Connection) -> sqlite3.Row:
    """A computed value of a county, with its working."""
    row = snapshot.execute(
        "SELECT * FROM indicator_result WHERE level = 'county' AND status = 'computed'"
        " AND value > 0 AND formula_code = 'kindergarten_inclusive_share'"
        " ORDER BY year DESC, indicator_code"
    ).fetchone()
    assert row is not None
    return row


def test_every_indicator_is_listed_under_its_plan(site: Site, snapshot: sqlite3.Connection) -> None:
    body = site.get("/indicators").text
    codes = [code for (code,) in snapshot.execute("SELECT code FROM indicator")]
    assert re.findall(r'href="/indicator/([^"?]+)"', body) == sorted(
        codes, key=re.findall(r'href="/indicator/([^"?]+)"', body).index
    )
    assert len(codes) > 100
    assert f"{len(codes)} 项指标" in body
    one = site.get("/indicators?plan=hefei-2022").text
    assert set(re.findall(r'href="/indicator/([a-z]+-\d+)', one)) == {"hefei-2022"}
    assert "0 项指标" in site.get("/indicators?q=不存在的指标").text
    assert "托位" in site.get("/indicators?q=托位").text


def test_an_indicator_shows_its_working_and_it_can_be_done_again(
    site: Site, result: sqlite3.Row
) -> None:
    asked = f"division={result['division_code']}&year={result['year']}"
    words = _words(site.get(f"/indicator/{result['indicator_code']}?{asked}").text)
    assert f"分子 {short(result['numerator'])} " in words
    assert f"分母 {short(result['denominator'])} " in words
    assert f"计入的设施数 {result['facilities_counted']} " in words
    assert f"未上报的设施数 {result['facilities_not_reported']} " in words
    assert result["formula_zh"] in words
    assert result["colour_zh"] in words
    again = 100 * result["numerator"] / result["denominator"]
    assert f" {short(again)} " in words


def test_a_value_leads_back_to_its_facilities(site: Site, snapshot: sqlite3.Connection) -> None:
    found = snapshot.execute(
        "SELECT * FROM indicator_result JOIN release ON item = 'release_date'"
        " WHERE reference_on = release.value AND facilities_counted > 0"
        " ORDER BY facilities_not_reported DESC"
    ).fetchall()
    assert {formulas()[row["formula_code"]].numerator.kind for row in found} == {
        "sum", "count", "covered",
    }  # fmt: skip
    assert {row["level"] for row in found} == {"city", "county", "township"}
    for row in found:
        asked = f"facilities.json?division={row['division_code']}&year={row['year']}"
        body = site.get(f"/indicator/{row['indicator_code']}/{asked}").json()
        behind = body["facilities"]
        assert body["total"] == len(behind)
        assert sum(one["counted"] for one in behind) == row["facilities_counted"]
        assert sum(one["not_reported"] for one in behind) == row["facilities_not_reported"]
        formula = formulas()[row["formula_code"]]
        if formula.numerator.kind == "covered":
            places = {one["township_code"] for one in behind if one["numerator"]} - {None}
            assert len(places) == row["numerator"]
        else:
            assert _sum(behind, "numerator") == row["numerator"]
        if formula.denominator and formula.denominator.kind in ("sum", "count"):
            assert _sum(behind, "denominator") == row["denominator"]


def _sum(behind: list[dict[str, Any]], side: str) -> float:
    return float(sum(one[side] for one in behind if one[side] is not None))


def test_the_page_of_the_facilities_behind_a_value(site: Site, result: sqlite3.Row) -> None:
    address = f"/indicator/{result['indicator_code']}"
    asked = f"?division={result['division_code']}&year={result['year']}"
    body = site.get(address + asked).text
    assert f"{address}/facilities{asked}".replace("&", "&amp;") in body
    behind = site.get(f"{address}/facilities{asked}")
    assert behind.status_code == 200
    first = site.get(f"{address}/facilities.json{asked}").json()["facilities"][0]
    assert f'href="/code/{first["code"]}"' in behind.text
    assert f"分子 {short(result['numerator'])} " in _words(behind.text)
    earlier = site.get(f"{address}?division={result['division_code']}&year={result['year'] - 1}")
    assert "本次发布不含当时的记录" in earlier.text
    gone = f"{address}/facilities?division={result['division_code']}&year={result['year'] - 1}"
    assert site.get(gone).status_code == 404
    assert site.get("/indicator/hangzhou-145.999/facilities.json").status_code == 404


@pytest.mark.parametrize(
    ("value", "progress", "elapsed", "said"),
    [
        (
            80.0,
            -5.594,
            1.2,
            ("低于基期值，降幅为规划增幅的 5.59 倍", "已过时间为规划期的 1.2 倍"),
        ),
        (97.0, -0.7, 1.0, ("高于基期值，升幅为规划降幅的 0.7 倍", "规划期已满")),
        (99.0, 53.1, 0.4, ("已超过规划目标，实际变幅为规划变幅的 53.1 倍", "40%")),
        (93.0, 0.0, 0.999, ("0%", "99.9%")),
        (93.0, 1.0, 0.0, ("100%", "0%")),
    ],
)
def test_a_progress_that_is_no_share_is_said_in_words(
    result: sqlite3.Row, value: float, progress: float, elapsed: float, said: tuple[str, str]
) -> None:
    use_language("zh")
    row = {**dict(result), "value": value, "base": 90.0}
    shown = dict(working({**row, "progress": progress, "time_elapsed": elapsed}))
    assert shown["规划进度"] == said[0]
    assert shown["时间进度"].endswith(said[1])
    use_language("en")
    shown = dict(working({**row, "progress": progress, "time_elapsed": elapsed}))
    assert ("%" in shown["Progress of the plan"]) == (0 <= progress <= 1)
    use_language(None)


def test_a_missing_value_says_why_and_is_not_zero(site: Site, snapshot: sqlite3.Connection) -> None:
    row = snapshot.execute(
        "SELECT * FROM indicator_result WHERE level = 'city' AND status = 'missing'"
        " ORDER BY year DESC"
    ).fetchone()
    page = site.get(f"/indicator/{row['indicator_code']}?year={row['year']}")
    assert row["reason_zh"] in _words(page.text)
    assert "没有数" in page.text
    assert 'class="big-figure"' not in page.text
    english = site.get(
        f"/indicator/{row['indicator_code']}?year={row['year']}", cookie="lang=en"
    ).text
    assert row["reason_en"].split(":")[0] in english.replace("&#39;", "'")


@pytest.mark.parametrize("odd", ["division=999999", "division=330106009", "year=2031", "year=x"])
def test_what_is_asked_for_wrongly_is_refused(site: Site, result: sqlite3.Row, odd: str) -> None:
    address, name = f"/indicator/{result['indicator_code']}", odd.partition("=")[0]
    page = site.get(f"{address}?{odd}")
    assert page.status_code == 400
    assert f"本次发布没有“{name}”的这个值" in page.text
    answer = site.get(f"{address}.json?{odd}")
    assert (answer.status_code, answer.json()["parameter"]) == (400, name)


def test_an_indicator_that_is_not_there(site: Site) -> None:
    assert site.get("/indicator/hangzhou-145.999").status_code == 404
    assert site.get("/indicator/hangzhou-145.999.json").status_code == 404


def test_a_program_may_ask_for_one_year(site: Site, result: sqlite3.Row) -> None:
    address = f"/indicator/{result['indicator_code']}.json"
    every = {row["year"] for row in site.get(address).json()["results"]}
    one = site.get(f"{address}?year={result['year']}").json()["results"]
    assert len(every) > 1
    assert {row["year"] for row in one} == {result["year"]}


def test_a_program_gets_the_same(site: Site, result: sqlite3.Row) -> None:
    body = site.get(f"/indicator/{result['indicator_code']}.json").json()
    rows = {(row["division_code"], row["year"]): row for row in body["results"]}
    row = rows[result["division_code"], result["year"]]
    assert row == dict(result)
    assert body["plan"]["city_code"] == body["division_code"]
    assert body["figures"]
    listed = site.get("/indicators.json?plan=hangzhou-145").json()["indicators"]
    assert {row["plan_code"] for row in listed} == {"hangzhou-145"}


def test_an_indicator_of_another_city_has_its_definition_only(site: Site) -> None:
    body = site.get("/indicator/zhoushan-2022.01").text
    assert "本次发布没有这个指标的数值" in body
    assert "原表的写法" in body


def test_a_division_shows_people_neighbours_and_indicators(site: Site, result: sqlite3.Row) -> None:
    words = _words(site.get("/division/330106").text)
    assert "常住人口 1,089,229 2020 第七次全国人口普查公报" in words
    assert "60岁及以上人口 180,000" in words
    assert "1,130,000" not in words, "a count comes before a projection"
    assert re.search(r"相邻区县 上城区 拱墅区 滨江区 萧山区 余杭区 富阳区", words)
    assert re.search(r"未标明乡镇（街道） \d", words)
    unplaced = site.get("/fuwuma/facility.json?county_code=330106&township_code__isblank=1")
    assert unplaced.json()["filtered_table_rows_count"] > 0
    county = site.get(f"/division/{result['division_code']}").text
    assert f"/indicator/{result['indicator_code']}?division={result['division_code']}" in county
    township = _words(site.get("/division/330106002").text)
    assert "没有这个区划的人口数" in township
    assert "本区县的其他乡镇（街道）" in township


def test_the_townships_and_those_of_none_add_up(site: Site) -> None:
    words = _words(site.get("/division/330106").text)
    block = words[words.index("下辖区划") : words.index("相邻区县")]
    total = re.search(r"在册设施 (\d+) 个", words)
    assert total
    assert sum(map(int, re.findall(r" (\d+)(?= )", block))) == int(total[1])


def test_what_a_division_counts_is_what_its_links_list(site: Site) -> None:
    counted = re.compile(r'<a href="([^"]+)">[^<]+</a> <span class="chip-total">([\d,]+)<')
    for code in ("330000", "330100", "330106", "330106002"):
        body = site.get(f"/division/{code}").text
        links = [
            (link.replace("&amp;", "&"), int(number.replace(",", "")))
            for link, number in counted.findall(body)
            if link.startswith(("/type/", "/fuwuma/facility"))
        ]
        assert links, code
        for link, number in links:
            path, _, query = link.partition("?")
            told = site.get(f"{path}.json?{query}").json()
            total = told["total"] if "total" in told else told["filtered_table_rows_count"]
            assert total == number, (code, link)


def test_a_village_is_sketched_in_its_county(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    village = {"code": "330106002051", "level": "village", "parent_code": "330106002"}
    for catalogue in SITES.values():
        row = {**catalogue.divisions["330106002"], **village}
        monkeypatch.setitem(catalogue.divisions, village["code"], row)
    for division in ("330106", "330106002", village["code"]):
        body = site.get(f"/division/{division}").text
        chosen = '<a href="/division/330106" tabindex="-1"><path class="county chosen"'
        assert chosen in body, division


def test_the_warning_bands_are_the_books(site: Site) -> None:
    catalogue = next(iter(SITES.values()))
    assert [colour for colour, _, _ in bands(catalogue)] == [
        "blue", "green", "yellow", "orange", "red",
    ]  # fmt: skip
    assert "蓝" in site.get("/indicators").text


@pytest.mark.parametrize(
    ("values", "targets"),
    [
        ({2020: 1.0}, {}),
        ({2020: 0.0, 2021: 0.0}, {2021: 0.0}),
        ({2020: -5.0, 2025: 12.0}, {2025: 100.0}),
        ({2020: 1e9}, {2025: 1e-9}),
    ],
)
def test_a_trend_stays_in_its_frame(values: dict[int, float], targets: dict[int, float]) -> None:
    rows = [
        {"year": year, "value": values.get(year), "target": targets.get(year), "status": "computed"}
        for year in sorted({*values, *targets})
    ]
    drawn = trend(rows)
    assert drawn is not None
    dots = [*drawn.values, *drawn.targets, *drawn.levels]
    assert all(0 <= dot.x <= drawn.width and 0 <= dot.y <= drawn.height for dot in dots)
    assert [dot.x for dot in drawn.values] == sorted(dot.x for dot in drawn.values)
    assert 2 <= len(drawn.levels) <= 8
    assert trend([{"year": 2020, "value": None, "target": 1.0}]) is None


def test_a_trend_tells_computed_from_reported_and_keeps_words_off_the_target() -> None:
    rows = [
        {"year": 2020, "value": 2.0, "target": 1.0, "status": "observed"},
        {"year": 2025, "value": 3.0, "target": 4.0, "status": "computed"},
    ]
    drawn = trend(rows)
    assert drawn is not None
    assert [dot.kind for dot in drawn.values] == ["observed", "computed"]
    assert [dot.label_y < dot.y for dot in drawn.values] == [True, False]


def test_what_a_document_prints_is_not_called_reported(
    site: Site, snapshot: sqlite3.Connection
) -> None:
    row = snapshot.execute(
        "SELECT * FROM indicator_result WHERE level = 'city' AND status = 'observed'"
        " AND value IS NOT NULL AND status_zh = '文件所载'"
    ).fetchone()
    assert row["observed_source"].startswith(row["target_document"])
    body = site.get(f"/indicator/{row['indicator_code']}?year={row['year']}").text
    assert "文件所载" in _words(body)
    assert "单位：" in body


def test_people_listed_apart_are_said_with_the_county(
    site: Site, snapshot: sqlite3.Connection
) -> None:
    (row,) = snapshot.execute("SELECT * FROM population WHERE area <> ''")
    assert (row["area_county_code"], row["used"]) == ("330106", "否")
    page = site.get("/division/330106").text
    assert re.search("常住人口 西湖风景名胜区 23,763 2025", _words(page))
    assert "单列的区域不在本区划的人口数里" in page
    assert "单列的区域" not in site.get("/division/330105").text
    results = snapshot.execute(
        "SELECT * FROM indicator_result WHERE division_code = '330106' AND population_year = 2025"
    ).fetchall()
    assert results
    of_all = [row for row in results if row["denominator"] == 1_130_000]
    assert of_all
    assert {row["population_apart"] for row in of_all} == {23_763}
    assert all("高 2.1%" in row["notes_zh"] for row in of_all)
    one = next(row for row in of_all if row["value"] is not None)
    shown = site.get(f"/indicator/{one['indicator_code']}?year={one['year']}").text
    assert "不含单列区域的 23,763 人" in shown
