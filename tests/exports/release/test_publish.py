"""A release tells the state on the day, the same each time, and nothing private."""

from __future__ import annotations

import csv
import hashlib
import json
import sqlite3
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from codes import facility_code
from codes.china_time import today
from codes.errors import UsageError
from exports.release import publish
from exports.release.manifest import check_files, read_manifest
from exports.release.progress import ROWS, SHARES, STEPS, Work
from exports.release.publish import SNAPSHOT
from exports.release.registry_rows import ANNULLED
from exports.release.snapshot import APPLICATION_ID
from registry.db import create_registry, writing
from registry.synthetic.mark import mark_synthetic
from tests.exports.release.small_registry import (
    CANARIES,
    EXTRA,
    NAMES,
    ON,
    OPERATOR,
    code_of,
    fill,
)
from tests.exports.release.unpacked import unpacked


def _facility(db: sqlite3.Connection, key: str) -> sqlite3.Row:
    row = db.execute("SELECT * FROM facility WHERE code = ?", (code_of(key),)).fetchone()
    assert row is not None, key
    return row  # type: ignore[no-any-return]


def test_every_code_has_one_row(snapshot: sqlite3.Connection) -> None:
    codes = [code for (code,) in snapshot.execute("SELECT code FROM facility ORDER BY rowid")]
    assert codes == sorted(set(codes))
    assert {code_of(key) for key in NAMES} <= set(codes)
    assert len(codes) == len(NAMES) + EXTRA


def test_a_row_shows_the_state_on_the_day(snapshot: sqlite3.Connection) -> None:
    row = _facility(snapshot, "nursery")
    assert row["name"] == "西湖区文新幼儿园"
    assert (row["category_code"], row["class_code"], row["type_code"]) == ("B", "B01", "B0101")
    assert row["opened_on"] == "2019-09-01"
    assert row["floor_area"] == 3200.5
    assert row["closed_on"] is None
    assert row["valid_from"] == "2024-03-01"
    assert row["issued_on"] == "2026-11-20", "days are China's"
    assert _facility(snapshot, "canteen")["status"] == "运营"
    assert _facility(snapshot, "closed")["status"] == "关闭"
    assert _facility(snapshot, "merged")["status"] == "已合并"


def test_a_facility_still_to_come_is_there_with_its_first_day(snapshot: sqlite3.Connection) -> None:
    row = _facility(snapshot, "future")
    assert (row["status"], row["valid_from"]) == ("规划", "2027-05-01")


def test_of_an_annulled_record_only_code_and_kind_remain(snapshot: sqlite3.Connection) -> None:
    row = _facility(snapshot, "annulled")
    kept = {name for name in row.keys() if row[name] is not None}  # noqa: SIM118
    assert kept == {
        "code", "status", "category_code", "class_code", "type_code", "county_code",
        "valid_from", "issued_on",
    }  # fmt: skip
    assert row["status"] == ANNULLED
    for table in ("history", "capability_value", "identifier"):
        found = snapshot.execute(f"SELECT 1 FROM {table} WHERE code = ?", (row["code"],))
        assert found.fetchall() == [], table


def test_the_latest_reading_counts_and_zero_is_a_reading(snapshot: sqlite3.Connection) -> None:
    rows = snapshot.execute(
        "SELECT capability_code, value, as_of FROM capability_value WHERE code = ? ORDER BY 1",
        (code_of("home"),),
    )
    assert [tuple(row) for row in rows] == [
        ("beds", 128.0, "2026-06-30"),
        ("nursing_beds", 64.0, "2026-06-30"),
        ("staff", 0.0, "2026-06-30"),
    ]


def test_links_and_history_up_to_the_day(snapshot: sqlite3.Connection) -> None:
    links = snapshot.execute("SELECT predecessor_code, successor_code FROM succession").fetchall()
    assert (code_of("merged"), code_of("health")) in [tuple(row) for row in links]
    assert len(links) == 5
    history = [tuple(row) for row in snapshot.execute("SELECT code, valid_to, name FROM history")]
    assert history == [(code_of("nursery"), "2024-03-01", "文新实验幼儿园")]


