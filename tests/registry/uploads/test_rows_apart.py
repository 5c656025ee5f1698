"""Two rows answered to be two facilities are not asked about when they come again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from codes.upload_limits import limit
from registry.db import reading
from registry.tables import RowsApart
from registry.uploads import replan
from registry.uploads.approve import approve, reject
from registry.uploads.check import check_file
from registry.uploads.decide import Answer, Decided, decide
from registry.uploads.diff import diff
from registry.uploads.submit import Submission
from registry.uploads.withdraw import withdraw
from tests.registry.uploads.conftest import TODAY, Send, row, rules_of

NOWHERE = {"longitude": "", "latitude": "", "datum": ""}
BORDER = {"longitude": 120.133755, "latitude": 30.179695, "datum": "WGS84"}
"""A point close to both counties' ground."""

ALIKE = [row(name=f"{before}晨光幼儿园") for before in ("杭州市西湖区", "西湖区", "杭州市")]
COUNTIES = [row(division=code, **NOWHERE) for code in ("330106", "330105", "330108")]
Say = Callable[..., Decided]


@pytest.fixture
def say(registry: Engine) -> Say:
    """Answer a row of an upload, that it is a new facility unless told otherwise."""

    def give(done: Submission, number: int, **given: Any) -> Decided:
        said = Answer(**(given or {"new": True}))
        return decide(registry, int(done.id or 0), number, said, by="王五", today=TODAY)

    return give


@pytest.fixture
def refused(registry: Engine, send: Send, say: Say) -> Callable[..., Submission]:
    """Send rows, answer that all but the first are new, and have the upload rejected."""

    def give(*rows: dict[str, Any]) -> Submission:
        done = send(*rows, name="先.csv")
        for number in range(3, 2 + len(rows)):
            assert say(done, number).outcome == "created"
        reject(registry, int(done.id or 0), by="李四", reason="电话不对")
        return done

    return give


def asked(done: Submission) -> dict[int | None, str]:
    return {one.row: one.rule for one in done.report.findings if one.severity == "held"}


def mended(*rows: dict[str, Any]) -> list[dict[str, Any]]:
    return [{**one, "phone": "0571-00000009", "places": 21} for one in rows]


@pytest.mark.parametrize("rows", [ALIKE, COUNTIES])
def test_sent_again_mended_and_in_another_order(
    rows: list[dict[str, Any]], send: Send, refused: Callable[..., Submission]
) -> None:
    assert asked(refused(*rows)) == {3: "row_alike", 4: "row_alike"}
    assert asked(send(*reversed(mended(*rows)))) == {}


def test_sent_again_after_it_was_withdrawn(registry: Engine, send: Send, say: Say) -> None:
    done = send(*ALIKE[:2])
    say(done, 3)
    withdraw(registry, int(done.id or 0), by="张三")
    assert asked(send(*ALIKE[:2])) == {}
    with reading(registry) as session:
        (kept,) = session.exec(select(RowsApart))
        assert (kept.decided_by, len(kept.row_digest)) == ("王五", 32)


def test_a_row_that_was_not_answered_or_has_another_name_or_address_is_asked_about(
    send: Send, refused: Callable[..., Submission]
) -> None:
    refused(*ALIKE[:2])
    renamed = ALIKE[1] | {"name": "西湖区晨光幼儿园有限公司"}
    moved = ALIKE[1] | {"address": "示例路1号二楼"}
    done = send(ALIKE[1], ALIKE[0], ALIKE[2], renamed, moved)
    assert asked(done) == dict.fromkeys((4, 5, 6), "row_alike")


def test_an_answer_taken_back_is_forgotten_and_that_of_another_upload_is_not(
    registry: Engine, send: Send, say: Say, refused: Callable[..., Submission]
) -> None:
    refused(*ALIKE[:2])
    done = send(*ALIKE)
    say(done, 4)
    say(done, 4, reject=True)
    withdraw(registry, int(done.id or 0), by="张三")
    assert asked(send(*mended(*ALIKE))) == {4: "row_alike"}


def test_an_answer_holds_for_uploads_that_wait_until_it_is_taken_back(
    registry: Engine, send: Send, say: Say
) -> None:
    waiting = int(send(*mended(*ALIKE[:2]), name="等.csv").id or 0)
    done = send(*ALIKE[:2])
    for given, outcomes in [({"new": True}, (2, 0)), ({"reject": True}, (1, 1))]:
        say(done, 3, **given)
        found = diff(registry, waiting)
        assert found.moved == 1
        assert (found.summary.created, found.summary.held) == outcomes


def test_a_check_with_the_registry_knows_the_answer(
    registry: Engine, refused: Callable[..., Submission], write_csv: Callable[..., Path]
) -> None:
    refused(*ALIKE[:2])
    path = write_csv(*ALIKE[:2])
    with reading(registry) as session:
        assert "row_alike" not in rules_of(check_file(path, reader=session, today=TODAY))
    assert "row_alike" in rules_of(check_file(path, today=TODAY))


@pytest.mark.parametrize(
    ("rows", "question"),
    [
        (ALIKE[:2], "near_duplicate"),
        ([one | BORDER for one in COUNTIES[::2]], "registered_elsewhere"),
    ],
)
def test_it_holds_when_one_of_them_is_registered_before_the_other(
    rows: list[dict[str, Any]], question: str,
    registry: Engine, send: Send, refused: Callable[..., Submission],
) -> None:  # fmt: skip
    first, second = rows
    refused(*rows)
    approve(registry, int(send(first).id or 0), by="李四", today=TODAY)
    another = second | {"address": "示例路9号"}
    assert asked(send(another, name="别.csv")) == {2: question}
    alone = send(second)
    assert (asked(alone), alone.report.outcomes["created"]) == ({}, 1)
    approve(registry, int(alone.id or 0), by="李四", today=TODAY)
    both = send(*mended(second, first))
    assert (asked(both), both.report.outcomes["updated"]) == ({}, 2)


def test_approved_together_nobody_is_asked_later(registry: Engine, send: Send, say: Say) -> None:
    done = send(*ALIKE)
    for number in (3, 4):
        say(done, number)
    approve(registry, int(done.id or 0), by="李四", today=TODAY)
    again = send(*mended(*reversed(ALIKE)))
    assert (asked(again), again.report.outcomes["updated"]) == ({}, 3)


def test_an_answer_to_a_row_of_a_large_upload_is_kept(
    send: Send, refused: Callable[..., Submission], monkeypatch: pytest.MonkeyPatch
) -> None:
    in_parts = {"stream_bytes": 0, "stream_rows": 1}
    monkeypatch.setattr("registry.uploads.decide.IN_MEMORY", 0)
    monkeypatch.setattr(replan, "IN_MEMORY", 0)
    monkeypatch.setattr(replan, "limit", lambda name: in_parts.get(name) or limit(name))
    refused(*ALIKE)
    assert asked(send(*reversed(ALIKE))) == {}
