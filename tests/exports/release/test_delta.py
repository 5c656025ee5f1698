"""The delta tells what changed since the release before."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from exports.release import publish
from exports.release.manifest import Manifest, read_manifest
from tests.exports.release.small_registry import ON, code_of


def _delta(directory: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((directory / "delta.json").read_text("utf-8"))
    return loaded


def test_the_first_release_has_nothing_before_it(release: Path) -> None:
    delta = _delta(release)
    assert delta["base"] is None
    assert not any(delta[kind] for kind in ("added", "ended", "removed", "changed"))


@pytest.fixture(scope="module")
def chain(
    filled_sqlite: Engine, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, list[Manifest], list[dict[str, Any]]]:
    """A directory published for three days, with the manifest and the delta of each."""
    target = tmp_path_factory.mktemp("chain") / "release"
    manifests, deltas = [], []
    for day in (date(2020, 1, 1), date(2025, 2, 1), ON):
        manifests.append(publish(filled_sqlite, target, on=day))
        deltas.append(_delta(target))
    return target, manifests, deltas


Chain = tuple[Path, list[Manifest], list[dict[str, Any]]]


def test_a_later_release_names_what_is_new_and_ended(chain: Chain) -> None:
    _, (_, before, _), (_, _, delta) = chain
    snapshot = before.file("fuwuma.sqlite")
    assert snapshot
    assert delta["base"] == {"release_date": "2025-02-01", "snapshot_sha256": snapshot.sha256}
    assert delta["added"] == [code_of("closed"), code_of("future")], "not yet on record then"
    assert delta["removed"] == []
    assert code_of("home") in delta["figures_changed"]
    assert delta["ended"] == []


def test_a_change_tells_before_and_after(chain: Chain) -> None:
    _, _, (_, delta, _) = chain
    changed = {row["code"]: row["fields"] for row in delta["changed"]}
    assert changed[code_of("nursery")]["name"] == ["文新实验幼儿园", "西湖区文新幼儿园"]
    assert changed[code_of("annulled")]["status"] == ["运营", "误登作废"]
    assert delta["ended"] == [code_of("annulled")]


def test_publishing_the_same_again_keeps_the_delta(filled_sqlite: Engine, chain: Chain) -> None:
    target, (_, _, last), (_, _, delta) = chain
    assert publish(filled_sqlite, target, on=ON) == last == read_manifest(target)
    assert _delta(target) == delta
