"""A folder or disk that cannot be written to is told with its remedy, and leaves nothing behind."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from codes.errors import StoreError
from registry.db import create_registry, open_registry, reading


def failing(code: int) -> OperationalError:
    """Return what SQLAlchemy raises when SQLite says the code."""
    cause = sqlite3.OperationalError("refused")
    cause.sqlite_errorcode = code
    return OperationalError("PRAGMA x", {}, cause)


def test_what_cannot_be_opened(tmp_path: Path) -> None:
    folder = tmp_path / "fuwuma.db"
    folder.mkdir()
    for opened in (open_registry, create_registry):
        with pytest.raises(StoreError, match=r"打不开.*检查文件夹的权限") as refused:
            opened(str(folder))
        assert "unable" not in str(refused.value)
    with pytest.raises(StoreError, match="文件夹不存在"):
        create_registry(str(tmp_path / "无" / "fuwuma.db"))


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (sqlite3.SQLITE_CANTOPEN, "打不开"),
        (sqlite3.SQLITE_READONLY | 1 << 8, "打不开"),
        (sqlite3.SQLITE_FULL, "磁盘满了"),
        (sqlite3.SQLITE_CORRUPT, "无法使用"),
    ],
)
def test_every_cause_has_its_words(migrated_sqlite: Path, code: int, says: str) -> None:
    engine = open_registry(str(migrated_sqlite))
    with pytest.raises(StoreError, match=says), reading(engine):
        raise failing(code)
    engine.dispose()


@pytest.mark.parametrize("was_there", [False, True])
def test_a_failed_init_leaves_no_empty_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, was_there: bool
) -> None:
    path = tmp_path / "fuwuma.db"
    if was_there:
        path.touch()

    def refuse(engine: Engine) -> None:
        path.touch()
        raise failing(sqlite3.SQLITE_READONLY)

    monkeypatch.setattr("registry.db.create_schema", refuse)
    with pytest.raises(StoreError):
        create_registry(str(path))
    assert path.exists() == was_there
