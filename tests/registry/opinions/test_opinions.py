"""The inbox: what is taken in, what is refused, what a clerk did, what is published."""

from __future__ import annotations

import sqlite3
import stat
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from codes.errors import DataError, NotPermitted, StoreError
from registry.opinions import clerk
from registry.opinions.inbox import create_inbox
from registry.opinions.opinion import About
from registry.opinions.published import published_answers
from registry.opinions.receive import Limits, Written, receive

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
LIMITS = Limits(longest_text=20, longest_contact=12, a_day_from_one_address=2, a_day_in_all=5)
CODE = "B0133010600000185"
DAY = date(2026, 11, 22)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    path = tmp_path / "意见 #1?.db"
    create_inbox(path)
    return path


def sent(text: str = "请增设坡道", contact: str = "", code: str = CODE) -> Written:
    return Written(About("facility", code), text, contact, "zh")


def send(inbox: Path, sender: str = "192.0.2.1", **written: str) -> int:
    return receive(inbox, sent(**written), sender, LIMITS, NOW)


def test_an_opinion_is_kept_as_written(inbox: Path) -> None:
    number = send(inbox, text=" 一行\r\n二行 ", contact="0571-1234")
    found = clerk.find(inbox, number)
    assert (found.text, found.contact, found.state) == ("一行\n二行", "0571-1234", "open")
    assert found.received_at == "2026-11-22T03:00:00Z"
    assert found.about == About("facility", CODE)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "opinion.empty"),
        (" \n\t ", "opinion.empty"),
        ("\u200b\u200d", "opinion.empty"),
        ("字" * 21, "opinion.too_long"),
        ("a\0b", "opinion.control"),
        ("a\x1b[31mb", "opinion.control"),
        ("a\x85b\x0bc", "opinion.control"),
        ("好\u202e人", "opinion.control"),
        ("好\ud800", "opinion.control"),
        ("好\ue000", "opinion.control"),
    ],
)
def test_what_cannot_be_read_is_refused(inbox: Path, text: str, message: str) -> None:
    with pytest.raises(DataError) as caught:
        send(inbox, text=text)
    assert caught.value.message_id == message
    assert str(caught.value)
    assert clerk.listing(inbox).total == 0


def test_a_long_or_odd_contact_is_refused(inbox: Path) -> None:
    for contact, message in (("1" * 13, "contact_too_long"), ("1\0", "control")):
        with pytest.raises(DataError) as caught:
            send(inbox, contact=contact)
        assert caught.value.message_id == f"opinion.{message}"


def test_so_many_a_day_from_one_address_and_in_all(inbox: Path) -> None:
    send(inbox)
    send(inbox)
    with pytest.raises(NotPermitted) as caught:
        send(inbox)
    assert caught.value.message_id == "opinion.too_many"
    send(inbox, sender="2001:db8::1")
    send(inbox, sender="2001:db8::ffff")
    with pytest.raises(NotPermitted):
        send(inbox, sender="2001:db8:0:0:1::9")  # the same first half: one visitor
    send(inbox, sender="2001:db8:0:1::1")
    with pytest.raises(NotPermitted) as full:
        send(inbox, sender="198.51.100.1")
    assert full.value.message_id == "opinion.full_today"
    receive(inbox, sent(), "192.0.2.1", LIMITS, NOW + timedelta(days=1))
    assert clerk.listing(inbox).total == 6


def test_no_address_is_in_the_file_and_hashes_go_with_the_day(inbox: Path) -> None:
    send(inbox, sender="192.0.2.77")
    with sqlite3.connect(inbox) as db:
        before = db.execute("SELECT hash FROM sender").fetchall()
    db.close()
    receive(inbox, sent(), "198.51.100.9", LIMITS, NOW + timedelta(days=1))
    with sqlite3.connect(inbox) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        after = db.execute("SELECT hash FROM sender").fetchall()
        assert db.execute("SELECT day FROM day").fetchall() == [("2026-11-23",)]
    db.close()
    assert len(after) == 1
    assert not set(before) & set(after)
    body = inbox.read_bytes()
    assert b"192.0.2.77" not in body
    assert before[0][0] not in body


