"""Indexes taken down while a SQLite file is filled are there again afterwards, as they were."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.engine import Connection

from codes.upload_limits import limit
from registry import index_building
from registry.audit import Act
from registry.db import open_registry, reading
from registry.facilities import register_batch
from registry.index_building import indexes_built_after
from registry.schema_version import differences
from registry.uploads.approve import approve
from registry.uploads.submit import submit
from registry.verify import verify
from tests.registry.uploads.conftest import EDUCATION, TODAY, csv_text, row

TABLES = ("facility", "facility_version", "capability_value", "identifier")
FROM = limit("indexes_after_from")
SCHEMA = text("SELECT name, sql FROM sqlite_schema WHERE type <> 'table' ORDER BY name")
UNIQUE = "uq_identifier_facility_id_scheme_code_value"
PUT = (
    "INSERT INTO facility (id, code, issued_class_code, issued_county_code, issued_at, audit_seq) "
    "VALUES ({0}, {0}, 'B01', '330106', '2026-11-22', 1)"
)


def _schema(connection: Connection) -> dict[str, str | None]:
    return dict(map(tuple, connection.execute(SCHEMA)))


@pytest.fixture
def sqlite(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Engine]:
    """An empty registry in a file; on PostgreSQL the indexes stay where they are."""
    path = tmp_path / "registry.db"
    shutil.copy(migrated_sqlite, path)
    engine = open_registry(str(path))
    yield engine
    engine.dispose()


def test_what_forbids_something_stays_and_the_rest_comes_back(sqlite: Engine) -> None:
    with sqlite.connect() as connection:
        before = _schema(connection)
        with indexes_built_after(connection, TABLES, FROM):
            inside = _schema(connection)
        assert _schema(connection) == before
        gone = before.keys() - inside.keys()
        assert {"ix_facility_version_name", "ix_capability_value_current"} <= gone
        assert UNIQUE not in gone
        assert {name for name in before if "_no_" in name} <= inside.keys()  # triggers
        connection.rollback()


@pytest.mark.parametrize(("there", "coming"), [(0, FROM - 1), (FROM + 1, FROM)])
def test_a_small_addition_leaves_them_in_place(sqlite: Engine, there: int, coming: int) -> None:
    with sqlite.connect() as connection:
        if there:
            connection.exec_driver_sql(PUT.format(there))
        before = _schema(connection)
        with indexes_built_after(connection, TABLES, coming):
            assert _schema(connection) == before
        connection.rollback()


def test_an_approval_leaves_the_tables_as_migrations_made_them(
    sqlite: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No index is missing or another afterwards, and whoever reads meanwhile misses none."""
    monkeypatch.setattr(index_building, "limit", lambda _: 1)
    sent = tmp_path / "表.csv"
    sent.write_text(csv_text([row(name=f"第{n}示例园", address=f"样本街{n}号") for n in range(30)]))
    upload_id = int(submit(sqlite, sent, department_code=EDUCATION, by="张三", today=TODAY).id or 0)
    with sqlite.connect() as connection:
        before = _schema(connection)
    taken: list[dict[str, str | None]] = []
    write = register_batch._write_batch

    def looked_at(act: Act, *batch: Any) -> None:
        taken.append(_schema(act.connection))
        with reading(sqlite) as session:
            assert _schema(session.connection()) == before
        write(act, *batch)

    monkeypatch.setattr(register_batch, "_write_batch", looked_at)
    assert approve(sqlite, upload_id, by="李四", today=TODAY).created == 30
    assert len(taken) == 1
    assert taken[0].keys() < before.keys()
    with sqlite.connect() as connection:
        assert _schema(connection) == before
        assert differences(connection) == []
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
        connection.rollback()
    with reading(sqlite) as session:
        assert verify(session).faults == ()


def test_what_fails_leaves_them_as_they_were(sqlite: Engine) -> None:
    with sqlite.connect() as connection:
        before = _schema(connection)
        connection.rollback()
    with (
        pytest.raises(ZeroDivisionError),
        sqlite.begin() as connection,
        indexes_built_after(connection, TABLES, FROM),
    ):
        raise ZeroDivisionError
    with sqlite.connect() as connection:
        assert _schema(connection) == before
