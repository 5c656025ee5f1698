"""The delta names whose figures changed, and those that were withdrawn."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from exports.release.delta import write_delta
from tests.exports.release.small_registry import code_of


@pytest.mark.parametrize(
    ("change", "keys"),
    [
        ("DELETE FROM capability_value WHERE capability_code = 'nursing_beds'", ["home"]),
        ("DELETE FROM capability_value WHERE code LIKE 'D01%'", ["hospital"]),
        ("UPDATE capability_value SET value = value + 1", ["hospital", "home"]),
        ("UPDATE facility SET name = '改名'", []),
    ],
)
def test_whose_figures_changed_or_were_withdrawn(
    release: Path, tmp_path: Path, change: str, keys: list[str]
) -> None:
    new, delta = tmp_path / "fuwuma.sqlite", tmp_path / "delta.json"
    shutil.copy(release / "fuwuma.sqlite", new)
    with closing(sqlite3.connect(new)) as db, db:
        db.execute(change)
    write_delta(delta, new, release, {"release_date": "2026-12-01"}, ())
    told = json.loads(delta.read_text("utf-8"))
    assert told["figures_changed"] == [code_of(key) for key in keys]
