from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, text

from codes.china_time import today
from codes.errors import DataError
from registry.audit import verify
from registry.db import reading, writing
from registry.facilities.change import annul, close, correct
from registry.facilities.lookup import Filter, find, history, listing
from registry.facilities.restore import restore
from registry.facilities.succession import heirs, mark_duplicate, merge, split, standing
from registry.tables.base import now

New = Callable[..., str]
TODAY = today()


def on(year: int, month: int = 1, day: int = 1) -> date:
    return date(year, month, day)


def refused(
    registry: Engine, message_id: str, act: Callable[..., object], *args: object, **kwargs: object
) -> None:
    with reading(registry) as session:
        entries = verify(session).entries
    with pytest.raises(DataError) as error, writing(registry) as session:
        act(session, *args, by="a", **kwargs)
    assert error.value.message_id == message_id, str(error.value)
    assert str(error.value)
    with reading(registry) as session:
        assert verify(session).entries == entries


def test_a_merged_code_leads_to_where_it_went(registry: Engine, new: New) -> None:
    old, other, into = new(name="甲幼儿园"), new(name="乙幼儿园"), new(name="丙幼儿园")
    with writing(registry) as session:
        merge(session, [old, other], into, on=on(2025), by="李四", reason="合并办园")
    with reading(registry) as session:
        assert find(session, old, on=on(2024, 12, 31)).status == "运营"
        ended = find(session, old)
        assert (ended.status, ended.kind, ended.closed_on) == ("已合并", "merged", on(2025))
        assert ended.name == "甲幼儿园"
        assert standing(session, old, TODAY) == [into]
        assert standing(session, old, on(2024, 12, 31)) == [old]
        assert standing(session, into, TODAY) == [into]
        assert [item.code for item in listing(session, Filter()).items] == [into]
        links = history(session, into).links
        assert [(link.predecessor, link.kind, link.effective_on) for link in links] == [
            (old, "merged", on(2025)),
            (other, "merged", on(2025)),
        ]
        assert history(session, into).acts[-1].action == "merge"
        assert verify(session).faults == ()


def test_split_leads_to_all_and_chains_are_followed(registry: Engine, new: New) -> None:
    first, left, right, last = (new(name=f"第{n}园") for n in range(4))
    with writing(registry) as session:
        split(session, first, [left, right], on=on(2025), by="a")
        merge(session, [left], last, on=on(2026), by="a")
    with reading(registry) as session:
        assert standing(session, first, on(2025)) == [left, right]
        assert standing(session, first, TODAY) == [right, last]
        assert find(session, first).status == "已拆分"
    with writing(registry) as session:
        close(session, right, on=on(2026, 6), by="a")
    with reading(registry) as session:
        assert standing(session, first, TODAY) == [last]
        assert heirs(session, first, TODAY) == [right, last]


def test_a_duplicate_never_was_another(registry: Engine, new: New) -> None:
    twin, real = new(), new()
    with writing(registry) as session:
        mark_duplicate(session, twin, real, by="a", reason="重复报送")
    with reading(registry) as session:
        assert find(session, twin, on=on(2024, 6)).status == "重复登记"
        assert standing(session, twin, on(2024, 6)) == [real]
        assert listing(session, Filter(), on=on(2024, 6)).total == 1


def test_links_between_two_that_have_ended_are_possible(registry: Engine, new: New) -> None:
    """The merger of 2025 is entered after the heir closed."""
    old, heir = new(), new()
    with writing(registry) as session:
        close(session, heir, on=on(2026), by="a")
        close(session, old, on=on(2025), by="a")
        merge(session, [old], heir, on=on(2025), by="a")
    with reading(registry) as session:
        assert heirs(session, old, TODAY) == [heir]
        assert standing(session, old, TODAY) == []
        assert find(session, old).status == "已合并"


def test_the_successor_has_to_stand_on_that_day(registry: Engine, new: New) -> None:
    old, closed, wrong = new(), new(), new()
    late = new(on=on(2025, 6), as_of=on(2025, 6))
    absent = "B0133010600999" + "927"
    with writing(registry) as session:
        close(session, closed, on=on(2024, 6), by="a")
        annul(session, wrong, by="a")
    day = {"on": on(2025)}
    refused(registry, "facility.successor_not_standing", merge, [old], closed, **day)
    refused(registry, "facility.successor_not_standing", merge, [old], wrong, **day)
    refused(registry, "facility.successor_not_yet", merge, [old], late, **day)
    refused(registry, "facility.successor_itself", merge, [old], old, **day)
    refused(registry, "facility.code_wrong", merge, [old], absent, **day)
    refused(registry, "facility.ended", mark_duplicate, old, wrong)
    refused(registry, "facility.ended", merge, [wrong], old, **day)
    refused(registry, "facility.before_first", merge, [late], old, **day)
    tomorrow = TODAY + timedelta(days=1)
    refused(registry, "facility.ended_in_future", merge, [old], late, on=tomorrow)
    with writing(registry) as session:
        correct(session, late, {}, since=on(2025), by="a")
        merge(session, [old], late, on=on(2025), by="a")


def test_no_circles(registry: Engine, new: New) -> None:
    first, second, third = new(), new(), new()
    with writing(registry) as session:
        merge(session, [first], second, on=on(2026), by="a")
        merge(session, [second], third, on=on(2026, 6), by="a")
    refused(registry, "facility.successor_circle", merge, [third], first, on=on(2025))
    refused(registry, "facility.successor_circle", merge, [third], second, on=on(2025))


def test_a_split_needs_two(registry: Engine, new: New) -> None:
    first, second = new(), new()
    refused(registry, "facility.split_into_one", split, first, [second, second], on=on(2025))
    refused(registry, "facility.successor_itself", split, first, [second, first], on=on(2025))


def test_a_merger_by_mistake_is_taken_back(registry: Engine, new: New) -> None:
    old, into = new(), new()
    with writing(registry) as session:
        merge(session, [old], into, on=on(2025), by="a")
    merged_at = now()
    with writing(registry) as session:
        restore(session, old, by="李四", reason="合错了")
    with reading(registry) as session:
        assert standing(session, old, TODAY) == [old]
        assert history(session, old).links == ()
        assert [v["kind"] for v in history(session, old).versions] == ["registered"]
        assert find(session, old, known_at=merged_at).status == "已合并"
        assert verify(session).faults == ()
    with writing(registry) as session:
        merge(session, [old], into, on=on(2026), by="a")
    with reading(registry) as session:
        assert standing(session, old, TODAY) == [into]


def test_a_duplicate_by_mistake_is_taken_back(registry: Engine, new: New) -> None:
    twin, real = new(), new()
    with writing(registry) as session:
        close(session, twin, on=on(2025), by="a")
        mark_duplicate(session, twin, real, by="a")
        restore(session, twin, by="a")
    with reading(registry) as session:
        states = [(v["status"], v["kind"], v["closed_on"]) for v in history(session, twin).versions]
    assert states == [("运营", "registered", None), ("关闭", "closed", on(2025))]


def test_verify_misses_a_successor(registry: Engine, new: New) -> None:
    old, into = new(), new()
    with writing(registry) as session:
        merge(session, [old], into, on=on(2025), by="a")
    with registry.begin() as connection:
        drop = "DROP TRIGGER succession_no_delete"
        on_table = " ON succession" if connection.dialect.name == "postgresql" else ""
        connection.execute(text(drop + on_table))
        connection.execute(text("DELETE FROM succession"))
    with reading(registry) as session:
        kinds = {fault.kind for fault in verify(session).faults}
    assert kinds == {"successor_missing", "rows_changed"}
