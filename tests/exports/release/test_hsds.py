"""The facilities as HSDS services.

The schema HSDS publishes comes in no package that can be installed, and its text is not ours to
keep. What it requires (version 3.0: required fields, allowed values, ids that are UUIDs) is stated
here in our own words; by hand, files of ours were checked with the published one (docs/release).
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pytest

from codes.value_lists import values
from exports.release.allow_list import allow_list
from exports.release.formats.hsds import NAMESPACE, hsds_settings
from exports.release.registry_rows import ANNULLED
from tests.exports.release.small_registry import OPERATOR, code_of

ROOT = Path(__file__).resolve().parents[3]
REQUIRED = {
    "service": {"id", "name", "status"},
    "organization": {"id", "name", "description"},
    "organization_identifiers": {"id", "identifier_type", "identifier"},
    "phones": {"id", "number"},
    "schedules": {"id"},
    "attributes": {"id"},
    "taxonomy_term": {"id", "name", "description"},
    "service_at_locations": {"id"},
    "location": {"id", "location_type"},
    "addresses": {"id", "address_1", "city", "state_province", "postal_code", "country",
                  "address_type"},
    "accessibility": {"id"},
}  # fmt: skip
STATUSES = {"active", "inactive", "defunct", "temporarily closed"}


@pytest.fixture(scope="module")
def page(release: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((release / "hsds.json").read_text("utf-8"))
    return loaded


def _objects(kind: str, value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(value, list):
        for one in value:
            yield from _objects(kind, one)
    elif isinstance(value, dict):
        yield kind, value
        for key, inner in value.items():
            yield from _objects(key, inner)


def _service(page: dict[str, Any], key: str) -> dict[str, Any]:
    return next(row for row in page["contents"] if row["id"].endswith(code_of(key)[5:]))


def test_every_object_has_what_hsds_requires(page: dict[str, Any]) -> None:
    seen = set()
    for kind, found in _objects("service", page["contents"]):
        seen.add(kind)
        assert set(found) >= REQUIRED[kind], kind
        assert None not in found.values(), kind
        for key, value in found.items():
            if key == "id":
                assert str(UUID(value)) == value, key
            elif key in ("longitude", "latitude"):
                assert isinstance(value, float)
            else:
                assert isinstance(value, str | list | dict), key
    assert seen == set(REQUIRED)


def test_every_facility_but_the_annulled_is_a_service(
    page: dict[str, Any], snapshot: sqlite3.Connection
) -> None:
    statuses = {service["status"] for service in page["contents"]}
    assert statuses <= STATUSES
    codes = [row["service_at_locations"][0]["location"]["external_identifier"]
             for row in page["contents"]]  # fmt: skip
    wanted = snapshot.execute(
        "SELECT code FROM facility WHERE name IS NOT NULL ORDER BY code"
    ).fetchall()
    assert codes == [code for (code,) in wanted]
    assert len({service["id"] for service in page["contents"]}) == len(codes) == page["size"]


def test_a_service_says_where_and_by_whom(page: dict[str, Any]) -> None:
    nursery = _service(page, "nursery")
    assert nursery["organization"]["name"] == "西湖区教育局"
    (place,) = nursery["service_at_locations"]
    (address,) = place["location"]["addresses"]
    assert (address["city"], address["state_province"]) == ("杭州市", "浙江省")
    assert (place["location"]["longitude"], place["location"]["latitude"]) == (120.105, 30.285)
    assert nursery["url"] == "https://example.org/wenxin"
    assert "url" not in _service(page, "hospital"), "javascript: is no address of a page"
    assert _service(page, "closed")["status"] == "defunct"


def test_one_operator_is_one_organization(page: dict[str, Any]) -> None:
    run_by = [_service(page, key)["organization"] for key in ("eye", "home")]
    assert run_by[0]["id"] == run_by[1]["id"]
    assert run_by[0]["id"] == str(uuid5(NAMESPACE, f"organization:{OPERATOR[1]}"))
    assert run_by[0]["organization_identifiers"][0]["identifier"] == OPERATOR[1]


def test_every_public_column_is_mapped_or_listed_as_not(page: dict[str, Any]) -> None:
    settings = hsds_settings()
    told = {*settings["mapped"], *settings["unmapped"]}
    assert set(allow_list().tables["facility"].columns) <= told
    assert not set(settings["mapped"]) & set(settings["unmapped"])
    assert page["unmapped"] == settings["unmapped"]
    assert set(settings["status"]) == {*values("status")} - {ANNULLED}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_documents_say_the_same(lang: str) -> None:
    told = (ROOT / "docs" / f"release.{lang}.md").read_text("utf-8")
    section = told.partition("## HSDS\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)
    assert rows == [*hsds_settings()["mapped"], *hsds_settings()["unmapped"]]
    for name, place in hsds_settings()["mapped"].items():
        assert f"| `{name}` | {place} |" in told
    for name, why in hsds_settings()["unmapped"].items():
        assert f"| `{name}` | {why[lang]} |" in told
