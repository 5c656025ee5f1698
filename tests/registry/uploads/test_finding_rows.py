"""What many rows leave blank is stored once, and told of each row exactly, whatever is answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from codes.upload_limits import limit
from registry.db import reading, writing
from registry.tables import UploadFinding
from registry.uploads import store, stored
from registry.uploads.decide import Answer, decide
from registry.uploads.finding_rows import as_ranges, finding_cells, row_count, rows_of, without
from registry.uploads.findings import found
from registry.uploads.store import insert_findings
from registry.uploads.stored import ENOUGH, upload_causes
from tests.registry.uploads.conftest import TODAY, Send, row

BLANK = "element_recommended"


def _blank(session: Session, upload_id: int, element: str) -> tuple[int, list[int | None]]:
    causes = upload_causes(session, upload_id)
    (cause,) = [one for one in causes if (one.rule, one.element) == (BLANK, element)]
    return cause.total, [one.row for one in cause.findings]


def test_rows_are_written_as_ranges_and_read_back() -> None:
    rows = [3, 4, 5, 9, 11, 12]
    written = as_ranges(rows)
    assert written == "3-5,9,11-12"
    assert list(rows_of(2, written)) == [2, *rows]
    assert row_count(written) == 7
    assert without(2, written, {2, 4, 11}) == (3, "5,9,12")
    assert without(2, "3", {2, 3}) is None
    assert (as_ranges([]), list(rows_of(None, None)), row_count(None)) == (None, [None], 1)


def test_blank_cells_are_stored_once_and_counted_exactly(
    registry: Engine, merge: Callable[..., list[str]], send: Send
) -> None:
    (code,) = merge(row(name="晨光实验幼儿园", phone="0571-00000001"))
    same = {"operator_uscc": "", "operator_name": "", "as_of": "2026-09-30"}
    done = send(
        row(name="第一", phone=""),
        row(name="晨光实验幼儿园有限公司", phone="", **same),
        row(name="第三", phone="", address="别处7号"),
        row(name="第四", address="别处8号"),
    )
    upload_id = int(done.id or 0)
    told = {(one.rule, one.element): one.total for one in done.report.totals()}
    with reading(registry) as session:
        mine = col(UploadFinding.element) == "phone"
        (stored,) = session.exec(
            select(UploadFinding).where(UploadFinding.upload_id == upload_id, mine)
        )
        assert (stored.row, stored.further) == (2, "3-4")
        assert {(c.rule, c.element): c.total for c in upload_causes(session, upload_id)} == told
        assert _blank(session, upload_id, "phone") == (3, [2, 3, 4])
    decide(registry, upload_id, 3, Answer(same=code), by="王五", today=TODAY)
    with reading(registry) as session:
        assert _blank(session, upload_id, "phone") == (2, [2, 4])
    decide(registry, upload_id, 3, Answer(new=True), by="王五", today=TODAY)
    with reading(registry) as session:
        assert _blank(session, upload_id, "phone") == (3, [2, 3, 4])


@pytest.mark.parametrize("registry_url", ["sqlite"], indirect=True)
def test_the_first_of_the_rows_that_leave_a_cell_blank_is_answered(
    registry: Engine, merge: Callable[..., list[str]], send: Send
) -> None:
    (code,) = merge(row(name="晨光实验幼儿园", phone="0571-00000001"))
    done = send(
        row(name="晨光实验幼儿园有限公司", phone="", operator_uscc="", operator_name=""),
        row(name="第二", phone="", address="别处7号"),
    )
    upload_id = int(done.id or 0)
    with reading(registry) as session:
        assert _blank(session, upload_id, "phone") == (2, [2, 3])
    decide(registry, upload_id, 2, Answer(same=code), by="王五", today=TODAY)
    with reading(registry) as session:
        assert _blank(session, upload_id, "phone") == (1, [3])


@pytest.mark.parametrize("registry_url", ["sqlite"], indirect=True)
def test_only_findings_of_the_rows_in_question_are_taken_apart(
    registry: Engine, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload_id, seen = int(send(row()).id or 0), []
    for first in (10, 20, 30):
        blank = [found(BLANK, "甲", first + more, "phone") for more in range(5)]
        with writing(registry) as session:
            insert_findings(session, upload_id, finding_cells(blank))

    def noted(number: int, *rest: Any) -> Any:
        seen.append(number)
        return without(number, *rest)

    monkeypatch.setattr(store, "without", noted)
    with writing(registry) as session:
        store._forget_findings(session, upload_id, "甲", [19, 20, 24, 25])
    assert seen == [20]
    sheet = col(UploadFinding.sheet) == "甲"
    with reading(registry) as session:
        left = session.exec(select(UploadFinding).where(sheet).order_by(col(UploadFinding.id)))
        assert [(one.row, one.further) for one in left] == [
            (10, "11-14"), (21, "22-23"), (30, "31-34")
        ]  # fmt: skip


def test_two_sheets_with_the_same_column_blank_are_two_findings() -> None:
    blank = [found(BLANK, sheet, at, "phone") for sheet in ("甲", "乙") for at in (2, 3)]
    rows = [(one[0], one[1], one[-1]) for one in finding_cells(blank)]
    assert rows == [("甲", 2, "3"), ("乙", 2, "3")]


@pytest.mark.parametrize("registry_url", ["sqlite"], indirect=True)
def test_the_first_places_of_many_are_told_in_whatever_order_they_are_stored(
    registry: Engine, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored, "limit", lambda name: 1 if name == "samples_kept" else limit(name))
    upload_id = int(send(row()).id or 0)
    # an answer has what is found again stored last
    rows = (50, 2, *range(51, 51 + ENOUGH))
    for at in rows:
        with writing(registry) as session:
            insert_findings(session, upload_id, finding_cells([found(BLANK, "甲", at, "grade")]))
    with reading(registry) as session:
        assert _blank(session, upload_id, "grade") == (len(rows), [2])