def test_totals_add_up(snapshot: sqlite3.Connection) -> None:
    total = snapshot.execute("SELECT sum(facilities) FROM total").fetchone()[0]
    assert total == len(NAMES) + EXTRA


def test_divisions_have_full_names_and_their_neighbours(snapshot: sqlite3.Connection) -> None:
    rows = dict(snapshot.execute("SELECT code, full_name FROM division").fetchall())
    assert rows["330106"] == "浙江省杭州市西湖区"
    assert rows["330106002"] == "浙江省杭州市西湖区北山街道"
    assert len([code for code in rows if code.startswith("330106") and len(code) == 9]) > 5


def test_references_hold_and_are_indexed(snapshot: sqlite3.Connection) -> None:
    assert snapshot.execute("PRAGMA foreign_key_check").fetchall() == []
    for name in ("facility", "capability_value", "succession", "history", "identifier"):
        begun = {
            snapshot.execute(f'PRAGMA index_info("{index["name"]}")').fetchone()["name"]
            for index in snapshot.execute(f'PRAGMA index_list("{name}")')
        }
        references = {row["from"] for row in snapshot.execute(f'PRAGMA foreign_key_list("{name}")')}
        assert references <= begun, name


def test_the_file_says_what_it_is(snapshot: sqlite3.Connection) -> None:
    assert snapshot.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
    facts = dict(snapshot.execute("SELECT item, value FROM release").fetchall())
    assert facts["synthetic"] == "是"
    assert facts["release_date"] == ON.isoformat()
    assert "合成数据" in facts["source_zh"]


def test_the_manifest_has_counts_and_digests(release: Path, snapshot: sqlite3.Connection) -> None:
    manifest = read_manifest(release)
    assert manifest.synthetic
    assert {"facilities.csv", "tables/facility.csv", SNAPSHOT} < {
        row.name for row in manifest.files
    }
    present = {path for path in release.rglob("*") if path.is_file()}
    assert present == {
        release / name for name in ("manifest.json", *(f.name for f in manifest.files))
    }
    for file in manifest.files:
        body = (release / file.name).read_bytes()
        assert (len(body), hashlib.sha256(body).hexdigest()) == (file.bytes, file.sha256)
    for table, count in manifest.counts.items():
        assert snapshot.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] == count, table
    check_files(release, manifest)
    assert json.loads((release / "manifest.json").read_text("utf-8"))["files"][0]["sha256"]


def test_a_value_in_parquet_would_be_found(release: Path) -> None:
    table = release / "parquet" / "facility.parquet"
    assert "西湖区文新幼儿园".encode() in unpacked(table)
    assert not [path for path in release.rglob("*") if path.suffix in (".gz", ".zip", ".zst")]


def test_nothing_private_is_in_any_file(release: Path) -> None:
    for path in filter(Path.is_file, release.rglob("*")):
        body = unpacked(path)
        lowered = body.lower()
        for place, canary in CANARIES.items():
            assert canary.encode() not in body, f"{place} in {path.name}"
            assert canary.lower().encode() not in lowered, f"{place} in {path.name}"
            for start in range(len(canary) - 1):
                piece = canary[start : start + 2]
                if piece in "金丝雀甲乙":
                    assert piece.encode() not in body, f"{place}: {piece} in {path.name}"
        for hidden in ("误登医院", "误登地址", "1133000999"):
            assert hidden.encode() not in body, f"{hidden} in {path.name}"


def test_the_canaries_are_really_in_the_registry(filled_sqlite: Engine) -> None:
    body = Path(filled_sqlite.url.database or "").read_bytes()
    wal = Path(f"{filled_sqlite.url.database}-wal")
    body += wal.read_bytes() if wal.exists() else b""
    for place, canary in CANARIES.items():
        assert canary.encode() in body, place


