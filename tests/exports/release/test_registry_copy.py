"""A registry in a file is copied whole, and only at the moment the rest is read at."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from exports.release import publish, registry_copy
from exports.release.allow_list import allow_list
from exports.release.manifest import read_manifest
from exports.release.registry_copy import copier, read_rows
from exports.release.registry_rows import RegistryRows
from exports.release.snapshot import Snapshot
from registry.db import open_registry, reading
from tests.exports.release.small_registry import NAMES, ON, count_people, fill

WRITE = "PRAGMA user_version = 7"
END_ALL = "UPDATE facility_version SET superseded_at = '2026-11-21 00:00:00.000000'"
FACILITY = allow_list().tables["facility"]


@pytest.fixture
def own(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Engine]:
    shutil.copy(migrated_sqlite, tmp_path / "own.db")
    engine = open_registry(str(tmp_path / "own.db"))
    fill(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def working(tmp_path: Path) -> Path:
    with Snapshot(tmp_path / "working.sqlite") as snapshot:
        for table in allow_list().tables.values():
            snapshot.create(table)
        return snapshot.path


def _write(engine: Engine, sql: str = WRITE) -> None:
    with closing(sqlite3.connect(engine.url.database or "", isolation_level=None)) as db:
        db.execute(sql)


def test_row_by_row_gives_the_same_bytes(
    filled_sqlite: Engine, release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def refuse(*given: Any) -> bool:
        asked.append(given)
        return False

    monkeypatch.setattr(registry_copy, "_at_one_moment", refuse)
    assert publish(filled_sqlite, tmp_path / "r", on=ON, synthetic=True) == read_manifest(release)
    assert len(asked) == 1


def test_what_is_written_meanwhile_is_in_neither_part(own: Engine, working: Path) -> None:
    query = RegistryRows("sqlite", ON).facilities(FACILITY)
    with reading(own) as session:
        with copier(session, working) as copying:
            assert copying
            _write(own, END_ALL)
            assert copying.copy(FACILITY, query) == len(NAMES)
        rows = list(read_rows(session, query))
    with closing(sqlite3.connect(working)) as db:
        assert db.execute("SELECT * FROM facility ORDER BY code").fetchall() == rows
    with reading(own) as session:
        assert list(read_rows(session, query)) == [], "it was written"


def test_a_write_between_the_two_is_noticed(own: Engine, working: Path) -> None:
    def write(_connection: Any, _cursor: Any, sql: str, *_rest: Any) -> None:
        if sql == "BEGIN":
            begun.append(sql)
            if len(begun) == 2:  # the session's second one, before the copying one begins
                _write(own)

    begun: list[str] = []
    event.listen(own, "before_cursor_execute", write)
    with reading(own) as session, copier(session, working) as copying:
        assert copying is None
    assert len(begun) == 2


def test_the_registry_cannot_be_written(own: Engine, working: Path) -> None:
    with reading(own) as session, copier(session, working) as copying:
        assert copying
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            copying.db.execute(WRITE)


def test_people_counted_while_a_release_is_made_are_of_the_next(
    own: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publishing = import_module("exports.release.publish")
    evaluated, years = publishing.result_rows, iter((2023, 2024))

    def then_counted_anew(*given: Any) -> Iterator[tuple[Any, ...]]:
        yield from evaluated(*given)
        count_people(own, next(years))

    monkeypatch.setattr(publishing, "result_rows", then_counted_anew)
    told = []
    for name in ("first", "next"):
        publish(own, tmp_path / name, on=ON)
        with closing(sqlite3.connect(tmp_path / name / "fuwuma.sqlite")) as db:
            told.append({year for (year,) in db.execute("SELECT year FROM population")})
    assert told == [{2020, 2025}, {2020, 2023, 2025}]


def test_points_read_row_by_row_are_rounded_too(tmp_path: Path) -> None:
    point = {"code": "X", "longitude": 120.12345674999, "latitude": 30.1}
    with Snapshot(tmp_path / "working.sqlite") as snapshot:
        snapshot.create(FACILITY)
        snapshot.fill(FACILITY, [tuple(point.get(name) for name in FACILITY.columns)])
        (kept,) = snapshot.db.execute("SELECT longitude, latitude FROM facility").fetchall()
    assert kept == (120.1234567, 30.1)
