"""Temporary folders: gone also after a kill, and told of by name when the disk is full."""

from __future__ import annotations

import errno
import fcntl
import signal
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
import pytest

from codes.errors import StoreError
from registry.bulk.engine import engine
from registry.temporary import room_missed, temporary_folder

FULL = "system.temporary_full"
WAITING = (
    "from registry.temporary import temporary_folder\n"
    "with temporary_folder() as folder:\n"
    "    (folder / 'rows').write_text('x')\n"
    "    print(folder, flush=True)\n"
    "    input()\n"
)


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The place of temporary folders, for us and for the processes we start."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


def test_what_a_killed_command_left_is_thrown_away_and_what_is_in_use_is_not(place: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WAITING], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        theirs = Path(process.stdout.readline().strip())
        with temporary_folder() as ours:
            assert (theirs / "rows").exists()
            process.send_signal(signal.SIGKILL)
            process.wait()
            assert (theirs / "rows").exists()
            with temporary_folder():
                assert not theirs.exists()
                assert ours.exists()
    assert not list(place.iterdir())


def test_a_place_that_is_named_is_swept_too(place: Path) -> None:
    shared = place / "shared"
    left = shared / "fuwuma-left"
    left.mkdir(parents=True)
    (left / ".held").write_text("")
    with temporary_folder(shared) as ours:
        assert list(shared.iterdir()) == [ours]
    assert not list(shared.iterdir())


def test_a_disk_without_locks_will_do(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with temporary_folder() as ours, temporary_folder():
        assert ours.exists()
    assert not list(place.iterdir())


def test_folders_of_others_stay(place: Path) -> None:
    (place / "fuwuma-made-by-hand").mkdir()
    (place / "fuwuma-file").write_text("x")
    (place / "elsewhere").mkdir()
    (place / "elsewhere" / ".held").write_text("")
    (place / "fuwuma-link").symlink_to(place / "elsewhere")
    before = sorted(place.iterdir())
    with temporary_folder():
        pass
    assert sorted(place.iterdir()) == before
    assert (place / "elsewhere" / ".held").exists()


def _disk_full(name: str | None = None) -> OSError:
    return OSError(errno.ENOSPC, "No space left on device", name)


def _sqlite_full() -> sqlite3.Error:
    """SQLite's own error of a database that may grow no further."""
    with sqlite3.connect(":memory:") as connection:
        connection.execute("PRAGMA max_page_count = 1")
        with pytest.raises(sqlite3.OperationalError) as caught:
            connection.execute("CREATE TABLE a (b)")
    return caught.value


def test_a_full_disk_is_told_with_the_folder_and_the_remedy(place: Path) -> None:
    for error in (_disk_full(), _disk_full(str(place / "fuwuma-x" / "canonical.csv"))):
        with pytest.raises(StoreError) as caught, room_missed():
            raise error
        assert caught.value.message_id == "system.temporary_full"
        assert str(place) in str(caught.value)
        assert "TMPDIR" in str(caught.value)
    with pytest.raises(StoreError, match="TMPDIR"), room_missed():
        raise _sqlite_full()


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ('IO Error: Could not write file "/t/check.duckdb": File too large', FULL),
        ("IO Error: Could not write all bytes to file: No space left on device", FULL),
        ("Out of Memory Error: failed to offload\n... the 'max_temp_directory_size' setting", FULL),
        ("Out of Memory Error: failed to allocate data", "bulk.engine_failed"),
    ],
)
def test_no_room_for_duckdb_is_told_alike(tmp_path: Path, said: str, message: str) -> None:
    with pytest.raises(StoreError) as caught, engine(tmp_path, "表.csv", in_memory=True):
        raise duckdb.Error(said)
    assert caught.value.message_id == message
    assert ("Error" in str(caught.value)) == (message != FULL)


def test_what_is_wrong_elsewhere_is_told_as_it_is() -> None:
    for error in (
        _disk_full("/elsewhere/report.json"),
        FileNotFoundError(errno.ENOENT, "gone"),
        sqlite3.OperationalError("no such table: a"),
    ):
        with pytest.raises(type(error)) as caught, room_missed():
            raise error
        assert caught.value is error


def test_no_place_for_temporary_files_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere() -> str:
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found")

    monkeypatch.setattr("registry.temporary.gettempdir", nowhere)
    with pytest.raises(StoreError, match="TMPDIR"), temporary_folder():
        pass
