from __future__ import annotations

from datetime import date
from typing import Any

from registry.dates import END_OF_TIME
from registry.facilities.timeline import at, difference, extend, overlay, run_start

MARK = {"kind": "changed", "reason": "r", "upload_row_id": None}


def day(year: int) -> date:
    return date(year, 1, 1)


def line_of(*steps: tuple[int, dict[str, Any]]) -> list[dict[str, Any]]:
    """Return a line from (year, fields that change then)."""
    state: dict[str, Any] = {"kind": "registered", "reason": None, "upload_row_id": None}
    starts = [day(year) for year, _ in steps]
    line = []
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], END_OF_TIME], strict=True)):
        state = {**state, **steps[number][1]}
        line.append({**state, "id": number + 1, "valid_from": start, "valid_to": end})
    return line


def shown(line: list[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    return [(version["valid_from"].year, *(version[name] for name in names)) for version in line]


def test_a_change_cuts_the_version_that_holds() -> None:
    line = line_of((2020, {"name": "甲", "address": "东"}))
    after = overlay(line, {"name": "乙"}, day(2022), MARK)
    assert shown(after, "name", "address") == [(2020, "甲", "东"), (2022, "乙", "东")]
    assert [version["kind"] for version in after] == ["registered", "changed"]
    assert [version["id"] for version in after] == [None, None]
    assert difference(line, after)[0] == [1]


def test_a_late_entry_stops_at_its_fields_next_change_and_passes_the_others() -> None:
    line = line_of(
        (2020, {"name": "甲", "address": "东"}),
        (2022, {"address": "西"}),
        (2024, {"name": "丙"}),
    )
    after = overlay(line, {"name": "乙", "address": "北"}, day(2021), MARK)
    assert shown(after, "name", "address") == [
        (2020, "甲", "东"),
        (2021, "乙", "北"),
        (2022, "乙", "西"),
        (2024, "丙", "西"),
    ]
    assert [version["kind"] for version in after] == [
        "registered",
        "changed",
        "registered",
        "registered",
    ]
    superseded, written = difference(line, after)
    assert superseded == [1, 2]
    assert len(written) == 3


def test_nothing_new_leaves_the_line_alone() -> None:
    line = line_of((2020, {"name": "甲"}), (2022, {"name": "乙"}))
    assert overlay(line, {"name": "乙"}, day(2023), MARK) == line
    assert difference(line, overlay(line, {"name": "甲"}, day(2021), MARK)) == ([], [])


def test_the_same_day_twice_replaces() -> None:
    line = line_of((2020, {"name": "甲"}), (2022, {"name": "乙"}))
    after = overlay(line, {"name": "丙"}, day(2022), MARK)
    assert shown(after, "name") == [(2020, "甲"), (2022, "丙")]


def test_until_goes_over_later_changes() -> None:
    line = line_of(
        (2020, {"status": "运营"}), (2022, {"status": "暂停"}), (2024, {"status": "运营"})
    )
    after = overlay(line, {"status": "已合并"}, day(2021), MARK, until=END_OF_TIME)
    assert [version["status"] for version in after] == ["运营", "已合并", "已合并", "已合并"]
    middle = overlay(line, {"status": "关闭"}, day(2021), MARK, until=day(2023))
    assert shown(middle, "status") == [
        (2020, "运营"),
        (2021, "关闭"),
        (2022, "关闭"),
        (2023, "暂停"),
        (2024, "运营"),
    ]


def test_a_closing_day_ends_with_its_status() -> None:
    line = line_of((2020, {"status": "运营", "closed_on": None}), (2022, {"status": "暂停"}))
    closed = {"status": "关闭", "closed_on": day(2021)}
    after = overlay(line, closed, day(2021), MARK)
    assert shown(after, "status", "closed_on") == [
        (2020, "运营", None),
        (2021, "关闭", day(2021)),
        (2022, "暂停", None),
    ]


def test_helpers() -> None:
    line = line_of(
        (2020, {"name": "甲", "status": "a"}), (2022, {"status": "b"}), (2024, {"name": "乙"})
    )
    assert at(line, day(2019)) is None
    assert at(line, day(2022)) is line[1]
    assert run_start(line, "name", day(2023)) == day(2020)
    assert run_start(line, "status", day(2025)) == day(2022)
    assert extend(line, day(2021)) == line
    assert shown(extend(line, day(2018)), "name")[0] == (2018, "甲")
