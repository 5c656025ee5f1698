"""The effect of a batch is what the indicators are afterwards, no more and no less."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from codes.china_time import today
from codes.departments import find_department
from codes.elements import all_fields
from codes.errors import DataError
from registry.db import reading
from registry.evaluation.effect import Change, effect_of
from registry.evaluation.results import evaluate
from registry.evaluation.scope import scope_of
from registry.uploads.approve import approve
from registry.uploads.submit import submit

CIVIL_AFFAIRS = find_department("市民政局").code
Put = Callable[..., list[str]]
State = dict[tuple[str, str], tuple[float | None, str]]
STANDING: tuple[dict[str, Any], ...] = (
    {"type": "E0101", "name": "甲院", "beds": 100, "nursing_beds": 60},
    {"type": "E0101", "name": "乙院", "beds": 100, "nursing_beds": 20, "division": "330102"},
    {"type": "E0101", "name": "丙院", "beds": 50, "nursing_beds": 50, "division": "330109"},
    {"type": "E0101", "name": "丁院", "beds": 30, "status": "暂停", "division": "330110"},
    {"type": "F0202", "name": "戊中心", "division": "330106"},
    {"type": "D0101", "name": "己医院", "beds": 500, "division": "330106"},
)


@pytest.fixture
def send(registry: Engine, tmp_path: Path) -> Callable[..., int]:
    """Submit rows of a department and give the upload's number."""

    def send_rows(*rows: dict[str, Any]) -> int:
        keys = list(dict.fromkeys(key for row in rows for key in row))
        path = tmp_path / "batch.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([all_fields()[key].header_zh for key in keys])
            writer.writerows([row.get(key, "") for key in keys] for row in rows)
        sent = submit(registry, path, department_code=CIVIL_AFFAIRS, by="张三")
        assert sent.id is not None, [
            (one.rule, one.row) for one in sent.report.findings if one.severity == "must"
        ]
        return sent.id

    return send_rows


def state(engine: Engine) -> State:
    """Every value and colour of the city and its counties, as of today."""
    found: State = {}
    with reading(engine) as session:
        for level in ("city", "county"):
            scope = scope_of("hangzhou-145", today().year, None, level, today())
            for one in evaluate(session, scope).results:
                found[one.code, one.division.code] = (one.value.value, one.rating.colour)
    return found


def effect(engine: Engine, upload: int) -> list[Change]:
    with reading(engine) as session:
        return effect_of(session, upload)


def foreseen(changes: list[Change]) -> dict[tuple[str, str], tuple[Any, Any]]:
    return {
        (one.before.code, one.before.division.code): (
            (one.before.value.value, one.before.rating.colour),
            (one.after.value.value, one.after.rating.colour),
        )
        for one in changes
    }


def row(name: str, **fields: Any) -> dict[str, Any]:
    return {
        "name": name,
        "type": "养老机构",
        "division": "330106",
        "status": "运营",
        "opened_on": date(2010, 1, 1),
        "as_of": date(2026, 10, 1),
        **fields,
    }


def test_it_foresees_exactly_what_approval_does(
    registry: Engine, put: Put, send: Callable[..., int]
) -> None:
    codes = put(*STANDING)
    before = state(registry)
    upload = send(
        row("甲院", code=codes[0], nursing_beds=10, beds=100),  # changed
        row("乙院", code=codes[1], division="330111", nursing_beds=20, beds=100),  # moved
        row(
            "丙院", code=codes[2], status="关闭", closed_on=date(2026, 9, 1), division="330109"
        ),  # closed
        row("丁院", code=codes[3], division="330110", beds=30, nursing_beds=30),  # opened again
        row("庚院", beds=200, nursing_beds=20, division="330182"),  # new
        row("辛院", status="在建", opened_on="", beds=900, nursing_beds=1),  # not open yet
    )
    expected = foreseen(effect(registry, upload))
    approve(registry, upload, by="李四")
    after = state(registry)
    real = {cell: (before[cell], after[cell]) for cell in before if before[cell] != after[cell]}
    assert real
    assert set(expected) == set(real)
    for cell, ((old, old_colour), (new, new_colour)) in real.items():
        (was, was_colour), (is_, is_colour) = expected[cell]
        assert (was_colour, is_colour) == (old_colour, new_colour)
        assert was == (None if old is None else pytest.approx(old, rel=1e-9))
        assert is_ == (None if new is None else pytest.approx(new, rel=1e-9))
    nursing = {division for code, division in real if code == "hangzhou-145.23"}
    assert nursing == {
        "330100",
        *("330106", "330102", "330109", "330110", "330111", "330182"),
    }


def test_colours_that_change_come_first_and_are_named(
    registry: Engine, put: Put, send: Callable[..., int]
) -> None:
    codes = put(*STANDING)
    upload = send(row("甲院", code=codes[0], beds=100, nursing_beds=10))
    changes = effect(registry, upload)
    assert [one.colour_changes for one in changes] == sorted(
        (one.colour_changes for one in changes), reverse=True
    )
    first = next(one.as_json() for one in changes if one.before.division.code == "330106")
    assert (first["before"]["value"], first["before"]["colour"]) == (60, "blue")
    assert (first["after"]["value"], first["after"]["colour"]) == (10, "red")
    assert first["colour_changes"] is True


def test_what_touches_no_indicator_has_no_effect(
    registry: Engine, put: Put, send: Callable[..., int]
) -> None:
    codes = put(*STANDING)
    assert effect(registry, send(row("甲院改名", code=codes[0]))) == []


def test_a_decided_batch_has_no_effect_any_more(
    registry: Engine, put: Put, send: Callable[..., int]
) -> None:
    codes = put(*STANDING)
    upload = send(row("甲院", code=codes[0], beds=100, nursing_beds=10))
    assert effect(registry, upload)
    approve(registry, upload, by="李四")
    assert effect(registry, upload) == []
    with pytest.raises(DataError):
        effect(registry, 99)


def test_an_empty_registry_gets_its_first_values(
    registry: Engine, send: Callable[..., int]
) -> None:
    changes = effect(registry, send(row("甲院", beds=100, nursing_beds=58)))
    city = next(one.as_json() for one in changes if one.before.level == "city")
    assert (city["before"]["value"], city["before"]["status"]) == (None, "missing")
    assert (city["after"]["value"], city["after"]["colour"]) == (58, "blue")