def test_the_same_data_and_day_give_the_same_bytes(
    filled_sqlite: Engine, release: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other" / "place"
    assert publish(filled_sqlite, other, on=ON, synthetic=True) == read_manifest(release)
    for path in filter(Path.is_file, release.rglob("*")):
        assert path.read_bytes() == (other / path.relative_to(release)).read_bytes(), path.name


def test_postgresql_gives_the_same_bytes(
    migrated_postgres: tuple[Engine, str], release: Path, tmp_path: Path
) -> None:
    server, template = migrated_postgres
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE fuwuma_same TEMPLATE {template}")
    url = server.url.set(drivername="postgresql", database="fuwuma_same")
    engine = create_registry(url.render_as_string(hide_password=False))
    fill(engine, extra=EXTRA)
    assert publish(engine, tmp_path / "other", on=ON, synthetic=True) == read_manifest(release)
    engine.dispose()
    with server.connect() as connection:
        connection.exec_driver_sql("DROP DATABASE fuwuma_same WITH (FORCE)")


def test_an_earlier_day_shows_what_was_then(filled_sqlite: Engine, tmp_path: Path) -> None:
    publish(filled_sqlite, tmp_path / "then", on=date(2020, 1, 1))
    db = sqlite3.connect(tmp_path / "then" / SNAPSHOT)
    rows = dict(db.execute("SELECT code, name FROM facility").fetchall())
    db.close()
    assert rows == {
        code_of("annulled"): "误登医院更早的名字",
        code_of("nursery"): "文新实验幼儿园",
    }


def test_a_day_to_come_is_refused(filled_sqlite: Engine, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        publish(filled_sqlite, tmp_path / "r", on=today() + timedelta(days=1))
    assert caught.value.message_id == "release.day_to_come"
    assert not (tmp_path / "r").exists()


def test_progress_tells_every_step(filled_sqlite: Engine, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []

    def note(*step: Any) -> None:
        told.append(step)

    publish(filled_sqlite, tmp_path / "r", on=ON, progress=note)
    assert [*dict.fromkeys(name for name, _, _ in told)] == [*STEPS, ""]
    assert {total for _, _, total in told} == {len(NAMES) + EXTRA}, "all facilities on record"
    done = [done for _, done, _ in told]
    assert done == sorted(done)
    assert (done[0], done[-1]) == (0, len(NAMES) + EXTRA)
    assert sum(SHARES.values()) == 1000


def test_rows_are_told_as_they_pass() -> None:
    told: list[tuple[str, int, int]] = []

    def note(*step: Any) -> None:
        told.append(step)

    work = Work(note, 4 * ROWS)
    work.begin("capability_value")
    rows = [(number,) for number in range(2 * ROWS)]
    assert [*work.rows(iter(rows), len(rows))] == rows
    before, share = SHARES["facility"], SHARES["capability_value"]
    half, whole = (4 * ROWS * (before + share * part) / 1000 for part in (0.5, 1))
    assert [done for _, done, _ in told[1:]] == [half, whole]


def test_a_registry_of_made_up_data_is_marked_without_asking(
    registry: Engine, tmp_path: Path
) -> None:
    assert not publish(registry, tmp_path / "r", on=ON).synthetic
    with writing(registry) as session:
        mark_synthetic(session, by="tester", seed=1, size=1)
    assert publish(registry, tmp_path / "r", on=ON).synthetic


def test_an_empty_registry_gives_an_empty_release(bare: Engine, tmp_path: Path) -> None:
    manifest = publish(bare, tmp_path / "r", on=ON)
    assert manifest.counts["facility"] == 0
    assert manifest.counts["facility_type"] > 100


def test_a_spreadsheet_can_open_the_table(release: Path) -> None:
    body = (release / "facilities.csv").read_bytes()
    assert body.startswith("\ufeff设施编码,设施名称".encode())
    rows = list(csv.DictReader(body.decode("utf-8-sig").splitlines()))
    by_code = {row["设施编码"]: row for row in rows}
    assert list(by_code) == sorted(by_code)
    assert all(facility_code.is_valid(code) for code in by_code)
    assert by_code[code_of("nursery")]["区县名称"] == "浙江省杭州市西湖区"
    assert by_code[code_of("nursery")]["设施类型名称"] == "幼儿园"
    assert by_code[code_of("formula")]["设施名称"].startswith("'=HYPERLINK")
    assert by_code[code_of("hospital")]["公开电话"] == "'+86 571 8706"
    assert by_code[code_of("home")]["统一社会信用代码"] == f"'{OPERATOR[1]}", "18 digits, exact"
    dangerous = [cell for row in rows for cell in row.values() if cell and cell[0] in "=+-@"]
    assert not dangerous
