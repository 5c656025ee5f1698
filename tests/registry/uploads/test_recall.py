"""Remembered answers are listed, and one taken back is asked again; the audit keeps both."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select, update

from codes import facility_code
from codes.errors import DataError, UsageError
from registry import audit
from registry.audit import verify
from registry.db import reading, writing
from registry.tables import MatchDecision, RowsApart, UploadRow
from registry.uploads import replan
from registry.uploads.answer_list import AnswerListed, answers_listed
from registry.uploads.approve import approve, reject
from registry.uploads.decide import Answer, decide
from registry.uploads.diff import diff
from registry.uploads.recall import Recalled, recall
from registry.uploads.settings import UploadSettings
from registry.uploads.submit import Submission
from tests.registry.uploads.conftest import TODAY, Send, row
from tests.registry.uploads.test_sealed import IN_FIELDS, alter, faults

ALIKE = [row(name=f"{before}晨光幼儿园") for before in ("杭州市西湖区", "西湖区", "杭州市")]
NEW = row(name="示例幼儿园有限公司", phone="")
Merge = Callable[..., list[str]]
Say = Callable[..., int]


@pytest.fixture
def say(registry: Engine) -> Say:
    """Answer a row of an upload, as 王五; give the upload's number."""

    def give(done: Submission, number: int = 2, **given: Any) -> int:
        said = Answer(**(given or {"new": True}))
        decide(registry, int(done.id or 0), number, said, by="王五", today=TODAY)
        return int(done.id or 0)

    return give


@pytest.fixture
def listed(registry: Engine) -> Callable[..., list[AnswerListed]]:
    """List the answers; what the audit says is sound each time."""

    def give(**given: Any) -> list[AnswerListed]:
        with reading(registry) as session:
            assert not verify(session).faults
            return answers_listed(session, **given)

    return give


def back(registry: Engine, number: int) -> Recalled:
    return recall(registry, number, by="李四", reason=" 现场  核实 ", today=TODAY)


def asked(done: Submission) -> list[str]:
    return [one.rule for one in done.report.findings if one.severity == "held"]


def kept(session: Session) -> int:
    return len(session.exec(select(MatchDecision)).all()) + len(
        session.exec(select(RowsApart)).all()
    )


def test_not_the_same_as_a_facility(
    registry: Engine, merge: Merge, send: Send, say: Say, listed: Callable[..., list[AnswerListed]]
) -> None:
    (code,) = merge(row())
    upload_id = say(send(NEW))
    reject(registry, upload_id, by="李四", reason="日期不对")
    (one,) = listed(facility=facility_code.format(code))
    assert (one.by, one.upload_id, one.row.row, one.row.name) == ("王五", upload_id, 2, NEW["name"])
    assert [(said.code, said.verdict) for said in one.facilities] == [(code, "not_same")]
    assert (one.rows, one.row.code) == ((), None)
    waiting = send(NEW, name="等.csv")
    assert asked(waiting) == []
    done = back(registry, one.number)
    assert (done.row, done.status, done.outcome) == (2, "rejected", None)
    assert (listed(), listed(upload_id=upload_id)) == ([], [])
    (past,) = listed(everything=True)
    assert past.taken_back is not None
    assert (past.taken_back.by, past.taken_back.reason) == ("李四", "现场 核实")
    assert past.facilities == one.facilities
    with pytest.raises(DataError, match="upload diff"):  # planned on what was said
        approve(registry, int(waiting.id or 0), by="李四", today=TODAY)
    assert diff(registry, int(waiting.id or 0)).summary.held == 1
    assert asked(send(NEW | {"floor_area": 3300}, name="再.csv")) == ["near_duplicate"]
    with pytest.raises(DataError, match="李四"):
        back(registry, one.number)


def test_rows_of_a_file_that_are_two(
    registry: Engine, send: Send, say: Say, listed: Callable[..., list[AnswerListed]]
) -> None:
    done = send(*ALIKE)
    upload_id = say(done, 3)
    say(done, 4)
    approve(registry, upload_id, by="李四", today=TODAY)
    last, first = listed()
    assert [other.row for other in first.rows] == [2]
    assert [(other.row, other.name) for other in last.rows] == [
        (2, ALIKE[0]["name"]),
        (3, ALIKE[1]["name"]),
    ]
    assert listed(facility=str(last.rows[0].code)) == [last, first]
    assert listed(facility=str(last.row.code)) == [last]
    assert back(registry, last.number).status == "approved"
    with reading(registry) as session:
        assert kept(session) == 1
    assert listed() == [first]


