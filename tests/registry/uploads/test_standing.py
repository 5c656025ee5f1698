"""Approval takes the stored plan while it stands, and plans again when anything differs."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from codes.errors import DataError
from registry.db import reading, writing
from registry.facilities.change import change
from registry.facilities.lookup import Filter, find, listing
from registry.facilities.register import register_rows
from registry.facilities.register_batch import new_facility
from registry.tables.upload import Upload
from registry.uploads import approve as approving
from registry.uploads import standing
from registry.uploads.approve import approve
from registry.uploads.decide import Answer, decide
from registry.uploads.diff import diff
from registry.uploads.merging import Merging, _change, as_stored
from registry.uploads.proposing.fetching import Brief
from registry.uploads.replan import moved, replanned
from registry.uploads.withdraw import withdraw
from registry.verify import verify
from tests.registry.uploads.conftest import TODAY, Send, row

Merge = Callable[..., list[str]]
NEXT = "2026-09-30"
ELSEWHERE = {"address": "样本街9号", "longitude": 120.06, "latitude": 30.28}
KEPT = (
    "SELECT f.code, v.kind, v.valid_from, v.name, v.type_code, v.division_code, v.township_code,"
    " v.address, v.lon_2000, v.operator_uscc, v.department_code, v.status, v.phone, v.grade,"
    " v.as_of, v.superseded_at IS NULL, r.row"
    " FROM facility_version v JOIN facility f ON f.id = v.facility_id"
    ' LEFT JOIN (SELECT id, "row" AS row FROM upload_row) r ON r.id = v.upload_row_id'
    " ORDER BY v.id",
    "SELECT f.code, capability_code, value, as_of, confirmed_on, source, superseded_at IS NULL"
    " FROM capability_value v JOIN facility f ON f.id = facility_id ORDER BY 1, 2, 4, v.id",
    "SELECT f.code, scheme_code, value, superseded_at IS NULL"
    " FROM identifier i JOIN facility f ON f.id = facility_id ORDER BY i.id",
    'SELECT upload_id, "row", outcome, facility_id IS NULL FROM upload_row ORDER BY id',
)


@pytest.fixture
def planned_again(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The uploads that approval planned again."""
    seen: list[int] = []

    def noted(session: Any, upload: Any, *rest: Any) -> Any:
        seen.append(int(upload.id))
        return moved(session, upload, *rest)

    monkeypatch.setattr(approving, "moved", noted)
    return seen


def _changed(send: Send) -> int:
    """A batch of every outcome: a new one, a changed one, one confirmed, one as it was."""
    rows = (
        row(**ELSEWHERE, name="新设", school_id="1133000009"),
        row(name="第一", as_of=NEXT, phone="0571-00000009", enrolment=250, grade=""),
        row(name="第二", as_of=NEXT, school_id="1133000002", address="[清空]", operator_uscc=""),
        row(name="第三"),
        row(name="第四", type="不知道"),
    )
    return int(send(*rows, name="二.csv").id or 0)


