"""Search finds by one, two or more characters, by name, address, operator and code."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from dataclasses import replace

import pytest

from codes import facility_code
from exports.site import searching
from exports.site.settings import site_settings
from tests.exports.release.small_registry import code_of
from tests.exports.site.conftest import Site


def _found(site: Site, query: str) -> list[str]:
    answer = site.get(f"/search?q={query}")
    assert answer.status_code == 200
    return re.findall(r'class="facility-name" href="/code/(\w+)"', answer.text)


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("医", {"hospital", "eye"}),
        ("馆", {"split", "split_a", "split_b", "duplicate"}),
        ("医院", {"hospital", "eye"}),
        ("文新", {"nursery", "nursery_two", "health"}),
        ("第一人民", {"hospital"}),
        ("社区卫生服务中心", {"health", "merged", "merged_before"}),
        ("文三西路", {"nursery"}),
        ("西湖区教育局", {"nursery"}),
        ("西湖 医院", {"hospital"}),
        ("医院 西湖", {"hospital"}),
        ("（西湖院区）", {"hospital"}),
        ("24小时", {"odd"}),
        ("２４小时", {"odd"}),
        ("𠮷", {"odd"}),
        ("liangzhu", {"latin"}),
        ("LIANGZHU book", {"latin"}),
        ("院医", set()),
        ("文新实验", {"nursery"}),
        ("1133000123", {"nursery"}),
        ("１１３３０００１２３", {"nursery"}),
        ("pdy70031x", {"eye"}),
        ("PDY70032X", {"health"}),
        ("Pdy70033x", {"hospital"}),
        ("113300012", set()),
        ("wxdeyey", {"nursery_two"}),
        ("GMYKYY", {"eye"}),
        ("lnst", {"canteen", "closed"}),
        ("cyln", {"canteen"}),
        ("xyhyly", {"home"}),
        ("gdjdsqws", {"merged"}),
        ("不存在的名字", set()),
    ],
)
def test_by_words(site: Site, query: str, keys: set[str]) -> None:
    assert set(_found(site, query)) == {code_of(key) for key in keys}


def test_the_best_comes_first(site: Site) -> None:
    assert _found(site, "拱墅区图书馆")[0] == code_of("split")
    assert _found(site, "光明")[0] == code_of("eye")
    standing = [code_of("split_b"), code_of("split_a")]
    assert _found(site, "图书") == [*sorted(standing), code_of("split")], "what stands first"


def test_by_code_and_part_of_it(site: Site) -> None:
    code = code_of("home")
    for whole in (code, facility_code.format(code), code.lower()):
        answer = site.get(f"/search?q={whole}")
        assert (answer.status_code, answer.headers["location"]) == (302, f"/code/{code}")
    assert _found(site, "E01") == [code]
    assert _found(site, "e01-330105") == [code]
    assert code_of("hospital") in _found(site, "D01330106")


def test_every_part_of_a_code_finds_what_holds_it(site: Site, snapshot: sqlite3.Connection) -> None:
    code = code_of("home")
    for start in range(1, len(code)):
        for end in range(start + 4, len(code) + 1):
            part = code[start:end]
            holding = snapshot.execute(
                "SELECT count(*) FROM facility WHERE instr(code, ?)", (part,)
            )
            found = site.get(f"/search.json?q={part}").json()
            assert (found["total"], found["more"]) == (holding.fetchone()[0], False), part


@pytest.mark.parametrize("cut", [slice(3, 12), slice(9, 15), slice(11, 15), slice(13, 17)])
def test_by_any_part_of_a_code(site: Site, cut: slice) -> None:
    code = code_of("home")
    part = code[cut]
    for written in (part, f"{part[:2]}-{part[2:]}", _wide(part), f" {part} "):
        assert code in _found(site, written), written
    assert all(part in found for found in _found(site, part))


def test_three_digits_are_no_part_of_a_code(site: Site) -> None:
    assert _found(site, code_of("home")[12:15]) == []


def test_the_order_is_name_then_beginning_then_inside_then_former_then_address(site: Site) -> None:
    found = _found(site, "文新")
    assert found.index(code_of("nursery_two")) < found.index(code_of("nursery"))
    codes = _found(site, "西湖区教育局") + _found(site, "文新实验幼儿园")
    assert codes == [code_of("nursery"), code_of("nursery")]
    assert "曾用名：" in site.get("/search?q=文新实验").text


@pytest.mark.parametrize(
    "slip",
    [
        lambda code: code[:-2] + f"{(int(code[-2:]) + 1) % 97:02}",
        lambda code: code[:12] + str((int(code[12]) + 1) % 10) + code[13:],
        lambda code: code[:13] + code[14] + code[13] + code[15:],
        lambda code: code[:2] + code[8] + code[3:8] + code[2] + code[9:],
        lambda code: code.replace("0", "O", 1),
        lambda code: code[:10] + code[11:],
        lambda code: code[:10] + "7" + code[10:],
    ],
)
def test_a_mistyped_code_brings_the_nearest(site: Site, slip: Callable[[str], str]) -> None:
    code = code_of("home")
    for wrong in (slip(code), f"{slip(code)[:9]}-{slip(code)[9:]}", _wide(slip(code))):
        answer = site.get(f"/search?q={wrong}")
        assert "您要找的是不是下面的设施" in answer.text, wrong
        assert code in re.findall(r'href="/code/(\w+)"', answer.text)
        page = site.get(f"/code/{wrong}")
        assert page.status_code == 404
        assert code in re.findall(r'href="/code/(\w+)"', page.text)


def test_wrong_check_digits_are_named(site: Site) -> None:
    code = code_of("home")
    wrong = code[:-2] + f"{(int(code[-2:]) + 5) % 97:02}"
    assert "校验位不符" in site.get(f"/search?q={wrong}").text
    assert "校验位不符" not in site.get(f"/search?q={code[:-1]}").text
    far = site.get("/search?q=A99-999999-999999-99").text
    assert "没有找到只差一位的编码" in far


def test_a_place_is_known_without_its_ending(site: Site) -> None:
    for query in ("西湖", "北山 养老院"):
        assert 'href="/division/33010600' in site.get("/search?q=北山").text
        assert 'href="/division/3301' in site.get(f"/search?q={query}").text


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("wxdey", "文新第二幼儿园"),
        ("养老院", "养老机构"),
        ("光", "光明眼科医院"),
        ("B0101", "幼儿园"),
        ("西湖區文新", "西湖区文新幼儿园"),
        ("西湖 yey", "文新第二幼儿园"),
    ],
)
def test_names_are_suggested(site: Site, query: str, name: str) -> None:
    assert name in site.get(f"/suggest.json?q={query}").json()["names"]


def test_a_place_is_suggested_before_what_begins_like_it(site: Site) -> None:
    for query in ("西", "西湖", "330106"):
        assert site.get(f"/suggest.json?q={query}").json()["names"][0] == "西湖区", query


def test_codes_are_suggested_as_they_are_typed(site: Site) -> None:
    code = code_of("home")
    for part in ("E01330", "e0133", code[11:15]):
        assert code in site.get(f"/suggest.json?q={part}").json()["names"], part
    names = site.get(f"/suggest.json?q={facility_code.format(code)[:12]}").json()["names"]
    assert names == [facility_code.format(code)]


def _wide(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


def test_what_was_annulled_is_not_found_by_name(site: Site) -> None:
    assert _found(site, "误登") == []


def test_types_and_counties_are_offered(site: Site) -> None:
    body = site.get("/search?q=西湖区 幼儿园").text
    assert 'href="/type/B0101"' in body
    assert 'href="/division/330106"' in body


def test_nothing_found_says_what_to_do(site: Site) -> None:
    body = site.get("/search?q=不存在的名字").text
    assert "没有找到与“不存在的名字”相符的设施" in body
    assert "设施编码" in body


@pytest.mark.parametrize(
    "query", ['"', "*", "' OR 1=1 --", "NEAR(医 院)", "医*", "%25", "_", "()", "%00"]
)
def test_no_query_breaks_it(site: Site, query: str) -> None:
    assert site.get("/search", **{}).status_code == 200
    assert site.get(f"/search?q={query}").status_code == 200


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("西湖区幼儿园", {"nursery", "nursery_two"}),
        ("杭州市西湖区幼儿园", {"nursery", "nursery_two"}),
        ("西湖 幼稚园", {"nursery", "nursery_two"}),
        ("Xihu kindergarten", {"nursery", "nursery_two"}),
        ("Xihu hospital", {"hospital"}),
        ("hospital", {"hospital", "eye"}),
        ("west centre", set()),
        ("西湖 学前教育", {"nursery", "nursery_two"}),
        ("西湖 d01", {"hospital", "health", "merged", "merged_before"}),
        ("d01西湖", {"hospital", "health", "merged", "merged_before"}),
        ("文新 B01-330106", {"nursery", "nursery_two"}),
        (f"光明 {code_of('eye')[11:15]}", {"eye"}),
        (f"{code_of('eye')} 光明", {"eye"}),
        (f"西湖 {code_of('eye')[11:15]}", set()),
        ("西湖 光明", set()),
        ("拱墅 光明", {"eye"}),
        ("文新实验 西湖", {"nursery"}),
        ("西湖 330105", set()),
    ],
)
def test_every_part_has_to_be_met_somewhere(site: Site, query: str, keys: set[str]) -> None:
    assert set(_found(site, query)) == {code_of(key) for key in keys}


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("西湖区的幼儿园", {"nursery", "nursery_two"}),
        ("西湖区 的 幼儿园", {"nursery", "nursery_two"}),
        ("西湖里的幼儿园", {"nursery", "nursery_two"}),
        ("kindergarten in xihu", {"nursery", "nursery_two"}),
        ("西湖區幼兒園", {"nursery", "nursery_two"}),
        ("xhyey", {"nursery", "nursery_two"}),
        ("XHQYEY", {"nursery", "nursery_two"}),
        ("西湖 yey", {"nursery", "nursery_two"}),
        ("敬老", {"canteen", "closed"}),
        ("社区食堂", {"canteen", "closed"}),
        ("西湖食堂", {"canteen", "closed"}),
        ("拱墅食堂", set()),
        ("D0104", {"eye"}),
        ("西湖 b0101", {"nursery", "nursery_two"}),
        ("省一级幼儿园", {"nursery"}),
        ("西湖的一级幼儿园", {"nursery"}),
        ("省二级幼儿园", set()),
        ("拱墅省一级幼儿园", set()),
        ("西湖 zzyey", set()),
    ],
)
def test_a_query_is_read_with_good_will(site: Site, query: str, keys: set[str]) -> None:
    assert set(_found(site, query)) == {code_of(key) for key in keys}


def test_what_was_typed_stands_on_the_page_and_what_it_was_read_as_is_offered(site: Site) -> None:
    body = site.get("/search?q=西湖區幼兒園").text
    assert "西湖區幼兒園" in body
    for query in ("西湖區幼兒園", "xhyey", "西湖 yey"):
        body = site.get(f"/search?q={query}").text
        assert 'href="/type/B0101"' in body, query
        assert 'href="/division/330106"' in body, query


def test_a_code_of_a_place_or_type_offers_it(site: Site) -> None:
    assert 'href="/division/330106"' in site.get("/search?q=330106").text
    assert 'href="/type/D0104"' in site.get("/search?q=d0104").text


def test_a_word_of_several_kinds_offers_them_and_brings_the_general_one_first(site: Site) -> None:
    found = site.get("/search.json?q=医院").json()
    assert [one["code"] for one in found["named"]][:2] == ["D0101", "D0102"]
    codes = [one["code"] for one in found["facilities"]]
    assert codes == [code_of("hospital"), code_of("eye")], "though the other's name is shorter"


def test_a_name_with_every_part_comes_before_one_with_a_part_elsewhere(site: Site) -> None:
    assert _found(site, "西湖区幼儿园") == [code_of("nursery"), code_of("nursery_two")]


def test_a_kind_by_another_name_brings_its_facilities(site: Site) -> None:
    codes = {one["code"] for one in site.get("/search.json?q=老年大食堂").json()["facilities"]}
    assert codes == set()
    assert {code_of("nursery"), code_of("nursery_two")} <= _all(site, "幼稚园")
    assert _all(site, "kindergarten") == _all(site, "幼稚园")


def test_what_stopped_at_its_limit_says_that_there_is_more(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = replace(site_settings(), search_candidates=3)
    monkeypatch.setattr(searching, "site_settings", lambda: few)
    found = site.get("/search.json?q=拱墅幼儿园&page=1").json()
    assert (found["total"], found["more"]) == (3, True)


def _all(site: Site, query: str) -> set[str]:
    found = site.get(f"/search.json?q={query}").json()
    pages = [site.get(f"/search.json?q={query}&page={n}") for n in range(1, found["pages"] + 1)]
    return {one["code"] for page in pages for one in page.json()["facilities"]}


def test_names_are_suggested_in_parts(site: Site) -> None:
    names = site.get("/suggest.json?q=西湖区幼儿园").json()["names"]
    assert names == ["西湖区文新幼儿园", "文新第二幼儿园"]


def test_a_program_follows_the_pages_of_a_search(site: Site) -> None:
    found = site.get("/search.json?q=幼稚园").json()
    codes = [one["code"] for one in found["facilities"]]
    while found["next"]:
        found = site.get(found["next"]).json()
        codes += [one["code"] for one in found["facilities"]]
    assert len(codes) == len(set(codes)) == found["total"] > 20


def test_words_that_are_one_name_are_not_looked_up_one_by_one(site: Site) -> None:
    named = site.get("/search.json?q=nursing home").json()["named"]
    assert [one["name"] for one in named] == ["护理院"]


def test_a_program_is_told_what_is_wrong_with_a_code(site: Site) -> None:
    found = site.get(f"/search.json?q={code_of('home')[:-2]}99").json()
    assert "校验" in found["mistake"]
    assert code_of("home") in {one["code"] for one in found["near"]}
    assert site.get("/search.json?q=文新").json()["mistake"] is None


def test_a_common_part_of_codes_hides_nothing_that_meets_the_rest(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = replace(site_settings(), search_candidates=5)
    monkeypatch.setattr(searching, "site_settings", lambda: few)
    for part in ("0000", "0133010600"):
        found = site.get(f"/search.json?q={part} 第一人民&page=1").json()
        assert found["total"] == (1 if part in code_of("hospital") else 0)
        assert found["more"] is False, part


@pytest.mark.parametrize(
    ("query", "names", "said"),
    [
        ("三乙医院", "%医院%", "填报了等级的有 {graded} 个，查不出哪些是这个等级。"),
        (
            "省三级幼儿园",
            "%幼儿园%",
            "其中 {graded} 个填报了等级，没有一个是这个等级；没有填报的查不出来。",
        ),
    ],
)
def test_a_grade_that_nobody_reports_is_said(
    site: Site, snapshot: sqlite3.Connection, query: str, names: str, said: str
) -> None:
    sql = (
        "SELECT count(*), count(grade) FROM facility"
        " WHERE name LIKE ? AND status IN ('运营', '暂停')"
    )
    count, graded = snapshot.execute(sql, (names,)).fetchone()
    assert (count > 0, graded > 0) == (True, "其中" in said)
    page = site.get(f"/search?q={query}").text
    assert f"在册的这类设施有 {count} 个，{said.format(graded=graded)}" in page
    assert page.count("这个等级") == 1
    assert "这个等级" not in site.get("/search?q=没有这样的名字").text


def test_english_words_for_several_are_found(site: Site) -> None:
    one = site.get("/search.json?q=kindergarten").json()
    assert one["total"]
    assert site.get("/search.json?q=Kindergartens").json()["facilities"] == one["facilities"]


def test_codes_are_suggested_with_names(site: Site) -> None:
    code = code_of("nursery")
    found = site.get(f"/suggest.json?q={code[:15]}").json()
    assert found["labels"][code] == "西湖区文新幼儿园"
    assert site.get("/suggest.json?q=文新").json()["labels"] == {}
