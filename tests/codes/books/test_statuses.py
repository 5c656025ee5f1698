"""Every status has one meaning, and what else names statuses agrees with it."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

from codes.book import BOOKS_DIR
from codes.statuses import LEADS_ON, ON_REGISTER, off_register, on_register, states
from codes.value_lists import open_values, values

ROOT = Path(__file__).resolve().parents[3]


def test_every_status_has_a_state_of_its_own() -> None:
    listed = json.loads((BOOKS_DIR / "value_lists" / "row.schema.json").read_text("utf-8"))
    assert [*states().values()] == listed["properties"]["state"]["enum"]
    assert {*ON_REGISTER, *LEADS_ON} < {*states().values()}
    assert (*on_register(), *off_register()) == tuple(values("status"))


def test_a_file_sets_what_is_on_the_register_and_closes() -> None:
    assert open_values("status") == (*on_register(), "关闭")


def test_what_a_row_must_have_goes_by_the_same_statuses() -> None:
    """The element book is data of its own; its conditions name the statuses."""
    common = (BOOKS_DIR / "elements" / "common.json").read_text("utf-8")
    assert json.dumps([*on_register()], ensure_ascii=False) in common
    hsds = ROOT / "exports" / "release" / "formats" / "hsds.toml"
    told = tomllib.loads(hsds.read_text("utf-8"))["status"]
    assert {*told} == {name for name, state in states().items() if state != "annulled"}


def test_the_style_sheet_colours_each_state_on_the_register() -> None:
    css = (ROOT / "exports" / "site" / "static" / "site.css").read_text("utf-8")
    assert {*ON_REGISTER} <= {*re.findall(r"\.s-([a-z]+)", css)}
