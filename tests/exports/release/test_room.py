"""A full disk: a clear sentence, nothing half written, the old release stays."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from sqlalchemy import Engine

from codes.errors import StoreError
from exports.release import files, publish
from exports.release.formats import json_lines
from exports.release.manifest import check_files, read_manifest
from exports.release.snapshot import Snapshot
from tests.exports.release.small_registry import ON


def _small_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite itself runs out of room: the working file may have no more pages."""
    before = Snapshot.__init__

    def limited(self: Snapshot, *arguments: Any) -> None:
        before(self, *arguments)
        self.db.execute("PRAGMA max_page_count = 60")

    monkeypatch.setattr(Snapshot, "__init__", limited)


def _no_space_for_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path, *_rest: object) -> None:
        path.write_text("half a li")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    monkeypatch.setattr(files, "write_json_lines", fail)
    assert json_lines.write_json_lines is not fail


def _no_space_for_parquet(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> None:
        raise duckdb.IOException("IO Error: Could not write file: No space left on device")

    monkeypatch.setattr(files, "write_parquet", fail)


@pytest.mark.parametrize(
    "full",
    [_small_database, _no_space_for_a_file, _no_space_for_parquet],
    ids=lambda one: one.__name__,
)
def test_a_full_disk_leaves_the_old_release(
    bare: Engine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    full: Callable[[pytest.MonkeyPatch], None],
) -> None:
    target = tmp_path / "release"
    before = publish(bare, target, on=ON)
    full(monkeypatch)
    with pytest.raises(StoreError) as caught:
        publish(bare, target, on=ON)
    assert caught.value.message_id == "release.disk_full"
    assert "磁盘空间不足" in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["release"]
    assert read_manifest(target) == before
    check_files(target, before)


def test_another_failure_to_write_is_said_too(
    bare: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(Snapshot, "pack", fail)
    with pytest.raises(StoreError) as caught:
        publish(bare, tmp_path / "release", on=ON)
    assert caught.value.message_id == "release.not_written"
    assert "disk I/O error" in str(caught.value)
    assert list(tmp_path.iterdir()) == []
