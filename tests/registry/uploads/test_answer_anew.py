"""A wrong answer is not the end: until an upload is approved its rows may be answered anew."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from codes.errors import DataError
from registry.db import reading
from registry.facilities.lookup import Filter, listing
from registry.tables import UploadFinding
from registry.uploads.approve import approve
from registry.uploads.decide import Answer, Decided, decide
from registry.uploads.summary import summary
from tests.registry.uploads.conftest import TODAY, Send, row


@pytest.fixture
def answer(registry: Engine) -> Callable[..., Decided]:
    """Answer row 2 of an upload as 王五."""

    def give(upload_id: int | None, **given: object) -> Decided:
        said = Answer(**given)  # type: ignore[arg-type]
        return decide(registry, int(upload_id or 0), 2, said, by="王五", today=TODAY)

    return give


def test_an_answer_may_be_given_anew_until_the_upload_is_approved(
    registry: Engine, send: Send, answer: Callable[..., Decided]
) -> None:
    done = send(row(division="330104", longitude="", latitude="", datum=""), row(name="第二"))
    upload_id = int(done.id or 0)
    assert answer(done.id, division="330102").outcome == "created"
    assert answer(done.id, reject=True).outcome == "rejected"
    assert answer(done.id, division="330114").outcome == "created"
    with reading(registry) as session:
        left = [one.rule for one in session.exec(select(UploadFinding)) if one.row == 2]
        assert "row_refused" not in left
        assert summary(session, upload_id).outcomes["created"] == 2
    approve(registry, upload_id, by="李四", today=TODAY)
    with reading(registry) as session:
        found = {one.name: one.division_code for one in listing(session, Filter()).items}
        assert found == {"示例幼儿园": "330114", "第二": "330106"}


def test_an_answer_about_sameness_may_be_given_anew(
    registry: Engine, merge: Callable[..., list[str]], send: Send, answer: Callable[..., Decided]
) -> None:
    (code,) = merge(row(name="晨光实验幼儿园"))
    changed = row(
        name="晨光实验幼儿园有限公司", operator_uscc="", operator_name="", as_of="2026-09-30"
    )
    done = send(changed)
    assert done.report.outcomes["held"] == 1
    assert answer(done.id, new=True).outcome == "created"
    assert answer(done.id, same=code).outcome == "updated"
    assert answer(done.id, new=True).outcome == "created"
    assert answer(done.id, same=code).outcome == "updated"
    approve(registry, int(done.id or 0), by="李四", today=TODAY)
    with reading(registry) as session:
        assert listing(session, Filter()).total == 1


def test_a_row_that_asks_nothing_says_how_it_came_out_in_words(
    registry: Engine, send: Send, answer: Callable[..., Decided]
) -> None:
    done = send(row())
    with pytest.raises(DataError) as caught:
        answer(done.id, new=True)
    assert "新增" in str(caught.value)
    assert "created" not in str(caught.value)
