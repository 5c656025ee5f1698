from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from codes.errors import StoreError
from registry import revision, schema_version
from registry.audit import DATED_TABLES
from registry.db import bare_engine, create_registry, open_registry

VERSIONS = revision.migrations_path() / "versions"


def test_head_names_the_last_revision_and_numbers_have_no_gap() -> None:
    numbers = sorted(path.name[:4] for path in VERSIONS.glob("[0-9]*.py"))
    assert numbers == [f"{number:04d}" for number in range(1, len(numbers) + 1)]
    assert revision.head_revision() == numbers[-1]


def test_every_revision_follows_the_one_before() -> None:
    for path in VERSIONS.glob("[0-9]*.py"):
        source = path.read_text(encoding="utf-8")
        revision = re.search(r'^revision = "(\d{4})"$', source, re.M)
        after = re.search(r'^down_revision = (?:"(\d{4})"|None)$', source, re.M)
        assert revision and after, path.name
        assert revision[1] == path.name[:4]
        assert int(after[1] or 0) == int(revision[1]) - 1


def test_tables_and_migrations_agree(registry: Engine) -> None:
    with registry.begin() as connection:
        assert schema_version.differences(connection) == []


def test_down_to_nothing_and_up_again(registry: Engine) -> None:
    before = _shape(registry)
    with registry.begin() as connection:
        schema_version.downgrade(connection, "base")
        assert inspect(connection).get_table_names() == ["alembic_version"]
        schema_version.upgrade(connection, "head")
    assert _shape(registry) == before
    assert schema_version.current_revision(registry) == revision.head_revision()


def test_every_column_but_superseded_at_is_frozen(registry: Engine) -> None:
    """A column added later must be in the trigger too."""
    for table in DATED_TABLES[1:]:
        names = {column["name"] for column in inspect(registry).get_columns(table)}
        source = _trigger_source(registry, f"{table}_no_update")
        frozen = re.search(r"UPDATE OF (.+?) ON", source)
        assert frozen, source
        seen = {name.strip().strip('"') for name in frozen[1].split(",")}
        assert seen == names - {"superseded_at"}


def test_init_again_changes_nothing(registry_url: str) -> None:
    create_registry(registry_url).dispose()
    engine = open_registry(registry_url)
    assert schema_version.current_revision(engine) == revision.head_revision()
    engine.dispose()


def test_a_newer_database_is_left_alone(registry_url: str) -> None:
    engine = bare_engine(registry_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    for attempt in (create_registry, open_registry):
        with pytest.raises(StoreError) as refused:
            attempt(registry_url)
        assert refused.value.message_id == "db.newer_version"
        assert "9999" in str(refused.value)


def test_an_older_database_is_named_with_what_to_do(registry_url: str) -> None:
    engine = bare_engine(registry_url)
    with engine.begin() as connection:
        schema_version.downgrade(connection, "0001")
    engine.dispose()
    with pytest.raises(StoreError) as refused:
        open_registry(registry_url)
    assert refused.value.message_id == "db.other_version"
    assert "fuwuma init" in str(refused.value)
    create_registry(registry_url).dispose()
    open_registry(registry_url).dispose()


def test_somebody_elses_tables_are_not_touched(tmp_path: Path) -> None:
    path = str(tmp_path / "other.db")
    engine = bare_engine(path)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE facility (id INTEGER)"))
    engine.dispose()
    with pytest.raises(StoreError) as refused:
        create_registry(path)
    assert refused.value.message_id == "db.other_tables"
    with pytest.raises(StoreError, match="fuwuma init"):
        open_registry(path)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "letter.db"
    path.write_text("不是数据库" * 200, encoding="utf-8")
    for attempt in (create_registry, open_registry):
        with pytest.raises(StoreError):
            attempt(str(path))
    assert path.read_text(encoding="utf-8") == "不是数据库" * 200


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET actor = 'x'",
        "DELETE FROM audit_entry",
        "UPDATE code_counter SET last_serial = 1",
        "UPDATE code_counter SET prefix = 'A01330106'",
        "DELETE FROM code_counter",
    ],
)
def test_the_database_refuses(registry: Engine, statement: str) -> None:
    with registry.begin() as connection:
        connection.execute(text("INSERT INTO code_counter VALUES ('E02330106', 7)"))
        connection.execute(
            text(
                "INSERT INTO audit_entry VALUES"
                " (1, '2026-11-22 00:00:00', 'a', 'b', 'c', '{}', '0', '0', '0')"
            )
        )
    with pytest.raises(DBAPIError, match="fuwuma: "), registry.begin() as connection:
        connection.execute(text(statement))
    with registry.begin() as connection:
        connection.execute(text("UPDATE code_counter SET last_serial = 8"))


def _shape(engine: Engine) -> dict[str, list[str]]:
    found = inspect(engine)
    tables = found.get_table_names()
    shape = {
        table: sorted(column["name"] for column in found.get_columns(table)) for table in tables
    }
    shape["triggers"] = _triggers(engine)
    return shape


def _triggers(engine: Engine) -> list[str]:
    if engine.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
    else:
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname"
    with engine.connect() as connection:
        return list(connection.execute(text(query)).scalars())


def _trigger_source(engine: Engine, name: str) -> str:
    if engine.dialect.name == "sqlite":
        query = "SELECT sql FROM sqlite_master WHERE name = :name"
    else:
        query = "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = :name"
    with engine.connect() as connection:
        return str(connection.execute(text(query), {"name": name}).scalar_one())
