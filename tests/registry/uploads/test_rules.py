"""Each kind of bad input gives exactly its finding, in the sender's own row and column."""

import pkgutil
from collections.abc import Callable, Mapping
from importlib import import_module
from inspect import getmembers, isgeneratorfunction, signature
from typing import Any

import pytest

from codes import facility_code
from codes.departments import find_department
from codes.rules import rules
from registry.uploads import rules as rule_modules
from registry.uploads.findings import SEVERITIES, CheckReport
from registry.uploads.rules import row_rules
from registry.uploads.settings import UploadSettings
from registry.uploads.wording import finding_text
from tests.registry.uploads.conftest import GOOD, headers_of, only, row

CODE = facility_code.make("B01", "330106", 7)
WRONG_CODE = CODE[:-2] + f"{(int(CODE[-2:]) + 1) % 97:02d}"


@pytest.mark.parametrize(
    ("changes", "rule", "element", "outcome"),
    [
        ({"name": ""}, "element_required", "name", "rejected"),
        ({"type": ""}, "element_required", "type", "rejected"),
        ({"status": ""}, "element_required", "status", "rejected"),
        ({"as_of": ""}, "element_required", "as_of", "rejected"),
        ({"address": ""}, "element_recommended", "address", "created"),
        ({"type": "幼稚班"}, "type_unknown", "type", "rejected"),
        ({"status": "很好"}, "element_choice", "status", "rejected"),
        ({"grade": "五星"}, "element_choice", "grade", "rejected"),
        ({"enrolment": "240.5"}, "element_type", "enrolment", "rejected"),
        ({"class_groups": "-1"}, "element_range", "class_groups", "rejected"),
        ({"floor_area": "0"}, "element_range", "floor_area", "rejected"),
        ({"address": "路"}, "element_length", "address", "rejected"),
        ({"name": "园" * 101}, "element_length", "name", "rejected"),
        ({"opened_on": "2015年"}, "element_date", "opened_on", "rejected"),
        ({"operator_uscc": "1233019"}, "element_pattern", "operator_uscc", "rejected"),
        ({"operator_uscc": "12330199MA0000000X"}, "uscc_wrong", "operator_uscc", "rejected"),
        ({"phone": "见门口"}, "element_pattern", "phone", "created"),
        ({"website": "见门口"}, "element_pattern", "website", "created"),
        ({"code": WRONG_CODE}, "code_wrong", "code", "rejected"),
        ({"code": "B01-330106"}, "code_wrong", "code", "rejected"),
        ({"code": "Z99330106000001"}, "code_wrong", "code", "rejected"),
        ({"status": "关闭"}, "closed_without_date", "closed_on", "rejected"),
        ({"closed_on": "2020-01-01"}, "closing_date_while_open", "closed_on", "rejected"),
        ({"latitude": ""}, "coordinate_half", "latitude", "rejected"),
        ({"datum": ""}, "datum_missing", "datum", "created"),
        ({"inclusive_enrolment": ""}, "inclusive_without_figure", "inclusive_enrolment", "created"),
        ({"inclusive_enrolment": "300"}, "part_exceeds_whole", "inclusive_enrolment", "rejected"),
        ({"enrolment": "280"}, "figures_out_of_order", "enrolment", "created"),
        ({"as_of": "2026-11-23"}, "date_future", "as_of", "rejected"),
        ({"opened_on": "2027-01-01"}, "date_future", "opened_on", "rejected"),
        ({"department": "外星局"}, "department_unknown", "department", "rejected"),
        ({"department": "市民政局"}, "department_not_owner", "department", "created"),
        ({"nursing_beds": "5"}, "capability_not_carried", "nursing_beds", "created"),
        ({"name": "????"}, "text_garbled", "name", "rejected"),
        ({"address": "西湖??路1号"}, "text_garbled", "address", "rejected"),
        ({"address": "锟斤拷锟斤拷"}, "text_garbled", "address", "rejected"),
        ({"operator_name": "示例\ufffd单位"}, "text_garbled", "operator_name", "rejected"),
        ({"name": "å¹¼å„¿å›\xad"}, "text_garbled", "name", "rejected"),
        ({"address": "骞煎効鍥?"}, "text_garbled", "address", "rejected"),
        ({"name": "º¼ÖÝÊÐÎ÷ºþÇø"}, "text_garbled", "name", "rejected"),
        ({"name": "ｺｼﾖﾝﾊﾐ"}, "text_garbled", "name", "rejected"),
        ({"address": "<img src=x>示例路1号"}, "markup_left", "address", "created"),
        ({"address": "示例路1号&copy;"}, "markup_left", "address", "created"),
        ({"phone": "11010119900307109X"}, "identity_number", "phone", "rejected"),
        ({"operator_uscc": "11010119900307109x"}, "identity_number", "operator_uscc", "rejected"),
        ({"school_id": "张三11010119900307109x"}, "identity_number", "school_id", "rejected"),
        ({"phone": "330106198004213001"}, "identity_number", "phone", "rejected"),
        ({"phone": "Ａ330106198004213001"}, "identity_number", "phone", "rejected"),
        ({"phone": "330106800101123"}, "identity_number", "phone", "rejected"),
        ({"contact_name": "张三330106198004213001"}, "identity_number", "contact_name", "rejected"),
        ({"contact_phone": "330106 19800421 3001"}, "identity_number", "contact_phone", "rejected"),
        ({"places": "330106198004213001"}, "identity_number", "places", "rejected"),
        ({"longitude": "330106800101123"}, "identity_number", "longitude", "rejected"),
        ({"floor_area": "3.30106198004213E+17"}, "identity_number", "floor_area", "rejected"),
        ({"phone": "6222021202012345678"}, "phone_too_long", "phone", "rejected"),
        ({"phone": "0571876543210571"}, "phone_too_long", "phone", "rejected"),
        ({"name": "王小明13805710002诊所"}, "name_has_mobile", "name", "rejected"),
        ({"name": "王小明诊所（138-0571-0002）"}, "name_has_mobile", "name", "rejected"),
        ({"name": "12345"}, "name_says_nothing", "name", "rejected"),
        ({"name": "a@b.com"}, "name_says_nothing", "name", "rejected"),
        ({"name": "www.example.com"}, "name_says_nothing", "name", "rejected"),
        ({"name": "幼儿园"}, "name_only_type", "name", "created"),
        ({"name": "西湖区?山幼儿园"}, "text_questioned", "name", "created"),
        ({"address": "示例路？号"}, "text_questioned", "address", "created"),
        ({"operator_uscc": "1233O1990000000000"}, "element_pattern", "operator_uscc", "rejected"),
        ({"division": "999999"}, "division_unknown", "division", "rejected"),
        ({"division": "330100"}, "division_too_coarse", "division", "rejected"),
    ],
)
def test_bad_input_gives_exactly_its_finding(
    changes: Mapping[str, Any],
    rule: str,
    element: str,
    outcome: str,
    check: Callable[..., CheckReport],
) -> None:
    report = check(row(), row(**changes, **{"name": "另一幼儿园"} if "name" not in changes else {}))
    bad = [one for one in report.findings if one.severity != "note"]
    assert [(one.rule, one.element, one.row) for one in bad] == [(rule, element, 3)]
    assert report.outcomes["created"] == 1 + (outcome == "created")
    assert report.row_outcomes["", 3] == outcome
    message, remedy = finding_text(bad[0])
    assert message
    assert remedy
    if rule in ("code_wrong", "closing_date_while_open"):
        assert message.count(changes[element]) == 1
    if element in GOOD:
        assert bad[0].header == headers_of([element])[0]
        assert bad[0].column is not None
        assert (
            bad[0].header in message
            or "经度" in message
            or "状态" in message
            or rule == "closed_without_date"
        )


