"""A waiting upload altered behind the program is neither approved nor answered, and is found."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import Engine, text
from sqlmodel import select

from codes.errors import DataError, NotPermitted
from registry.audit import verify
from registry.db import reading, writing
from registry.facilities.change import change, close
from registry.facilities.lookup import Filter, listing
from registry.tables import AuditEntry, Upload, UploadRow
from registry.uploads.approve import approve, reject
from registry.uploads.decide import Answer, decide
from registry.uploads.diff import diff
from registry.uploads.settings import upload_settings
from tests.registry.uploads.conftest import TODAY, Send, row

IN_FIELDS = {
    "sqlite": "UPDATE upload_row SET fields = json_set(fields, '$.name', '假幼儿园')",
    "postgresql": "UPDATE upload_row SET fields ="
    " jsonb_set(fields::jsonb, '{name}', '\"假幼儿园\"')::json",
}

STATEMENTS = {
    **{("fields", dialect): statement for dialect, statement in IN_FIELDS.items()},
    ("settings", "sqlite"): "UPDATE upload SET settings = json_set(settings, '$.mode', 'new')",
    ("settings", "postgresql"): "UPDATE upload SET settings ="
    " jsonb_set(settings::jsonb, '{mode}', '\"new\"')::json",
}


def alter(registry: Engine, statement: str) -> None:
    """Do to the database what somebody with its password can."""
    with registry.begin() as connection:
        connection.execute(text(statement.replace(":", "\\:")))


def faults(registry: Engine) -> set[str]:
    with reading(registry) as session:
        found = verify(session).faults
        assert all(str(fault) for fault in found)
        return {fault.kind for fault in found}


def in_registry(registry: Engine) -> int:
    with reading(registry) as session:
        return listing(session, Filter()).total


def test_an_upload_left_alone_is_sound_at_every_step(registry: Engine, send: Send) -> None:
    settings = upload_settings(sets=["phone=0571-11111111"])
    unclear = row(division="330104", longitude="", latitude="", datum="")
    upload_id = int(send(unclear, row(name="第二"), settings=settings).id or 0)
    assert faults(registry) == set()
    decide(registry, upload_id, 2, Answer(division="330102"), by="王五", today=TODAY)
    assert faults(registry) == set()
    decide(registry, upload_id, 2, Answer(reject=True), by="王五", today=TODAY)
    assert faults(registry) == set()
    diff(registry, upload_id)
    approve(registry, upload_id, by="李四", today=TODAY)
    assert faults(registry) == set()
    refused = int(send(row(name="第三"), name="二.csv").id or 0)
    reject(registry, refused, by="李四", reason="重复")
    assert faults(registry) == set()


def test_a_submitter_written_over_does_not_let_the_real_one_approve(
    registry: Engine, send: Send
) -> None:
    upload_id = int(send(row()).id or 0)
    alter(registry, "UPDATE upload SET submitted_by = '赵六'")
    for decided in (
        lambda: approve(registry, upload_id, by="张 三", today=TODAY),
        lambda: reject(registry, upload_id, by="张三", reason="重复"),
    ):
        with pytest.raises(NotPermitted) as caught:
            decided()
        assert caught.value.message_id == "upload.four_eyes"
        assert "张三" in str(caught.value)
    assert faults(registry) == {"upload_changed", "upload_unlike_entry"}
    with pytest.raises(DataError) as changed:
        approve(registry, upload_id, by="李四", today=TODAY)
    assert changed.value.message_id == "upload.changed_outside"
    assert in_registry(registry) == 0


@pytest.mark.parametrize(
    "statement",
    [
        "fields",
        "UPDATE upload_row SET outcome = 'rejected'",
        "UPDATE upload_row SET raw = '{}'",
        'UPDATE upload_row SET "row" = 9 WHERE "row" = 3',
        "settings",
        "UPDATE upload SET mode = 'new'",
        "UPDATE upload SET scope = 'complete'",
        "UPDATE upload SET file_name = '别的.csv'",
        'DELETE FROM upload_row WHERE "row" = 3',
        'INSERT INTO upload_row (upload_id, sheet, "row", outcome, raw, fields, changes)'
        " SELECT upload_id, sheet, 99, outcome, raw, fields, changes FROM upload_row"
        ' WHERE "row" = 2',
    ],
)
def test_a_waiting_upload_altered_is_found_and_not_approved(
    registry: Engine, send: Send, statement: str
) -> None:
    upload_id = int(send(row(), row(name="第二")).id or 0)
    alter(registry, STATEMENTS.get((statement, registry.dialect.name), statement))
    with pytest.raises(DataError) as caught:
        approve(registry, upload_id, by="李四", today=TODAY)
    assert caught.value.message_id == "upload.changed_outside"
    assert "fuwuma verify" in str(caught.value)
    assert in_registry(registry) == 0
    assert faults(registry) == {"upload_changed"}
    reject(registry, upload_id, by="李四", reason="内容被改动")


def test_an_answer_does_not_cover_up_what_was_altered(registry: Engine, send: Send) -> None:
    unclear = row(division="330104", longitude="", latitude="", datum="")
    upload_id = int(send(unclear, row(name="第二")).id or 0)
    alter(registry, IN_FIELDS[registry.dialect.name] + ' WHERE "row" = 3')
    with pytest.raises(DataError) as caught:
        decide(registry, upload_id, 2, Answer(division="330102"), by="王五", today=TODAY)
    assert caught.value.message_id == "upload.changed_outside"
    assert faults(registry) == {"upload_changed"}


def test_an_answer_written_over_is_found(registry: Engine, send: Send) -> None:
    unclear = row(division="330104", longitude="", latitude="", datum="")
    upload_id = int(send(unclear).id or 0)
    decide(registry, upload_id, 2, Answer(division="330102"), by="王五", today=TODAY)
    alter(registry, IN_FIELDS[registry.dialect.name])
    with pytest.raises(DataError) as caught:
        approve(registry, upload_id, by="李四", today=TODAY)
    assert caught.value.message_id == "upload.changed_outside"
    assert faults(registry) == {"upload_changed"}


def test_looking_at_the_changes_covers_up_nothing_and_disturbs_nothing(
    registry: Engine, merge: Callable[..., list[str]], send: Send
) -> None:
    (code,) = merge(row())
    upload_id = int(send(row(phone="0571-11111111", as_of="2026-09-30"), name="二.csv").id or 0)
    with writing(registry) as session:
        change(session, code, {"phone": "0571-22222222"}, on=date(2026, 7, 31), by="李四")
    assert diff(registry, upload_id).moved == 1
    assert faults(registry) == set()
    with writing(registry) as session:
        change(session, code, {"phone": "0571-33333333"}, on=date(2026, 8, 31), by="李四")
    alter(registry, f"{IN_FIELDS[registry.dialect.name]} WHERE upload_id = {upload_id}")
    with pytest.raises(DataError) as caught:
        diff(registry, upload_id)
    assert caught.value.message_id == "upload.changed_outside"
    assert faults(registry) == {"upload_changed"}


@pytest.mark.parametrize(
    ("statement", "kinds"),
    [
        ("UPDATE upload SET submitted_by = '赵六'", {"upload_unlike_entry"}),
        ("UPDATE upload SET decided_by = '赵六'", {"upload_unlike_entry"}),
        ("UPDATE upload SET file_sha256 = 'f'", {"upload_unlike_entry"}),
        ("UPDATE upload SET department_code = '别的'", {"upload_unlike_entry"}),
        ("UPDATE upload SET status = 'rejected'", {"upload_unlike_entry"}),
        (
            "UPDATE upload SET status = 'submitted', decided_by = NULL",
            {"upload_unlike_entry"},
        ),
    ],
)
def test_a_decided_upload_altered_is_found(
    registry: Engine, merge: Callable[..., list[str]], statement: str, kinds: set[str]
) -> None:
    merge(row())
    alter(registry, statement)
    assert faults(registry) == kinds


def test_an_upload_put_there_by_hand_is_found_and_not_approved(
    registry: Engine, send: Send
) -> None:
    upload_id = int(send(row()).id or 0)
    with reading(registry) as session:
        sent = session.exec(select(Upload)).one().model_dump(exclude={"id"})
        staged = session.exec(select(UploadRow)).one().model_dump(exclude={"id", "upload_id"})
    with writing(registry) as session:
        forged = Upload(**sent)
        session.add(forged)
        session.flush()
        forged_id = int(forged.id or 0)
        session.add(UploadRow(**staged, upload_id=forged_id))
    assert forged_id != upload_id
    with pytest.raises(DataError) as caught:
        approve(registry, forged_id, by="李四", today=TODAY)
    assert caught.value.message_id == "upload.changed_outside"
    assert faults(registry) == {"upload_without_entry"}


def test_an_upload_taken_away_is_found(registry: Engine, send: Send) -> None:
    send(row())
    for table in ("upload_finding", "upload_row", "upload"):
        alter(registry, f"DELETE FROM {table}")
    assert faults(registry) == {"upload_missing"}


def test_a_row_refused_when_planned_anew_is_sealed_anew(
    registry: Engine, merge: Callable[..., list[str]], send: Send
) -> None:
    (code,) = merge(row())
    upload_id = int(
        send(row(code=code, phone="0571-11111111", as_of="2026-09-30"), name="二.csv").id or 0
    )
    with writing(registry) as session:
        close(session, code, on=TODAY, by="李四", reason="停办")
    assert diff(registry, upload_id).moved == 1
    assert faults(registry) == set()
    with reading(registry) as session:
        outcome = session.exec(select(UploadRow).where(UploadRow.upload_id == upload_id)).one()
        replanned = session.exec(select(AuditEntry).where(AuditEntry.action == "upload_replan"))
        assert len(replanned.all()) == (outcome.outcome == "rejected")
