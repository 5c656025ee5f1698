"""A small made-up registry with every kind of record a release must treat rightly."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Engine

from codes import facility_code
from codes.facility_types import facility_types
from registry.audit import Act, acting
from registry.db import writing

ON = date(2026, 11, 22)
ENTERED = datetime(2026, 11, 19, 20, tzinfo=UTC)
"""When everything was recorded: already the 20th in China."""

EXTRA = 45
"""More kindergartens that the tests' own registry has."""

FOREVER = date(9999, 12, 31)
XIHU, GONGSHU, YUHANG = "330106", "330105", "330110"
CITY, APART = "330100", "西湖风景名胜区"

OPERATOR = ("示例运营单位", "123301050000000071")
"""Runs two of the facilities."""

CANARIES = {
    "contact_name": "金丝雀联系人甲乙",
    "contact_phone": "13900077701",
    "recorded_by": "CanaryRecorder-Zhang",
    "reason": "CANARY-reason 内部说明不公开",
    "source": "CanarySource-upload-77",
    "actor": "CanaryActor-Li",
    "detail": "CANARY-audit-detail",
}
"""Values put into every private place; none may leave."""

NAMES = {
    "nursery": ("B0101", XIHU, "西湖区文新幼儿园"),
    "nursery_two": ("B0101", XIHU, "文新第二幼儿园"),
    "hospital": ("D0101", XIHU, "杭州市第一人民医院(西湖院区)"),
    "eye": ("D0104", GONGSHU, "光明眼科医院"),
    "health": ("D0110", XIHU, "文新街道社区卫生服务中心"),
    "home": ("E0101", GONGSHU, "拱墅区夕阳红养老院"),
    "canteen": ("E0203", XIHU, "翠苑老年食堂"),
    "closed": ("E0203", XIHU, "古荡老年食堂"),
    "merged": ("D0110", XIHU, "古荡街道社区卫生服务中心"),
    "merged_before": ("D0110", XIHU, "西溪街道社区卫生服务中心"),
    "split": ("J0101", GONGSHU, "拱墅区图书馆"),
    "split_a": ("J0102", GONGSHU, "拱墅区图书馆大关分馆"),
    "split_b": ("J0102", GONGSHU, "拱墅区图书馆拱宸桥分馆"),
    "duplicate": ("J0102", GONGSHU, "大关分馆"),
    "annulled": ("D0101", XIHU, "误登医院不该看见"),
    "planned": ("K0101", YUHANG, "余杭体育场"),
    "future": ("K0101", YUHANG, "良渚体育场"),
    "hostile": ("L0101", XIHU, '<script>alert("x")</script>综合体'),
    "formula": ("L0101", XIHU, '=HYPERLINK("http://evil.example","点我")'),
    "latin": ("J0103", YUHANG, "Ｌiangzhu Book Ｒoom 书房"),
    "odd": ("L0108", YUHANG, "𠮷野·便民店(24小时)"),
    "apostrophe": ("L0108", YUHANG, "'=1+1' 便民店"),
    "childcare": ("A0201", XIHU, "小树苗托育园"),
    "childcare_nowhere": ("A0201", GONGSHU, "小雨点托育园"),
}
"""Key used by the tests -> type, county, name."""


def code_of(key: str) -> str:
    """Return the code of the facility known to the tests as `key`."""
    type_code, county, _ = NAMES[key]
    return facility_code.make(type_code[:3], county, list(NAMES).index(key) + 1)


def fill(engine: Engine, extra: int = 0) -> None:
    """Write the facilities of NAMES and `extra` more kindergartens."""
    with (
        writing(engine) as session,
        acting(
            session,
            actor=CANARIES["actor"],
            action="test",
            subject="small registry",
            detail={"note": CANARIES["detail"]},
        ) as act,
    ):
        act.at = ENTERED
        ids = _identities(act, extra)
        act.write("facility_version", list(_versions(ids)))
        act.write("capability_value", list(_readings(ids)))
        act.write("identifier", list(_identifiers(ids)))
        act.write("succession", list(_successions(ids)))
        act.write("population_figure", list(_people()))


def count_people(engine: Engine, year: int) -> None:
    """Write one more figure of the population."""
    figure = {**next(_people()), "year": year}
    with (
        writing(engine) as session,
        acting(session, actor="test", action="test", subject="people", detail={}) as act,
    ):
        act.write("population_figure", [figure])


def _identities(act: Act, extra: int) -> dict[str, int]:
    codes = {key: code_of(key) for key in NAMES}
    codes |= {
        f"extra{number}": facility_code.make("B01", GONGSHU, 1000 + number)
        for number in range(extra)
    }
    rows = [
        {"code": code, "issued_class_code": code[:3], "issued_county_code": code[3:9]}
        for code in codes.values()
    ]
    return dict(zip(codes, act.write("facility", rows), strict=True))


def _version(
    facility_id: int, type_code: str, county: str, name: str, **more: Any
) -> dict[str, Any]:
    return {
        "facility_id": facility_id, "valid_from": date(2024, 3, 1), "valid_to": FOREVER,
        "kind": "created", "reason": CANARIES["reason"], "recorded_by": CANARIES["recorded_by"],
        "name": name, "type_code": type_code, "class_code": type_code[:3],
        "division_code": county, "county_code": county, "township_code": None,
        "status": "运营", "as_of": date(2026, 6, 30),
        "department_code": facility_types()[type_code].department_codes[0],
        "contact_name": CANARIES["contact_name"], "contact_phone": CANARIES["contact_phone"],
    } | more  # fmt: skip