def test_neither_division_nor_point(check: Callable[..., CheckReport]) -> None:
    report = check(row(division="", longitude="", latitude="", datum=""))
    must = [(one.rule, one.element) for one in report.findings if one.severity == "must"]
    assert must == [("element_required", "division")]


def test_closed_before_opened(check: Callable[..., CheckReport]) -> None:
    found = only(check(row(status="关闭", closed_on="2014-01-01")), "dates_out_of_order")
    assert found.severity == "must"
    assert "2014-01-01" in finding_text(found)[0]


def test_a_planned_facility_may_open_in_the_future(check: Callable[..., CheckReport]) -> None:
    report = check(row(status="规划", opened_on="2027-09-01"))
    assert [one.rule for one in report.findings if one.severity == "must"] == []


def test_all_mistakes_of_a_row_are_said_at_once(check: Callable[..., CheckReport]) -> None:
    report = check(row(status="很好", opened_on="x", floor_area="大", operator_uscc="1"))
    must = {one.element for one in report.findings if one.severity == "must"}
    assert must == {"status", "opened_on", "floor_area", "operator_uscc"}


def test_an_unknown_type_still_has_its_other_cells_checked(
    check: Callable[..., CheckReport],
) -> None:
    report = check(row(type="幼稚班", status="很好", opened_on="x"))
    must = {(one.rule, one.element) for one in report.findings if one.severity == "must"}
    assert must == {
        ("type_unknown", "type"),
        ("element_choice", "status"),
        ("element_date", "opened_on"),
    }
    assert "幼儿园" in finding_text(only(report, "type_unknown"))[0]


