"""A release keeps the indicators, what their tables print, and every result with its working."""

from __future__ import annotations

import json
import sqlite3
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from codes.formulas import formulas
from codes.indicators import indicators, plans
from codes.messages import speaking
from codes.policy import bands, missing_colour
from exports.release.result_rows import YES_NO
from exports.release.result_years import plans_and_years
from registry.db import reading
from registry.evaluation.result_json import result_json
from registry.evaluation.results import evaluate
from registry.evaluation.scope import scope_of
from tests.exports.release.small_registry import ON

CITY, GONGSHU = "330100", "330105"
NURSING = "hangzhou-145.23"
PLACES = "hangzhou-145.02"


def _rows(snapshot: sqlite3.Connection, where: str, *values: Any) -> list[dict[str, Any]]:
    sql = f"SELECT * FROM indicator_result WHERE {where}"
    return [dict(row) for row in snapshot.execute(sql, values)]


def test_every_numbered_row_of_the_plans_is_there(snapshot: sqlite3.Connection) -> None:
    numbered = snapshot.execute(
        "SELECT plan_code, count(DISTINCT coalesce(section, '') || number)"
        " FROM indicator GROUP BY 1"
    )
    assert dict(map(tuple, numbered)) == {plan.code: plan.rows for plan in plans().values()}
    printed = snapshot.execute("SELECT count(*) FROM indicator_figure").fetchone()[0]
    assert printed == sum(
        len(figures)
        for row in indicators().values()
        for figures in (row.figures, *(part.figures for part in row.parts))
    )


def test_a_printed_figure_stands_beside_its_reading(snapshot: sqlite3.Connection) -> None:
    found = snapshot.execute(
        "SELECT printed, kind, comparator, number FROM indicator_figure"
        " WHERE indicator_code = ? AND role = 'target' AND year = 2025",
        (PLACES,),
    ).fetchall()
    assert [tuple(row) for row in found] == [("3.5以上", "number", ">=", 3.5)]


def test_the_city_has_every_line_and_the_missing_have_a_reason(
    snapshot: sqlite3.Connection,
) -> None:
    rows = _rows(snapshot, "level = 'city' AND plan_code = 'hangzhou-145' AND year = 2025")
    assert len(rows) == 53
    assert {row["status"] for row in rows} == {"computed", "missing"}
    for row in rows:
        assert (row["value"] is None) == (row["status"] == "missing")
        if row["status"] == "missing":
            assert row["reason_zh"]
            assert row["reason_en"]
            assert row["colour"] == missing_colour()


def test_years_are_the_plans_last_the_releases_and_those_with_values(
    filled_sqlite: Engine, snapshot: sqlite3.Connection
) -> None:
    with reading(filled_sqlite) as session:
        found = {plan.code: years for plan, years in plans_and_years(session, ON)}
    assert found == {"hangzhou-135": (2020,), "hangzhou-145": (2020, 2025, 2026)}
    told = snapshot.execute("SELECT DISTINCT plan_code, year FROM indicator_result ORDER BY 1, 2")
    assert [tuple(row) for row in told] == [
        (plan, year) for plan, years in found.items() for year in years
    ]


def test_a_result_has_its_working_and_can_be_worked_out_again(
    snapshot: sqlite3.Connection,
) -> None:
    (row,) = _rows(
        snapshot, "indicator_code = ? AND division_code = ? AND year = 2026", NURSING, CITY
    )
    assert (row["numerator"], row["denominator"], row["value"]) == (64.0, 128.0, 50.0)
    assert row["facilities_counted"] == 1
    assert row["data_from"] == row["data_to"] == "2026-06-30"
    assert row["formula_zh"] == "100 × 护理型床位数（机构养老）÷ 床位数（机构养老）"
    assert row["formula_en"].startswith("100 × Nursing beds")
    assert row["achievement"] == pytest.approx(50.0 / row["target"])
    lower = [band.lower or 0 for band in bands() if band.code == row["colour"]]
    assert row["achievement"] >= float(lower[0])


def test_results_are_those_of_the_evaluation(
    filled_sqlite: Engine, snapshot: sqlite3.Connection
) -> None:
    noted = 0
    with reading(filled_sqlite) as session, speaking("en"):
        for level in ("city", "county"):
            scope = scope_of("hangzhou-145", 2026, None, level, ON)
            for one in map(result_json, evaluate(session, scope).results):
                (row,) = _rows(
                    snapshot,
                    "indicator_code = ? AND division_code = ? AND year = 2026",
                    one["indicator"],
                    one["division"],
                )
                same = ("value", "status", "target", "achievement", "colour", "progress")
                assert [row[name] for name in same] == [one[name] for name in same]
                assert row["reason_en"] == one["reason"]
                assert row["achievement_limited"] == YES_NO[one["achievement_limited"]]
                between = one["target_between"] or [None, None]
                assert [row["target_low"], row["target_high"]] == between
                source = one["target_from"]
                assert (row["base"], row["base_year"]) == (source["base"], source["base_year"])
                assert row["notes_en"] == ("; ".join(notes_of(one)) or None)
                noted += bool(row["notes_en"])
                formula = one["working"]["formula"] if one["working"] else None
                assert row["formula_en"] == formula
    assert noted > 10


def notes_of(one: dict[str, Any]) -> list[str]:
    """What `--json` says there is to mind about a value that is worked out."""
    if one["working"] is None or (one["status"] == "observed" and one["beside"] is None):
        return []
    return list(one["working"]["notes"])


def test_the_formulas_own_limits_are_in_the_notes(snapshot: sqlite3.Connection) -> None:
    told = 0
    for formula in formulas().values():
        for row in _rows(snapshot, "formula_code = ? AND notes_zh <> ''", formula.code):
            told += bool(formula.note_zh)
            assert formula.note_zh in row["notes_zh"]
            assert formula.note_en in row["notes_en"]
    assert told > 10


def test_a_year_without_a_target_says_why(snapshot: sqlite3.Connection) -> None:
    rows = _rows(snapshot, "target IS NULL AND target_low IS NULL")
    assert len(rows) > 10
    assert all(row["target_from_zh"] and row["target_from_en"] for row in rows)


def test_townships_have_only_lines_with_a_value(snapshot: sqlite3.Connection) -> None:
    assert _rows(snapshot, "level = 'township' AND status = 'missing'") == []
    towns = {row["division_code"] for row in _rows(snapshot, "level = 'township'")}
    assert "330106002" in towns


def test_the_lines_of_json_say_the_same(release: Path, snapshot: sqlite3.Connection) -> None:
    body = (release / "indicator_results.jsonl").read_text("utf-8")
    found = [json.loads(line) for line in body.splitlines()]
    stored = {
        (row["indicator_code"], row["division_code"], row["year"]): row
        for row in _rows(snapshot, "1")
    }
    assert len(found) == len(stored)
    for one in found:
        row = stored[one["indicator_code"], one["division_code"], one["year"]]
        assert {name: one[name] for name in row} == {
            name: _to_15_digits(value) for name, value in row.items()
        }
        assert one["indicator_name_en"]
        assert one["division_name"].startswith("浙江省杭州市")


def _to_15_digits(value: Any) -> Any:
    """SQLite writes a number into JSON with so many."""
    return float(f"{value:.15g}") if isinstance(value, float) else value


def test_an_earlier_day_has_no_later_year(filled_sqlite: Engine) -> None:
    with reading(filled_sqlite) as session:
        found = {plan.code: years for plan, years in plans_and_years(session, date(2023, 6, 30))}
    assert found == {"hangzhou-135": (2020,), "hangzhou-145": (2020, 2023)}