def test_in_a_batch_that_waits_the_row_is_asked_about_again(
    registry: Engine, send: Send, say: Say, listed: Callable[..., list[AnswerListed]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("registry.uploads.decide.IN_MEMORY", 0)  # as of a large upload
    monkeypatch.setattr(replan, "IN_MEMORY", 0)
    waiting = send(*ALIKE[:2])
    upload_id = say(waiting, 3)
    (one,) = listed()
    done = back(registry, one.number)
    assert (done.outcome, done.questions) == ("held", ("row_alike",))
    assert diff(registry, upload_id).moved == 0
    say(waiting, 3)
    (again,) = listed()
    assert again.number != one.number
    approve(registry, upload_id, by="李四", today=TODAY)


@pytest.mark.parametrize("registry_url", ["sqlite"], indirect=True)
def test_a_row_refused_for_what_was_answered_is_asked_about_again(
    registry: Engine, merge: Merge, send: Send, say: Say, listed: Callable[..., list[AnswerListed]]
) -> None:
    (code,) = merge(row())
    upload_id = say(send(NEW, settings=UploadSettings(mode="new")), same=code)
    with reading(registry) as session:
        of_row = select(UploadRow).where(UploadRow.upload_id == upload_id)
        assert session.exec(of_row).one().outcome == "rejected"
    (one,) = listed()
    done = back(registry, one.number)
    assert (done.outcome, done.questions) == ("held", ("near_duplicate",))
    with reading(registry) as session:
        assert "code" not in session.exec(of_row).one().fields
    assert listed() == []


@pytest.mark.parametrize("registry_url", ["sqlite"], indirect=True)
def test_a_row_that_somebody_refused_stays_refused(
    registry: Engine, merge: Merge, send: Send, say: Say, listed: Callable[..., list[AnswerListed]]
) -> None:
    """It was still held when its first answer had been given, so that answer stands."""
    merge(row())
    waiting = send(NEW | {"division": "330105"}, row(name="别处园", address="别处路9号"))
    upload_id = say(waiting)
    say(waiting, reject=True)
    (one,) = listed()
    done = back(registry, one.number)
    assert (done.status, done.outcome) == ("submitted", None)
    assert diff(registry, upload_id).moved == 0
    assert approve(registry, upload_id, by="李四", today=TODAY).rejected == 1


@pytest.mark.parametrize("registry_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("kinds", [["same"], ["new", "reject"]], ids=["same", "refused"])
@pytest.mark.parametrize("first", ["altered", "taken back"])
def test_taking_back_covers_up_nothing_that_was_altered(
    registry: Engine, merge: Merge, send: Send, say: Say, listed: Callable[..., list[AnswerListed]],
    kinds: list[str], first: str,
) -> None:  # fmt: skip
    (code,) = merge(row())
    new = UploadSettings(mode="new")
    waiting = send(
        NEW | {"division": "330105"}, row(name="别处园", address="别路9号"), settings=new
    )
    upload_id = int(waiting.id or 0)
    for kind in kinds:
        say(waiting, **{kind: code if kind == "same" else True})
    (one,) = listed()
    if first == "taken back":
        back(registry, one.number)
    altered = f'{IN_FIELDS[registry.dialect.name]} WHERE upload_id = {upload_id} AND "row" = 3'
    alter(registry, altered)
    with pytest.raises(DataError) as caught:
        if first == "altered":
            back(registry, one.number)
        approve(registry, upload_id, by="李四", today=TODAY)
    assert caught.value.message_id == "upload.changed_outside"
    assert faults(registry) == {"upload_changed"}


@pytest.mark.parametrize("registry_url", ["sqlite"], indirect=True)
def test_taking_back_without_a_digest_hides_none_of_before(
    registry: Engine, send: Send, say: Say
) -> None:
    """What an earlier state of the program recorded of taking back."""
    upload_id = say(send(*ALIKE[:2]), 3)
    with writing(registry) as session:
        audit.append(
            session, actor="李四", action="upload_take_back", subject=f"upload:{upload_id}",
            detail={"answers": [], "sheet": "", "row": 3, "reason": "核实"},
        )  # fmt: skip
    assert faults(registry) == set()
    alter(registry, IN_FIELDS[registry.dialect.name])
    with pytest.raises(DataError) as caught:
        approve(registry, upload_id, by="李四", today=TODAY)
    assert caught.value.message_id == "upload.changed_outside"
    assert faults(registry) == {"upload_changed"}


def test_an_answer_given_otherwise_since_is_no_more(
    registry: Engine, merge: Merge, send: Send, say: Say, listed: Callable[..., list[AnswerListed]]
) -> None:
    (code,) = merge(row())
    done = send(NEW)
    say(done)
    (one,) = listed()
    say(done, same=code)
    (now,) = listed()
    assert [said.verdict for said in now.facilities] == ["same"]
    assert [past.state for past in listed(everything=True)] == ["stands", "replaced"]
    with pytest.raises(DataError):
        back(registry, one.number)
    assert back(registry, now.number).questions == ("near_duplicate",)


def test_an_answer_given_anew_takes_back_none_of_another_batch(
    merge: Merge, send: Send, say: Say, listed: Callable[..., list[AnswerListed]]
) -> None:
    (code,) = merge(row())
    first, second = send(NEW), send(NEW | {"floor_area": 3300}, name="再.csv")
    say(first)
    say(second, same=code)  # asked before the first was answered
    assert [one.upload_id for one in listed()] == [second.id]
    say(first, reject=True)
    assert [one.upload_id for one in listed()] == [second.id]


def test_what_earlier_versions_remembered(
    registry: Engine, send: Send, say: Say, listed: Callable[..., list[AnswerListed]]
) -> None:
    """What was remembered bore a moment shortly before its act."""
    done = send(*ALIKE[:2])
    upload_id = say(done, 3)
    with writing(registry) as session:
        before = col(RowsApart.decided_at)
        (pair,) = session.exec(select(RowsApart))
        session.exec(update(RowsApart).values({before: pair.decided_at - timedelta(seconds=0.01)}))
    reject(registry, upload_id, by="李四", reason="日期不对")
    (one,) = listed()
    assert back(registry, one.number).status == "rejected"
    assert asked(send(*ALIKE[:2])) == ["row_alike"]


def test_refused(registry: Engine, send: Send, say: Say) -> None:
    say(send(*ALIKE[:2]), 3, reject=True)
    for number in (1, 2, 99):  # a submission, an answer that is not remembered, nothing
        with pytest.raises(DataError, match="answers"):
            back(registry, number)
    with pytest.raises(UsageError):
        recall(registry, 2, by="李四", reason="  ")
    with reading(registry) as session:
        for wanted in ({"upload_id": 9}, {"facility": facility_code.make("B01", "330106", 9)}):
            with pytest.raises(DataError):
                answers_listed(session, **wanted)
