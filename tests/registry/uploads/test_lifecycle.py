"""From submission to merge, on both databases: nothing lost, nobody alone, all or nothing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from time import sleep
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from codes.errors import DataError, NotPermitted, UsageError
from registry.db import reading, writing
from registry.facilities.change import change, close
from registry.facilities.lookup import Filter, find, listing
from registry.tables import AuditEntry, Upload, UploadFinding, UploadRow
from registry.uploads import submit as submit_module
from registry.uploads.approve import approve, reject
from registry.uploads.decide import Answer, decide
from registry.uploads.diff import diff
from registry.uploads.diff_rows import made_by
from registry.uploads.people import person
from registry.uploads.settings import upload_settings
from registry.uploads.summary import summaries, summary
from tests.registry.uploads.conftest import EDUCATION, TODAY, Send, row, rules_of


def _count(session: Session, table: type[Any]) -> int:
    return len(session.exec(select(table)).all())


def test_submit_keeps_rows_raw_cells_plans_and_findings(registry: Engine, send: Send) -> None:
    done = send(row(), row(name="　第二 幼儿园"), row(name="第三幼儿园", status="很好"))
    with reading(registry) as session:
        upload = session.get(Upload, done.id)
        assert upload is not None
        assert (upload.rows, upload.created, upload.rejected) == (3, 2, 1)
        assert (upload.status, upload.submitted_by) == ("submitted", "张三")
        rows = session.exec(select(UploadRow).order_by(UploadRow.row)).all()
        assert [(one.row, one.outcome) for one in rows] == [
            (2, "created"),
            (3, "created"),
            (4, "rejected"),
        ]
        assert rows[1].raw["A"] == "　第二 幼儿园"
        assert rows[1].fields["name"] == "第二幼儿园"
        assert rows[0].changes["name"] == [None, "示例幼儿园"]
        found = {(one.rule, one.row, one.column) for one in session.exec(select(UploadFinding))}
        assert ("text_cleaned", 3, "A") in found
        assert ("element_choice", 4, "K") in found
        entry = session.exec(select(AuditEntry)).one()
        assert (entry.action, entry.actor) == ("upload_submit", "张三")
        assert listing(session, Filter()).total == 0


def test_a_file_with_no_good_row_is_not_stored(registry: Engine, send: Send) -> None:
    done = send(row(status="很好"), row(name=""))
    assert done.id is None
    assert done.report.outcomes["rejected"] == 2
    with reading(registry) as session:
        assert [_count(session, table) for table in (Upload, UploadRow, AuditEntry)] == [0, 0, 0]


def test_the_same_file_twice_is_recognised(registry: Engine, send: Send) -> None:
    done = send(row())
    with pytest.raises(DataError) as caught:
        send(row(), by="王五")
    assert caught.value.message_id == "upload.again_submitted"
    assert caught.value.params["id"] == done.id
    assert send(row(), settings=upload_settings(sets=["phone=0571-11111111"])).id != done.id
    approve(registry, int(done.id or 0), by="李四", today=TODAY)
    with pytest.raises(DataError) as caught:
        send(row())
    assert caught.value.message_id == "upload.again_approved"


def test_a_file_of_which_rows_were_left_may_be_sent_again_until_none_is(
    registry: Engine, send: Send
) -> None:
    held = row(name="第二幼儿园", division="330104", longitude="", latitude="", datum="")
    first = int(send(row(), held).id or 0)
    approve(registry, first, by="李四", today=TODAY)
    again = send(row(), held)
    assert (again.report.outcomes["unchanged"], again.report.outcomes["held"]) == (1, 1)
    second = int(again.id or 0)
    decide(registry, second, 3, Answer(division="330114"), by="王五", today=TODAY)
    approve(registry, second, by="李四", today=TODAY)
    with reading(registry) as session:
        assert listing(session, Filter()).total == 2
    with pytest.raises(DataError) as caught:
        send(row(), held)
    assert (caught.value.message_id, caught.value.params["id"]) == ("upload.again_approved", second)


def test_the_same_file_sent_twice_at_once_is_one_batch(
    registry: Engine, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    both_checked = Barrier(2, timeout=30)
    assess = submit_module.assess

    def assess_together(*arguments: Any) -> Any:
        found = assess(*arguments)
        both_checked.wait()
        return found

    def slowly(*arguments: Any) -> None:
        refuse_again(*arguments)
        sleep(0.5)  # whoever else has looked by now has found nothing either

    refuse_again = submit_module._refuse_again
    monkeypatch.setattr(submit_module, "assess", assess_together)
    monkeypatch.setattr(submit_module, "_refuse_again", slowly)

    def attempt(by: str) -> str:
        try:
            return str(send(row(), by=by, name=f"{by}.csv").id)
        except DataError as error:
            return error.message_id

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, ("张三", "王五"))) == ["1", "upload.again_submitted"]
    with reading(registry) as session:
        assert len(summaries(session)) == 1


def test_a_refused_file_may_be_sent_again(registry: Engine, send: Send) -> None:
    done = send(row())
    reject(registry, int(done.id or 0), by="李四", reason="日期不对")
    assert send(row()).id != done.id
    with reading(registry) as session:
        one = summary(session, int(done.id or 0))
        assert (one.status, one.decided_by, one.decision_reason) == (
            "rejected",
            "李四",
            "日期不对",
        )
        assert [item.id for item in summaries(session)] == [int(done.id or 0) + 1, done.id]
        assert listing(session, Filter()).total == 0


def test_approval_registers_with_codes_readings_numbers_and_audit(
    registry: Engine, merge: Callable[..., list[str]]
) -> None:
    (code,) = merge(row(school_id="1133000001", phone=""))
    assert code.startswith("B01330106")
    with reading(registry) as session:
        found = find(session, code)
        assert (found.name, found.type_code, found.division_code) == (
            "示例幼儿园",
            "B0101",
            "330106",
        )
        assert found.valid_from == date(2026, 6, 30)
        assert found.department_code == EDUCATION
        assert found.opened_on == date(2015, 9, 1)
        assert found.capabilities["school_places"].value == 270
        assert found.capabilities["school_places"].as_of == date(2026, 6, 30)
        assert found.identifiers["school_id"] == ("1133000001",)
        assert found.phone is None
        stored = session.exec(select(UploadRow)).one()
        assert made_by(session, [int(stored.id or 0)]) == {stored.id: found.facility_id}
        assert found.upload_row_id == stored.id
        entries = session.exec(select(AuditEntry).order_by(AuditEntry.seq)).all()
        assert [one.action for one in entries] == ["upload_submit", "upload_approve"]
        upload = session.exec(select(Upload)).one()
        assert upload.file_sha256 in entries[1].detail


def test_the_submitter_cannot_decide(registry: Engine, send: Send) -> None:
    upload_id = int(send(row(), by=" Zhang  San ").id or 0)
    for other in ("zhang san", "ＺＨＡＮＧ ＳＡＮ", "Zhang San"):
        with pytest.raises(NotPermitted) as caught:
            approve(registry, upload_id, by=other, today=TODAY)
        assert caught.value.exit_code == 3
        with pytest.raises(NotPermitted):
            reject(registry, upload_id, by=other, reason="x")
    with reading(registry) as session:
        assert listing(session, Filter()).total == 0


def test_the_database_itself_refuses_the_submitter(registry: Engine, send: Send) -> None:
    upload_id = send(row()).id
    with Session(registry) as session, pytest.raises(IntegrityError, match="four_eyes"):
        upload = session.get(Upload, upload_id)
        assert upload is not None
        upload.status, upload.decided_by = "approved", "张三"
        session.add(upload)
        session.commit()


def test_an_upload_is_decided_once(registry: Engine, send: Send) -> None:
    upload_id = int(send(row()).id or 0)
    approve(registry, upload_id, by="李四", today=TODAY)
    for again in (
        lambda: approve(registry, upload_id, by="王五", today=TODAY),
        lambda: reject(registry, upload_id, by="王五", reason="x"),
    ):
        with pytest.raises(DataError) as caught:
            again()
        assert caught.value.message_id == "upload.decided_approved"
    with reading(registry) as session:
        assert listing(session, Filter()).total == 1


def test_an_unknown_upload_and_an_empty_name(registry: Engine) -> None:
    with pytest.raises(DataError) as caught:
        approve(registry, 99, by="李四")
    assert caught.value.message_id == "upload.unknown"
    for name in ("", "  ", "　", "\u200b"):
        with pytest.raises(UsageError):
            person(name)
    assert person(" Ｌｉ　四 ") == "Li 四"


def test_the_same_data_again_changes_nothing(
    registry: Engine, merge: Callable[..., list[str]], send: Send
) -> None:
    merge(row(), row(name="第二幼儿园"))
    done = send(row(name="第二幼儿园"), row())
    assert done.report.outcomes["unchanged"] == 2
    approve(registry, int(done.id or 0), by="李四", today=TODAY)
    with reading(registry) as session:
        found = listing(session, Filter()).items
        assert [one.kind for one in found] == ["registered", "registered"]


def test_an_update_keeps_what_is_blank_and_clears_what_is_asked(
    registry: Engine, merge: Callable[..., list[str]], send: Send
) -> None:
    (code,) = merge(row())
    new = {"code": code, "as_of": "2026-09-30", "enrolment": 250, "places": "[清空]"}
    done = send({**new, "grade": "[清空]", "phone": "", "name": ""})
    assert done.report.outcomes["updated"] == 1
    found = diff(registry, int(done.id or 0)).rows[0]
    assert dict(found.changes) == {
        "as_of": ["2026-06-30", "2026-09-30"],
        "enrolment": [240, 250],
        "places": [20, None],
        "grade": ["省二级", None],
    }
    approve(registry, int(done.id or 0), by="李四", today=TODAY)
    with reading(registry) as session:
        now = find(session, code)
        assert (now.phone, now.grade, now.name) == ("0571-00000000", None, "示例幼儿园")
        assert now.capabilities["enrolment"].value == 250
        assert "places" not in now.capabilities
        before = find(session, code, on=date(2026, 7, 1))
        assert (before.grade, before.capabilities["enrolment"].value) == ("省二级", 240)


def test_a_newer_date_alone_is_a_confirmation(
    registry: Engine, merge: Callable[..., list[str]], send: Send
) -> None:
    (code,) = merge(row())
    done = send(row(as_of="2026-09-30"))
    assert done.report.outcomes["updated"] == 1
    assert diff(registry, int(done.id or 0)).rows[0].only_confirms
    approve(registry, int(done.id or 0), by="李四", today=TODAY)
    with reading(registry) as session:
        now = find(session, code)
        assert (now.as_of, now.kind) == (date(2026, 9, 30), "confirmed")
        assert now.capabilities["enrolment"].as_of == date(2026, 6, 30)
        assert now.capabilities["enrolment"].confirmed_on == date(2026, 9, 30)


def test_older_data_are_refused(merge: Callable[..., list[str]], send: Send) -> None:
    merge(row())
    done = send(row(as_of="2026-01-01", phone="0571-11111111"))
    assert done.id is None
    assert rules_of(done.report) == ["as_of_older"]


def test_a_county_given_for_a_known_township_is_no_change(
    merge: Callable[..., list[str]], send: Send
) -> None:
    merge(row(division="330106109"))
    assert send(row(division="330106")).report.outcomes["unchanged"] == 1


def test_a_plan_that_is_no_longer_true_is_refused_until_seen_again(
    registry: Engine, merge: Callable[..., list[str]], send: Send
) -> None:
    (code,) = merge(row())
    upload_id = int(send(row(as_of="2026-09-30", phone="0571-11111111")).id or 0)
    with writing(registry) as session:
        change(session, code, {"phone": "0571-22222222"}, on=date(2026, 8, 1), by="王五")
    with pytest.raises(DataError) as caught:
        approve(registry, upload_id, by="李四", today=TODAY)
    assert caught.value.message_id == "upload.plan_stale"
    assert f"fuwuma upload diff {upload_id}" in str(caught.value)
    seen = diff(registry, upload_id)
    assert seen.moved == 1
    assert seen.rows[0].changes["phone"] == ["0571-22222222", "0571-11111111"]
    assert diff(registry, upload_id).moved == 0
    approve(registry, upload_id, by="李四", today=TODAY)
    with reading(registry) as session:
        assert find(session, code).phone == "0571-11111111"


def test_two_uploads_with_the_same_new_facility_make_one(registry: Engine, send: Send) -> None:
    first = int(send(row()).id or 0)
    second = int(send(row(phone="0571-11111111"), name="又.csv").id or 0)
    approve(registry, first, by="李四", today=TODAY)
    with pytest.raises(DataError) as caught:
        approve(registry, second, by="李四", today=TODAY)
    assert caught.value.message_id == "upload.plan_stale"
    assert diff(registry, second).rows[0].outcome == "updated"
    approve(registry, second, by="李四", today=TODAY)
    with reading(registry) as session:
        assert listing(session, Filter()).total == 1


def test_a_failure_in_the_middle_leaves_nothing(
    registry: Engine, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload_id = int(send(*(row(name=f"第{n}幼儿园") for n in range(5))).id or 0)

    def fail(*_: object) -> None:
        raise DataError("upload.unknown", id=0)

    monkeypatch.setattr("registry.uploads.approve._decide", fail)
    with pytest.raises(DataError):
        approve(registry, upload_id, by="李四", today=TODAY)
    with reading(registry) as session:
        assert listing(session, Filter()).total == 0
        assert _count(session, AuditEntry) == 1
        assert summary(session, upload_id).status == "submitted"


def test_modes(merge: Callable[..., list[str]], send: Send) -> None:
    merge(row())
    both = (
        row(phone="0571-11111111"),
        row(name="全新幼儿园", operator_uscc="91330106MA2000001J", phone=""),
    )
    new_only = send(*both, settings=upload_settings(mode="new")).report
    assert new_only.outcomes["created"] == 1
    assert [one.rule for one in new_only.findings if one.severity == "must"] == ["mode_new_only"]
    update_only = send(*both, settings=upload_settings(mode="update")).report
    assert update_only.outcomes["updated"] == 1
    assert [one.rule for one in update_only.findings if one.severity == "must"] == [
        "mode_update_only"
    ]


def test_a_complete_list_asks_about_what_it_leaves_out_and_closes_nothing(
    registry: Engine, merge: Callable[..., list[str]], send: Send
) -> None:
    codes = merge(
        row(),
        row(name="第二幼儿园"),
        row(name="别处幼儿园", division="330108", longitude="", latitude="", datum=""),
    )
    with reading(registry) as session:
        names = {code: find(session, code).name for code in codes}
    gone = next(code for code, name in names.items() if name == "第二幼儿园")
    changes = send(row(phone="0571-11111111"), name="一.csv")
    assert changes.report.missing == ()
    done = send(row(phone="0571-22222222"), settings=upload_settings(scope="complete"))
    assert done.report.missing == (gone,)
    assert (done.report.rows, done.report.outcomes["updated"]) == (1, 1)
    seen = diff(registry, int(done.id or 0))
    assert [(one.code, one.name) for one in seen.missing] == [(gone, "第二幼儿园")]
    assert (seen.summary.rows, seen.summary.missing) == (1, 1)
    approve(registry, int(done.id or 0), by="李四", today=TODAY)
    with reading(registry) as session:
        assert find(session, gone).status == "运营"


def test_a_closed_facility_is_not_missed_by_a_complete_list(
    registry: Engine, merge: Callable[..., list[str]], send: Send
) -> None:
    codes = merge(row(), row(name="第二幼儿园"))
    with writing(registry) as session:
        gone = next(code for code in codes if find(session, code).name == "第二幼儿园")
        close(session, gone, on=date(2026, 8, 1), by="王五")
    done = send(row(phone="0571-2"), settings=upload_settings(scope="complete"))
    assert done.report.missing == ()
