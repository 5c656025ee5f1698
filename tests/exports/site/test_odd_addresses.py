"""Whatever an address holds, the answer is a page with a sentence, never a breakdown."""

from __future__ import annotations

import logging
import re

import pytest

from exports.site.address import page_options
from exports.site.api import openapi
from exports.site.settings import site_settings
from tests.exports.site.conftest import Site

REFUSED = [
    "name__in=[", "name__in=[1", "name__in=[{}]", "name__in=[[1]]", "name__in=[null]",
    "name__in=[99999999999999999999]", "_filter_op=zz&nope=1", "__exact=x", "__=x", "=x",
    "name__x=1", "_next=a,b,c", "_next=,", "_sort=name&_next=a,b,c", "_sort=name&_next=x",
    "_sort=floor_area", "_sort=name&_sort_desc=name", "_size=-1", "_size=abc", "_size=1e9",
    "_size=²", "_col=x", "_col=", "floor_area__gt=²", "floor_area__gt=٣",
    "floor_area__lt=99999999999999999999999", "as_of__gte=9223372036854775808",
]  # fmt: skip
ANSWERED = [
    'name__in=["a"]', "name__in=[]", "name__in=,,,", "name__in={}", "_next=x", "_next=%00",
    "_next=%ff", "_next=~ff", "_sort=name&_next=$null,x", "_sort_desc=name&_next=,", "_size=0",
    "_size=٣", "name=%ff", "name=%ed%a0%80", "name__contains=医%00", "floor_area__lt=1e400",
    "floor_area__gt=abc", "floor_area__gt=9223372036854775807", "&&&", "_sort=",
    "name__isblank=x",
]  # fmt: skip
FORMS = [
    "_filter_column=name&_filter_op=in&_filter_value=[", "_filter_column=x&_filter_op=y",
    "_filter_column=name&_filter_op=__&_filter_value=", "_sort_by_desc=on&_sort=x",
    "_filter_column=&_filter_op=&_filter_value=",
]  # fmt: skip
PAGES = [
    "/search", "/suggest.json", "/type/B0101", "/standards", "/code/E01", "/check", "/", "/rules",
    "/dictionary.json", "/indicators", "/indicator/hangzhou-145.23",
]  # fmt: skip
VALUES = ["%00", "%ff%fe", "%ed%a0%80", "%01", "[", "²", "-1", "9" * 400, "' OR 1=1 --", "../../x"]
PATHS = [
    "/code/%00", "/code/%ff%fe", "/code/" + "医" * 300, "/code/%F0%9F%98%80.json", "/type/%00",
    "/division/%27%20OR%201", "/category/%ff", "/download/%00", "/static/%00", "/%00", "/%",
    "/indicator/%00", "/indicator/%ff.json",
    "/fuwuma/facility/%00", "/fuwuma/capability_value/~ff,x.json", "/fuwuma/facility/a,b,c.json",
]  # fmt: skip


class Asking:
    """Asks the site and minds that nothing breaks and nothing is complained of."""

    def __init__(
        self, site: Site, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
    ) -> None:
        self.site, self.caplog, self.capfd = site, caplog, capfd

    def status(self, path: str) -> int:
        """Return the status of an answer; a refusal is a whole page with a sentence."""
        answer = self.site.get(path)
        assert answer.status_code < 500, path
        if answer.status_code == 400 and not path.partition("?")[0].endswith(".json"):
            assert "网址里有本站不接受的查询条件" in answer.text
        assert [row for row in self.caplog.records if row.levelno >= logging.WARNING] == []
        assert self.capfd.readouterr().err == ""
        return answer.status_code


@pytest.fixture
def asking(
    site: Site, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> Asking:
    return Asking(site, caplog, capfd)


@pytest.mark.parametrize("table", ["/fuwuma/facility", "/fuwuma/facility.json"])
@pytest.mark.parametrize("query", REFUSED)
def test_a_table_refuses_what_it_cannot_read(asking: Asking, table: str, query: str) -> None:
    assert asking.status(f"{table}?{query}") == 400


@pytest.mark.parametrize("query", ANSWERED)
def test_a_table_answers_what_is_only_odd(asking: Asking, query: str) -> None:
    assert asking.status(f"/fuwuma/facility?{query}") == 200


@pytest.mark.parametrize("query", FORMS)
def test_a_filter_form_filled_in_oddly(asking: Asking, query: str) -> None:
    assert asking.status(f"/fuwuma/facility?{query}") in (302, 400)


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_ours_takes_any_value(asking: Asking, path: str, value: str) -> None:
    query = "&".join(f"{option}={value}" for option in sorted(page_options(path)))
    assert asking.status(f"{path}?{query}") in (200, 400, 404)


@pytest.mark.parametrize("path", PATHS)
def test_an_odd_path_is_not_there(asking: Asking, path: str) -> None:
    assert asking.status(path) in (301, 302, 404)


def test_a_place_in_a_table_with_a_key_of_two_columns(asking: Asking) -> None:
    place = "/fuwuma/capability_value?_next="
    assert asking.status(f"{place}x") == 400
    assert asking.status(f"{place}x,y") == 200


def test_a_page_takes_what_the_document_and_its_form_ask_and_nothing_else(site: Site) -> None:
    asked: dict[str, set[str]] = {}
    for path, operations in openapi()["paths"].items():
        for row in operations.get("get", {}).get("parameters", ()):
            if row["in"] == "query" and not path.startswith("/fuwuma/"):
                asked.setdefault(path, set()).add(row["name"])
    for path in ("/search", "/type/B0101", "/standards", "/rules", "/dictionary", "/indicators"):
        forms = re.findall(r'<form[^>]*method="get".*?</form>', site.get(path).text, re.S)
        assert forms, path
        asked[path] = set(re.findall(r'\bname="(\w+)"', forms[-1]))
    assert len(asked) > 12
    for path, names in asked.items():
        assert names <= page_options(path), path
    named = "&".join(
        f"{name}=x" for names in site_settings().page_options.values() for name in names
    )
    assert site.get(f"/about?{named}").content == site.get("/about").content
