"""The delta tells what changed since the release before."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from codes.datums import to_cgcs2000
from exports.release import publish
from exports.release.delta import write_delta
from exports.release.delta_steps import keep_earlier
from exports.release.manifest import Manifest, read_manifest
from exports.release.publish import SNAPSHOT
from registry.db import open_registry, writing
from registry.facilities.change import annul, change, close
from registry.facilities.succession import merge
from tests.exports.release.small_registry import ON, code_of
from tests.exports.release.unpacked import unpacked


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


def test_a_change_names_the_fields_and_no_value(chain: Chain) -> None:
    target, _, (_, delta, _) = chain
    changed = {row["code"]: row["fields"] for row in delta["changed"]}
    assert {"name", "valid_from"} <= {*changed[code_of("nursery")]}
    for path in (target / "delta.json", *(target / "deltas").iterdir()):
        assert "幼儿园" not in path.read_text("utf-8")
    assert code_of("annulled") not in changed
    assert delta["ended"] == [{"code": code_of("annulled"), "status": "误登作废", "successors": []}]


def test_who_missed_a_release_follows_the_steps(chain: Chain) -> None:
    target, manifests, deltas = chain
    shas = [one.file(SNAPSHOT).sha256 for one in manifests if one.file(SNAPSHOT)]  # type: ignore[union-attr]
    steps = deltas[-1]["steps"]
    assert [(one["from"]["snapshot_sha256"], one["to"]["snapshot_sha256"]) for one in steps] == [
        (shas[0], shas[1]),
        (shas[1], shas[2]),
    ]
    first, last = (json.loads((target / one["file"]).read_text("utf-8")) for one in steps)
    assert first == {key: value for key, value in deltas[1].items() if key != "steps"}
    assert last == deltas[-1]
    listed = {file.name for file in manifests[-1].files}
    assert {one["file"] for one in steps} <= listed


def test_a_missing_step_begins_the_chain_anew(tmp_path: Path) -> None:
    steps = [
        {"to": {"snapshot_sha256": sha * 64}, "file": name}
        for sha, name in (("a", "deltas/a.json"), ("b", "../b.json"), ("c", "delta.json"))
    ]
    before, building = tmp_path / "before", tmp_path / "new" / "building"
    (before / "deltas").mkdir(parents=True)
    (before / "deltas" / "a.json").write_text("{}", "utf-8")
    (tmp_path / "b.json").write_text("{}", "utf-8")
    building.mkdir(parents=True)
    kept = keep_earlier(before, building, {"format": "x", "steps": steps})
    assert [one["file"] for one in kept] == [f"deltas/{'c' * 16}.json"]
    assert json.loads((building / kept[0]["file"]).read_text("utf-8")) == {"format": "x"}
    assert not (tmp_path / "new" / "b.json").exists()


@pytest.fixture(scope="module")
def after_ends(
    filled_sqlite: Engine, release: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The release after `release`: one facility was annulled, one closed, one merged."""
    folder = tmp_path_factory.mktemp("ends")
    with closing(sqlite3.connect(filled_sqlite.url.database or "")) as db:
        db.execute("VACUUM INTO ?", (str(folder / "registry.db"),))
    engine = open_registry(str(folder / "registry.db"))
    with writing(engine) as session:
        annul(session, code_of("nursery"), by="张三")
        point = {"longitude": 120.1123456, "latitude": 30.2876543, "datum": "GCJ02"}
        change(session, code_of("nursery_two"), point, on=ON, by="张三")
        close(session, code_of("home"), on=ON, by="张三")
        merge(session, [code_of("eye")], into=code_of("health"), on=ON, by="张三")
    shutil.copytree(release, folder / "release")
    publish(engine, folder / "release", on=ON, synthetic=True)
    engine.dispose()
    return folder / "release"


def test_what_ended_is_named_with_what_it_became(after_ends: Path) -> None:
    became = {
        row["code"]: (row["status"], row["successors"]) for row in _delta(after_ends)["ended"]
    }
    assert became == {
        code_of("nursery"): ("误登作废", []),
        code_of("home"): ("关闭", []),
        code_of("eye"): ("已合并", [code_of("health")]),
    }


def test_a_point_has_no_more_digits_than_are_worth_it(after_ends: Path) -> None:
    features = json.loads((after_ends / "facilities.geojson").read_text("utf-8"))["features"]
    (point,) = (one for one in features if one["id"] == code_of("nursery_two"))
    longitude, latitude = point["geometry"]["coordinates"]
    there = to_cgcs2000(120.1123456, 30.2876543, "GCJ02")
    assert [longitude, latitude] == [round(one, 7) for one in there]
    assert f"{longitude},{latitude}" in (after_ends / "facilities.csv").read_text("utf-8")


def test_nothing_of_an_annulled_facility_is_in_any_file(release: Path, after_ends: Path) -> None:
    """The release before has all of it; the next one none, in no file, the delta the least."""
    particulars = (
        "文新幼儿园", "文新实验幼儿园", "文三西路 1 号", "0571-88880001", "example.org/wenxin",
        "西湖区教育局", "120.105", "3200.5", "1133000123",
    )  # fmt: skip
    before = b"".join(unpacked(path) for path in release.rglob("*") if path.is_file())
    assert all(value.encode() in before for value in particulars)
    for path in filter(Path.is_file, after_ends.rglob("*")):
        body = unpacked(path)
        left = [value for value in particulars if value.encode() in body]
        assert not left, path.name
    assert code_of("nursery") not in {row["code"] for row in _delta(after_ends)["changed"]}


def test_a_delta_of_an_earlier_program_is_not_kept(release: Path, tmp_path: Path) -> None:
    """It may hold what this one withholds."""
    before = tmp_path / "release"
    shutil.copytree(release, before)
    old = _delta(release) | {"format": "fuwuma-delta/2", "changed": [{"code": "X", "fields": {}}]}
    (before / "delta.json").write_text(json.dumps(old), "utf-8")
    facts = {"release_date": ON.isoformat()}
    write_delta(tmp_path / "delta.json", release / SNAPSHOT, before, facts, ["关闭"])
    delta = _delta(tmp_path)
    assert delta["format"] == "fuwuma-delta/3"
    assert [step["file"] for step in delta["steps"]] == ["delta.json"]
    assert delta["base"]["release_date"] == ON.isoformat()
    assert not any(delta[kind] for kind in ("added", "ended", "removed", "changed"))


def test_publishing_the_same_again_keeps_the_delta(filled_sqlite: Engine, chain: Chain) -> None:
    target, (_, _, last), (_, _, delta) = chain
    assert publish(filled_sqlite, target, on=ON) == last == read_manifest(target)
    assert _delta(target) == delta
