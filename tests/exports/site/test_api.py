"""The OpenAPI document is valid, and every endpoint in it answers what it says."""

from __future__ import annotations

import json
import re
import shlex
from html import unescape
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from datasette.database import Database, QueryInterrupted
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from exports.release.allow_list import allow_list
from exports.release.manifest import FACTS
from exports.site.api import openapi
from tests.exports.release.small_registry import code_of
from tests.exports.site.conftest import Site, opened_site

ROOT = Path(__file__).resolve().parents[3]
NURSERY = code_of("nursery")
CODES = json.dumps({"codes": [NURSERY, code_of("merged"), "E0X"]})
ASKED = {
    "/code/{code}.json": f"/code/{NURSERY}.json",
    "/suggest.json": "/suggest.json?q=文新",
    "/search.json": "/search.json?q=文新",
    "/division/{division}.json": "/division/330106.json",
    "/map.json": "/map.json?bbox=119,29,121,31",
    "/category/{category}.json": "/category/B.json",
    "/class/{class}.json": "/class/B01.json",
    "/type/{type}.json": "/type/B0101.json",
    "/indicator/{indicator}/facilities.json": "/indicator/hangzhou-145.07/facilities.json",
}
"""Endpoints whose parameters must be filled -> an address."""


def _schema(name: str) -> dict[str, Any]:
    """A schema of the document, with all it refers to."""
    components = openapi()["components"]
    return {"$ref": f"#/components/schemas/{name}", "components": components}


def _filled(site: Site, path: str) -> str:
    if path == "/indicator/{indicator}.json":
        first = site.get("/indicators.json").json()["indicators"][0]
        return path.replace("{indicator}", first["code"])
    return ASKED.get(path, path)


def test_every_answer_in_json_is_in_the_document() -> None:
    source = (ROOT / "exports" / "site" / "routes.py").read_text("utf-8")
    served = set(re.findall(r'r"\^(/\S+?)\\\.(?:geo)?json\$"', source))
    told = {path.rpartition(".")[0] for path in openapi()["paths"]}
    assert {re.sub(r"\(\?P<code>\S+?\)", "{}", path) for path in served} <= {
        re.sub(r"\{\w+\}", "{}", path) for path in told
    }
    assert len(served) >= 8


