"""What many rows leave blank is stored once, and told of each row exactly, whatever is answered."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from registry.db import reading
from registry.tables import UploadFinding
from registry.uploads.decide import Answer, decide
from registry.uploads.finding_rows import as_ranges, row_count, rows_of, without
from registry.uploads.stored import upload_causes
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
