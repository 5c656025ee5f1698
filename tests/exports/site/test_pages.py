"""Every kind of page, in both languages."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from codes import facility_code
from codes.capabilities import capabilities
from codes.elements import all_fields, fields_of
from codes.rules import rules
from exports.site.words import static_address
from tests.exports.release.small_registry import NAMES, code_of
from tests.exports.site.conftest import Site

MAP_SCRIPTS = ("leaflet.js", "basemap.js", "place.js")
PAGES = [
    "/",
    "/category/B",
    "/class/B01",
    "/type/B0101",
    "/type/B0101?county=330106&status=all",
    f"/code/{code_of('nursery')}",
    f"/code/{code_of('home')}",
    f"/code/{code_of('merged')}?record=1",
    f"/code/{code_of('split')}",
    "/division/330106",
    "/division/330106002",
    "/division/330100",
    "/search?q=医",
    "/search",
    "/about",
    "/downloads",
    "/standards",
    "/standards?q=老年人",
    "/check",
    "/indicators",
    "/indicator/hangzhou-145.23",
    "/indicator/hangzhou-145.23?division=330105",
    "/indicator/hangzhou-145.23/facilities",
    "/rules?severity=must",
    "/dictionary",
    "/dictionary?type=E0101",
    "/fuwuma",
    "/fuwuma/facility",
    "/fuwuma/facility?status=运营&_sort=name",
    "/fuwuma/capability_value",
    "/fuwuma/dictionary",
]


def _words(body: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_whole_in_both_languages(site: Site, path: str) -> None:
    for lang, tag, word in (("zh", "zh-CN", "设施"), ("en", "en", "acilit")):
        answer = site.get(path, cookie=f"lang={lang}")
        assert answer.status_code == 200, path
        assert f'<html lang="{tag}">' in answer.text
        assert word in answer.text
        assert "合成数据" in answer.text or "Synthetic data" in answer.text
        assert answer.text.count("<h1") == 1
        has_map = 'class="live-map"' in answer.text
        assert has_map == (path == f"/code/{code_of('nursery')}")
        assert re.findall(r"<script[^>]*>", answer.text) == [
            f'<script src="{static_address(name)}" defer>'
            for name in (*(MAP_SCRIPTS if has_map else ()), "suggest.js", "printing.js")
        ]
        assert " style=" not in answer.text
        assert "None" not in _words(answer.text)


@pytest.mark.parametrize("path", PAGES)
def test_a_chinese_page_has_no_stray_english(site: Site, path: str) -> None:
    words = _words(site.get(path).text)
    for english in ("rows", "Search", "Next page", "facet", "Home", "where", "Queries"):
        assert english not in re.sub(r"[\w/.]*_?rows?[\w.]*\.", "", words), english


def test_the_home_page_counts_what_is_on_the_register(site: Site) -> None:
    words = _words(site.get("/").text)
    assert "杭州市基本公共服务设施" in words
    assert f"累计发放编码 {len(NAMES) + 45} 个" in words
    assert re.search(r"学有所教 47 个设施", words)
    for name in ("幼有所育", "事有所便", "拱墅区", "西湖区", "余杭区"):
        assert name in words


def test_a_type_page_filters_by_county_and_status_and_pages(site: Site) -> None:
    first = site.get("/type/B0101")
    assert "47 个设施" in first.text
    assert first.text.count('class="facility-name"') == 20
    assert "第 1 页，共 3 页" in first.text
    last = site.get("/type/B0101?page=3")
    assert last.text.count('class="facility-name"') == 7
    assert site.get("/type/B0101?page=99").text.count('class="facility-name"') == 7


@pytest.mark.parametrize(
    "query",
    ["county=999999", "county=330106009", "county=330106&township=330106009", "status=x"],
)
def test_a_list_refuses_a_condition_it_cannot_meet(site: Site, query: str) -> None:
    refused = site.get(f"/type/B0101?{query}")
    assert refused.status_code == 400
    name = query.rpartition("&")[2].partition("=")[0]
    assert f"“{name}”" in refused.text
    assert 'class="facility-name"' not in refused.text
    assert site.get("/type/B0101?from=timeline&utm_source=x").status_code == 200
    xihu = site.get("/type/B0101?county=330106")
    assert "2 个设施" in xihu.text
    assert site.get("/type/E0203").text.count('class="facility-name"') == 1
    assert site.get("/type/E0203?status=关闭").text.count('class="facility-name"') == 1
    assert site.get("/type/E0203?status=all").text.count('class="facility-name"') == 2
    assert "没有符合条件的设施" in site.get("/type/E0203?status=在建").text


@pytest.mark.parametrize("path", ["/category/I", "/class/B99", "/type/Z0101", "/type/B0101/x"])
def test_what_the_books_do_not_have_is_not_found(site: Site, path: str) -> None:
    answer = site.get(path)
    assert answer.status_code == 404
    assert "没有这个页面" in answer.text


def test_a_facility_page_says_what_it_is(site: Site) -> None:
    words = _words(site.get(f"/code/{code_of('nursery')}").text)
    for shown in (
        "西湖区文新幼儿园", "浙江省杭州市西湖区北山街道", "文三西路 1 号", "3,200.5 平方米",
        "省一级", "公办", "学校标识码 1133000123",
        "文新实验幼儿园 → 西湖区文新幼儿园", "2019-09-01 记录开始",
        "0571-88880001",
    ):  # fmt: skip
        assert shown in words, shown


def test_figures_have_units_and_days_and_zero_is_shown(site: Site) -> None:
    words = _words(site.get(f"/code/{code_of('home')}").text)
    assert re.search(r"128 张 2026-06-30", words)
    assert re.search(r"0 人 2026-06-30", words)
    assert "120 张" not in words
    assert "999" not in words
    assert "未上报（不等于零）" in words


@pytest.mark.parametrize("spelled", ["{printed}", "{lower}", "{wide}", "{printed_lower}"])
def test_a_code_may_be_written_in_any_way(site: Site, spelled: str) -> None:
    code = code_of("nursery")
    printed = facility_code.format(code)
    ways = {
        "printed": printed,
        "lower": code.lower(),
        "printed_lower": printed.lower(),
        "wide": code.translate({ord(char): ord(char) + 0xFEE0 for char in code}),
    }
    answer = site.get("/code/" + spelled.format(**ways))
    assert answer.status_code == 301
    assert answer.headers["location"] == f"/code/{code}"


def test_a_merged_code_leads_to_the_last_of_its_chain_with_a_note(site: Site) -> None:
    for key in ("merged", "merged_before"):
        answer = site.get(f"/code/{code_of(key)}")
        assert answer.status_code == 301
        assert answer.headers["location"] == f"/code/{code_of('health')}?from={code_of(key)}"
        landed = _words(site.get(answer.headers["location"]).text)
        assert f"您查的编码 {facility_code.format(code_of(key))} 的设施已由本设施接续" in landed
    duplicate = site.get(f"/code/{code_of('duplicate')}")
    assert duplicate.headers["location"].startswith(f"/code/{code_of('split_a')}?")


def test_a_shared_link_keeps_its_language_where_it_leads(site: Site) -> None:
    answer = site.get("/code/" + facility_code.format(code_of("nursery")) + "?lang=en")
    assert answer.status_code == 301
    assert answer.headers["location"].endswith("?lang=en")
    assert "lang=" not in site.get("/code/" + code_of("nursery").lower()).headers["location"]


def test_the_note_cannot_be_made_up(site: Site) -> None:
    for claimed in (code_of("nursery"), code_of("health"), "<b>x</b>", "A0133010600000133"):
        answer = site.get(f"/code/{code_of('health')}?from={claimed}")
        assert answer.status_code == 200
        assert "您查的编码" not in answer.text


def test_the_old_record_stays_readable(site: Site) -> None:
    words = _words(site.get(f"/code/{code_of('merged_before')}?record=1").text)
    assert "西溪街道社区卫生服务中心" in words
    assert "自 2022-01-01 起为“已合并”" in words
    assert "文新街道社区卫生服务中心" in words


def test_a_split_facility_names_its_heirs(site: Site) -> None:
    answer = site.get(f"/code/{code_of('split')}")
    assert answer.status_code == 200
    assert "大关分馆" in answer.text
    assert "拱宸桥分馆" in answer.text


def test_an_annulled_code_is_gone(site: Site) -> None:
    answer = site.get(f"/code/{code_of('annulled')}")
    assert answer.status_code == 410
    assert "编码已作废" in answer.text
    assert "误登医院" not in answer.text


def test_wrong_and_unknown_codes_are_told_apart(site: Site) -> None:
    code = code_of("nursery")
    swapped = code[:-3] + code[-2] + code[-3] + code[-1]
    wrong = site.get(f"/code/{swapped}")
    assert wrong.status_code == 404
    assert "编码不对" in wrong.text
    assert "校验" in _words(wrong.text)
    unknown = site.get("/code/" + facility_code.make("A01", "330106", 999))
    assert unknown.status_code == 404
    assert "没有这个编码" in unknown.text


def test_a_program_gets_the_record_as_json(site: Site) -> None:
    answer = site.get(f"/code/{code_of('merged_before')}.json")
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    record = answer.json()
    assert record["code"] == code_of("merged_before")
    assert record["standing"] == [{"code": code_of("health"), "name": "文新街道社区卫生服务中心"}]
    for what in ("nursery", "merged_before", "split", "closed", "annulled", "duplicate"):
        whole = site.get(f"/code/{code_of(what)}.json").json()["standing"]
        asked = site.post("/check.json", f'{{"codes": ["{code_of(what)}"]}}').json()
        assert asked["results"][0]["standing"] == whole, what
        assert bool(whole) == (what not in ("closed", "annulled"))
    assert record["synthetic"] is True
    assert site.get(f"/code/{code_of('annulled')}.json").status_code == 410
    assert site.get("/code/E01.json").status_code == 404
    home = site.get(f"/code/{code_of('home')}.json").json()
    assert {row["capability_code"]: row["value"] for row in home["capabilities"]}["beds"] == 128


def test_hostile_text_is_shown_and_not_run(site: Site) -> None:
    for path in (
        f"/code/{code_of('hostile')}",
        "/search?q=script",
        "/fuwuma/facility?class_code=L01",
    ):
        body = site.get(path).text
        assert "<script>" not in body
        assert "&lt;script&gt;" in body
    assert "javascript:" not in re.findall(
        r'href="([^"]*)"', site.get(f"/code/{code_of('hospital')}").text
    )
    assert site.get("/search?q=<img src=x onerror=alert(1)>").text.count("<img") == 0


def test_the_language_is_chosen_by_address_and_kept_by_cookie(site: Site) -> None:
    english = site.get("/about?lang=en")
    assert "About this site" in english.text
    assert "lang=en" in english.headers["set-cookie"]
    assert "private" in english.headers["cache-control"]
    assert "About this site" in site.get("/about", cookie="lang=en").text
    assert "关于本站" in site.get("/about").text
    assert "关于本站" in site.get("/about?lang=fr").text
    assert "关于本站" in site.get("/about", cookie="lang=../../etc").text
    assert "set-cookie" not in site.get("/about").headers


def test_the_switch_keeps_the_page(site: Site) -> None:
    body = site.get("/type/B0101?county=330106&page=1").text
    found = re.search(r'class="language" href="([^"]+)"', body)
    assert found
    address = urlsplit(found[1].replace("&amp;", "&"))
    assert address.path == "/type/B0101"
    assert parse_qs(address.query) == {"county": ["330106"], "page": ["1"], "lang": ["en"]}
    table = site.get("/fuwuma/facility?status=运营").text
    assert "lang=en" in (re.search(r'class="language" href="([^"]+)"', table) or [""])[0]


def test_facets_are_by_name_and_toggle(site: Site) -> None:
    body = site.get("/fuwuma/facility").text
    for heading in ("大类", "中类", "区县", "运营状态"):
        assert re.search(rf"<h2[^>]*>{heading}</h2>", body)
    assert "?county_code=330106" in body
    assert ">西湖区</a>" in body
    chosen = site.get("/fuwuma/facility?county_code=330106").text
    assert 'href="/fuwuma/facility" aria-current="true">西湖区' in chosen
    assert "区县 等于 西湖区" in _words(chosen)


def test_a_row_leads_to_the_page_of_the_thing(site: Site) -> None:
    for row, page in (
        (f"facility/{code_of('nursery')}", f"/code/{code_of('nursery')}"),
        ("class/B01", "/class/B01"),
        ("facility_type/B0101", "/type/B0101"),
        ("division/330106", "/division/330106"),
        ("department/mzj", "/fuwuma/department"),
    ):
        answer = site.get(f"/fuwuma/{row}")
        assert answer.headers["location"] == page


def test_the_files_of_the_release_can_be_fetched(site: Site, release: Path) -> None:
    manifest = json.loads((release / "manifest.json").read_text("utf-8"))
    for file in (*manifest["files"], {"name": "manifest.json"}):
        answer = site.get(f"/download/{file['name']}")
        assert answer.status_code == 200
        assert answer.content == (release / file["name"]).read_bytes()
        assert "attachment" in answer.headers["content-disposition"]
    for name in ("../registry.db", "working.sqlite", "..%2f..%2fetc%2fpasswd"):
        assert site.get(f"/download/{name}").status_code == 404


def test_a_division_counts_what_is_in_it(site: Site) -> None:
    county = _words(site.get("/division/330106").text)
    assert "浙江省杭州市西湖区" in county
    assert "在册设施 8 个" in county
    assert re.search(r"北山街道 1\b", county)
    assert re.search(r"灵隐街道 0\b", county) or "街道 0" in county
    township = _words(site.get("/division/330106002").text)
    assert "在册设施 1 个" in township
    assert "幼儿园 1" in township
    city = _words(site.get("/division/330100").text)
    assert "在册设施 63 个" in city
    assert re.search(r"拱墅区 50\b", city)
    assert site.get("/division/330199").status_code == 404
    assert site.get("/division/x").status_code == 404


def test_the_sketch_shows_counties_and_the_point(site: Site) -> None:
    home = site.get("/").text
    assert home.count('class="county"') >= 3
    assert "不作为划界依据" in home
    assert 'class="county chosen"' in site.get("/division/330106").text
    facility = site.get(f"/code/{code_of('nursery')}").text
    assert re.search(r'class="point" cx="[\d.]+" cy="[\d.]+"', facility)
    assert "<svg" not in site.get(f"/code/{code_of('home')}").text, "it has no point"


def test_a_description_has_the_unit(site: Site) -> None:
    words = _words(site.get("/fuwuma/facility").text)
    assert re.search(r"建筑面积 floor_area 平方米", words)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_light(site: Site, path: str) -> None:
    page = site.get(path)
    assets = re.findall(r'(?:src|rel="stylesheet" href|svg.xml" href)="([^"]+)"', page.text)
    assert any("site.css" in asset for asset in assets)
    assert len(page.content) + sum(len(site.get(asset).content) for asset in assets) < 300_000
    assert not re.findall(r'(?:src|href)="(?:https?:)?//(?!example\.org)', page.text)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "county_code=330106",
        "county_code=330106&status=运营",
        "class_code=J01&county_code=330105",
        "status__exact=关闭",
        "status=运营&status=关闭",
        "county_code=999999",
        "name__contains=医院",
        "as_of__gte=2026-01-01&county_code=330106",
    ],
)
def test_facets_count_what_the_rows_say(
    site: Site, snapshot: sqlite3.Connection, query: str
) -> None:
    body = site.get(f"/fuwuma/facility.json?_size=500&_shape=objects&{query}").json()
    for column in ("category_code", "class_code", "county_code", "status"):
        counted = Counter(row[column] for row in body["rows"])
        facet = body["facet_results"][column]["results"]
        assert {item["value"]: item["count"] for item in facet} == counted, column
    assert body["filtered_table_rows_count"] == len(body["rows"])


@pytest.mark.parametrize("part", ["医", "医院", "卫生服务", "院医", "(", "a", "%", "_院"])
def test_a_condition_on_names_finds_what_it_should(
    site: Site, snapshot: sqlite3.Connection, part: str
) -> None:
    asked = quote(part)
    body = site.get(f"/fuwuma/facility.json?_size=500&_shape=objects&name__contains={asked}").json()
    rows = snapshot.execute("SELECT code FROM facility WHERE name LIKE ?", (f"%{part}%",))
    assert {row["code"] for row in body["rows"]} == {code for (code,) in rows}


def test_standards_are_found_by_category_and_words(
    site: Site, snapshot: sqlite3.Connection
) -> None:
    every = site.get("/standards").text
    count = snapshot.execute("SELECT count(*) FROM standard").fetchone()[0]
    assert f"{count} 项服务标准" in every
    assert every.count("<h3>") == count > 100
    care = site.get("/standards?category=E").text
    assert 0 < care.count("<h3>") < count
    assert 'id="category-B"' not in care
    assert "老年人" in site.get("/standards?q=老年人").text
    assert "0 项服务标准" in site.get("/standards?q=不存在的服务").text
    assert "服务标准</h2>" in site.get("/class/A01").text


def test_the_home_page_says_what_on_the_register_means(site: Site) -> None:
    words = _words(site.get("/").text)
    standing = re.search(r"在册设施 (\d+) 个", words)
    assert standing
    counts = re.search(r"正在对外服务的是“运营”。 (规划 .*?) 按区县查看|。 (规划 [^A-Z]*)", words)
    assert counts
    listed = re.findall(r"(?:规划|在建|运营|暂停) (\d+)", (counts[1] or counts[2])[:80])
    assert sum(map(int, listed)) == int(standing[1])


def test_figures_stand_in_the_books_order(site: Site) -> None:
    record = site.get(f"/code/{code_of('home')}.json").json()
    seen = [row["capability_code"] for row in record["capabilities"]]
    order = list(capabilities())
    assert seen == sorted(seen, key=order.index)
    assert seen != sorted(seen), "the book's order is not the alphabet's here"


def test_every_rule_has_an_address(site: Site) -> None:
    body = site.get("/rules").text
    for rule in rules().values():
        assert f'<li id="{rule.id}">' in body
    assert "{" not in _words(body)
    must = site.get("/rules?severity=must").text
    count = sum(rule.severity == "must" for rule in rules().values())
    assert f"{count} 条规则" in must
    assert site.get("/rules.json?severity=must").json()["rules"][0]["severity"] == "must"
    assert "0 条规则" in site.get("/rules?q=不存在的规则").text
    assert 'id="header_unknown"' in site.get("/rules?q=Unknown column").text


def test_the_dictionary_is_the_template_of_a_type(site: Site) -> None:
    body = site.get("/dictionary?type=E0101").text
    for field in fields_of("E0101"):
        assert f'<tr id="{field.key}">' in body
    assert re.findall(r"不公开", _words(body))
    asked = site.get("/dictionary.json?type=E0101").json()
    assert [row["key"] for row in asked["fields"]] == [row.key for row in fields_of("E0101")]
    assert len(site.get("/dictionary.json").json()["fields"]) == len(all_fields())
    assert site.get("/dictionary.json?type=nope").json()["parameter"] == "type"
    assert 'id="beds"' in site.get("/dictionary?q=床位").text


def test_a_standard_is_found_by_whom_it_is_for(site: Site) -> None:
    found = site.get("/standards?category=E&q=老年人").text
    assert re.search(r"服务对象：</span> [^<]*老年人", found)
    assert 'id="category-B"' not in found


def test_places_have_english_names_where_the_books_spell_them(site: Site) -> None:
    page = site.get("/division/330106", cookie="lang=en").text
    assert "<h1>Xihu District</h1>" in page
    assert ">Beishan Subdistrict</a>" in page
    assert ">Hangzhou</a>" in page
    assert "<title>Public-service facilities, Hangzhou" in site.get("/", cookie="lang=en").text
    village = site.get("/division/330106002.json").json()["below"][0]
    assert village["name_en"] is None
    shown = site.get(f"/division/{village['code']}", cookie="lang=en").text
    assert f'<h1><span lang="zh-CN">{village["name"]}</span></h1>' in shown
    found = site.get("/search?q=xihu district", cookie="lang=en").text
    assert 'href="/division/330106">Xihu District</a>' in found
    assert "<h1>西湖区</h1>" in site.get("/division/330106").text
