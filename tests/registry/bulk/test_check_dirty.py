"""Dirt of real lists is found alike in DuckDB and row by row: mojibake, web pages, headings."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from registry.uploads.settings import UploadSettings
from tests.bench.bulk.rows import rows
from tests.registry.bulk.test_check_large import agree, csv_bytes, table, totals

IDENTITY = "11010119900307109X"
"""Of nobody: the example of the standard's check digit."""

TEXTS = (
    "????", "西湖??路1号", "东园？？", "锟斤拷锟斤拷", "示例\ufffd园", "å¹¼å„¿å›\xad",
    "骞煎効鍥?", "瀛洲路1号", "东园&nbsp;二部", "A&amp;B园", "示例<br>园", "<p>", "<img src=x>园",
    "园&copy;区", "A&B园", IDENTITY, f"张三 {IDENTITY}", "１１０１０１１９９００３０７１０９Ｘ",
    "110101199003071091", "0571-88880000-8001", "12345", "24-7", "a@b.com", "www.example.com",
    "HTTP://example.com", "幼儿园", "卫生室", "（—）", "二、民办", "（一）公办幼儿园", "一",
    "°²ÀÖÓ×¶ùÔ°", "ｺｼﾖﾝﾊﾐ", "西湖区?山幼儿园", "示例路？号",
)  # fmt: skip
NUMBERS = (
    "330106198004213001", "Ａ330106198004213001", "330106800101123", "330106 800101 123", "86138",
    "6222021202012345678", "0571876543210571", "0571-87654321、13805710001", "+8613805710001",
    "008613805710001", "8613805710001", "+442071234567890", "0571-87654321-8001", "057187654321",
    "0571-87654321转801", "13805710001、0571-87654321", "138 0571 0001", "13805710001（王医生）",
    "3.30106198004213E+17", "33010619800421300X",
)  # fmt: skip
NAMED = (
    "王小明13805710002诊所", "诊所 138-0571-0002", "13805710002", "诊所(+86 13805710002)",
    "138057100021诊所", "第13805710002", "13805710002 诊所", "A13805710002B",
)  # fmt: skip
FIGURES = (
    "330106198004213001", "330106800101123", "3.30106198004213E+17", "身份证330106198004213001",
    "330106809901123", "120.330106800101123", "120.330106801", "33010680010112", "+330106800101123",
)  # fmt: skip
CODES = (IDENTITY, IDENTITY.lower(), f" {IDENTITY}", "12330106470116199X", "123301064701083961",
         f"张三{IDENTITY}", f"{IDENTITY}号", "110101-19900307-109X",
         "1233O1061000049959")  # fmt: skip
ANGLES = ("120°5′30″", "120.08°E", "东经120度5分", "北纬30度15分", "120°75′", "30°15′N", "120.08°")
DIRT = {
    "name": TEXTS + NAMED, "address": TEXTS, "operator_name": TEXTS[:15],
    "contact_name": TEXTS[15:18] + NUMBERS, "phone": TEXTS[14:] + NUMBERS, "contact_phone": NUMBERS,
    "floor_area": FIGURES, "website": TEXTS[:14:3], "type": TEXTS[::3], "opened_on": TEXTS[1:18:3],
    "operator_uscc": CODES, "code": CODES, "longitude": ANGLES + FIGURES, "latitude": ANGLES,
}  # fmt: skip


def test_dirty_cells(tmp_path: Path) -> None:
    cells = [(key, one) for key, several in DIRT.items() for one in several]
    good = rows(len(cells), 0.0)
    given: list[Mapping[str, Any]] = []
    given += [{**row, key: one} for row, (key, one) in zip(good, cells, strict=True)]
    path = tmp_path / "表.csv"
    path.write_bytes(csv_bytes(table(given)))
    report = agree(path)
    said = {rule for rule, _, _ in totals(report)}
    texts = {"text_garbled", "markup_removed", "markup_left", "identity_number"}
    texts |= {"phone_too_long", "name_has_mobile", "phone_is_mobile"}
    assert texts | {"name_says_nothing", "name_only_type", "angle_converted"} <= said
    shown = repr(report.totals()) + repr([one.findings for one in report.failing])
    assert IDENTITY not in shown
    assert f"{'*' * 14}{IDENTITY[-4:]}" in shown


