from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from codes.china_time import today
from codes.errors import DataError
from registry.audit import verify
from registry.db import reading, writing
from registry.facilities.change import (
    Change,
    annul,
    change,
    change_many,
    close,
    correct,
    reopen,
)
from registry.facilities.lookup import Filter, find, history, listing
from registry.facilities.restore import restore
from registry.tables.base import now

New = Callable[..., str]


def on(year: int, month: int = 1, day: int = 1) -> date:
    return date(year, month, day)


def line(registry: Engine, code: str, *names: str) -> list[tuple[Any, ...]]:
    with reading(registry) as session:
        versions = history(session, code).versions
        assert verify(session).faults == ()
    return [(v["valid_from"].isoformat(), *(v[name] for name in names)) for v in versions]


def test_a_change_holds_from_its_day_and_before_it_nothing_changed(
    registry: Engine, new: New
) -> None:
    code = new(name="甲幼儿园")
    before = now()
    with writing(registry) as session:
        assert change(session, code, {"name": "乙幼儿园"}, on=on(2025), by="李四", reason="更名")
    with reading(registry) as session:
        assert find(session, code, on=on(2024, 12, 31)).name == "甲幼儿园"
        assert find(session, code, on=on(2025)).name == "乙幼儿园"
        assert find(session, code, on=on(2025), known_at=before).name == "甲幼儿园"
        found = find(session, code)
    assert (found.kind, found.reason, found.recorded_by) == ("changed", "更名", "李四")
    assert found.as_of == on(2025)


def test_what_is_entered_late_does_not_undo_what_was_recorded_since(
    registry: Engine, new: New
) -> None:
    code = new(name="甲幼儿园", address="东街 1 号")
    with writing(registry) as session:
        change(session, code, {"address": "西街 2 号"}, on=on(2025), by="a")
        change(session, code, {"name": "丙幼儿园"}, on=on(2026), by="a")
        change(
            session, code, {"name": "乙幼儿园", "phone": "0571-88888888"}, on=on(2024, 6), by="a"
        )
    assert line(registry, code, "name", "address", "phone") == [
        ("2024-03-01", "甲幼儿园", "东街 1 号", None),
        ("2024-06-01", "乙幼儿园", "东街 1 号", "0571-88888888"),
        ("2025-01-01", "乙幼儿园", "西街 2 号", "0571-88888888"),
        ("2026-01-01", "丙幼儿园", "西街 2 号", "0571-88888888"),
    ]


def test_no_difference_writes_nothing(registry: Engine, new: New) -> None:
    code = new(name="甲幼儿园")
    with writing(registry) as session:
        assert not change(session, code, {"name": "甲幼儿园"}, on=on(2025), by="a")
        assert not correct(session, code, {"name": " 甲幼儿园 "}, by="a")
    with reading(registry) as session:
        assert verify(session).entries == 1


def test_twice_on_one_day(registry: Engine, new: New) -> None:
    code = new()
    with writing(registry) as session:
        change(session, code, {"name": "乙幼儿园"}, on=on(2025), by="a")
        change(session, code, {"name": "丙幼儿园"}, on=on(2025), by="a")
    assert line(registry, code, "name") == [
        ("2024-03-01", "示例幼儿园"),
        ("2025-01-01", "丙幼儿园"),
    ]


def test_clearing_is_not_leaving_alone(registry: Engine, new: New) -> None:
    code = new(address="东街 1 号", phone="0571-88888888")
    with writing(registry) as session:
        change(session, code, {"address": None}, on=on(2025), by="a")
        with pytest.raises(DataError, match="设施名称"):
            change(session, code, {"name": None}, on=on(2025), by="a")
    assert line(registry, code, "address", "phone")[-1] == ("2025-01-01", None, "0571-88888888")


