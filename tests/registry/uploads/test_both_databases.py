"""The same files merged into SQLite and into PostgreSQL: every table is the same, to the byte."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, Engine, Text, cast, select
from sqlmodel import SQLModel

from codes.errors import StoreError
from registry import audit, rows
from registry.db import open_registry, writing
from registry.rows import canonical
from registry.rows_behind import inserting_behind, lines_of
from registry.uploads import approve as approve_module
from registry.uploads import batch as batch_module
from registry.uploads.submit import submit
from tests.conftest import _run, _url_of
from tests.registry.uploads.conftest import EDUCATION, TODAY, row

MOMENT = datetime(2026, 11, 22, 8, tzinfo=UTC)
FIRST = [row(name=f"第{n}示例园", address=f"示例路{n}号", enrolment=240) for n in range(210)]
"""So many that PostgreSQL gets them by COPY."""

SECOND = [
    *FIRST[:2],
    row(name="第2示例园", address="示例路2号", phone="0571-11111111", as_of="2026-10-01"),
    row(name="第三园", address='示例路"甲"号', longitude="", latitude="", datum=""),
    row(name="一],[二", address="示例路\\乙号", longitude="", latitude="", datum=""),
]


@pytest.fixture
def both(
    migrated_sqlite: Path, migrated_postgres: tuple[Engine, str], tmp_path: Path
) -> Iterator[list[Engine]]:
    """Two empty registries."""
    server, template = migrated_postgres
    shutil.copy(migrated_sqlite, tmp_path / "registry.db")
    _run(server, f"CREATE DATABASE both_databases TEMPLATE {template} STRATEGY file_copy")
    urls = str(tmp_path / "registry.db"), _url_of(server, "both_databases")
    engines = [open_registry(url) for url in urls]
    yield engines
    for engine in engines:
        engine.dispose()
    _run(server, "DROP DATABASE both_databases WITH (FORCE)")


def _kept(engine: Engine) -> dict[str, Sequence[Any]]:
    """All that a registry holds; JSON as it is written."""
    found = {}
    with engine.connect() as connection:
        for name, table in SQLModel.metadata.tables.items():
            columns = (cast(c, Text) if isinstance(c.type, JSON) else c for c in table.columns)
            found[name] = connection.execute(select(*columns).order_by(*table.primary_key)).all()
    return found


def test_both_databases_hold_the_same_after_the_same_approvals(
    both: list[Engine], write_csv: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (audit, approve_module, batch_module):
        monkeypatch.setattr(module, "now", lambda: MOMENT)
    files = [write_csv(*FIRST, name="一.csv"), write_csv(*SECOND, name="二.csv")]
    for engine in both:
        for file in files:
            sent = submit(engine, file, department_code=EDUCATION, by="张三", today=TODAY)
            done = approve_module.approve(engine, int(sent.id or 0), by="李四", today=TODAY)
        assert (done.created, done.updated, done.unchanged) == (2, 1, 2)
    sqlite, postgresql = map(_kept, both)
    assert sqlite == postgresql
    assert len(sqlite["facility"]) == 212


def test_what_goes_in_behind_and_is_refused_is_said(registry: Engine) -> None:
    twice = [(n % 299 + 1, f"E{n}", "E02", "330106", rows.moment(MOMENT), 1) for n in range(300)]
    with pytest.raises(StoreError), writing(registry) as session:  # noqa: SIM117
        with inserting_behind(session.connection()) as behind:
            behind.insert("facility", twice, canonical(twice))


@pytest.mark.parametrize("text", ['"', "\\", "\n", "a],[b"])
def test_texts_that_are_no_lines_are_left_to_the_driver(text: str) -> None:
    plain = [(1, "a,b", None), (2, "[甲]", 0.5)]
    assert lines_of(canonical(plain), 2) == '1,"a,b",null\n2,"[甲]",0.5'.encode()
    assert lines_of(canonical([*plain, (3, text, None)]), 3) is None
