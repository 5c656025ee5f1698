from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from codes.errors import StoreError
from registry.audit import verify
from registry.backup import backup
from registry.db import create_registry, open_registry, reading, writing
from registry.facilities.change import change
from registry.facilities.lookup import find, history
from registry.facilities.succession import merge

New = Callable[..., str]
ENOUGH = date(2025, 1, 1)


@pytest.fixture
def lived(registry: Engine, new: New) -> Iterator[tuple[Engine, list[str]]]:
    codes = [new(), new()]
    with writing(registry) as session:
        given = {"name": "乙幼儿园", "enrolment": 100, "school_id": "1133000001"}
        change(session, codes[0], given, on=ENOUGH, by="李四")
        merge(session, [codes[1]], codes[0], on=ENOUGH, by="李四")
    yield registry, codes


def same(first: Engine, second: Engine, codes: list[str]) -> None:
    with reading(first) as one, reading(second) as other:
        reports = [verify(session) for session in (one, other)]
        assert reports[0] == reports[1]
        assert reports[0].faults == ()
        for code in codes:
            assert find(one, code) == find(other, code)
            assert history(one, code) == history(other, code)


def test_a_backup_is_the_registry(lived: tuple[Engine, list[str]], tmp_path: Path) -> None:
    registry, codes = lived
    made = backup(registry, str(tmp_path / "copy.db"))
    assert (made.facilities, made.entries) == (2, 4)
    assert [path.name for path in tmp_path.iterdir() if "copy" in path.name] == ["copy.db"]
    copy = open_registry(made.target)
    same(registry, copy, codes)
    with writing(copy) as session:
        assert change(session, codes[0], {"name": "丙幼儿园"}, on=date(2026, 1, 1), by="a")
    with reading(copy) as session:
        assert verify(session).faults == ()
    copy.dispose()


def test_a_file_moves_into_a_database_and_goes_on(
    lived: tuple[Engine, list[str]], migrated_postgres: tuple[Engine, str], tmp_path: Path
) -> None:
    from registry.facilities.register import NewFacility, register_many

    registry, codes = lived
    kept = backup(registry, str(tmp_path / "copy.db"))
    server, _ = migrated_postgres
    name = f"moved_{registry.dialect.name}"
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    url = server.url.set(drivername="postgresql", database=name).render_as_string(False)
    source, target = open_registry(kept.target), create_registry(url)
    backup(source, url)
    same(source, target, codes)
    with pytest.raises(StoreError) as refused:
        backup(source, url)
    assert refused.value.message_id == "db.backup_exists"
    fields = {"name": "丁幼儿园", "type": "B0101", "division": "330106", "status": "运营"}
    row = NewFacility({**fields, "as_of": ENOUGH}, ENOUGH)
    with writing(target) as session:
        codes_after = register_many(session, [row], by="a", action="x", subject="x", detail={})
    assert not set(codes_after) & set(codes)
    with reading(target) as session:
        assert verify(session).faults == ()
    for engine in (source, target):
        engine.dispose()
    with server.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


def test_a_file_is_not_overwritten_unasked(registry: Engine, tmp_path: Path) -> None:
    path = tmp_path / "copy.db"
    path.write_text("别的东西", encoding="utf-8")
    with pytest.raises(StoreError, match="已经存在"):
        backup(registry, str(path))
    assert path.read_text(encoding="utf-8") == "别的东西"
    backup(registry, str(path), overwrite=True)
    open_registry(str(path)).dispose()


def test_where_no_backup_can_go(registry: Engine, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="没有文件夹"):
        backup(registry, str(tmp_path / "absent" / "copy.db"))
    with pytest.raises(StoreError):
        backup(registry, str(tmp_path))
    if registry.dialect.name == "sqlite":
        with pytest.raises(StoreError, match="正在使用"):
            backup(registry, str(registry.url.database), overwrite=True)


def test_a_damaged_copy_is_not_kept(registry: Engine, new: New, tmp_path: Path) -> None:
    new()
    if registry.dialect.name == "sqlite":
        with closing(sqlite3.connect(str(registry.url.database))) as raw, raw:
            raw.execute("DROP TRIGGER facility_no_delete")
            raw.execute("DELETE FROM facility")
    else:
        with registry.begin() as connection:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            connection.exec_driver_sql("DELETE FROM facility")
    with pytest.raises(StoreError, match=r"没有保留|没有成功"):
        backup(registry, str(tmp_path / "copy.db"))
    assert not list(tmp_path.glob("*copy*"))


def test_others_go_on_working(registry: Engine, new: New, tmp_path: Path) -> None:
    """A backup is of one moment: what is written meanwhile is not half in it."""
    new()
    with writing(registry) as session:
        session.connection()
        made = backup(registry, str(tmp_path / "copy.db"))
    new()
    assert made.facilities == 1


@pytest.mark.parametrize("end", ["-wal", "-shm", "-journal"])
def test_a_backup_never_lands_on_a_file_that_sqlite_keeps_beside_the_registry(
    migrated_sqlite: Path, tmp_path: Path, end: str
) -> None:
    own = tmp_path / "own.db"
    shutil.copy(migrated_sqlite, own)
    engine = open_registry(str(own))
    with pytest.raises(StoreError) as refused:
        backup(engine, f"{own}{end}", overwrite=True)
    engine.dispose()
    assert refused.value.message_id == "db.backup_onto_itself"


def test_what_a_killed_backup_left_is_cleared_by_the_next(
    migrated_sqlite: Path, tmp_path: Path
) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    left = tmp_path / f".kept[1].db.{gone.pid}.part"
    at_work = tmp_path / f".kept[1].db.{os.getppid()}.part"
    left.write_text("half", "utf-8")
    at_work.write_text("half", "utf-8")
    engine = open_registry(str(migrated_sqlite))
    backup(engine, str(tmp_path / "kept[1].db"))
    engine.dispose()
    assert not left.exists()
    assert at_work.exists(), "somebody else is still writing it"
