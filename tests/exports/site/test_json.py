"""How JSON is written, and who may read what the site sends."""

from __future__ import annotations

import json
import re

import pytest

from tests.exports.release.small_registry import code_of
from tests.exports.site.conftest import Site

CODES = json.dumps({"codes": [code_of("nursery"), "医"]})


@pytest.mark.parametrize(
    "path",
    [
        "/categories.json",
        "/fuwuma/facility.json?_shape=objects&name__contains=文新",
        "/search.json?q=文新",
    ],
)
def test_json_has_its_characters_written_out(site: Site, path: str) -> None:
    answer = site.get(path)
    assert b"\\u" not in answer.content
    assert re.search("[一-鿿]", answer.content.decode())
    assert site.get(path, if_none_match=answer.headers["etag"]).status_code == 304
    posted = site.post("/check.json", CODES)
    assert b"\\u" not in posted.content


@pytest.mark.parametrize(
    "name", ["facilities.csv", "parquet/facility.parquet", "facilities.geojson"]
)
def test_another_sites_page_may_read_a_download(site: Site, name: str) -> None:
    answer = site.get(f"/download/{name}", origin="https://other.example")
    assert answer.headers["access-control-allow-origin"] == "*"
