"""What browsers keep, and the example of a proxy: it says what the site says."""

from __future__ import annotations

import re
from pathlib import Path

from exports.site.gate import POSTED
from exports.site.pages.files import KINDS
from exports.site.settings import site_settings
from tests.exports.site.conftest import Site

EXAMPLE = (Path(__file__).resolve().parents[3] / "docs" / "nginx.conf").read_text("utf-8")


def test_what_may_be_sent_is_as_the_site_takes_it() -> None:
    (most,) = re.findall(r"client_max_body_size (\d+)k;", EXAMPLE)
    assert int(most) * 1000 <= site_settings().post_bytes <= int(most) * 1024
    (limited,) = re.findall(r"location ~ (\S+) \{\s+limit_req zone", EXAMPLE)
    assert {path for path in (*POSTED, "/about", "/check.jso") if re.match(limited, path)} == {
        *POSTED
    }


def test_files_of_a_release_are_sent_as_the_site_sends_them(site: Site) -> None:
    (block,) = re.findall(r"types \{(.*?)\}", EXAMPLE, re.DOTALL)
    told = {f".{ending}": kind for kind, ending in re.findall(r"(\S+)\s+(\w+);", block)}
    names = [file["name"] for file in site.get("/downloads.json").json()["files"]]
    endings = {Path(name).suffix for name in names}
    assert endings
    assert {one: told.get(one) for one in endings} == {
        one: KINDS[one].partition(";")[0] for one in endings
    }


def test_a_page_stays_in_the_cache_by_release_and_language() -> None:
    (key,) = re.findall(r'proxy_cache_key "(.+)";', EXAMPLE)
    assert {"$release", "$http_host", "$request_uri", "$fuwuma_lang"} <= {*key.split()}
    (ignored,) = re.findall(r"proxy_ignore_headers (.+?);", EXAMPLE)
    # nginx takes the minutes that a browser is told before its own thirty days
    assert {*ignored.split()} == {"Vary", "Cache-Control"}
    assert "proxy_no_cache $arg_lang" in EXAMPLE


def test_a_static_file_is_kept_for_ever_at_the_address_of_its_content(site: Site) -> None:
    found = re.findall(r'(?:href|src)="(/static/[^"]+)"', site.get("/map").text)
    assert len(found) >= 6
    for address in found:
        answer = site.get(address)
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable", address
        again = site.get(address, if_none_match=answer.headers["etag"])
        assert (again.status_code, again.headers["cache-control"][-9:]) == (304, "immutable")
        for other in (address.partition("?")[0], f"{address}0", address.replace("v=", "w=")):
            assert "immutable" not in site.get(other).headers["cache-control"], other
    assert "immutable" not in site.get("/static/none.css?v=0").headers["cache-control"]