def test_the_sender_must_own_the_type(check: Callable[..., CheckReport]) -> None:
    own, other = find_department("市教育局").code, find_department("市民政局").code
    assert check(row(), department_code=own).outcomes["created"] == 1
    report = check(row(), department_code=other)
    assert report.outcomes["rejected"] == 1
    assert "市教育局" in finding_text(only(report, "type_not_owned"))[0]


def test_the_expected_form_is_a_sentence_and_never_a_pattern(
    check: Callable[..., CheckReport],
) -> None:
    report = check(row(phone="见门口", operator_uscc="1", status="x", floor_area="x", as_of="x"))
    remedies = {one.element: finding_text(one)[1] for one in report.findings}
    assert "0571-00000000" in remedies["phone"]
    assert "规划、在建、运营、暂停、关闭" in remedies["status"]
    assert "平方米" in remedies["floor_area"]
    assert "2024-01-05" in remedies["as_of"]
    assert not any("^" in words or "[0-9]" in words for words in remedies.values())


def test_two_equal_rows(check: Callable[..., CheckReport]) -> None:
    report = check(row(), row(name="别的"), row(name="示例 幼儿园", as_of="2026-07-01"))
    found = only(report, "row_repeated")
    assert (found.row, found.params["first"]) == (4, 2)
    assert report.row_outcomes == {("", 2): "created", ("", 3): "created", ("", 4): "rejected"}
    assert "第 2 行" in finding_text(found)[0]
    assert "在名称里写明" in finding_text(found)[1]


def test_the_same_name_at_another_address_is_another_row(
    check: Callable[..., CheckReport],
) -> None:
    assert check(row(), row(address="另一条路9号")).outcomes["created"] == 2


def test_the_same_number_twice(check: Callable[..., CheckReport]) -> None:
    report = check(row(school_id="1133000001"), row(name="别的", school_id=" 1133000001"))
    assert (found := only(report, "row_repeated")).element == "school_id"
    assert "各填自己的“学校标识码”" in finding_text(found)[1]


def test_the_same_code_twice(check: Callable[..., CheckReport]) -> None:
    printed = facility_code.format(CODE)
    report = check(row(code=CODE), row(name="别的", code=printed))
    assert only(report, "row_repeated").element == "code"


