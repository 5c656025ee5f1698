"""The delta tells what changed since the release before."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from exports.release import publish
from exports.release.manifest import read_manifest
from tests.exports.release.small_registry import ON, code_of


def _delta(directory: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((directory / "delta.json").read_text("utf-8"))
    return loaded


def test_the_first_release_has_nothing_before_it(release: Path) -> None:
    delta = _delta(release)
    assert delta["base"] is None
    assert not any(delta[kind] for kind in ("added", "ended", "removed", "changed"))


def test_a_later_release_names_what_is_new_ended_and_changed(
    filled_sqlite: Engine, tmp_path: Path
) -> None:
    target = tmp_path / "release"
    before = publish(filled_sqlite, target, on=date(2025, 2, 1))
    publish(filled_sqlite, target, on=ON)
    delta = _delta(target)
    snapshot = before.file("fuwuma.sqlite")
    assert snapshot
    assert delta["base"] == {"release_date": "2025-02-01", "snapshot_sha256": snapshot.sha256}
    assert delta["added"] == [code_of("closed"), code_of("future")], "not yet on record then"
    assert delta["removed"] == []
    assert code_of("home") in delta["figures_changed"]
    assert delta["ended"] == []


def test_a_change_tells_before_and_after(filled_sqlite: Engine, tmp_path: Path) -> None:
    target = tmp_path / "release"
    publish(filled_sqlite, target, on=date(2020, 1, 1))
    publish(filled_sqlite, target, on=ON)
    changed = {row["code"]: row["fields"] for row in _delta(target)["changed"]}
    assert changed[code_of("nursery")]["name"] == ["文新实验幼儿园", "西湖区文新幼儿园"]
    assert changed[code_of("annulled")]["status"] == ["运营", "误登作废"]
    assert _delta(target)["ended"] == [code_of("annulled")]


def test_publishing_the_same_again_keeps_the_delta(filled_sqlite: Engine, tmp_path: Path) -> None:
    target = tmp_path / "release"
    publish(filled_sqlite, target, on=date(2025, 2, 1))
    first = publish(filled_sqlite, target, on=ON)
    assert publish(filled_sqlite, target, on=ON) == first == read_manifest(target)
    assert _delta(target)["base"]["release_date"] == "2025-02-01"