HEADINGS = ("一、公办", "（二）民办幼儿园", "(三)其他", "十一．备查")
PLACES = (
    ("所在区县", "街道（乡镇）"), ("西湖区", "文新街道"), ("西湖区", "无"), ("330106", "文新街道"),
    ("西湖区", "西湖区文新街道"), ("西湖区", "四季青街道"), ("西湖区", "无"),
)  # fmt: skip
"""Of the last but one the township lies in another county."""


def test_headings_where_all_else_is_given(tmp_path: Path) -> None:
    path = tmp_path / "表.csv"
    lines = "设施名称,地址", "一、公办,", "甲园,一号路", "二、民办,", "二、民办,东路"
    path.write_text("\n".join(lines), encoding="utf-8")
    given = {"type": "幼儿园", "division": "330106", "status": "运营", "as_of": "2026-06-30"}
    report = agree(path, UploadSettings(given=given))
    assert (totals(report)["section_row_skipped", "note", None], report.rows) == (2, 2)


def test_headings_and_the_division_in_several_columns(tmp_path: Path) -> None:
    cells = table(list(rows(6, 0.0)))
    at = cells[0].index("区划代码")
    for row, (county, township) in zip(cells, PLACES, strict=True):
        row[at] = county
        row.append(township)
    for column, heading in enumerate(HEADINGS):
        cells.insert(1 + 2 * column, ["", "", "", "", ""])
        cells[1 + 2 * column][column] = heading
    path = tmp_path / "表.csv"
    path.write_bytes(csv_bytes(cells))
    report = agree(path)
    said = totals(report)
    assert (said["section_row_skipped", "note", None], report.rows) == (len(HEADINGS), 6)
    assert said["division_levels_apart", "must", "division"] == 1
    assert said["header_levels", "note", "division"] == 1
    assert ("header_repeated", "should", "division") not in said


BEYOND = (
    "x",
    "合计",
    "一、公办",
    "注：以上为示例",
    "",
    " ,　",
    ",x",
    '"两\n行"',
    '"\n"',
    ",=SUM(A1)",
)
BEFORE = ("", " ", "一、公办", "合计", "填表人：张三", "甲园")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_lines_with_cells_beyond_the_header(tmp_path: Path, encoding: str) -> None:
    cells = table(list(rows(6, 0.0)))
    lines = csv_bytes(cells).decode().splitlines()
    commas = "," * len(cells[0])
    lines[2:2] = [f"{one}{commas}{other}" for one in BEFORE for other in BEYOND]
    lines[2:2] = [f"{lines[0]},x", f"{lines[0]},,", f"{lines[1]},合计", ",", ",合计"]
    path = tmp_path / "表.csv"
    path.write_bytes("\n".join(lines).encode(encoding))
    report = agree(path)
    said = totals(report)
    assert (said["cells_extra", "must", None], report.rows) == (23, 32)


def test_a_delimiter_too_many_at_the_end_of_a_broken_row(tmp_path: Path) -> None:
    """Such a file is read as it stands."""
    lines = csv_bytes(table(list(rows(6, 0.0)))).decode().splitlines()
    for at in (2, 4):
        lines[at] += ","
    status = table([])[0].index("运营状态")
    cells = lines[4].split(",")
    lines[4] = ",".join([*cells[:status], "？", *cells[status + 1 :]])
    path = tmp_path / "表.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    said = totals(agree(path))
    assert said["element_choice", "must", "status"] == 1
    assert ("cells_extra", "must", None) not in said
