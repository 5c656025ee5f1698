"""Several files land as one set: all new, or all as they were."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from codes.errors import StoreError
from exports.reports.saving import save_all


def test_all_are_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    first, second = tmp_path / "一.csv", tmp_path / "二.html"
    first.write_bytes(b"old")
    save_all({first: b"1", second: b"2"})
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        "一.csv": b"1",
        "二.html": b"2",
    }


def test_when_one_cannot_be_moved_all_are_as_they_were(tmp_path: Path) -> None:
    old, new, folder = tmp_path / "一.csv", tmp_path / "新.csv", tmp_path / "二.html"
    old.write_bytes(b"old")
    folder.mkdir()
    with pytest.raises(StoreError, match=r"二\.html"):
        save_all({old: b"1", new: b"2", folder: b"3"})
    assert old.read_bytes() == b"old"
    assert {path.name for path in tmp_path.iterdir()} == {"一.csv", "二.html"}


def test_when_one_cannot_be_written_none_is_moved(tmp_path: Path) -> None:
    old = tmp_path / "一.csv"
    old.write_bytes(b"old")
    with pytest.raises(StoreError, match=r"二\.html"):
        save_all({old: b"1", tmp_path / "无" / "二.html": b"2"})
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]


def test_a_full_disk_is_told_with_the_name_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StoreError, match=r"一\.csv"):
        save_all({tmp_path / "一.csv": b"1"})
    assert list(tmp_path.iterdir()) == []