def _send_from(job: tuple[Path, int]) -> int:
    path, number = job
    many = Limits(20, 10, 1000, 1000)
    return receive(path, sent(text=f"第{number}条"), f"192.0.2.{number % 3}", many, NOW)


def test_several_processes_may_write_at_once(inbox: Path) -> None:
    with ProcessPoolExecutor(2) as pool:
        numbers = list(pool.map(_send_from, [(inbox, number) for number in range(40)]))
    assert sorted(numbers) == list(range(1, 41))
    assert clerk.listing(inbox).total == 40


def test_a_clerk_lists_answers_and_closes(inbox: Path) -> None:
    first, second = send(inbox), send(inbox, code="D0133010600000347")
    assert [one.id for one in clerk.listing(inbox, page=2, per_page=1).items] == [second]
    done = clerk.answer(inbox, first, text="已安排", by="王芳", publish=False, with_question=False)
    assert done.state == "answered"
    clerk.close(inbox, second, reason="与设施无关", by="李强")
    assert clerk.listing(inbox, state="open").total == 0
    assert clerk.listing(inbox, about=CODE).total == 1
    found = clerk.find(inbox, second)
    assert [(act.kind, act.by, act.text) for act in found.acts] == [("close", "李强", "与设施无关")]
    with pytest.raises(DataError) as caught:
        clerk.close(inbox, second, reason="再次", by="李强")
    assert caught.value.message_id == "opinion.closed_already"
    clerk.answer(inbox, second, text="重新办理", by="李强", publish=True, with_question=False)
    assert [act.kind for act in clerk.find(inbox, second).acts] == ["close", "answer"]


@pytest.mark.parametrize("number", [0, -1, 99, 2**63])
def test_an_unknown_number_is_said(inbox: Path, number: int) -> None:
    for act in (
        lambda: clerk.find(inbox, number),
        lambda: clerk.close(inbox, number, reason="x", by="y"),
    ):
        with pytest.raises(DataError) as caught:
            act()
        assert caught.value.message_id == "opinion.unknown"


def test_only_what_was_chosen_is_published(inbox: Path) -> None:
    send(inbox, text="秘密一", contact="13900000001")
    send(inbox, text="公开二", contact="13900000002")
    third = send(inbox, sender="192.0.2.9", text="撤回三")
    later = date.today() + timedelta(days=1)  # noqa: DTZ011  after any clerk's act of this test
    clerk.answer(inbox, 1, text="答一", by="王", publish=True, with_question=False)
    clerk.answer(inbox, 2, text="答二", by="王", publish=True, with_question=True)
    clerk.close(inbox, 2, reason="办完", by="王")
    clerk.answer(inbox, third, text="答三", by="王", publish=True, with_question=True)
    clerk.answer(inbox, third, text="答三，不公开", by="王", publish=False, with_question=False)
    found = [(one.id, one.question, one.answer) for one in published_answers(inbox, later)]
    assert found == [(1, None, "答一"), (2, "公开二", "答二")]
    assert list(published_answers(inbox, date(2020, 1, 1))) == []


def test_a_file_that_is_no_inbox_is_left_alone(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as db:
        db.execute("CREATE TABLE t (x)")
    db.close()
    text = tmp_path / "text.db"
    text.write_text("不是数据库" * 300, encoding="utf-8")
    for path, message in ((other, "not_an_inbox"), (text, "inbox_unusable")):
        before = path.read_bytes(), path.stat().st_mtime_ns
        with pytest.raises(StoreError) as caught:
            create_inbox(path)
        assert caught.value.message_id == f"opinion.{message}"
        assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    with pytest.raises(StoreError) as caught:
        clerk.listing(tmp_path / "none.db")
    assert caught.value.message_id == "opinion.no_inbox"
    assert not (tmp_path / "none.db").exists()


def test_only_its_owner_may_read_the_inbox(inbox: Path) -> None:
    assert stat.S_IMODE(inbox.stat().st_mode) == 0o600
