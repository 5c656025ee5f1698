"""A snapshot that came out damaged, or with a reference to nothing, is not released."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from codes.errors import StoreError
from exports.release.publish import SNAPSHOT
from exports.release.snapshot import check_packed


@pytest.fixture
def copied(release: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(release / SNAPSHOT, tmp_path / "copied.sqlite"))


def _refused(path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        check_packed(path)
    assert caught.value.message_id == "release.check_failed"


@pytest.mark.parametrize("of", ["facility", "ix_facility_name", "sqlite_autoindex_facility_1"])
def test_a_damaged_page_of_a_table_or_an_index_is_found(copied: Path, of: str) -> None:
    check_packed(copied)
    with closing(sqlite3.connect(copied)) as db:
        (size,) = db.execute("PRAGMA page_size").fetchone()
        (root,) = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (of,)).fetchone()
    with copied.open("r+b") as file:
        file.seek((root - 1) * size + 3)
        file.write(b"\xff" * 64)
    _refused(copied)


def test_a_reference_to_nothing_is_found(copied: Path) -> None:
    with closing(sqlite3.connect(copied, isolation_level=None)) as db:
        db.execute("UPDATE facility SET class_code = 'Z99' WHERE rowid = 1")
    _refused(copied)