def test_stored_plans_merge_as_plans_made_again(
    registry: Engine, merge: Merge, send: Send, planned_again: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    merge(*(row(name=name) for name in ("第一", "第二", "第三")))
    upload_id = _changed(send)
    contents = []
    for way in (as_stored, _as_planned_now):
        monkeypatch.setattr(approving, "as_stored", way)
        with pytest.raises(_TakenBackError), writing(registry) as session:
            monkeypatch.setattr(approving, "writing", lambda _: _Same(session))
            approve(registry, upload_id, by="李四", today=TODAY)
            contents.append([list(map(tuple, session.execute(text(one)))) for one in KEPT])
            raise _TakenBackError
    assert planned_again == []
    assert contents[0] == contents[1]
    assert len(contents[0][0]) > 4


def _as_planned_now(session: Session, upload: Upload, _told: object) -> Merging:
    """What the rows judged anew say, row by row, without the stored plans."""
    source = f"upload:{upload.id} {upload.file_name}"
    rows = [one for page in replanned(session, upload, TODAY) for one in page]
    new = [
        new_facility(stored.id, plan.record, source)
        for stored, _, plan in rows
        if plan.outcome == "created"
    ]
    return Merging(
        lambda act: register_rows(act, new),
        [
            _change(
                stored.id,
                Brief(judged.registered.code, "", judged.registered.since),
                plan.record,
                source,
            )
            for stored, judged, plan in rows
            if plan.outcome == "updated" and judged.registered
        ],
    )


class _TakenBackError(Exception):
    pass


class _Same:
    """A session that is open already, as a context."""

    def __init__(self, session: Any) -> None:
        self.session = session

    def __enter__(self) -> Any:
        return self.session

    def __exit__(self, *_: object) -> None:
        pass


def test_a_plan_that_stands_is_not_made_again(
    registry: Engine, merge: Merge, send: Send, planned_again: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(standing, "_last_boundary", lambda: TODAY)
    merge(*(row(name=name) for name in ("第一", "第二", "第三")))
    upload_id = _changed(send)
    another = send(row(**ELSEWHERE, name="别的"), name="三.csv")
    withdraw(registry, int(another.id or 0), by="张三")
    done = approve(registry, upload_id, by="李四", today=date(2026, 12, 24))
    assert planned_again == []
    assert (done.created, done.updated, done.unchanged, done.rejected) == (1, 2, 1, 1)
    with reading(registry) as session:
        assert verify(session).faults == ()
        (new,) = [one for one in listing(session, Filter()).items if one.name == "新设"]
        assert find(session, new.code).identifiers == {"school_id": ("1133000009",)}
    shown = {one.name: one.code for one in diff(registry, upload_id).rows}
    assert [name for name, code in shown.items() if code] == ["新设", "第一", "第二", "第三"]
    assert shown["新设"] == new.code


def _another_change(registry: Engine, code: str) -> None:
    with writing(registry) as session:
        change(session, code, {"phone": "0571-00000008"}, on=date(2026, 8, 1), by="王五")


def _plan_altered(registry: Engine, code: str) -> None:
    with registry.begin() as connection:
        connection.execute(text("UPDATE upload_row SET changes = '{}' WHERE outcome = 'created'"))


@pytest.mark.parametrize("disturb", [_another_change, _plan_altered])
def test_a_plan_disturbed_is_made_again(
    disturb: Callable[[Engine, str], None],
    registry: Engine, merge: Merge, send: Send, planned_again: list[int],
) -> None:  # fmt: skip
    code, *_ = merge(row(name="第一"))
    upload_id = int(send(row(**ELSEWHERE, name="新设"), name="二.csv").id or 0)
    disturb(registry, code)
    if disturb is _plan_altered:
        with pytest.raises(DataError) as caught:
            approve(registry, upload_id, by="李四", today=TODAY)
        assert caught.value.message_id == "upload.plan_stale"
    else:
        assert approve(registry, upload_id, by="李四", today=TODAY).created == 1
    assert planned_again == [upload_id]


def test_others_write_while_a_plan_is_made_again(
    registry: Engine, merge: Merge, send: Send, planned_again: list[int]
) -> None:
    code, *_ = merge(row(name="第一"))
    upload_id = int(send(row(**ELSEWHERE, name="新设"), name="二.csv").id or 0)
    another = int(send(row(**ELSEWHERE, name="别的"), name="三.csv").id or 0)
    _another_change(registry, code)
    heard: list[tuple[str, int, int]] = []

    def told(step: str, done: int, total: int) -> None:
        heard.append((step, done, total))
        if step == "again":
            withdraw(registry, another, by="张三")

    approve(registry, upload_id, by="李四", today=TODAY, told=told)
    assert heard == [("again", 1, 1), ("merging", 1, 1)]
    assert planned_again == [upload_id]


@pytest.mark.parametrize("name", ["program_digest", "_last_boundary"])
def test_another_program_or_a_day_of_the_books_between(
    name: str,
    registry: Engine, send: Send, planned_again: list[int], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    upload_id = int(send(row()).id or 0)
    other: object = "another" if name == "program_digest" else date(2026, 12, 1)
    monkeypatch.setattr(standing, name, lambda: other)
    assert approve(registry, upload_id, by="李四", today=date(2026, 12, 24)).created == 1
    assert planned_again == [upload_id]


def test_a_plan_is_not_taken_on_a_day_before_it_was_made(
    registry: Engine, send: Send, planned_again: list[int]
) -> None:
    upload_id = int(send(row()).id or 0)
    approve(registry, upload_id, by="李四", today=date(2026, 11, 21))
    assert planned_again == [upload_id]


def test_a_plan_made_anew_stands_for_approval(
    registry: Engine, merge: Merge, send: Send, planned_again: list[int]
) -> None:
    code, *_ = merge(row(name="第一"))
    changed = row(name="第一", as_of=NEXT, phone="0571-00000009")
    new = row(**ELSEWHERE, name="新设园", school_id="1133000009")
    alike = row(**ELSEWHERE, name="西湖区新设园")
    upload_id = int(send(changed, new, alike, name="二.csv").id or 0)
    _another_change(registry, code)
    assert diff(registry, upload_id).moved == 1
    decide(registry, upload_id, 4, Answer(new=True), by="王五")
    done = approve(registry, upload_id, by="李四")
    assert (done.created, done.updated, done.held) == (2, 1, 0)
    assert planned_again == []
    with reading(registry) as session:
        assert verify(session).faults == ()


def test_answers_to_a_large_upload_look_at_their_row_and_approval_at_all(
    registry: Engine, send: Send, planned_again: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("registry.uploads.decide.IN_MEMORY", 0)
    monkeypatch.setattr("registry.uploads.decide.store_moved", None)
    new = row(**ELSEWHERE, name="新设园")
    alike = (row(**ELSEWHERE, name=f"{name}新设园") for name in ("西湖区", "杭州市"))
    upload_id = int(send(new, *alike, name="二.csv").id or 0)
    said = [decide(registry, upload_id, number, Answer(new=True), by="王五") for number in (3, 4)]
    assert [(one.outcome, one.questions) for one in said] == [("created", ())] * 2
    assert decide(registry, upload_id, 3, Answer(reject=True), by="王五").outcome == "rejected"
    done = approve(registry, upload_id, by="李四")
    assert (done.created, done.rejected, done.held) == (2, 1, 0)
    assert planned_again == [upload_id]
    with reading(registry) as session:
        assert verify(session).faults == ()


def test_a_large_plan_that_did_not_move_is_made_again_once(
    registry: Engine, merge: Merge, send: Send, planned_again: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("registry.uploads.diff.IN_MEMORY", 0)
    code, *_ = merge(row(name="第一"))
    upload_id = int(send(row(**ELSEWHERE, name="新设"), name="二.csv").id or 0)
    _another_change(registry, code)
    assert diff(registry, upload_id).moved == 0
    approve(registry, upload_id, by="李四")
    assert planned_again == []
