from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields as fields_of
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, event, text

from codes import facility_code
from codes.china_time import today
from codes.departments import find_department
from codes.errors import DataError
from registry import rows
from registry.audit import verify
from registry.db import reading, writing
from registry.facilities.lookup import Filter, find, listing
from registry.facilities.register import NewFacility, register, register_many
from registry.facilities.view import FacilityView
from registry.tables.base import now

FIRST = date(2024, 3, 1)
KINDERGARTEN = {
    "name": "示例幼儿园",
    "type": "幼儿园",
    "division": "330106",
    "status": "运营",
    "as_of": "2024-03-01",
}


def many(registry: Engine, facilities: list[NewFacility]) -> list[str]:
    with writing(registry) as session:
        return register_many(session, facilities, by="李四", action="a", subject="s", detail={})


def test_a_registered_facility_is_found_with_all_it_was_given(registry: Engine) -> None:
    given = {
        **KINDERGARTEN,
        "address": " 示例路 1 号 ",
        "longitude": 120.13,
        "latitude": 30.26,
        "datum": "GCJ02",
        "operator_name": "示例运营单位",
        "ownership": "公办",
        "department": "教育局",
        "opened_on": date(2010, 9, 1),
        "floor_area": 1200,
        "contact_name": "王五",
    }
    with writing(registry) as session:
        code = register(
            session,
            given,
            capabilities={"enrolment": 0},
            identifiers={"school_id": "1133000001"},
            by="张三",
            on=FIRST,
        )
    with reading(registry) as session:
        found = find(session, code)
    assert facility_code.is_valid(code)
    assert (found.type_code, found.class_code) == ("B0101", "B01")
    assert (found.county_code, found.township_code) == ("330106", None)
    assert found.address == "示例路 1 号"
    assert found.opened_on == date(2010, 9, 1)
    assert found.floor_area == 1200.0
    assert found.kind == "registered"
    assert found.recorded_by == "张三"
    assert found.recorded_at == found.issued_at
    assert found.recorded_at.tzinfo is not None
    assert found.lon_2000 is not None
    assert 0.001 < abs(found.lon_2000 - 120.13) < 0.01
    assert found.identifiers == {"school_id": ("1133000001",)}
    assert found.department_code == find_department("教育局").code


def test_zero_is_reported_and_nothing_is_not(registry: Engine) -> None:
    with writing(registry) as session:
        code = register(session, KINDERGARTEN, capabilities={"enrolment": 0}, by="甲", on=FIRST)
    with reading(registry) as session:
        found = find(session, code)
    assert found.capabilities["enrolment"].value == 0.0
    assert found.capabilities["enrolment"].as_of == FIRST
    assert "inclusive_enrolment" not in found.capabilities


def test_unknown_datum_gives_no_point_in_cgcs2000(registry: Engine) -> None:
    point = {"longitude": 120.13, "latitude": 30.26}
    codes = many(
        registry,
        [
            NewFacility({**KINDERGARTEN, **point}, FIRST),
            NewFacility({**KINDERGARTEN, **point, "datum": "未知"}, FIRST),
            NewFacility({**KINDERGARTEN, **point, "datum": "CGCS2000"}, FIRST),
        ],
    )
    with reading(registry) as session:
        points = [find(session, code).lon_2000 for code in codes]
    assert points == [None, None, 120.13]


def test_codes_come_in_order_of_the_rows_with_one_statement_a_prefix(registry: Engine) -> None:
    counties = ["330106", "330108", "330106", "330106", "330108"]
    facilities = [NewFacility({**KINDERGARTEN, "division": c}, FIRST) for c in counties]
    statements: list[str] = []
    event.listen(registry, "before_cursor_execute", lambda *seen: statements.append(seen[2]))
    codes = many(registry, facilities)
    assert sum("code_counter" in statement for statement in statements) == 2
    parts = [facility_code.split(code) for code in codes]
    assert [part.county_code for part in parts] == counties
    assert [part.serial for part in parts] == [1, 1, 2, 3, 2]


def test_many_rows_take_the_fast_way_and_are_the_same(registry: Engine) -> None:
    count = rows.COPY_FROM + 7
    facilities = [
        NewFacility(
            {**KINDERGARTEN, "name": f"第{n}\t“园”\\N", "floor_area": n / 3},
            FIRST,
            {"enrolment": n},
            {"school_id": f"11330{n:05d}"},
        )
        for n in range(count)
    ]
    with pytest.raises(DataError, match="换行"):
        many(registry, [NewFacility({**KINDERGARTEN, "name": "一\n园"}, FIRST)])
    codes = many(
        registry,
        [
            NewFacility({**f.fields, "name": "园\\N;'"}, f.on, f.capabilities, f.identifiers)
            for f in facilities
        ],
    )
    with reading(registry) as session:
        found = listing(session, Filter(), per_page=count + 1)
        report = verify(session)
    assert [item.code for item in found.items] == codes
    assert [item.floor_area for item in found.items] == [n / 3 for n in range(count)]
    assert {item.name for item in found.items} == {"园\\N;'"}
    assert [item.capabilities["enrolment"].value for item in found.items] == list(range(count))
    assert report.faults == ()
    assert (report.entries, report.facilities, report.rows) == (1, count, 4 * count)


