"""A registry with many facilities, every column filled, two figures each; all of it invented."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from random import Random
from typing import Any

from sqlalchemy import Engine

from codes import facility_code
from codes.capabilities import capabilities_of
from codes.facility_types import facility_types
from registry.audit import acting
from registry.db import writing

CHUNK = 50_000
FOREVER = date(9999, 12, 31)
COUNTIES = ("330106", "330110", "330109", "330113", "330111", "330105", "330102", "330108")
TYPES = tuple(sorted(facility_types()))[::3]


def fill_registry(engine: Engine, count: int) -> None:
    """Write `count` facilities, their one version and two figures each."""
    random = Random(1)
    for first in range(0, count, CHUNK):
        numbers = range(first, min(first + CHUNK, count))
        with (
            writing(engine) as session,
            acting(session, actor="示例", action="bench", subject="rows", detail={}) as act,
        ):
            act.at = datetime(2026, 11, 20, tzinfo=UTC)
            ids = act.write("facility", [_identity(number) for number in numbers])
            pairs = list(zip(numbers, ids, strict=True))
            act.write("facility_version", [_version(*pair, random) for pair in pairs])
            act.write("capability_value", [row for pair in pairs for row in _figures(*pair)])


def _type(number: int) -> str:
    return TYPES[number % len(TYPES)]


def _county(number: int) -> str:
    return COUNTIES[number % len(COUNTIES)]


def _identity(number: int) -> dict[str, str]:
    class_code, county = _type(number)[:3], _county(number)
    code = facility_code.make(class_code, county, number // len(COUNTIES) + 1)
    return {"code": code, "issued_class_code": class_code, "issued_county_code": county}


def _version(number: int, facility_id: int, random: Random) -> dict[str, Any]:
    kind, county = _type(number), _county(number)
    lon, lat = 120 + random.random(), 30 + random.random()
    return {
        "facility_id": facility_id, "valid_from": date(2024, 3, 1), "valid_to": FOREVER,
        "kind": "created", "reason": None, "recorded_by": "示例",
        "name": f"示例{facility_types()[kind].name_zh}第{number}号", "type_code": kind,
        "class_code": kind[:3], "division_code": county, "county_code": county,
        "township_code": None, "status": ("运营", "运营", "运营", "关闭")[number % 4],
        "as_of": date(2026, 6, 30), "department_code": facility_types()[kind].department_codes[0],
        "address": f"示例路{number % 900 + 1}号", "longitude": lon, "latitude": lat,
        "datum": "CGCS2000", "lon_2000": lon, "lat_2000": lat,
        "operator_name": f"示例运营单位{number % 5000}",
        "operator_uscc": f"91330105MA{number % 5000:08d}",
        "ownership": ("公办", "民办")[number % 2],
        "opened_on": date(2010 + number % 10, 9, 1), "floor_area": 1000 + number % 5000,
        "phone": f"0571-0000{number % 10000:04d}", "opening_hours": "周一至周五 8:30-17:00",
        "website": f"https://www.example.com/{number}", "accessible": "是", "inclusive": "是",
        "grade": None, "contact_name": "示例联系人", "contact_phone": "0571-00000001",
    }  # fmt: skip


def _figures(number: int, facility_id: int) -> Iterator[dict[str, Any]]:
    day = date(2026, 6, 30)
    for place, capability in enumerate(capabilities_of(_type(number))[:2]):
        yield {
            "facility_id": facility_id, "capability_code": capability.code,
            "value": float(number % 300 + place), "as_of": day, "confirmed_on": day,
            "source": "示例",
        }  # fmt: skip
