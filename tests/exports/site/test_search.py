"""Search finds by one, two or more characters, by name, address, operator and code."""

from __future__ import annotations

import re

import pytest

from codes import facility_code
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
        ("不存在的名字", set()),
    ],
)
def test_by_words(site: Site, query: str, keys: set[str]) -> None:
    assert set(_found(site, query)) == {code_of(key) for key in keys}


def test_the_best_comes_first(site: Site) -> None:
    assert _found(site, "拱墅区图书馆")[0] == code_of("split")
    assert _found(site, "光明")[0] == code_of("eye")
    assert _found(site, "社区卫生服务中心")[0] == code_of("health"), "standing before merged"


def test_by_code_and_part_of_it(site: Site) -> None:
    code = code_of("home")
    for whole in (code, facility_code.format(code), code.lower()):
        answer = site.get(f"/search?q={whole}")
        assert (answer.status_code, answer.headers["location"]) == (302, f"/code/{code}")
    assert _found(site, "E01") == [code]
    assert _found(site, "e01-330105") == [code]
    assert code_of("hospital") in _found(site, "D01330106")


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
