"""The files beside the snapshot say the same as it, each in its own way."""

from __future__ import annotations

import csv
import json
import re
import sqlite3
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import shapely

from exports.release.allow_list import allow_list
from exports.release.manifest import read_manifest
from tests.exports.release.small_registry import code_of

FIGURE = re.compile(r"-?\d+(\.\d+)?(e-?\d+)?")


def _lines(release: Path) -> dict[str, Any]:
    text = (release / "facilities.jsonl").read_text("utf-8")
    assert text.endswith("}\n")
    return {row["code"]: row for row in map(json.loads, text.splitlines())}


def test_every_table_is_there_as_csv_with_every_row(
    release: Path, snapshot: sqlite3.Connection
) -> None:
    for name, table in allow_list().tables.items():
        with (release / "tables" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            head, *rows = csv.reader(file)
        assert head == list(table.columns)
        count = snapshot.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
        assert len(rows) == count, name


def test_no_csv_cell_is_a_formula(release: Path) -> None:
    for path in [*release.glob("*.csv"), *release.glob("tables/*.csv")]:
        with path.open(encoding="utf-8-sig", newline="") as file:
            cells = {cell for row in csv.reader(file) for cell in row if cell}
        risky = [cell for cell in cells if cell[0] in "=+-@\t\r\n"]
        assert [cell for cell in risky if not FIGURE.fullmatch(cell)] == [], path.name


def test_the_data_package_describes_the_tables(release: Path) -> None:
    package = json.loads((release / "datapackage.json").read_text("utf-8"))
    assert package["profile"] == "tabular-data-package"
    assert package["synthetic"] is True
    manifest = read_manifest(release)
    for resource in package["resources"]:
        file = manifest.file(resource["path"])
        assert file
        assert resource["hash"] == f"sha256:{file.sha256}"
        with (release / resource["path"]).open(encoding="utf-8", newline="") as opened:
            head, *rows = csv.reader(opened)
        assert head == [field["name"] for field in resource["schema"]["fields"]]
        assert resource["rows"] == len(rows)
        _check_values(resource, rows)


def _check_values(resource: dict[str, Any], rows: list[list[str]]) -> None:
    forms = {
        "string": r".*",
        "integer": r"-?\d+",
        "number": r"-?\d+(\.\d+)?(e-?\d+)?",
        "date": r"\d{4}-\d\d-\d\d",
    }
    for place, field in enumerate(resource["schema"]["fields"]):
        values = [row[place] for row in rows if row[place]]
        if field.get("constraints", {}).get("required"):
            assert len(values) == len(rows), f"{resource['name']} {field['name']}"
        form = re.compile(forms[field["type"]], re.DOTALL)
        assert all(form.fullmatch(value) for value in values), f"{resource['name']} {field['name']}"


def test_references_of_the_package_lead_somewhere(release: Path) -> None:
    package = json.loads((release / "datapackage.json").read_text("utf-8"))
    names = {resource["name"]: resource for resource in package["resources"]}
    for resource in package["resources"]:
        for key in resource["schema"]["foreignKeys"]:
            target = names[key["reference"]["resource"] or resource["name"]]
            assert "code" in [field["name"] for field in target["schema"]["fields"]]


def test_json_lines_hold_figures_numbers_and_links(release: Path) -> None:
    rows = _lines(release)
    home = rows[code_of("home")]
    assert {one["capability_code"]: one["value"] for one in home["capabilities"]}["beds"] == 128
    assert rows[code_of("nursery")]["identifiers"] == [
        {"scheme_code": "school_id", "value": "1133000123"}
    ]
    assert rows[code_of("nursery")]["division_name"] == "浙江省杭州市西湖区北山街道"
    assert [one["code"] for one in rows[code_of("merged")]["successors"]] == [code_of("health")]
    assert rows[code_of("hostile")]["name"].startswith("<script>")
    assert rows[code_of("formula")]["name"].startswith("=HYPERLINK"), "exact, for programs"
    assert rows[code_of("annulled")]["name"] is None
    assert list(rows) == sorted(rows)


def test_geojson_has_the_points(release: Path) -> None:
    body = (release / "facilities.geojson").read_text("utf-8")
    collection = json.loads(body)
    assert collection["type"] == "FeatureCollection"
    assert "CGCS2000" in collection["note"]
    assert collection["synthetic"] is True
    (feature,) = collection["features"]
    assert feature["id"] == feature["properties"]["code"] == code_of("nursery")
    point = shapely.from_geojson(json.dumps(feature["geometry"]))
    assert (point.x, point.y) == (120.105, 30.285), "longitude first"


class _Outline(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag not in ("meta",):
            self.open.append(tag)
        self.links += [value for name, value in attrs if name in ("src", "href")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize(("lang", "word"), [("zh", "自行设计"), ("en", "own design")])
def test_the_spec_is_a_book_to_read(release: Path, lang: str, word: str) -> None:
    markdown = (release / f"spec.{lang}.md").read_text("utf-8")
    html = (release / f"spec.{lang}.html").read_text("utf-8")
    for said in (word, "B0101", "幼儿园" if lang == "zh" else "Kindergarten", "beds", "school_id"):
        assert said in markdown, said
        assert said in html, said
    tables = [block for block in markdown.split("\n\n") if block.startswith("|")]
    assert len(tables) == 9
    for table in tables:
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}) == 1
    outline = _Outline()
    outline.feed(html)
    assert outline.open == []
    assert outline.links == []
    assert "contact_phone" in markdown, "the field is in the spec"
    assert ("不公开" if lang == "zh" else "Not published") in markdown