def test_the_document_is_valid_and_served(site: Site) -> None:
    OpenAPIV31SpecValidator(openapi()).validate()
    for schema in openapi()["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    answer = site.get("/api/openapi.json")
    assert answer.json() == json.loads(json.dumps(openapi()))
    written = (ROOT / "docs" / "openapi.json").read_text("utf-8")
    assert json.loads(written) == answer.json(), "run `make docs`"
    assert site.get("/download/openapi.json").json() == answer.json()


@pytest.mark.parametrize("path", openapi()["paths"])
def test_every_endpoint_answers_what_it_says(site: Site, path: str) -> None:
    ((method, operation),) = openapi()["paths"][path].items()
    address = _filled(site, path)
    answer = site.get(address) if method == "get" else site.post(address, CODES)
    assert answer.status_code == 200
    ((media, said),) = operation["responses"]["200"]["content"].items()
    assert answer.headers["content-type"].split(";")[0] == media
    assert answer.headers["access-control-allow-origin"] == "*"
    schema = said["schema"] | {"components": openapi()["components"]}
    errors = [error.message for error in Draft202012Validator(schema).iter_errors(answer.json())]
    assert errors == []
    told = {name: answer.json()[name] for name in FACTS if name in answer.json()}
    manifest = site.get("/download/manifest.json").json()
    of_release = {name: manifest[name] for name in FACTS}
    assert told == ({} if path == "/api/openapi.json" else of_release)
    if method == "get":
        again = site.get(address, if_none_match=answer.headers.get("etag", "-"))
        assert again.status_code == (304 if "etag" in answer.headers else 200)
        assert "etag" in answer.headers or path == "/download/manifest.json"


def test_a_mistake_and_a_bare_list_say_nothing_of_the_release(site: Site) -> None:
    assert "licence" not in site.get("/code/E0X.json").json()
    assert site.get("/fuwuma/class.json?_shape=array&_size=1").json()[0].keys() >= {"code"}
    halves = site.post("/check.json", json.dumps({"codes": ["\ud83d"]})).json()
    assert halves["licence"]
    assert site.get(f"/code/{code_of('annulled')}.json").json()["licence"]


def test_rows_come_as_objects(site: Site) -> None:
    for name in ("facility", "capability_value", "division"):
        found = site.get(f"/fuwuma/{name}.json?_shape=objects&_size=2").json()
        assert found["rows"], name
        errors = Draft202012Validator(_schema(f"{name}_row")).iter_errors(found["rows"][0])
        assert [error.message for error in errors] == []
        (parameters,) = [
            [row["name"] for row in operation["parameters"]]
            for operation in openapi()["paths"][f"/fuwuma/{name}.json"].values()
        ]
        assert set(allow_list().tables[name].columns) < set(parameters)


def test_what_the_document_says_of_mistakes_is_so(site: Site) -> None:
    annulled = code_of("annulled")
    wrong = {
        "/code/{code}.json": {"404": "/code/E0X.json", "410": f"/code/{annulled}.json"},
        "/division/{division}.json": {"404": "/division/999999.json"},
        "/category/{category}.json": {"404": "/category/I.json"},
        "/class/{class}.json": {"404": "/class/B99.json"},
        "/type/{type}.json": {"404": "/type/Z0101.json"},
        "/map/warnings.json": {"404": "/map/warnings.json?indicator=hefei-2022.A01"},
        "/map/outlines.geojson": {"404": "/map/outlines.geojson?indicator=hefei-2022.A01"},
        "/map.json": {"400": "/map.json?bbox=1,2"},
        "/indicator/{indicator}.json": {"404": "/indicator/none.json"},
        "/indicator/{indicator}/facilities.json": {
            "404": "/indicator/hangzhou-145.07/facilities.json?year=2020"
        },
        "/fuwuma/facility.json": {"400": "/fuwuma/facility.json?nope=1"},
    }
    told = {path for path, one in openapi()["paths"].items() if "get" in one}
    of_tables = {path for path in told if path.startswith("/fuwuma/")}
    with_mistakes = {
        path
        for path in told - of_tables
        if {*openapi()["paths"][path]["get"]["responses"]} > {"200", "400"}
    }
    assert with_mistakes <= {*wrong}
    for path, cases in wrong.items():
        said = {*openapi()["paths"][path]["get"]["responses"]} - {"200"}
        assert said == {*cases, "400"}, path
        for status, address in cases.items():
            assert site.get(address).status_code == int(status), address
    too_many = json.dumps({"codes": ["x"] * 10_001})
    assert site.post("/check.json", too_many).status_code == 400
    assert site.post("/check.json", "x" * 600_001).status_code == 413


def test_another_sites_page_may_check_codes(site: Site) -> None:
    asked = site.get("/check.json", method="OPTIONS", origin="https://other.example")
    assert asked.status_code == 200
    assert asked.headers["access-control-allow-origin"] == "*"
    assert "POST" in asked.headers["access-control-allow-methods"]
    assert site.get("/opinion", method="OPTIONS").status_code == 405


def test_a_download_that_is_known_is_not_sent_again(site: Site) -> None:
    first = site.get("/download/parquet/facility.parquet")
    assert first.headers["content-type"] == "application/vnd.apache.parquet"
    again = site.get("/download/parquet/facility.parquet", if_none_match=first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")


PRINTED_OR_STORED = r"E02-?\d{6}-?\d{6}-?\d{2}"


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_the_curl_examples_answer(site: Site, readme: str) -> None:
    text = (ROOT / readme).read_text("utf-8")
    lines = [line for line in text.splitlines() if line.startswith("    curl ")]
    assert len(lines) >= 4
    for line in lines:
        command, _, _comment = line.partition(" #")
        words = shlex.split(command)[1:]
        address = next(word for word in words if word.startswith("http://127.0.0.1:8001/"))
        path = address.removeprefix("http://127.0.0.1:8001")
        path = re.sub(PRINTED_OR_STORED, NURSERY, path)
        asked = [word for last, word in pairwise(words) if last == "--data-urlencode"]
        if asked:
            assert "-G" in words, line
            pairs = [one.split("=", 1) for one in asked]
            path += ("&" if "?" in path else "?") + urlencode([(key, one) for key, one in pairs])
        if "-d" in words:
            sent = re.sub(PRINTED_OR_STORED, NURSERY, words[words.index("-d") + 1])
            answer = site.post(path, sent)
            assert answer.json()["counts"] == {"standing": 1}, line
        else:
            answer = site.get(path)
        assert answer.status_code == 200, line


def test_a_search_and_a_division_hold_what_their_pages_show(site: Site) -> None:
    found = site.get("/search.json?q=文新").json()
    codes = {row["code"] for row in found["facilities"]}
    assert {NURSERY, code_of("nursery_two")} <= codes
    assert found["total"] == len(codes)
    assert site.get(f"/search.json?q={NURSERY}").json()["facilities"][0]["code"] == NURSERY
    division = site.get("/division/330106.json").json()
    assert division["name"] == "西湖区"
    assert division["total"] == sum(division["facilities_by_type"].values()) > 0


def test_the_json_of_a_page_holds_what_the_page_shows(site: Site) -> None:
    home = site.get("/categories.json").json()
    assert home["total"] == sum(one["facilities"] for one in home["categories"])
    assert f"在册设施 {home['total']} 个" in re.sub(r"<[^>]+>", "", site.get("/").text)
    category = site.get("/category/b.json").json()
    assert category["facilities"] == sum(one["facilities"] for one in category["classes"])
    listed = site.get("/type/B0101.json?county=330106").json()
    shown = re.findall(
        r'class="facility-name" href="/code/(\w+)"', site.get("/type/B0101?county=330106").text
    )
    assert [one["code"] for one in listed["facilities"]] == shown
    first = site.get("/type/B0101.json").json()
    codes = {one["code"] for one in first["facilities"]}
    while first["next"]:
        first = site.get(first["next"]).json()
        codes |= {one["code"] for one in first["facilities"]}
    assert len(codes) == first["total"] == 47
    standards = site.get("/standards.json?q=老年人").json()["standards"]
    assert f"{len(standards)} 项服务标准" in site.get("/standards?q=老年人").text
    of_category = [site.get(f"/standards.json?category={one}").json() for one in "Ee"]
    assert of_category[0]["standards"] == of_category[1]["standards"] != []
    tables = {one["name"]: one for one in site.get("/fuwuma.json").json()["tables"]}
    assert {*tables} == {*allow_list().tables}
    assert tables["facility"]["rows"] == site.get("/about.json").json()["counts"]["facility"]
    rows = site.get(tables["facility"]["json"] + "&_size=1").json()
    assert rows["filtered_table_rows_count"] == tables["facility"]["rows"]
    for file in site.get("/downloads.json").json()["files"]:
        assert (
            int(site.get(file["address"], method="HEAD").headers["content-length"]) == file["bytes"]
        )


@pytest.mark.parametrize(
    "path",
    ["/", "/category/B", "/class/B01", "/type/B0101?county=330106", "/division/330106",
     "/search?q=文新", "/standards?category=E", "/about", "/downloads", "/fuwuma"],
)  # fmt: skip
def test_a_page_leads_to_its_json(site: Site, path: str) -> None:
    found = re.search(
        r'<link rel="alternate" type="application/json" href="([^"]+)"', site.get(path).text
    )
    assert found
    answer = site.get(unescape(found[1]))
    assert answer.status_code == 200
    assert answer.json()


@pytest.mark.parametrize("odd", ["%00", "..%2f..%2fetc", "<script>", "B0101'--", "Ｂ"])
@pytest.mark.parametrize("kind", ["category", "class", "type", "division", "code", "indicator"])
def test_odd_addresses_of_json_are_not_there(site: Site, kind: str, odd: str) -> None:
    answer = site.get(f"/{kind}/{odd}.json")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.json()["ok"] is False


MISTAKES = [
    ("/fuwuma/facility.json?_sort=address", 400, "_sort", "township_code"),
    ("/fuwuma/facility.json?_sort=code&_sort_desc=code", 400, "_sort_desc", "其中一个"),
    ("/fuwuma/facility.json?_size=abc", 400, "_size", "500"),
    ("/fuwuma/facility.json?_size=-1", 400, "_size", "500"),
    ("/fuwuma/facility.json?_size=501", 400, "_size", "500"),
    ("/fuwuma/facility.json?_col=nope", 400, "_col", "operator_name"),
    ("/fuwuma/facility.json?_nocol=code", 400, "_nocol", "operator_name"),
    ("/fuwuma/facility.json?_shape=table", 400, "_shape", "objects"),
    ("/fuwuma/facility.json?_next=a,b", 400, "_next", "/api/openapi.json"),
    ("/fuwuma/facility.json?nope=1", 400, "nope", "/api/openapi.json"),
    ("/fuwuma/nope.json", 404, None, "/api/openapi.json"),
    ("/nope.json", 404, None, "/api/openapi.json"),
    ("/download/nope.json", 404, None, "/downloads.json"),
    ("/map/nope.geojson", 404, None, "/api/openapi.json"),
    ("/code/E0X.json", 404, None, "17 位"),
    ("/code/E0233010600017406.json", 404, None, "本次发布"),
    ("/division/999999.json", 404, None, "/fuwuma/division.json"),
    ("/indicator/hangzhou-145.07/facilities.json?year=2020", 404, None, "/indicators.json"),
    ("/category/I.json", 404, None, "/categories.json"),
    ("/check.json", 400, None, "10000"),
    ("/categories.json?nope=1", 400, "nope", "/api/openapi.json"),
    ("/type/B0101.json?conuty=330106", 400, "conuty", "/api/openapi.json"),
    ("/type/B0101.json?county=999999", 400, "county", "/fuwuma/division.json"),
    ("/type/B0101.json?status=x", 400, "status", "/fuwuma/value_label.json"),
    ("/standards.json?category=Z", 400, "category", "/categories.json"),
    ("/rules.json?severity=zz", 400, "severity", "/rules.json"),
    ("/dictionary.json?type=zz", 400, "type", "/fuwuma/facility_type.json"),
    ("/indicators.json?plan=zz", 400, "plan", "/indicators.json"),
    ("/indicator/hangzhou-145.07.json?division=9", 400, "division", "/fuwuma/division.json"),
    ("/map/outlines.geojson?county=999999", 400, "county", "/fuwuma/division.json"),
    ("/map/outlines.geojson?county=330100", 400, "county", "level=county"),
    ("/map/outlines.geojson?indicator=nope", 400, "indicator", "/indicators.json"),
    ("/map/outlines.geojson?indicator=hangzhou-145.07&year=1999", 400, "year", "/map/warnings"),
    ("/map/outlines.geojson?year=2026", 400, "year", "/map/warnings.json"),
    ("/map/warnings.json?indicator=hangzhou-145.07&year=1999", 400, "year", "/map/warnings.json"),
    ("/map/warnings.json?indicator=hangzhou-145.07&category=A", 400, "category", "/api/openapi"),
    ("/indicator/hangzhou-145.07.json?year=2031", 400, "year", "/indicator/hangzhou-145.07.json"),
    ("/indicator/hangzhou-145.07.json?page=2", 400, "page", "/api/openapi.json"),
    ("/search.json?q=医&page=999", 400, "page", "/search.json?q="),
    ("/search.json?q=医&page=abc", 400, "page", "/api/openapi.json"),
    ("/type/B0101.json?page=99", 400, "page", "/type/B0101.json"),
    ("/map.json?bbox=1", 400, None, "bbox="),
]


@pytest.mark.parametrize(("path", "status", "parameter", "expected"), MISTAKES)
def test_a_program_is_told_what_was_seen_what_was_expected_and_how_to_mend_it(
    site: Site, path: str, status: int, parameter: str | None, expected: str
) -> None:
    answer = site.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["access-control-allow-origin"] == "*"
    told = answer.json()
    assert list(Draft202012Validator(_schema("Problem")).iter_errors(told)) == []
    assert (told["status"], told.get("parameter")) == (status, parameter)
    assert expected in told["expected"]
    english = site.get(path, cookie="lang=en").json()
    assert not re.search("[一-鿿]", english["error"] + english["expected"] + english["remedy"])


def test_a_query_that_takes_too_long_says_so_in_json(
    site: Site, release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_args: Any, **_kwargs: Any) -> None:
        raise QueryInterrupted(Exception("interrupted"), "select 1", {})

    with opened_site(release) as opened:
        monkeypatch.setattr(Database, "execute", interrupted)
        slow = opened.get("/search.json?q=文新")
        monkeypatch.setattr(Database, "execute", lambda *_args: 1 / 0)
        broken = opened.get("/search.json?q=文")
    assert (slow.status_code, broken.status_code) == (400, 500)
    assert "1 秒" in slow.json()["expected"]
    assert broken.json()["remedy"] == "请稍后再试。"


def test_the_page_that_refuses_says_the_same(site: Site) -> None:
    for path, status, _, expected in MISTAKES[:4]:
        answer = site.get(path.replace(".json", ""))
        assert answer.status_code == status
        assert expected.replace("500", "100") in answer.text or "整数" in answer.text