def test_every_public_function_of_a_rule_module_is_a_rule_of_the_book() -> None:
    """A misspelt name would never run, and nobody would notice."""
    written = {
        name
        for module in pkgutil.iter_modules(rule_modules.__path__)
        for name, function in getmembers(
            import_module(f"{rule_modules.__name__}.{module.name}"), isgeneratorfunction
        )
        if function.__module__.startswith(rule_modules.__name__)
        and not name.startswith("_")
        and list(signature(function).parameters)[:1] == ["row"]
    }
    assert len(written) >= 15
    assert written == set(row_rules())


@pytest.mark.parametrize(
    ("sender", "rejected"), [("市教育局", 0), ("市发改委", 0), ("市民政局", 1)]
)
def test_the_lead_department_may_submit_for_others(
    check: Callable[..., CheckReport], sender: str, rejected: int
) -> None:
    report = check(row(), department_code=find_department(sender).code)
    assert report.outcomes["rejected"] == rejected


def test_severities_are_those_of_the_book() -> None:
    assert {rule.severity for rule in rules().values()} == set(SEVERITIES)


FOOTERS = ("合 计", "填表人：张三", "注：数据截至六月", "（以下空白）")


def test_totals_signatures_and_notes_below_the_table_are_no_facilities(
    check: Callable[..., CheckReport],
) -> None:
    first, second, third, last = FOOTERS
    rows = {"name": first, "enrolment": 240}, {"name": second}, {"type": third}, {"序号": last}
    report = check(row(), *rows)
    skipped = [one.row for one in report.findings if one.rule == "footer_row_skipped"]
    assert (report.rows, skipped) == (1, [3, 4, 5, 6])
    said = [finding_text(one)[0] for one in report.findings if one.row in skipped]
    assert all(f"“{word}”" in one for word, one in zip(FOOTERS, said, strict=True))
    assert check(row(name="合计幼儿园")).rows == 1


@pytest.mark.parametrize(
    "said", ["共1家", "单位负责人：王 13905718888", "制表人 李丽 2026年6月", "总计20"]
)
def test_signatures_and_counts_are_none_whatever_is_given(
    check: Callable[..., CheckReport], said: str
) -> None:
    given = {key: str(GOOD[key]) for key in ("type", "status", "as_of", "division")}
    sent = {"name": said}, {"序号": "合计", "name": "20 家"}, {"name": "王丽"}, {"name": "共青园"}
    report = check({"序号": "1", **row()}, *sent, settings=UploadSettings(given=given))
    skipped = [one.row for one in report.findings if one.rule == "footer_row_skipped"]
    assert (report.rows, skipped, report.outcomes["held"]) == (3, [3, 4], 2)
    assert [one.row for one in report.findings if one.rule == "name_alone"] == [5, 6]


@pytest.mark.parametrize(
    ("changes", "rule", "outcome"),
    [
        ({"address": "清空"}, "clear_without_brackets", "rejected"),
        ({"phone": "13812345678"}, "phone_is_mobile", "created"),
        ({"phone": "+86 138-1234-5678"}, "phone_is_mobile", "created"),
        ({"phone": "0571-87654321、13805710001"}, "phone_is_mobile", "created"),
        ({"opened_on": "2026-09-01"}, "opened_after_data", "created"),
    ],
)
def test_slips_are_said(
    changes: dict[str, str], rule: str, outcome: str, check: Callable[..., CheckReport]
) -> None:
    report = check(row(**changes))
    assert report.outcomes[outcome] == 1
    assert only(report, rule).element == next(iter(changes))
    assert rule not in [one.rule for one in check(row()).findings]


@pytest.mark.parametrize("phone", ["（0571）88880000 转 801", "0571-88880000，88880001", "12345"])
def test_telephones_as_lists_have_them(phone: str, check: Callable[..., CheckReport]) -> None:
    assert [one.rule for one in check(row(phone=phone, contact_phone=phone)).findings] == []
