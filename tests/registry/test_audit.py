from __future__ import annotations

import ast
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from inspect import getsource as source_of

import pytest
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import Session

from codes.errors import StoreError
from codes.messages import use_language
from registry import checks, upload_checks
from registry import verify as verifying
from registry.audit import DATED_TABLES, FIRST_HASH, LATER_TABLES, acting, append, verify
from registry.db import reading, writing
from registry.facilities.change import change
from registry.facilities.register import NewFacility, register_many, register_rows
from registry.facilities.succession import merge

New = Callable[..., str]


def tamper(registry: Engine, *statements: str) -> None:
    """Do what only somebody with the file in his hands can: no triggers, no links checked."""
    if registry.dialect.name == "postgresql":
        with registry.begin() as connection:
            for statement in ("SET LOCAL session_replication_role = replica", *statements):
                connection.execute(text(statement))
        return
    registry.dispose()
    with closing(sqlite3.connect(str(registry.url.database))) as connection, connection:
        triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        for (name,) in connection.execute(triggers).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)


def faults(registry: Engine, expected_hash: str | None = None) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    with reading(registry) as session:
        for fault in verify(session, expected_hash).faults:
            found.setdefault(fault.kind, []).append(str(fault))
    return found


@pytest.fixture
def lived(registry: Engine, new: New) -> Engine:
    """A registry in which something of every kind has happened: acts 1 to 6."""
    first, second, third = new(), new(), new()
    with writing(registry) as session:
        given = {"name": "乙幼儿园", "enrolment": 100, "school_id": "1133000001"}
        change(session, first, given, on=date(2025, 1, 1), by="李四")
        change(session, first, {"enrolment": 90}, on=date(2025, 1, 1), by="李四")
        merge(session, [second], third, on=date(2025, 6, 1), by="李四")
    return registry


def test_nothing_to_complain_of(lived: Engine) -> None:
    with reading(lived) as session:
        report = verify(session)
    assert (report.entries, report.facilities, report.faults) == (6, 3, ())
    assert faults(lived, report.head_hash) == {}


def test_an_empty_registry_is_sound(registry: Engine) -> None:
    with reading(registry) as session:
        report = verify(session)
    assert (report.entries, report.rows, report.head_hash, report.faults) == (0, 0, FIRST_HASH, ())


COPY_OF_2 = (
    "INSERT INTO audit_entry SELECT 7, at, actor, action, subject, detail, rows_digest,"
    " previous_hash, 'f' FROM audit_entry WHERE seq = 2"
)


@pytest.mark.parametrize(
    ("statement", "kinds"),
    [
        ("UPDATE audit_entry SET actor = '王五' WHERE seq = 4", {"entry_changed"}),
        ("UPDATE audit_entry SET detail = '{}' WHERE seq = 4", {"entry_changed"}),
        (
            "UPDATE audit_entry SET entry_hash = 'f' WHERE seq = 4",
            {"entry_changed", "chain_broken"},
        ),
        (
            "DELETE FROM audit_entry WHERE seq = 4",
            {"entries_missing", "rows_without_entry", "superseded_by_nobody"},
        ),
        ("DELETE FROM audit_entry WHERE seq = 1", {"entries_missing", "rows_without_entry"}),
        ("DELETE FROM audit_entry WHERE seq = 6", {"rows_without_entry", "superseded_by_nobody"}),
        (COPY_OF_2, {"chain_broken", "entry_changed", "rows_changed"}),
        ("UPDATE facility_version SET name = '丁幼儿园' WHERE id = 1", {"rows_changed"}),
        ("UPDATE facility_version SET floor_area = 1.5 WHERE id = 2", {"rows_changed"}),
        ("UPDATE facility SET issued_at = '2020-01-01 00:00:00' WHERE id = 1", {"rows_changed"}),
        ("UPDATE capability_value SET value = 91 WHERE value = 90", {"rows_changed"}),
        ("UPDATE identifier SET value = '1133000002'", {"rows_changed"}),
        ("UPDATE succession SET effective_on = '2025-06-02'", {"rows_changed"}),
        ("DELETE FROM identifier", {"rows_changed"}),
        ("DELETE FROM facility_version WHERE id = 3", {"rows_changed", "version_missing"}),
        (
            "UPDATE facility_version SET superseded_at = NULL WHERE id = 1",
            {"rows_changed", "line_broken"},
        ),
        (
            "UPDATE capability_value SET superseded_at = NULL",
            {"rows_changed", "reading_twice"},
        ),
        (
            "UPDATE identifier SET superseded_at = '2026-01-01 00:00:00'",
            {"superseded_by_nobody"},
        ),
        (
            "INSERT INTO identifier (facility_id, scheme_code, value, recorded_at, audit_seq)"
            " VALUES (1, 'school_id', '1133000009', '2026-01-01 00:00:00', 4)",
            {"rows_changed"},
        ),
        ("UPDATE code_counter SET last_serial = 2", {"counter_behind"}),
        ("DELETE FROM code_counter", {"counter_behind"}),
        (
            "UPDATE facility SET code = 'B0133010600000180' WHERE id = 1",
            {"rows_changed", "code_impossible"},
        ),
        (
            "UPDATE facility SET issued_county_code = '330108' WHERE id = 1",
            {"rows_changed", "code_unlike_issue", "counter_behind"},
        ),
        (
            "INSERT INTO succession (predecessor_id, successor_id, kind, effective_on, recorded_at,"
            " audit_seq) VALUES (3, 2, 'merged', '2025-06-01', '2026-01-01 00:00:00', 6)",
            {"rows_changed", "succession_circle"},
        ),
    ],
)
def test_tampering_is_found(lived: Engine, statement: str, kinds: set[str]) -> None:
    tamper(lived, statement)
    found = faults(lived)
    found.pop("link_broken", None)  # SQLite's own check names what hangs on a deleted row
    assert set(found) == kinds


