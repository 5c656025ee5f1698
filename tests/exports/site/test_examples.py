"""What pages show as an example is there; what they call a status is what its label says."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from codes.statuses import on_register
from exports.site.app import make_datasette
from exports.site.sites import SITES
from exports.site.words import example
from tests.exports.site.conftest import Site


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_code_shown_as_an_example_is_there(site: Site, lang: str) -> None:
    for path in ("/", "/about", "/check"):
        body = site.get(path, cookie=f"lang={lang}").text
        shown = set(re.findall(r"[A-L]\d\d-\d{6}-\d{6}-\d\d", body))
        assert len(shown) == 1, path
        answer = site.get(f"/code/{shown.pop()}.json").json()
        assert answer["status"] in on_register()
    asked = re.findall(r'href="(/(?:code|fuwuma)/[^"]+\.json[^"]*)"', site.get("/about").text)
    assert len(asked) == 2
    for address in asked:
        assert site.get(unescape(address)).status_code == 200


def test_a_release_without_facilities_shows_no_example(release: Path) -> None:
    held = make_datasette(release)
    catalogue = replace(SITES[held], example_code="")
    held.executor.shutdown()
    assert example(catalogue) == {}


def test_statuses_are_called_alike_on_every_page(site: Site) -> None:
    labels = {row["name_en"] for row in _rows(site, "value_label") if row["list"] == "status"}
    home = site.get("/", cookie="lang=en").text
    assert "those serving the public now are 'operating'" in unescape(home)
    for path in ("/", "/type/B0101"):
        said = unescape(site.get(path, cookie="lang=en").text)
        listed = re.search(
            r"(?:counts the statuses|On the register \() ?([\w ,]+?)(?:, and none|\))", said
        )
        assert listed, path
        assert set(listed[1].split(", ")) < labels


def _rows(site: Site, table: str) -> list[dict[str, str]]:
    found = site.get(f"/fuwuma/{table}.json?_shape=array&_size=500").json()
    assert isinstance(found, list)
    return found
