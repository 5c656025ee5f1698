"""Rules, fields and figures are those of the release, whatever the program's own books say now."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from codes import elements
from codes.facility_types import facility_types
from codes.rules import rules
from exports.site import asked
from exports.site.app import make_datasette
from exports.site.catalogue import read_catalogue
from exports.site.held import hold
from tests.exports.release.small_registry import code_of
from tests.exports.site.conftest import Site, serving

CHANGES = """
    UPDATE rule SET title_zh = '当时的规则名' WHERE id = 'header_unknown';
    UPDATE rule SET valid_to = '2026-01-01' WHERE id = 'cells_extra';
    UPDATE field SET header_zh = '当时的表头' WHERE key = 'address';
    DELETE FROM type_field WHERE type_code = 'E0101' AND key = 'nursing_beds';
    UPDATE type_field SET requirement = 'should' WHERE type_code = 'E0101' AND key = 'beds';
    DELETE FROM capability_value WHERE capability_code = 'beds';
"""


def test_a_release_keeps_every_field_as_the_books_have_it(release: Path) -> None:
    catalogue = read_catalogue(hold(release))
    assert asked.all_fields(catalogue) == elements.all_fields()
    for type_code in facility_types():
        assert asked.fields_of(catalogue, type_code) == elements.fields_of(type_code), type_code
    in_force = {row["id"] for row in asked.rules_in_force(catalogue)}
    assert in_force == {rule.id for rule in rules().values() if rule.valid_to is None}


def test_a_page_shows_what_was_in_force_then(release: Path, tmp_path: Path) -> None:
    older = tmp_path / "release"
    shutil.copytree(release, older)
    with closing(sqlite3.connect(older / "fuwuma.sqlite")) as db:
        db.executescript(CHANGES)
    with serving(make_datasette(older, checked=True)) as site:
        listed = site.get("/rules").text
        assert "当时的规则名" in listed
        assert 'id="cells_extra"' not in listed
        assert 'id="cells_missing"' in listed
        assert "当时的表头" in site.get("/dictionary").text
        keys = [row["key"] for row in site.get("/dictionary.json?type=E0101").json()["fields"]]
        assert "beds" in keys
        assert "nursing_beds" not in keys
        home = site.get(f"/code/{code_of('home')}").text
        assert "未上报（不等于零）" in home
        assert "床位数" in home.partition("未上报")[2]


def test_types_list_their_own_choices(site: Site) -> None:
    fields = {row["key"]: row for row in site.get("/dictionary.json?type=E0101").json()["fields"]}
    assert fields["type"]["choices"] == [facility_types()["E0101"].name_zh]
