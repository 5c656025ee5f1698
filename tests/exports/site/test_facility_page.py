"""What the page of a facility says of its end and of where it is."""

from __future__ import annotations

import re
from html import unescape

from tests.exports.release.small_registry import code_of
from tests.exports.site.conftest import Site


def test_a_closed_one_says_the_day_it_closed(site: Site) -> None:
    code = code_of("closed")
    row = site.get(f"/code/{code}.json").json()
    assert row["closed_on"] != row["valid_from"]
    note = re.search(r'<div class="note warn".*?</div>', site.get(f"/code/{code}").text, re.S)
    assert note
    assert row["closed_on"] in note[0]
    assert row["valid_from"] not in note[0]


def test_its_division_leads_to_those_it_lies_in(site: Site) -> None:
    page = f"/code/{code_of('nursery')}"
    for lang, names in (
        ("zh", ["浙江省", "杭州市", "西湖区", "北山街道"]),
        ("en", ["Beishan Subdistrict", "Xihu District", "Hangzhou", "Zhejiang"]),
    ):
        body = site.get(page, cookie=f"lang={lang}").text
        row = re.search(r"<dt>(?:所在区划|Division)</dt><dd>(.*?)</dd>", body, re.S)
        assert row
        links = re.findall(r'<a href="([^"]+)">(.*?)</a>', row[1])
        assert [unescape(re.sub("<[^>]+>", "", name)) for _, name in links] == names
        assert {site.get(address).status_code for address, _ in links} == {200}


def test_a_page_that_refuses_does_not_offer_itself_as_json(site: Site) -> None:
    assert "categories.json" in site.get("/").text
    assert ".json" not in site.get("/fuwuma/facility?_size=101").text.replace(".json 地址", "")
