"""Withdrawing an upload: its sender's right, until it is decided; the record stays."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from codes.errors import DataError, NotPermitted
from registry import schema_version
from registry.db import reading, writing
from registry.facilities.lookup import Filter, listing
from registry.tables import Upload
from registry.uploads.approve import approve
from registry.uploads.summary import summaries
from registry.uploads.withdraw import withdraw
from registry.verify import verify
from tests.registry.uploads.conftest import TODAY, Send, row


def test_the_sender_withdraws_and_may_send_again(registry: Engine, send: Send) -> None:
    done = send(row())
    with pytest.raises(NotPermitted) as other:
        withdraw(registry, int(done.id or 0), by="李四")
    assert other.value.message_id == "upload.withdraw_other"
    gone = withdraw(registry, int(done.id or 0), by=" 张 三 ", reason="报错了文件")
    assert (gone.status, gone.decided_by, gone.decision_reason) == (
        "withdrawn",
        "张三",
        "报错了文件",
    )
    with pytest.raises(DataError) as refused:
        approve(registry, gone.id, by="李四", today=TODAY)
    assert refused.value.message_id == "upload.decided_withdrawn"
    again = send(row())
    assert again.id != gone.id
    approve(registry, int(again.id or 0), by="李四", today=TODAY)
    with reading(registry) as session:
        assert [one.id for one in summaries(session, "withdrawn")] == [gone.id]
        assert listing(session, Filter()).total == 1
        assert verify(session).faults == ()


def test_the_database_knows_a_withdrawal_from_an_approval(registry: Engine, send: Send) -> None:
    done = send(row())
    for status, by in (("withdrawn", "李四"), ("approved", "张三")):
        with pytest.raises(IntegrityError), Session(registry) as session:
            upload = session.get(Upload, done.id)
            assert upload is not None
            upload.status, upload.decided_by = status, by
            session.add(upload)
            session.commit()


def test_uploads_are_kept_when_the_table_is_made_again(registry: Engine, send: Send) -> None:
    done = send(row(), row(name="第二幼儿园", address="示例路2号"))
    approve(registry, int(done.id or 0), by="李四", today=TODAY)
    with registry.begin() as connection:
        before = connection.execute(text("SELECT * FROM upload")).all()
        schema_version.downgrade(connection, "0004")
    with registry.begin() as connection:
        schema_version.upgrade(connection, "head")
        assert connection.execute(text("SELECT * FROM upload")).all() == before
        assert schema_version.differences(connection) == []
        if connection.dialect.name == "sqlite":
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
    with writing(registry) as session:
        assert verify(session).faults == ()