def test_moving_and_reclassing_never_change_the_code(registry: Engine, new: New) -> None:
    code = new(division="330106")
    with writing(registry) as session:
        change(session, code, {"division": "330108"}, on=on(2025), by="a")
        change(session, code, {"type": "A0101"}, on=on(2025, 6), by="a")
    with reading(registry) as session:
        found = find(session, code)
        assert (found.county_code, found.class_code) == ("330108", "A01")
        assert (found.issued_county_code, found.issued_class_code) == ("330106", "B01")
        assert listing(session, Filter(division="330106")).total == 0
        assert listing(session, Filter(division="330106"), on=on(2024, 6)).total == 1


def test_another_type_leaves_readings_behind(registry: Engine, new: New) -> None:
    code = new()
    with writing(registry) as session:
        change(session, code, {"enrolment": 100}, on=on(2025), by="a")
        change(session, code, {"type": "A0101"}, on=on(2025, 6), by="a")
        with pytest.raises(DataError, match="在校生数"):
            change(session, code, {"enrolment": 90}, on=on(2026), by="a")


def test_a_division_is_one_of_its_time(registry: Engine, new: New) -> None:
    code = new(division="330102")
    with writing(registry) as session:
        correct(session, code, {}, since=on(2019), by="a")
        change(session, code, {"division": "330104"}, on=on(2020), by="a")
        change(session, code, {"division": "330102"}, on=on(2021, 5), by="a")
        with pytest.raises(DataError, match="330104"):
            change(session, code, {"division": "330104"}, on=on(2022), by="a")
    assert line(registry, code, "county_code") == [
        ("2019-01-01", "330102"),
        ("2020-01-01", "330104"),
        ("2021-05-01", "330102"),
    ]


def test_a_point_follows_its_datum(registry: Engine, new: New) -> None:
    code = new(longitude=120.13, latitude=30.26, datum="未知")
    with writing(registry) as session:
        correct(session, code, {"datum": "CGCS2000"}, by="a")
    assert line(registry, code, "lon_2000", "lat_2000") == [("2024-03-01", 120.13, 30.26)]


