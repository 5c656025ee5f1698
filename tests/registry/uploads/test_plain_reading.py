"""A check that reads a SQLite file by its driver alone finds what a submission finds."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from codes import facility_code
from codes.errors import StoreError
from registry.db import create_registry, open_registry, reading, writing
from registry.facilities.change import close
from registry.facilities.fields import DERIVED, state_columns
from registry.facilities.succession import merge as merge_facilities
from registry.plain_sql import ask, chunks
from registry.rows import columns
from registry.sqlite_reader import sqlite_reader
from registry.uploads.approve import approve
from registry.uploads.check import check_file
from registry.uploads.findings import CheckReport
from registry.uploads.proposing.fetching import by_ids
from registry.uploads.settings import upload_settings
from registry.uploads.submit import submit
from tests.registry.uploads.conftest import EDUCATION, TODAY, csv_text, row

NAMES = "第一幼儿园", "第二幼儿园", "并出幼儿园", "已关幼儿园", "紫藤花苑幼儿园"


@pytest.fixture(scope="module")
def kindergartens(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, list[str]]:
    """The file of a registry with five of them, one merged into another, one closed."""
    path = tmp_path_factory.mktemp("plain") / "登记 库.db"
    engine = create_registry(str(path))
    sent = path.with_name("表.csv")
    rows = [
        row(name=name, school_id=f"113300000{at}", longitude=120.1 - at / 100)
        for at, name in enumerate(NAMES, start=1)
    ]
    sent.write_text(csv_text(rows), "utf-8")
    done = submit(engine, sent, department_code=EDUCATION, by="张三", today=TODAY)
    approve(engine, int(done.id or 0), by="李四", today=TODAY)
    with writing(engine) as session:
        codes = [code for (code,) in ask(session, "SELECT code FROM facility ORDER BY id")]
        merge_facilities(session, [codes[2]], codes[0], on=TODAY, by="李四")
        close(session, codes[3], on=TODAY, by="李四")
    engine.dispose()
    return str(path), codes


def both(path: str, look: Callable[[Any], Any]) -> tuple[Any, Any]:
    """What is seen through a session, and through the driver alone."""
    engine = open_registry(path)
    with reading(engine) as session:
        first = look(session)
    engine.dispose()
    with sqlite_reader(path) as reader:
        return first, look(reader)


@pytest.mark.parametrize("scope", ["changes", "complete"])
def test_a_check_says_the_same(
    kindergartens: tuple[str, list[str]], tmp_path: Path, scope: str
) -> None:
    path, codes = kindergartens
    rows = [
        row(code=codes[0], name="第一幼儿园", places=21),
        row(code=codes[2], name="并出幼儿园"),
        row(name="别名幼儿园", school_id="1133000002"),
        row(name="西湖区第一幼稚园"),
        row(name="已关幼儿园"),
        row(name="第一幼儿园", division="330105"),
        row(name="东海之滨幼儿园", longitude=120.2),
    ]
    sent = tmp_path / "表.csv"
    sent.write_text(csv_text(rows), "utf-8")

    def check(reader: Any) -> CheckReport:
        settings = upload_settings(scope=scope)
        return check_file(sent, settings, reader=reader, department_code=EDUCATION, today=TODAY)

    in_session, alone = both(path, check)
    rules = {one.rule for one in alone.findings}
    assert {"facility_superseded", "facility_closed", "near_duplicate"} <= rules
    assert ("facility_missing" in rules) == (scope == "complete")
    assert alone == in_session
    assert alone.outcomes["updated"] >= 2


def test_a_facility_is_the_same(kindergartens: tuple[str, list[str]]) -> None:
    in_session, alone = both(kindergartens[0], lambda reader: by_ids(reader, [1, 2, 3, 4]))
    assert alone == in_session
    assert alone[1].fields["places"] == 20.0
    assert alone[1].fields["as_of"] == "2026-06-30"


def test_what_is_read_is_what_the_table_keeps() -> None:
    own = columns("facility_version")
    kept = [name for name in own[own.index("name") :] if name not in DERIVED]
    assert list(state_columns()) == kept


def test_a_question(registry: Engine) -> None:
    with reading(registry) as session:
        found = ask(session, "SELECT 1 WHERE 'b' IN ? AND 3 = ?", ["a", "b"], 3)
        assert [tuple(one) for one in found] == [(1,)]
        with pytest.raises(ValueError, match="SELECT 1"):
            ask(session, "SELECT 1 WHERE 1 IN ?", [])
    assert list(map(len, chunks(range(10_001)))) == [5_000, 5_000, 1]


def spoilt(path: Path, revision: str) -> None:
    create_registry(str(path)).dispose()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", [revision])
    connection.close()


@pytest.mark.parametrize("kind", ["folder", "no database", "empty", "newer", "older", "not ours"])
def test_what_cannot_be_read_is_told_alike(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "库.db"
    if kind == "folder":
        path.mkdir()
    elif kind in ("no database", "empty"):
        path.write_bytes(b"no database at all" * 100 if kind == "no database" else b"")
    else:
        spoilt(path, {"newer": "9999", "older": "0001", "not ours": "abc"}[kind])
    with pytest.raises(StoreError) as expected:
        open_registry(str(path))
    with pytest.raises(StoreError) as refused, sqlite_reader(str(path)):
        pass
    assert str(refused.value) == str(expected.value)
    assert refused.value.message_id == expected.value.message_id


def test_nothing_is_written_through_it(kindergartens: tuple[str, list[str]]) -> None:
    with sqlite_reader(kindergartens[0]) as reader:
        assert facility_code.is_valid(reader.rows("SELECT code FROM facility")[0][0])
        with pytest.raises(StoreError):
            reader.rows("DELETE FROM facility")
