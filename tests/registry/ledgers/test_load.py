"""Recording: all or nothing, the same again changes nothing, every row under the audit."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from codes.errors import UsageError
from registry.audit import DATED_TABLES, LATER_TABLES, NO_ROWS, digest_of, verify
from registry.db import reading, writing
from registry.ledgers.census import census_batch
from registry.ledgers.load import load, rehearse
from registry.ledgers.lookup import population
from registry.tables.audit import AuditEntry

HEADER = "区划代码,年份,人群,人数,来源,首选"
TABLES = sorted(LATER_TABLES)
OBSERVED = ("规划,序号,区划代码,年份,数值,来源", "hangzhou-145,2,330100,2024,4.8,市卫健委")


def rows_of(registry: Engine, table: str = "population_figure") -> list[Any]:
    order = "seq" if table == "audit_entry" else "id"
    with registry.connect() as connection:
        query = text(f"SELECT * FROM {table} ORDER BY {order}")
        return list(connection.execute(query).mappings())


def faults(registry: Engine) -> list[str]:
    with reading(registry) as session:
        return [fault.kind for fault in verify(session).faults]


def test_recorded_with_source_and_audit(registry: Engine, record: Any) -> None:
    report = record(HEADER, "330106,2022,常住人口,100,甲公报,")
    (row,) = rows_of(registry)
    assert (row["persons"], row["source"], row["source_kind"]) == (100, "甲公报", "other")
    assert (row["is_projection"], row["preferred"]) == ("否", "否")
    assert row["audit_seq"] == report.audit_seq == 1
    with registry.connect() as connection:
        entry = connection.execute(text("SELECT * FROM audit_entry")).mappings().one()
    assert (entry["actor"], entry["action"]) == ("张三", "load_population")
    assert report.batch.source.sha256 in entry["detail"]
    assert faults(registry) == []


def test_one_wrong_row_and_nothing_is_written(registry: Engine, record: Any) -> None:
    rows = ["330106,2022,常住人口,100,甲公报,", "330105,2022,常住人口,-1,甲公报,"]
    report = record(HEADER, *rows)
    assert report.refused
    assert (report.audit_seq, rows_of(registry), rows_of(registry, "audit_entry")) == (None, [], [])


def test_totals_are_checked_against_what_is_recorded(registry: Engine, record: Any) -> None:
    record(HEADER, "330900,2022,常住人口,1000,甲公报,")
    wrong = record(HEADER, "330902,2022,常住人口,1001,甲公报,")
    assert [one.rule for one in wrong.findings] == ["parts_exceed"]
    assert (wrong.findings[0].row, wrong.findings[0].params["total"]) == (2, 1000)
    assert len(rows_of(registry)) == 1
    other = record(HEADER, "330902,2022,常住人口,1001,乙公报,")
    assert not other.refused, "another source has its own total"


def test_a_total_and_its_parts_can_be_corrected_together(registry: Engine, record: Any) -> None:
    parts = ["330902", "330903", "330921", "330922"]
    old = [f"{code},2022,常住人口,250,甲公报," for code in parts]
    record(HEADER, "330900,2022,常住人口,1000,甲公报,", *old)
    assert record(HEADER, "330900,2022,常住人口,1004,甲公报,").refused
    new = [f"{code},2022,常住人口,251,甲公报," for code in parts]
    assert not record(HEADER, "330900,2022,常住人口,1004,甲公报,", *new).refused
    assert faults(registry) == []


@pytest.mark.parametrize(("total", "refused"), [("117.3", False), ("117.6", True)])
def test_rounded_figures_may_miss_the_total_by_rounding(
    record: Any, total: str, refused: bool
) -> None:
    """50.1 + 39.6 + 20.7 + 6.8 = 117.2; five figures may be out by 0.05 each."""
    codes = ("330900", "330902", "330903", "330921", "330922")
    figures = (total, "50.1", "39.6", "20.7", "6.8")
    rows = [f"{code},2022,常住人口,{one},公报" for code, one in zip(codes, figures, strict=True)]
    assert record("区划代码,年份,人群,人数(万人),来源", *rows).refused is refused


def test_the_same_file_again_changes_nothing(registry: Engine, record: Any) -> None:
    line = "330106,2022,常住人口,100,甲公报,是"
    record(HEADER, line)
    again = record(HEADER, line)
    assert (again.plan.unchanged, again.plan.records, again.audit_seq) == (1, [], None)
    assert len(rows_of(registry)) == len(rows_of(registry, "audit_entry")) == 1


def test_a_correction_supersedes(registry: Engine, record: Any) -> None:
    record(HEADER, "330106,2022,常住人口,100,甲公报,是")
    report = record(HEADER, "330106,2022,常住人口,120,甲公报,")
    assert report.plan.changed[0].before == {"persons": 100}
    old, new = rows_of(registry)
    assert old["superseded_at"] == new["recorded_at"]
    assert (new["persons"], new["preferred"], new["superseded_at"]) == (120, "是", None)
    assert faults(registry) == []
    with reading(registry) as session:
        before = population(session, "330106", 2022, known_at=_at(registry, 1))
        now = population(session, "330106", 2022)
    assert before is not None
    assert now is not None
    assert (before.persons, now.persons) == (100, 120)


def test_the_mark_moves_from_one_source_to_another(registry: Engine, record: Any) -> None:
    record(HEADER, "330106,2022,常住人口,100,甲公报,是", "330106,2022,常住人口,90,丙公报,")
    report = record(HEADER, "330106,2022,常住人口,120,乙公报,是")
    assert len(report.plan.unmarked) == 1
    known = {
        row["source"]: row["preferred"] for row in rows_of(registry) if not row["superseded_at"]
    }
    assert known == {"甲公报": "否", "丙公报": "否", "乙公报": "是"}
    (several,) = report.several
    assert (several.row["source"], several.how, several.sources) == ("乙公报", "marked", 3)
    back = record(HEADER, "330106,2022,常住人口,120,乙公报,", "330106,2022,常住人口,100,甲公报,是")
    assert len(back.plan.changed) == 2
    known = {
        row["source"]: row["preferred"] for row in rows_of(registry) if not row["superseded_at"]
    }
    assert known == {"甲公报": "是", "丙公报": "否", "乙公报": "否"}
    assert faults(registry) == []


def test_a_rehearsal_writes_nothing(registry: Engine, read: Any) -> None:
    batch = read(HEADER, "330106,2022,常住人口,100,甲公报,")
    with reading(registry) as session:
        report = rehearse(session, batch)
    assert (len(report.plan.added), report.audit_seq, rows_of(registry)) == (1, None, [])


def test_somebody_has_to_do_it(registry: Engine, read: Any) -> None:
    batch = read(HEADER, "330106,2022,常住人口,100,甲公报,")
    with pytest.raises(UsageError), writing(registry) as session:
        load(session, batch, by="  ")


def test_many_rows_at_once(registry: Engine, record: Any) -> None:
    """Enough for PostgreSQL to take them by COPY."""
    lines = [
        f"330106,{year},{group},5,甲公报,"
        for year in range(1950, 2026)
        for group in ("户数", "持证残疾人", "urban")
    ]
    assert len(record(HEADER, *lines).plan.added) == len(lines) > 200
    assert record(HEADER, *lines).plan.unchanged == len(lines)
    assert faults(registry) == []


@pytest.mark.parametrize("table", TABLES)
def test_the_database_refuses_to_rewrite_the_ledgers(
    registry: Engine, record: Any, table: str
) -> None:
    record(HEADER, "330106,2022,常住人口,100,甲公报,")
    record(*OBSERVED, ledger="observation")
    columns = {column["name"] for column in inspect(registry).get_columns(table)}
    statements = [f"UPDATE {table} SET {name} = {name}" for name in columns - {"superseded_at"}]
    statements += [f"DELETE FROM {table}", f"UPDATE {table} SET superseded_at = NULL"]
    for statement in statements:
        with pytest.raises(DBAPIError, match="fuwuma: "), registry.begin() as connection:
            connection.execute(text(statement))


@pytest.mark.parametrize("table", TABLES)
def test_verify_finds_a_row_that_was_added_behind_its_back(
    registry: Engine, record: Any, table: str
) -> None:
    record(HEADER, "330106,2022,常住人口,100,甲公报,")
    record(*OBSERVED, ledger="observation")
    columns = [column["name"] for column in inspect(registry).get_columns(table)]
    taken = ", ".join(
        "'丁'" if name == "source" else "99" if name == "id" else name for name in columns
    )
    with registry.begin() as connection:
        connection.execute(text(f"INSERT INTO {table} SELECT {taken} FROM {table}"))
    assert faults(registry) == ["rows_changed"]


@pytest.mark.parametrize("table", TABLES)
def test_verify_finds_a_row_superseded_by_nobody(registry: Engine, record: Any, table: str) -> None:
    record(HEADER, "330106,2022,常住人口,100,甲公报,")
    record(*OBSERVED, ledger="observation")
    with registry.begin() as connection:
        connection.execute(text(f"UPDATE {table} SET superseded_at = '2026-01-01 00:00:00'"))
    assert faults(registry) == ["superseded_by_nobody"]


def test_acts_that_leave_the_ledgers_alone_keep_the_digest_they_had() -> None:
    """A registry from before the ledgers has to verify after its upgrade."""
    before = [name for name in DATED_TABLES if name not in LATER_TABLES]
    written = {"facility": "a" * 64}
    old = hashlib.sha256()
    for name in before:
        old.update(f"{name} {written.get(name, NO_ROWS)} \n".encode())
    assert digest_of(written, {}) == old.hexdigest()
    assert digest_of({**written, "observation": "b" * 64}, {}) != old.hexdigest()
    assert digest_of(written, {"population_figure": [1]}) != old.hexdigest()


def test_the_census_adds_up_and_nothing_of_it_is_lost(registry: Engine) -> None:
    with writing(registry) as session:
        report = load(session, census_batch(), by="张三")
    assert (report.findings, len(report.plan.added)) == ((), 31)
    rows = rows_of(registry)
    assert {row["source_kind"] for row in rows} == {"census"}
    (apart,) = (row for row in rows if row["area"])
    assert (apart["division_code"], apart["area"]) == ("330100", "西湖风景名胜区")
    of_hangzhou = [row for row in rows if row["division_code"][:4] == "3301"]
    totals = [row for row in of_hangzhou if row["group_code"] == "total"]
    city = next(row for row in totals if row["division_code"] == "330100" and not row["area"])
    assert 2 * city["persons"] == sum(row["persons"] for row in totals)
    with writing(registry) as session:
        assert load(session, census_batch(), by="张三").plan.unchanged == 31
    assert faults(registry) == []


def test_without_the_area_listed_apart_the_census_would_not_add_up(registry: Engine) -> None:
    batch = census_batch()
    fewer = replace(batch, entries=tuple(one for one in batch.entries if not one.area))
    with writing(registry) as session:
        report = load(session, fewer, by="张三")
    (finding,) = report.findings
    assert (finding.rule, finding.params["difference"]) == ("parts_differ", 23_763)
    assert rows_of(registry) == []


def _at(registry: Engine, seq: int) -> Any:
    with Session(registry) as session:
        return session.exec(select(AuditEntry.at).where(AuditEntry.seq == seq)).one()
