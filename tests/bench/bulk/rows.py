"""Synthetic rows of kindergartens, 30 columns, a share of them broken in every way the rules know.

Every cell is invented. A broken row has one spoilt cell, or two that belong together.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from stdnum.cn import uscc

from codes import facility_code
from codes.elements import all_fields

COLUMNS = (
    "code", "name", "type", "division", "address", "longitude", "latitude", "datum",
    "operator_name", "operator_uscc", "ownership", "department", "status", "opened_on",
    "closed_on", "floor_area", "phone", "opening_hours", "website", "accessible", "inclusive",
    "grade", "contact_name", "contact_phone", "as_of", "school_id", "enrolment",
    "inclusive_enrolment", "school_places", "full_time_teachers",
)  # fmt: skip
PLACES = (
    ("330106", 120.08, 30.25), ("330110", 119.99, 30.40), ("330109", 120.30, 30.15),
    ("330113", 120.31, 30.45), ("330111", 119.95, 30.05),
)  # fmt: skip
ROADS = ("示例路", "样本街", "测试大道", "演示巷")

Row = dict[str, str]
Breaker = Callable[[Row, int], None]


def _set(**cells: str) -> Breaker:
    def spoil(row: Row, _number: int) -> None:
        row.update(cells)

    return spoil


def _wrong_digit(key: str) -> Breaker:
    def spoil(row: Row, _number: int) -> None:
        last = row[key][-1]
        row[key] = row[key][:-1] + ("1" if last == "0" else "0")

    return spoil


def _code(row: Row, number: int) -> None:
    made = facility_code.make("B01", row["division"], number % 999_999 + 1)
    row["code"] = made[:-2] + f"{(int(made[-2:]) + 1) % 100:02d}"


def _good_code(row: Row, number: int) -> None:
    row["code"] = facility_code.make("B01", row["division"], number % 999_999 + 1)
    row["address"] = ""


def _around(key: str, before: str, after: str) -> Breaker:
    def spoil(row: Row, _number: int) -> None:
        row[key] = before + row[key] + after

    return spoil


def _swapped(row: Row, _number: int) -> None:
    row["longitude"], row["latitude"] = row["latitude"], row["longitude"]


def _same_again(row: Row, _number: int) -> None:
    row["name"], row["division"], row["address"] = "示例重复幼儿园", "330106", "示例路 1 号"
    row["longitude"], row["latitude"] = "120.08", "30.25"


BREAKERS: tuple[Breaker, ...] = (
    _set(name=""), _set(name="园"), _set(name="园" * 101), _set(type=""), _set(type="幼稚班"),
    _set(status=""), _set(status="很好"), _set(status="正常"), _set(grade="五星"),
    _set(as_of=""), _set(as_of="2027-01-01"), _set(as_of="2026年6月30日"), _set(as_of="2026-02-30"),
    _set(opened_on="2015/9/1"), _set(opened_on="2015年"), _set(opened_on="2023-02-29"),
    _set(opened_on="2027-09-01"), _set(status="规划", opened_on="2027-09-01"),
    _set(status="关闭"), _set(closed_on="2020-01-01"), _set(status="关闭", closed_on="2001-01-01"),
    _set(division="999999"), _set(division="330100"), _set(division="330103"),
    _set(division="330104"), _set(division="3301"), _set(division="西湖区"), _set(division=""),
    _set(division="", longitude="", latitude="", datum=""), _set(latitude=""), _set(datum=""),
    _set(datum="未知"), _set(longitude="121.9"), _set(longitude="0", latitude="0"), _swapped,
    _set(longitude="东经120度"), _set(longitude="200"), _set(address=""), _set(address="路"),
    _wrong_digit("operator_uscc"), _set(operator_uscc="123"), _set(operator_uscc="无"), _code,
    _good_code, _set(code="B01-330106"), _set(phone="见门口"), _set(website="example"),
    _set(floor_area="0"), _set(floor_area="约3200"), _set(floor_area="3,200.5平方米"),
    _set(floor_area="-5"), _set(enrolment="240.5"), _set(enrolment="２４０"), _set(enrolment="-1"),
    _set(enrolment="99999999"), _set(enrolment="900"), _set(inclusive_enrolment="500"),
    _set(inclusive_enrolment=""), _set(full_time_teachers="[清空]"), _set(name="[清空]"),
    _set(department="市民政局"), _set(department="外星局"), _set(school_id="12"),
    _set(school_id="1133000001"), _around("name", " ", "　"), _set(name="示例幼儿圆"),
    _set(name="示例 幼儿园 甲"), _set(address="示例路５号"), _set(contact_name="暂无"),
    _set(accessible="有"), _set(ownership="公立"), _set(phone="１３８"), _set(website="1.2E+10"),
    _set(type="托育机构"), _set(grade="省一级", inclusive="否"), _same_again,
    _set(opening_hours="看\u200b门口"), _set(address="示例路\n2号"), _set(address="示例“路”,3号"),
    _set(name="示例（请删除或覆盖此行）"), _set(name="-"), _set(phone="13800000000"),
    _set(phone="138-0000-0000"),
    _set(address="清空"), _set(opened_on="2026-07-15"), _set(department="", ownership="-"),
)  # fmt: skip


def good_row(number: int, random: Random) -> Row:
    """Return a row with which nothing is wrong."""
    division, lon, lat = PLACES[number % len(PLACES)]
    operator = f"12{division}MA{number % 1000:04d}000"
    enrolment = 60 + number % 300
    return {
        "code": "",
        "name": f"示例第{number}幼儿园",
        "type": "幼儿园",
        "division": division,
        "address": f"{ROADS[number % 4]}{number % 900 + 1}号",
        "longitude": f"{lon + random.random() * 0.02:.6f}",
        "latitude": f"{lat + random.random() * 0.02:.6f}",
        "datum": ("CGCS2000", "WGS84", "GCJ02")[number % 3],
        "operator_name": f"示例运营单位{number % 1000}",
        "operator_uscc": operator + uscc.calc_check_digit(operator),
        "ownership": ("公办", "民办")[number % 2],
        "department": "",
        "status": "运营",
        "opened_on": f"20{number % 20:02d}-0{number % 9 + 1}-1{number % 10}",
        "closed_on": "",
        "floor_area": str(1000 + number % 5000),
        "phone": f"0571-0000{number % 10000:04d}",
        "opening_hours": "周一至周五 8:30-17:00",
        "website": f"https://www.example.com/{number}",
        "accessible": "是",
        "inclusive": ("是", "否")[number % 2],
        "grade": ("省一级", "省二级", "未定级")[number % 3],
        "contact_name": f"示例联系人{number % 5000}",
        "contact_phone": "0571-00000001",
        "as_of": "2026-06-30",
        "school_id": "",
        "enrolment": str(enrolment),
        "inclusive_enrolment": str(enrolment // 2),
        "school_places": "400",
        "full_time_teachers": str(10 + number % 30),
    }


def rows(count: int, broken: float, seed: int = 1) -> Iterator[Row]:
    """Yield `count` rows, about the share `broken` of them broken, each way in turn."""
    random = Random(seed)
    way = 0
    for number in range(count):
        row = good_row(number, random)
        if random.random() < broken:
            BREAKERS[way % len(BREAKERS)](row, number)
            way += 1
        yield row


def write_csv(path: Path, count: int, broken: float, seed: int = 1) -> Path:
    """Write such rows as UTF-8 with Chinese headers; about 300 bytes a row."""
    fields = all_fields()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([fields[key].header_zh for key in COLUMNS])
        writer.writerows([row[key] for key in COLUMNS] for row in rows(count, broken, seed))
    return path