def _versions(ids: dict[str, int]) -> Iterator[dict[str, Any]]:
    more = _particulars()
    for key, facility_id in ids.items():
        if key in NAMES:
            yield _version(facility_id, *NAMES[key], **more.get(key, {}))
        else:
            yield _version(facility_id, "B0101", GONGSHU, f"拱墅第{key[5:]}幼儿园")
    earlier = {"valid_from": date(2019, 9, 1), "valid_to": date(2024, 3, 1)}
    yield _version(ids["nursery"], "B0101", XIHU, "文新实验幼儿园", **earlier)
    yield _version(ids["annulled"], "D0101", XIHU, "误登医院更早的名字", **earlier)
    later: dict[str, Any] = {"valid_from": date(2027, 1, 1), "status": "关闭"}
    yield _version(ids["canteen"], *NAMES["canteen"], **later)


def _particulars() -> dict[str, dict[str, Any]]:
    return {
        "nursery": {
            "township_code": "330106002", "division_code": "330106002", "address": "文三西路 1 号",
            "longitude": 120.105, "latitude": 30.285, "datum": "WGS84", "lon_2000": 120.105,
            "lat_2000": 30.285, "operator_name": "西湖区教育局", "ownership": "公办",
            "opened_on": date(2019, 9, 1), "floor_area": 3200.5, "phone": "0571-88880001",
            "opening_hours": "工作日 7:30 至 17:00", "website": "https://example.org/wenxin",
            "accessible": "是", "inclusive": "是", "grade": "省一级",
        },
        "childcare": {"township_code": "330106013", "division_code": "330106013"},
        "hospital": {"website": "javascript:alert(1)", "phone": "+86 571 8706"},
        "eye": dict(zip(("operator_name", "operator_uscc"), OPERATOR, strict=True)),
        "home": dict(zip(("operator_name", "operator_uscc"), OPERATOR, strict=True)),
        "canteen": {"valid_to": date(2027, 1, 1)},
        "closed": {
            "status": "关闭",
            "closed_on": date(2025, 4, 15),
            "valid_from": date(2025, 5, 1),
        },
        "merged": {"status": "已合并", "valid_from": date(2025, 1, 1)},
        "merged_before": {"status": "已合并", "valid_from": date(2022, 1, 1)},
        "split": {"status": "已拆分", "valid_from": date(2023, 7, 1)},
        "duplicate": {"status": "重复登记"},
        "annulled": {"status": "误登作废", "address": "误登地址不该看见"},
        "planned": {"status": "规划"},
        "future": {"status": "规划", "valid_from": date(2027, 5, 1)},
    }  # fmt: skip


def _readings(ids: dict[str, int]) -> Iterator[dict[str, Any]]:
    readings = [
        ("home", "beds", 120, date(2025, 12, 31)),
        ("home", "beds", 128, date(2026, 6, 30)),
        ("home", "nursing_beds", 64, date(2026, 6, 30)),
        ("home", "staff", 0, date(2026, 6, 30)),
        ("home", "beds", 999, date(2027, 1, 31)),
        ("annulled", "beds", 777, date(2026, 6, 30)),
        ("hospital", "beds", 1200, date(2026, 6, 30)),
    ]
    for key, capability, value, as_of in readings:
        yield {
            "facility_id": ids[key], "capability_code": capability, "value": value, "as_of": as_of,
            "confirmed_on": as_of, "source": CANARIES["source"],
        }  # fmt: skip


def _identifiers(ids: dict[str, int]) -> Iterator[dict[str, Any]]:
    yield {"facility_id": ids["nursery"], "scheme_code": "school_id", "value": "1133000123"}
    yield {"facility_id": ids["annulled"], "scheme_code": "school_id", "value": "1133000999"}
    numbers = [("eye", "PDY70031X"), ("health", "pdy70032x"), ("hospital", "Pdy70033x")]
    for key, value in numbers:
        yield {
            "facility_id": ids[key], "scheme_code": "medical_licence_no", "value": value,
        }  # fmt: skip


def _successions(ids: dict[str, int]) -> Iterator[dict[str, Any]]:
    links = [
        ("merged_before", "merged", "merged", date(2022, 1, 1)),
        ("merged", "health", "merged", date(2025, 1, 1)),
        ("split", "split_a", "split", date(2023, 7, 1)),
        ("split", "split_b", "split", date(2023, 7, 1)),
        ("duplicate", "split_a", "duplicate", date(2024, 3, 1)),
        ("planned", "future", "merged", date(2027, 5, 1)),
    ]
    for before, after, kind, day in links:
        yield {
            "predecessor_id": ids[before], "successor_id": ids[after], "kind": kind,
            "effective_on": day,
        }  # fmt: skip


def _people() -> Iterator[dict[str, Any]]:
    figures = [
        (XIHU, 2020, "total", 1_089_229, "census", "否"),
        (CITY, 2025, "total", 23_763, "projection", "是"),
        (XIHU, 2025, "total", 1_130_000, "projection", "是"),
        (XIHU, 2020, "age_60_plus", 180_000, "census", "否"),
        ("340104", 2020, "total", 1_047_150, "census", "否"),
    ]
    for code, year, group, persons, kind, projection in figures:
        yield {
            "division_code": code, "area": APART if code == CITY else "", "year": year,
            "group_code": group, "persons": persons,
            "rounded_to": 1,
            "divisions_on": date(2021, 4, 9), "source": "第七次全国人口普查公报",
            "source_kind": kind, "is_projection": projection, "preferred": "否",
        }  # fmt: skip