def test_a_tail_cut_off_is_found_by_a_hash_noted_elsewhere(registry: Engine, new: New) -> None:
    new()
    with writing(registry) as session:
        append(session, actor="a", action="note", subject="x", detail={})
    with reading(registry) as session:
        noted = verify(session).head_hash
    tamper(registry, "DELETE FROM audit_entry WHERE seq = 2")
    assert faults(registry) == {}
    assert set(faults(registry, noted)) == {"hash_not_found"}


def test_every_fault_has_its_sentence_in_both_languages() -> None:
    kinds = set(checks.QUERIES)
    for module in (checks, upload_checks, verifying):
        for node in ast.walk(ast.parse(source_of(module))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Fault":
                kinds |= {a.value for a in node.args if isinstance(a, ast.Constant)}
    assert len(kinds) >= 21
    for lang in ("zh", "en"):
        use_language(lang)
        assert all(str(checks.Fault(kind, {})) for kind in kinds)


def test_moments_never_go_back(registry: Engine, new: New, monkeypatch: pytest.MonkeyPatch) -> None:
    new()
    monkeypatch.setattr("registry.audit.now", lambda: datetime(2000, 1, 1, tzinfo=UTC))
    new()
    with registry.connect() as connection:
        moments = (
            connection.execute(text("SELECT at FROM audit_entry ORDER BY seq")).scalars().all()
        )
    assert moments == sorted(set(moments))
    assert faults(registry) == {}


def test_what_an_act_wrote_goes_with_it_when_it_fails(registry: Engine, new: New) -> None:
    new()

    def fail(session: Session) -> None:
        with acting(session, actor="a", action="x", subject="x", detail={}) as act:
            act.supersede("facility_version", [1])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), writing(registry) as session:
        fail(session)
    assert faults(registry) == {}


def test_a_row_without_an_entry_cannot_be_committed(registry: Engine) -> None:
    fields = {"name": "甲幼儿园", "type": "B0101", "division": "330106", "status": "运营"}
    row = NewFacility({**fields, "as_of": date(2025, 1, 1)}, date(2025, 1, 1))

    def leave_no_entry(session: Session) -> None:
        with acting(session, actor="a", action="x", subject="x", detail={}) as act:
            register_rows(act, [row])
            act.abandoned = True

    with pytest.raises(StoreError), writing(registry) as session:
        leave_no_entry(session)


@pytest.mark.parametrize("table", [name for name in DATED_TABLES if name not in LATER_TABLES])
def test_the_database_refuses_to_rewrite_history(lived: Engine, table: str) -> None:
    columns = {column["name"] for column in inspect(lived).get_columns(table)} - {"superseded_at"}
    statements = [f"UPDATE {table} SET {column} = {column}" for column in columns]
    statements.append(f"DELETE FROM {table}")
    if table != "facility":
        statements.append(f"UPDATE {table} SET superseded_at = NULL")
    for statement in statements:
        with pytest.raises(DBAPIError, match="fuwuma: "), lived.begin() as connection:
            connection.execute(text(statement))


def test_a_thousand_registrations_are_one_entry(registry: Engine) -> None:
    fields = {"name": "甲幼儿园", "type": "B0101", "division": "330106", "status": "运营"}
    row = NewFacility({**fields, "as_of": date(2025, 1, 1)}, date(2025, 1, 1))
    with writing(registry) as session:
        register_many(session, [row] * 1000, by="a", action="x", subject="x", detail={"文": "字"})
    with reading(registry) as session:
        report = verify(session)
    assert (report.entries, report.facilities, report.faults) == (1, 1000, ())


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO facility SELECT 9, code, 'B01', '330106', issued_at, 1 FROM facility",
        "INSERT INTO identifier SELECT 9, 99, 'x', 'y', recorded_at, NULL, 1 FROM identifier",
        "INSERT INTO identifier SELECT 9, facility_id, scheme_code, value, recorded_at, NULL, 1"
        " FROM identifier",
        "INSERT INTO succession SELECT 9, predecessor_id, successor_id, kind, effective_on,"
        " recorded_at, NULL, 1 FROM succession",
        "INSERT INTO succession SELECT 9, successor_id, successor_id, kind, effective_on,"
        " recorded_at, NULL, 1 FROM succession",
        "INSERT INTO audit_entry SELECT * FROM audit_entry WHERE seq = 1",
    ],
)
def test_keys_that_are_declared_are_enforced(lived: Engine, statement: str) -> None:
    with pytest.raises(IntegrityError), lived.begin() as connection:
        connection.execute(text(statement))
