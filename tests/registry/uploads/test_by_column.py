"""New facilities go in column by column as they go in row by row: the same rows to the byte."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from codes.errors import DataError
from registry import audit, rows, rows_behind
from registry.audit import Act, acting
from registry.db import writing
from registry.facilities import register_batch
from registry.facilities.by_column import NotPlainError, read_batch
from registry.facilities.given_columns import Changes, columns_of, read_columns
from registry.facilities.register import register_rows
from registry.facilities.register_batch import StoredBatch, register_batches
from registry.row_columns import Columns

DAY = date(2026, 11, 22)
BASE = {"type": "B0101", "division": "330106", "status": "运营", "as_of": "2026-06-30"}
MIXED: tuple[dict[str, Any], ...] = (
    {"name": "一", "school_id": "1133000001", "enrolment": 240, "places": 20},
    {"name": "二", "longitude": 120.08, "latitude": 30.27, "datum": "GCJ02", "floor_area": 3200},
    {
        "name": '三“引”\\"号',
        "address": "示例路 1 号",
        "longitude": 120,
        "latitude": 30.5,
        "datum": "BD09",
    },
    {"name": "四", "division": "330110", "department": "市教育局", "opened_on": "2015-09-01"},
    {"places": 0, "name": "五", "type": "E0203", "enrolment": 1.5, "as_of": "2026-10-01"},
    {"name": "六", "longitude": 119.9, "latitude": 30.1, "datum": "未知", "phone": "0571"},
    {"name": "七", "longitude": 119.9, "latitude": 30.1},
    {"name": "八", "division": "330106002"},
)
UNTIDY: tuple[dict[str, Any], ...] = (
    {"name": " 前后有空格 "},
    {"name": "名", "address": " "},
    {"name": "名", "opened_on": "20150901"},
)
"""What columns mend as rows do."""

ODD: tuple[dict[str, Any], ...] = (
    {"name": "名", "floor_area": "3200"},
    {"name": "名", "phone": 571},
)
"""What columns leave to rows."""

AS_LINES: tuple[dict[str, Any], ...] = (
    {"name": "null", "address": "甲,乙", "phone": "0571", "floor_area": 0.00012, "enrolment": 3},
    {"name": "'九'", "address": "[甲]", "school_id": "1133000001", "floor_area": 3e15, "places": 0},
)
"""What PostgreSQL can take as the bytes that are digested."""

REFUSED: tuple[dict[str, Any], ...] = (
    {"name": None},
    {"name": "名", "as_of": "2999-01-01"},
    {"name": "名", "division": "999999"},
    {"name": "名", "type": "没有"},
    {"name": "名", "longitude": 120.1},
    {"name": "名", "不是字段": 1},
    {"name": "名", "floor_area": "很大"},
    {"name": "名", "address": "有\n换行"},
)


MOMENT = datetime(2026, 11, 22, 8, tzinfo=UTC)
WRITTEN = (*audit.DATED_TABLES[:4], "audit_entry", "code_counter")


def _batch(*given: dict[str, Any]) -> StoredBatch:
    changes: list[Changes] = [
        {key: [None, value] for key, value in {**BASE, **one}.items()} for one in given
    ]
    return StoredBatch((None,) * len(changes), partial(columns_of, changes), "upload:1 表.csv")


def _by_rows(act: Act, batch: StoredBatch) -> None:
    register_rows(act, batch.one_by_one())


def _by_columns(act: Act, batch: StoredBatch) -> None:
    register_batches(act, [batch])


@pytest.fixture
def written(registry: Engine, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Any]]:
    """What a way of registering writes, audit entry and counters too; nothing of it stays."""
    monkeypatch.setattr(audit, "now", lambda: MOMENT)
    taken: Counter[str] = Counter()

    def reserve(_connection: object, name: str, count: int) -> Sequence[int]:
        taken[name] += count
        return range(taken[name] - count + 1, taken[name] + 1)

    monkeypatch.setattr(rows, "reserve_ids", reserve)

    def written_by(way: Callable[[Act, StoredBatch], None], batch: StoredBatch) -> list[Any]:
        taken.clear()
        with writing(registry) as session:
            with acting(session, actor="李四", action="x", subject="x", detail={}) as act:
                way(act, batch)
            found = [
                list(map(tuple, session.execute(text(f"SELECT * FROM {name} ORDER BY 1"))))
                for name in WRITTEN
            ]
            session.rollback()
        return found

    return written_by


@pytest.mark.parametrize("batch", [AS_LINES, (*MIXED, *UNTIDY), *((*MIXED, one) for one in ODD)])
def test_columns_write_what_rows_write(
    batch: Sequence[dict[str, Any]], written: Callable[..., list[Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    by_rows = written(_by_rows, _batch(*batch))
    monkeypatch.setattr(rows_behind, "COPY_FROM", 1)
    if batch[-1] in UNTIDY:
        monkeypatch.setattr(register_batch, "register_rows", None)
    assert written(_by_columns, _batch(*batch)) == by_rows
    assert [len(one) for one in by_rows][:2] == [len(batch)] * 2


@pytest.mark.parametrize("spoilt", REFUSED)
def test_columns_refuse_what_rows_refuse(
    spoilt: dict[str, Any], written: Callable[..., list[Any]]
) -> None:
    said = []
    for way in (_by_rows, _by_columns):
        with pytest.raises(DataError) as caught:
            written(way, _batch(*MIXED, {"name": "名", **spoilt}))
        said.append(str(caught.value))
    assert said[0] == said[1]


@pytest.mark.parametrize("spoilt", [*ODD, *REFUSED])
def test_what_is_not_plain_is_left_to_the_rows(spoilt: dict[str, Any]) -> None:
    with pytest.raises(NotPlainError):
        read_batch(_batch(*MIXED, {"name": "名", **spoilt}).given, DAY)


@given(
    st.lists(
        st.tuples(
            st.text(),
            st.none() | st.text(),
            st.none() | st.floats(allow_nan=False, allow_infinity=False),
            st.integers(),
        ),
        max_size=8,
    )
)
def test_columns_are_digested_as_rows_are(values: list[tuple[Any, ...]]) -> None:
    """Text with anything in it, numbers of any size, blanks, and columns that are all alike."""
    ids = range(1, len(values) + 1)
    scheme, reading, value, facility = zip(*values, strict=True) if values else ((),) * 4
    given_ = {"capability_code": scheme, "source": reading, "value": value, "facility_id": facility}
    columns = Columns("capability_value", ids, given_, {"as_of": "2026-06-30", "audit_seq": 7})
    assert columns.canonical(columns.rows()) == rows.canonical(columns.rows())


def test_stored_changes_become_the_same_columns() -> None:
    """Rows of one type have the same keys; others, and blanks before and after, have not."""
    alike: list[Changes] = [{"name": [None, "一"], "places": [None, 1]}] * 2
    changes: list[Changes] = [*alike, {"phone": [None, "0571"]}, {"places": [None, 2.5]}, {}]
    columns = columns_of(changes)
    assert columns == {
        "name": ["一", "一", None, None, None],
        "places": [1, 1, None, 2.5, None],
        "phone": [None, None, "0571", None, None],
    }
    many = changes * 50  # parsed in several parts
    texts = [json.dumps(one, ensure_ascii=False) for one in many]
    assert read_columns(texts) == columns_of(many)
    assert read_columns([one.encode() for one in texts]) == columns_of(many)
