"""What words are names of: whole names before ends of English ones, and those only when few."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from exports.site.catalogue import Catalogue, read_catalogue
from exports.site.held import hold
from exports.site.naming import named
from exports.site.settings import site_settings


@pytest.fixture(scope="module")
def catalogue(release: Path) -> Catalogue:
    """A catalogue with nothing but types, as many clubs as may be alike and a hall too many."""
    most = site_settings().alike_most
    names = {f"C{number:02}": f"Kind {number} Club" for number in range(most)}
    names |= {f"H{number:02}": f"Kind {number} Hall" for number in range(most + 1)}
    names |= {"P1": "Pool", "P2": "Swimming Pool (outdoors)"}
    whole = read_catalogue(hold(release))
    types = {
        code: {"name_zh": code, "name_en": name, "aliases": ""} for code, name in names.items()
    }
    return replace(whole, types=types, classes={}, categories={}, divisions={})


def test_an_end_of_names_that_too_many_share_says_nothing(catalogue: Catalogue) -> None:
    clubs = [code for code in catalogue.types if code.startswith("C")]
    assert named(catalogue, ["club"]) == [("facility_type", code) for code in clubs]
    assert named(catalogue, ["hall"]) == []
    assert named(catalogue, ["kind 3 hall", "3 hall"]) == [("facility_type", "H03")]


def test_what_is_a_whole_name_is_not_an_end_of_others(catalogue: Catalogue) -> None:
    assert named(catalogue, ["pool"]) == [("facility_type", "P1")]
    assert named(catalogue, ["swimming pool"]) == [("facility_type", "P2")]
