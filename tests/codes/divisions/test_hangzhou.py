"""Hangzhou in 2021, the case the divisions are made for; the numbers are those of our notes."""

from datetime import date, timedelta

import pytest

from codes.divisions import (
    counties_of_city,
    division,
    gave_parts_to,
    in_force,
    listing,
    predecessors,
    resolve,
    sources,
    successors,
)
from codes.errors import DataError

BEFORE = date(2020, 6, 30)
CHANGED = date(2021, 4, 9)
AFTER = date(2021, 10, 31)
LAST = date(2023, 6, 30)
NOW = date(2026, 11, 22)


def test_counties_before_and_after() -> None:
    old = {unit.code for unit in counties_of_city("330100", CHANGED - timedelta(days=1))}
    new = {unit.code for unit in counties_of_city("330100", CHANGED)}
    assert len(old) == len(new) == 13
    assert old - new == {"330103", "330104"}
    assert new - old == {"330113", "330114"}
    assert [unit.name for unit in counties_of_city("3301", NOW)] == [
        "上城区",
        "拱墅区",
        "西湖区",
        "滨江区",
        "萧山区",
        "余杭区",
        "富阳区",
        "临安区",
        "临平区",
        "钱塘区",
        "桐庐县",
        "淳安县",
        "建德市",
    ]


def test_the_day_is_stated_with_its_source() -> None:
    gone = division("330103")
    assert (gone.name, gone.valid_to, gone.ended) == ("下城区", CHANGED, "stated")
    assert in_force("330103", CHANGED - timedelta(days=1))
    assert not in_force("330103", CHANGED)
    assert division("330114", NOW).valid_from == CHANGED
    assert all("2021-04-09" in source for source in sources(gone))
    assert sources(gone)


def test_whole_county_goes_to_one() -> None:
    assert resolve("330103", BEFORE, NOW).code == "330105"
    assert [unit.code for unit in successors("330103")] == ["330105"]


def test_split_county_is_a_question() -> None:
    with pytest.raises(DataError) as raised:
        resolve("330104", BEFORE, NOW)
    assert raised.value.message_id == "division.split"
    assert raised.value.params["candidates"] == [
        {"code": "330102", "name": "上城区", "full_name": "浙江省杭州市上城区"},
        {"code": "330114", "name": "钱塘区", "full_name": "浙江省杭州市钱塘区"},
    ]
    assert "街道" in raised.value.params["needs"]
    assert "经纬度" in str(raised.value)


@pytest.mark.parametrize(("code", "taken"), [("330110", "330113"), ("330109", "330114")])
def test_county_that_gave_a_part_away_is_a_question_for_older_records(
    code: str, taken: str
) -> None:
    with pytest.raises(DataError) as raised:
        resolve(code, BEFORE, NOW)
    assert [unit["code"] for unit in raised.value.params["candidates"]] == [code, taken]
    assert [unit.code for unit in gave_parts_to(code)] == [taken]
    assert resolve(code, CHANGED, NOW).code == code


@pytest.mark.parametrize("code", ["330102", "330105", "330106", "330111", "330182"])
def test_county_that_lost_nothing_is_itself(code: str) -> None:
    assert resolve(code, BEFORE, NOW).code == code


def test_new_counties_know_where_they_came_from() -> None:
    assert [unit.code for unit in predecessors("330113")] == ["330110"]
    assert [unit.code for unit in predecessors("330114")] == ["330104", "330109"]


def test_31_of_196_streets_changed_county_and_each_resolves() -> None:
    streets = list(listing("township", BEFORE, "3301"))
    assert len(streets) == 196
    new = {street.code: resolve(street.code, BEFORE, AFTER) for street in streets}
    assert len(set(new.values())) == 196
    assert all(new[street.code].name == street.name for street in streets)
    moved = [code for code, unit in new.items() if unit.parent_code != code[:6]]
    assert len(moved) == 31
    assert {code[:6] for code in moved} == {"330103", "330104", "330109", "330110"}
    assert all(new[code].valid_from == CHANGED for code in moved)


def test_every_street_of_the_split_county_resolves_to_one() -> None:
    found = {
        street.name: resolve(street.code, BEFORE, NOW).parent_code
        for street in listing("township", BEFORE, "330104")
    }
    assert len(found) == 10
    assert {name for name, county in found.items() if county == "330114"} == {
        "下沙街道",
        "白杨街道",
    }
    assert set(found.values()) == {"330102", "330114"}


def test_villages_gone_as_measured() -> None:
    codes = [{unit.code for unit in listing("village", day, "3301")} for day in (BEFORE, AFTER)]
    gone = codes[0] - codes[1]
    assert (len(codes[0]), len(gone)) == (3_153, 521)
    moved = {s.code for s in listing("township", BEFORE, "3301")} - {
        s.code for s in listing("township", AFTER, "3301")
    }
    assert sum(code[:9] in moved for code in gone) == 510
    assert len(codes[1] - {unit.code for unit in listing("village", LAST, "3301")}) == 39


def test_villages_of_moved_streets_resolve_by_name() -> None:
    moved = [v for v in listing("village", BEFORE, "3301") if not in_force(v.code[:9], CHANGED)]
    assert len(moved) == 510
    resolved = 0
    for village in moved:
        try:
            new = resolve(village.code, BEFORE, CHANGED)
        except DataError as error:
            assert error.message_id == "division.no_successor"
            continue
        assert new.code[:9] == resolve(village.code[:9], BEFORE, CHANGED).code
        resolved += 1
    assert resolved == 503


def test_earlier_codes_lead_on() -> None:
    assert resolve("330183", date(2010, 1, 1), NOW).code == "330111"
    assert resolve("330185", date(2010, 1, 1), date(2019, 1, 1)).name == "临安区"
    assert division("330110").began == "year"
    assert not in_force("330110", date(2000, 1, 1))