@pytest.mark.parametrize("missing", ["name", "type", "division", "status", "as_of"])
def test_what_every_facility_has_cannot_be_left_out(registry: Engine, missing: str) -> None:
    given = {key: value for key, value in KINDERGARTEN.items() if key != missing}
    with pytest.raises(DataError), writing(registry) as session:
        register(session, given, capabilities={}, identifiers={}, by="甲", on=FIRST)
    with pytest.raises(DataError):
        many(registry, [NewFacility(given, FIRST)])
    assert count_of(registry) == {
        "facility": 0,
        "facility_version": 0,
        "audit_entry": 0,
        "code_counter": 0,
    }


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"division": "330104"}, "330104"),
        ({"division": "330199"}, "330199"),
        ({"division": "330100"}, "330100"),
        ({"type": "飞机场"}, "飞机场"),
        ({"status": "已合并"}, "已合并"),
        ({"status": "开着"}, "运营状态"),
        ({"longitude": 120.1}, "纬度"),
        ({"closed_on": "2025-01-01"}, "关闭日期"),
        ({"as_of": "2024-13-01"}, "2024-13-01"),
        ({"floor_area": "很大"}, "很大"),
        ({"floor_area": float("nan")}, "建筑面积"),
        ({"operator_uscc": "12330199MA0000001Y"}, "校验码"),
        ({"beds": 30}, "beds"),
    ],
)
def test_a_clerks_slip_is_named_and_nothing_is_written(
    registry: Engine, given: dict[str, object], words: str
) -> None:
    with pytest.raises(DataError) as refused, writing(registry) as session:
        register(session, {**KINDERGARTEN, **given}, by="甲", on=FIRST)
    assert words in str(refused.value)
    assert count_of(registry)["facility"] == 0
    assert count_of(registry)["code_counter"] == 0


def test_everything_wrong_is_said_at_once(registry: Engine) -> None:
    wrong = {**KINDERGARTEN, "name": "x", "status": "开着", "floor_area": -1}
    with pytest.raises(DataError) as refused, writing(registry) as session:
        register(session, wrong, capabilities={"beds": 5}, by="甲", on=FIRST)
    assert refused.value.params["count"] == 4


def test_the_future_is_not_registered(registry: Engine) -> None:
    with pytest.raises(DataError, match="规划"), writing(registry) as session:
        register(session, KINDERGARTEN, by="甲", on=today() + timedelta(days=1))


def test_the_view_has_every_column(registry: Engine) -> None:
    shown = {field.name for field in fields_of(FacilityView)}
    known = {*rows.columns("facility"), *rows.columns("facility_version"), "superseded_at"}
    assert shown == known | {"capabilities", "identifiers"}


def test_listing_limits_and_pages(registry: Engine) -> None:
    west, river = ("330106", "330108")
    codes = many(
        registry,
        [
            NewFacility({**KINDERGARTEN, "name": f"西湖{n}幼", "address": "文三路"}, FIRST)
            for n in range(3)
        ]
        + [NewFacility({**KINDERGARTEN, "division": river, "status": "暂停"}, FIRST)]
        + [NewFacility({**KINDERGARTEN, "type": "A0101", "division": west}, FIRST)],
    )

    def found(limits: Filter, **paging: int) -> tuple[int, list[str]]:
        with reading(registry) as session:
            page = listing(session, limits, **paging)
        return page.total, [item.code for item in page.items]

    assert found(Filter())[0] == 5
    assert found(Filter(category="B"))[0] == 4
    assert found(Filter(class_code="A01")) == (1, codes[4:])
    assert found(Filter(type_code="B0101", division="330100"))[0] == 4
    assert found(Filter(division="33"))[0] == 5
    assert found(Filter(division="330108")) == (1, [codes[3]])
    assert found(Filter(status="暂停")) == (1, [codes[3]])
    assert found(Filter(text="文三"))[0] == 3
    assert found(Filter(text="1幼")) == (1, [codes[1]])
    assert found(Filter(text="%")) == (0, [])
    assert found(Filter(category="B"), page=2, per_page=3) == (4, [codes[3]])
    assert found(Filter(division="3301"), page=9) == (5, [])


def test_a_township_is_within_its_county(registry: Engine) -> None:
    from codes import divisions

    township = divisions.children("330106", today())[0].code
    (code,) = many(registry, [NewFacility({**KINDERGARTEN, "division": township}, FIRST)])
    with reading(registry) as session:
        assert listing(session, Filter(division=township)).total == 1
        assert listing(session, Filter(division="330106")).total == 1
        assert find(session, code).township_code == township


@pytest.mark.parametrize("write", [str.lower, facility_code.format, lambda code: f" {code} "])
def test_a_code_is_found_however_it_is_written(
    registry: Engine, new: Callable[..., str], write: Callable[[str], str]
) -> None:
    code = new()
    with reading(registry) as session:
        assert find(session, write(code)).code == code


def test_codes_that_are_not_there(registry: Engine, new: Callable[..., str]) -> None:
    code = new()
    absent = facility_code.make("B01", "330106", 999)
    with reading(registry) as session:
        with pytest.raises(DataError, match="999"):
            find(session, absent)
        with pytest.raises(DataError, match="不对"):
            find(session, code[:-1] + str((int(code[-1]) + 1) % 10))
        with pytest.raises(DataError, match="2024-03-01"):
            find(session, code, on=date(2020, 1, 1))
        with pytest.raises(DataError) as refused:
            find(session, code, known_at=now() - timedelta(days=1))
    assert refused.value.message_id == "facility.not_yet_known"


def count_of(registry: Engine) -> dict[str, int]:
    tables = ("facility", "facility_version", "audit_entry", "code_counter")
    with registry.connect() as connection:
        return {
            table: connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
            for table in tables
        }