@pytest.mark.parametrize(
    ("fields", "day", "words"),
    [
        ({"name": "乙幼儿园"}, on(2023), "2024-03-01"),
        ({"status": "已拆分"}, on(2025), "split"),
        ({"division": "330103"}, on(2025), "330103"),
        ({"enrolment": -1}, on(2025), "在校生数"),
        ({"beds": 10}, on(2025), "床位数"),
        ({"colour": "红"}, on(2025), "colour"),
        ({"latitude": 30.0}, on(2025), "经度"),
        ({"name": "甲\x00乙"}, on(2025), "设施名称"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    registry: Engine, new: New, fields: dict[str, Any], day: date, words: str
) -> None:
    code = new()
    with pytest.raises(DataError) as refused, writing(registry) as session:
        change(session, code, fields, on=day, by="a")
    assert words in str(refused.value)
    assert line(registry, code, "name") == [("2024-03-01", "示例幼儿园")]


def test_an_old_sin_does_not_stand_in_the_way(registry: Engine, new: New) -> None:
    from registry.facilities.register import NewFacility, register_many

    broken = {"name": "甲幼儿园", "type": "B0101", "division": "330106", "status": "运营"}
    broken |= {"as_of": on(2024), "ownership": "从前的说法"}
    with writing(registry) as session:
        (code,) = register_many(
            session, [NewFacility(broken, on(2024))], by="a", action="x", subject="x", detail={}
        )
        assert change(session, code, {"name": "乙幼儿园"}, on=on(2025), by="a")
        with pytest.raises(DataError, match="又一种说法"):
            change(session, code, {"ownership": "又一种说法"}, on=on(2025), by="a")


def test_close_and_reopen(registry: Engine, new: New) -> None:
    code = new(opened_on=on(2010))
    with writing(registry) as session:
        close(session, code, on=on(2025), by="a", reason="停办")
        with pytest.raises(DataError, match="2025-01-01"):
            close(session, code, on=on(2025, 6), by="a")
        reopen(session, code, on=on(2025, 9), by="a")
        with pytest.raises(DataError, match="运营"):
            reopen(session, code, on=on(2025, 10), by="a")
    assert line(registry, code, "status", "closed_on", "kind") == [
        ("2024-03-01", "运营", None, "registered"),
        ("2025-01-01", "关闭", on(2025), "closed"),
        ("2025-09-01", "运营", None, "reopened"),
    ]


@pytest.mark.parametrize(
    ("day", "message_id"),
    [
        (today() + timedelta(days=1), "facility.closed_in_future"),
        (on(2024, 4), "facility.closed_before_opened"),
        (on(2023), "facility.before_first"),
    ],
)
def test_days_on_which_nothing_can_close(
    registry: Engine, new: New, day: date, message_id: str
) -> None:
    code = new(opened_on=on(2024, 5))
    with pytest.raises(DataError) as refused, writing(registry) as session:
        close(session, code, on=day, by="a")
    assert refused.value.message_id == message_id


def test_a_report_of_a_closing_takes_effect_on_the_closing_day(registry: Engine, new: New) -> None:
    code = new()
    with writing(registry) as session:
        change(session, code, {"status": "暂停"}, on=on(2025, 3), by="a")
        change(session, code, {"status": "关闭", "closed_on": on(2025)}, on=on(2025, 12), by="a")
    assert line(registry, code, "status", "closed_on") == [
        ("2024-03-01", "运营", None),
        ("2025-01-01", "关闭", on(2025)),
        ("2025-03-01", "关闭", on(2025)),
        ("2025-12-01", "关闭", on(2025)),
    ]


def test_another_closing_day_corrects_the_first(registry: Engine, new: New) -> None:
    code = new()
    with writing(registry) as session:
        close(session, code, on=on(2025), by="a")
        later = {"status": "关闭", "closed_on": on(2025, 6)}
        change(session, code, later, on=on(2026), by="a")
    with reading(registry) as session:
        states = {day: find(session, code, on=day).status for day in (on(2025, 5), on(2025, 6))}
    assert states == {on(2025, 5): "运营", on(2025, 6): "关闭"}
    assert {row[2] for row in line(registry, code, "status", "closed_on")} == {None, on(2025, 6)}


def test_dormant_is_not_closed(registry: Engine, new: New) -> None:
    code = new()
    with writing(registry) as session:
        change(session, code, {"status": "暂停"}, on=on(2025), by="a")
    with reading(registry) as session:
        assert find(session, code).closed_on is None
        assert listing(session, Filter(status="关闭")).total == 0


def test_a_correction_reaches_back_as_far_as_the_mistake(registry: Engine, new: New) -> None:
    code = new(name="错名幼儿园")
    with writing(registry) as session:
        change(session, code, {"address": "西街 2 号"}, on=on(2025), by="a")
        assert correct(session, code, {"name": "对名幼儿园"}, by="李四", reason="笔误")
    assert line(registry, code, "name", "address", "kind") == [
        ("2024-03-01", "对名幼儿园", None, "corrected"),
        ("2025-01-01", "对名幼儿园", "西街 2 号", "changed"),
    ]
    with writing(registry) as session:
        correct(session, code, {"address": "南街 3 号"}, since=on(2025, 6), by="李四")
        with pytest.raises(DataError) as refused:
            correct(session, code, {"name": "丁"}, since=today() + timedelta(1), by="a")
    assert refused.value.message_id == "facility.corrected_in_future"
    assert [row[1] for row in line(registry, code, "address")] == [None, "西街 2 号", "南街 3 号"]


def test_a_record_that_began_too_late_is_corrected(registry: Engine, new: New) -> None:
    code = new()
    with writing(registry) as session:
        assert correct(session, code, {}, since=on(2020), by="a")
    with reading(registry) as session:
        assert find(session, code, on=on(2020)).name == "示例幼儿园"


def test_a_wrong_status_is_corrected_with_its_closing_day(registry: Engine, new: New) -> None:
    code = new(status="关闭", closed_on=on(2024, 1))
    with writing(registry) as session:
        with pytest.raises(DataError) as refused:
            restore(session, code, by="a")
        correct(session, code, {"status": "运营"}, by="a")
    assert refused.value.message_id == "facility.registered_ended"
    assert line(registry, code, "status", "closed_on") == [("2024-03-01", "运营", None)]


def test_closed_by_mistake_and_wanted_back(registry: Engine, new: New) -> None:
    code = new()
    with writing(registry) as session:
        change(session, code, {"status": "暂停"}, on=on(2025), by="a")
        close(session, code, on=on(2025, 6), by="a")
        change(session, code, {"phone": "0571-88888888"}, on=on(2025, 8), by="a")
    closed_at = now()
    with writing(registry) as session:
        restore(session, code, by="李四", reason="关错了")
        with pytest.raises(DataError) as refused:
            restore(session, code, by="a")
    assert refused.value.message_id == "facility.not_ended"
    assert line(registry, code, "status", "closed_on", "phone") == [
        ("2024-03-01", "运营", None, None),
        ("2025-01-01", "暂停", None, None),
        ("2025-08-01", "暂停", None, "0571-88888888"),
    ]
    with reading(registry) as session:
        assert find(session, code, known_at=closed_at).status == "关闭"


def test_annulled_never_was_and_is_not_closed(registry: Engine, new: New) -> None:
    code, other = new(), new()
    with writing(registry) as session:
        annul(session, code, by="a", reason="误登")
        for attempt in (
            lambda: change(session, code, {"name": "乙幼儿园"}, on=on(2025), by="a"),
            lambda: close(session, code, on=on(2025), by="a"),
            lambda: annul(session, code, by="a"),
            lambda: correct(session, code, {"status": "运营"}, by="a"),
        ):
            with pytest.raises(DataError, match="误登作废"):
                attempt()
        assert correct(session, code, {"name": "改正的名字"}, by="a")
    with reading(registry) as session:
        assert find(session, code, on=on(2024, 6)).status == "误登作废"
        assert [item.code for item in listing(session, Filter()).items] == [other]
        assert listing(session, Filter(ended=True)).total == 2
        assert listing(session, Filter(status="误登作废")).total == 1
    with writing(registry) as session:
        restore(session, code, by="a")
    assert line(registry, code, "status", "name") == [("2024-03-01", "运营", "改正的名字")]


class TestReadings:
    def test_same_value_later_confirms_and_another_is_a_new_reading(
        self, registry: Engine, new: New
    ) -> None:
        code = new()
        with writing(registry) as session:
            for day, value in ((on(2024, 4), 100), (on(2025), 100), (on(2026), 120)):
                change(session, code, {"enrolment": value}, on=day, by="a")
            assert not change(session, code, {"enrolment": 120}, on=on(2026), by="a")
        assert self.read(registry, code, on(2024, 3)) is None
        assert self.read(registry, code, on(2025, 6)) == (100.0, on(2024, 4), on(2025))
        assert self.read(registry, code, on(2026, 6)) == (120.0, on(2026), on(2026))

    def test_same_day_replaces_and_the_old_one_is_still_known(
        self, registry: Engine, new: New
    ) -> None:
        code = new()
        with writing(registry) as session:
            change(session, code, {"enrolment": 100}, on=on(2025), by="a")
        before = now()
        with writing(registry) as session:
            assert correct(session, code, {"enrolment": 90}, by="a")
        assert self.read(registry, code, on(2025)) == (90.0, on(2025), on(2025))
        with reading(registry) as session:
            old = find(session, code, known_at=before)
        assert old.capabilities["enrolment"].value == 100.0

    def test_no_longer_reported_is_neither_zero_nor_never(self, registry: Engine, new: New) -> None:
        code = new()
        with writing(registry) as session:
            change(session, code, {"enrolment": 0}, on=on(2025), by="a")
            assert change(session, code, {"enrolment": None}, on=on(2026), by="a")
            assert not change(session, code, {"inclusive_enrolment": None}, on=on(2026), by="a")
        assert self.read(registry, code, on(2025, 6)) == (0.0, on(2025), on(2025))
        assert self.read(registry, code, on(2026)) is None

    def test_a_part_larger_than_the_whole_is_refused(self, registry: Engine, new: New) -> None:
        code = new()
        with writing(registry) as session:
            change(session, code, {"enrolment": 100}, on=on(2025), by="a")
            with pytest.raises(DataError, match="普惠"):
                change(session, code, {"inclusive_enrolment": 101}, on=on(2025), by="a")

    @staticmethod
    def read(registry: Engine, code: str, day: date) -> tuple[float, date, date] | None:
        with reading(registry) as session:
            found = find(session, code, on=max(day, on(2024, 3))).capabilities.get("enrolment")
            assert verify(session).faults == ()
        return found and (found.value, found.as_of, found.confirmed_on)


def test_a_number_given_up_may_come_back(registry: Engine, new: New) -> None:
    code = new()
    numbers = ("1133000001", "1133000002", None, "1133000001")
    with writing(registry) as session:
        for number in numbers:
            assert change(session, code, {"school_id": number}, on=on(2025), by="a")
        assert not change(session, code, {"school_id": numbers[-1]}, on=on(2025), by="a")
    with reading(registry) as session:
        assert find(session, code).identifiers == {"school_id": ("1133000001",)}
        assert verify(session).faults == ()


def test_many_changes_are_one_act_in_order(registry: Engine, new: New) -> None:
    first, second = new(), new()
    changes = [
        Change(first, {"name": "乙幼儿园"}, on(2025), {"enrolment": 5}, source="file.csv"),
        Change(second, {"status": "关闭", "closed_on": "2025-02-01"}, on(2025, 6)),
        Change(
            first, {"name": "丙幼儿园"}, on(2026), {"enrolment": 6}, {"school_id": "1133000009"}
        ),
    ]
    with writing(registry) as session:
        change_many(session, changes, by="a", action="approve", subject="upload:1", detail={})
    with reading(registry) as session:
        assert verify(session).entries == 3
        found = find(session, first)
        assert found.capabilities["enrolment"].value == 6.0
        assert find(session, first, on=on(2025)).capabilities["enrolment"].source == "file.csv"
        assert found.identifiers == {"school_id": ("1133000009",)}
    assert [row[1] for row in line(registry, first, "name")] == [
        "示例幼儿园",
        "乙幼儿园",
        "丙幼儿园",
    ]
    assert line(registry, second, "status")[-1] == ("2025-02-01", "关闭")


def test_one_change_too_many_undoes_all(registry: Engine, new: New) -> None:
    first, second = new(), new()
    with writing(registry) as session:
        annul(session, second, by="a")

    def attempt(session: Session) -> None:
        changes = [Change(code, {"name": "乙幼儿园"}, on(2025)) for code in (first, second)]
        change_many(session, changes, by="a", action="approve", subject="upload:1", detail={})

    with pytest.raises(DataError, match="误登作废"), writing(registry) as session:
        attempt(session)
    assert line(registry, first, "name") == [("2024-03-01", "示例幼儿园")]


def test_unchanged_but_looked_at_again(registry: Engine, new: New) -> None:
    code = new()
    with writing(registry) as session:
        same = Change(code, {"name": "示例幼儿园", "as_of": on(2025)}, on(2025))
        change_many(session, [same], by="a", action="approve", subject="upload:1", detail={})
    assert line(registry, code, "kind", "as_of") == [
        ("2024-03-01", "registered", on(2024, 3)),
        ("2025-01-01", "confirmed", on(2025)),
    ]
