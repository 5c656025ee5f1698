"""A release is put in place at once or not at all, and never over somebody's files."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine

from codes.errors import StoreError
from exports.release import directory as directory_module
from exports.release import publish
from exports.release.directory import check_target, replacing
from exports.release.manifest import check_files, read_manifest
from tests.exports.release.small_registry import ON

KILLED = """
import os, signal, sys
from datetime import date
from exports.release import publish
from registry.db import open_registry

def kill(step, done, total):
    if step == sys.argv[3]:
        os.kill(os.getpid(), signal.SIGKILL)

publish(open_registry(sys.argv[1]), sys.argv[2], on=date(2020, 1, 1), progress=kill)
"""


def test_the_old_release_is_replaced(bare: Engine, tmp_path: Path) -> None:
    target = tmp_path / "release"
    first = publish(bare, target, on=ON, synthetic=True)
    second = publish(bare, target, on=ON)
    assert first != second
    assert read_manifest(target) == second
    assert [path.name for path in tmp_path.iterdir()] == ["release"]
    assert target.stat().st_mode & 0o777 == 0o755


def test_without_an_exchange_two_renames_do(
    bare: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directory_module, "_exchange", lambda _one, _other: False)
    target = tmp_path / "release"
    publish(bare, target, on=ON, synthetic=True)
    assert publish(bare, target, on=ON) == read_manifest(target)
    assert [path.name for path in tmp_path.iterdir()] == ["release"]


@pytest.mark.parametrize("step", ["history", "manifest"])
def test_killed_on_the_way_the_old_release_stays(bare: Engine, tmp_path: Path, step: str) -> None:
    target = tmp_path / "release"
    before = publish(bare, target, on=ON)
    arguments = [str(bare.url.database), str(target), step]
    done = subprocess.run([sys.executable, "-c", KILLED, *arguments], check=False)
    assert done.returncode == -signal.SIGKILL
    assert read_manifest(target) == before
    check_files(target, before)
    assert len(list(tmp_path.iterdir())) == 2, "what was half built lies beside"
    publish(bare, target, on=ON)
    assert [path.name for path in tmp_path.iterdir()] == ["release"]


def test_what_was_half_built_goes_whatever_the_name_of_the_release(tmp_path: Path) -> None:
    (tmp_path / ".rel[1]*.building-killed").mkdir()
    (tmp_path / ".rel1.building-another").mkdir()
    with replacing(tmp_path / "rel[1]*") as building:
        (building / "new").touch()
    assert {path.name for path in tmp_path.iterdir()} == {"rel[1]*", ".rel1.building-another"}


def test_a_failure_leaves_nothing(bare: Engine, tmp_path: Path) -> None:
    def fail(step: str, _done: int, _total: int) -> None:
        if step == "pack":
            raise RuntimeError(step)

    with pytest.raises(RuntimeError):
        publish(bare, tmp_path / "release", on=ON, progress=fail)
    assert list(tmp_path.iterdir()) == []


def test_a_directory_of_something_else_is_refused(bare: Engine, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(StoreError) as caught:
        publish(bare, tmp_path, on=ON)
    assert caught.value.message_id == "release.not_a_release"
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_another_programs_manifest_is_refused(bare: Engine, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"name": "an app"}')
    with pytest.raises(StoreError) as caught:
        publish(bare, tmp_path, on=ON)
    assert caught.value.message_id == "release.not_a_release"


def test_a_file_put_into_a_release_is_not_lost(bare: Engine, tmp_path: Path) -> None:
    target = tmp_path / "release"
    publish(bare, target, on=ON)
    (target / "notes.txt").write_text("mine")
    with pytest.raises(StoreError) as caught:
        publish(bare, target, on=ON)
    assert caught.value.message_id == "release.foreign_files"
    assert "notes.txt" in str(caught.value)
    assert (target / "notes.txt").read_text() == "mine"


def test_a_file_is_refused(bare: Engine, tmp_path: Path) -> None:
    target = tmp_path / "release"
    target.write_text("a file")
    with pytest.raises(StoreError) as caught:
        publish(bare, target, on=ON)
    assert caught.value.message_id == "release.not_a_directory"


def test_a_mount_point_is_refused_before_anything_is_built() -> None:
    with pytest.raises(StoreError) as caught:
        check_target(Path("/"))
    assert caught.value.message_id == "release.mount_point"


def test_a_mount_point_that_only_the_exchange_finds_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "release"
    target.mkdir()

    def busy(_path: Path, _to: Path) -> None:
        raise OSError(errno.EBUSY, "Device or resource busy")

    monkeypatch.setattr(directory_module, "_exchange", lambda _one, _other: False)
    monkeypatch.setattr(Path, "rename", busy)
    with pytest.raises(StoreError) as caught, replacing(target) as building:
        (building / "new").touch()
    assert caught.value.message_id == "release.mount_point"
    assert [path.name for path in tmp_path.iterdir()] == ["release"]


def test_an_empty_directory_and_missing_parents_will_do(bare: Engine, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    publish(bare, tmp_path / "empty", on=ON)
    publish(bare, tmp_path / "a" / "b" / "c", on=ON)
    assert read_manifest(tmp_path / "a" / "b" / "c") == read_manifest(tmp_path / "empty")


def test_two_at_once_are_refused(tmp_path: Path) -> None:
    held = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    try:
        with pytest.raises(StoreError) as caught, replacing(tmp_path / "release"):
            raise AssertionError("two publish at once")
        assert caught.value.message_id == "release.being_published"
    finally:
        os.close(held)


def test_a_changed_file_is_noticed(release: Path, tmp_path: Path) -> None:
    manifest = read_manifest(release)
    shutil.copytree(release, tmp_path, dirs_exist_ok=True)
    check_files(tmp_path, manifest)
    with (tmp_path / "facilities.csv").open("r+b") as changed:
        changed.seek(100)
        changed.write(b"X")
    with pytest.raises(StoreError) as caught:
        check_files(tmp_path, manifest)
    assert caught.value.message_id == "release.damaged"


def test_all_is_on_the_disk_before_it_takes_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: set[int] = set()
    before: list[set[int]] = []
    really, put = os.fsync, directory_module._put

    def flush(descriptor: int) -> None:
        flushed.add(os.fstat(descriptor).st_ino)
        really(descriptor)

    def put_then(building: Path, target: Path) -> None:
        before.append(set(flushed))
        put(building, target)

    monkeypatch.setattr(os, "fsync", flush)
    monkeypatch.setattr(directory_module, "_put", put_then)
    target = tmp_path / "release"
    with replacing(target) as building:
        (building / "tables").mkdir()
        (building / "tables" / "one.csv").write_text("a", encoding="utf-8")
        (building / "two.csv").write_text("b", encoding="utf-8")
    written = [target, *target.rglob("*")]
    assert len(written) == 4
    assert before == [{path.stat().st_ino for path in written}]
