"""Headers nobody knows, headers said twice, columns without one, and our own result column."""

from collections.abc import Callable
from pathlib import Path

import pytest

from codes.errors import UsageError
from registry.uploads.check import check_file
from registry.uploads.findings import CheckReport
from registry.uploads.settings import upload_settings
from registry.uploads.wording import finding_text
from tests.registry.uploads.conftest import TODAY, csv_text, only, row, rules_of


def check_text(tmp_path: Path, text: str, *maps: str) -> CheckReport:
    path = tmp_path / "表.csv"
    path.write_text(text, encoding="utf-8")
    return check_file(path, upload_settings(maps), today=TODAY)


def test_an_unknown_header_is_a_note_with_what_is_near(check: Callable[..., CheckReport]) -> None:
    report = check(row(备用电话="1"))
    found = only(report, "header_unknown")
    assert (found.severity, found.row, found.header) == ("note", 1, "备用电话")
    assert "公开电话" in finding_text(found)[0]
    assert report.ignored == (("", found.column, "备用电话", "unknown"),)
    assert report.outcomes["created"] == 1


def test_a_filled_column_without_header(tmp_path: Path) -> None:
    header, line = csv_text([row()]).splitlines()
    found = only(check_text(tmp_path, f"{header},\n{line},备用\n"), "header_blank")
    assert (found.params["cells"], found.severity) == (1, "should")


def test_two_columns_of_one_field(tmp_path: Path) -> None:
    header, line = csv_text([row()]).splitlines()
    same = check_text(tmp_path, f"{header},机构名称\n{line},示例幼儿园\n")
    assert rules_of(same) == ["header_repeated"]
    other = check_text(tmp_path, f"{header},机构名称\n{line},别的\n")
    assert "退回" in finding_text(only(other, "header_repeated"))[0]
    assert only(other, "cells_conflict").params["other_value"] == "别的"
    assert other.outcomes["rejected"] == 1
    empty_first = check_text(
        tmp_path, f"{header},机构名称\n{line.replace('示例幼儿园', '')},别的\n"
    )
    assert empty_first.outcomes["created"] == 1


def test_a_bracket_after_a_known_header_is_said(tmp_path: Path) -> None:
    header, line = csv_text([row()]).splitlines()
    report = check_text(tmp_path, header.replace("设施名称", "设施名称(全称)") + "\n" + line)
    assert only(report, "header_read_as").header == "设施名称(全称)"
    plain = check_text(tmp_path, header + ",设施名称(英文)\n" + line + ",Example\n")
    assert only(plain, "header_repeated").header == "设施名称(英文)"


def test_the_two_columns_of_a_returned_file_are_ignored(tmp_path: Path) -> None:
    header, line = csv_text([row()]).splitlines()
    report = check_text(tmp_path, f"处理结果,检查结果,{header}\n退回,第 2 行有误,{line}\n")
    assert report.findings == ()
    assert report.ignored == (("", "A", "处理结果", "ours"), ("", "B", "检查结果", "ours"))


def test_rows_with_more_cells_than_headers_are_rejected(tmp_path: Path) -> None:
    header, line = csv_text([row()]).splitlines()
    report = check_text(tmp_path, f"{header}\n{line.replace('示例路1号', '示例路,1号')}\n{line}\n")
    found = only(report, "cells_extra")
    assert (found.row, found.params["headers"]) == (2, len(row()))
    assert report.row_outcomes["", 2] == "rejected"


def test_a_repeated_header_row_is_said_and_not_counted(tmp_path: Path) -> None:
    header, line = csv_text([row()]).splitlines()
    report = check_text(tmp_path, f"{header}\n{line}\n{header}\n")
    assert (rules_of(report), report.rows) == (["header_row_repeated"], 1)


def test_a_header_row_is_repeated_whatever_columns_are_not_ours(tmp_path: Path) -> None:
    header, line = (f"序号,{one},备注" for one in csv_text([row()]).splitlines())
    report = check_text(tmp_path, f"{header}\n{line}\n{header}\n")
    rules = ["header_unknown", "header_unknown", "header_row_repeated"]
    assert (sorted(rules_of(report)), report.rows) == (sorted(rules), 1)


def test_mapping_their_headers(tmp_path: Path) -> None:
    text = csv_text([row()]).replace("设施名称", "园名").replace("区划代码", "辖区")
    report = check_text(tmp_path, text, "园名=name", "辖区=区划代码")
    assert report.findings == ()


@pytest.mark.parametrize(
    ("maps", "sets", "message"),
    [
        (["园名"], [], "upload.pair_unreadable"),
        (["=name"], [], "upload.pair_unreadable"),
        (["园名=nama"], [], "upload.field_unknown"),
        (["园名=name", "园 名=type"], [], "upload.pair_repeated"),
        ([], ["状况=运营"], "upload.field_unknown"),
        ([], ["status="], "upload.pair_unreadable"),
        ([], ["type=火箭"], "upload.set_unfit"),
        ([], ["设施类型=B0101", "grade=五星级"], "upload.set_unfit"),
        ([], ["status=开着"], "upload.set_unfit"),
        ([], ["as_of=去年"], "upload.set_unfit"),
        ([], ["division=330104999"], "upload.set_unfit"),
        ([], ["department=外星局"], "upload.set_unfit"),
        ([], ["floor_area=大"], "upload.set_unfit"),
        ([], ["phone=同上"], "upload.set_unfit"),
    ],
)
def test_wrong_settings_are_a_wrong_command(maps: list[str], sets: list[str], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        upload_settings(maps, sets)
    assert caught.value.message_id == message
    assert str(caught.value)


def test_a_value_given_for_all_rows_is_taken_as_in_a_row() -> None:
    sets = [
        "type=幼兒園",
        "status=营业",
        "as_of=2026/6/30",
        "datum=火星坐标",
        "closed_on=2020-01-01",
    ]
    assert (
        upload_settings(sets=[*sets, "grade=省一级", "division=330106"]).given["type"] == "幼兒園"
    )


def test_a_mapped_header_that_stands_nowhere(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        check_text(tmp_path, csv_text([row()]), "园名=name")
    assert caught.value.message_id == "upload.map_header_absent"
    assert "设施名称" in str(caught.value)
