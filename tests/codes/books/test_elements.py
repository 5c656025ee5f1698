"""The JSON Schema of every type: valid, compilable, and kept by its own worked example."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from stdnum.cn import uscc

from codes.cross_field_rules import cross_field_rules, cross_field_rules_of
from codes.elements import all_fields, example_row, fields_of, schema_of
from codes.elements_check import schema_mistakes
from codes.errors import DataError
from codes.facility_types import facility_types
from codes.names import fold

TYPES = tuple(facility_types())

CORE = {
    "code": "设施编码",
    "name": "设施名称",
    "type": "设施类型",
    "division": "区划代码",
    "address": "地址",
    "longitude": "经度",
    "latitude": "纬度",
    "datum": "坐标系",
    "operator_name": "运营机构",
    "operator_uscc": "统一社会信用代码",
    "ownership": "举办性质",
    "department": "主管部门",
    "status": "运营状态",
    "opened_on": "启用日期",
    "closed_on": "关闭日期",
    "floor_area": "建筑面积",
    "phone": "公开电话",
    "opening_hours": "开放时间",
    "website": "网址",
    "accessible": "无障碍",
    "inclusive": "普惠",
    "grade": "等级",
    "contact_name": "联系人",
    "contact_phone": "联系电话",
    "as_of": "数据日期",
}
"""The columns scripts rely on, in the order of a template."""


def _errors(type_code: str, row: dict[str, Any]) -> list[str]:
    validator = Draft202012Validator(schema_of(type_code), format_checker=FormatChecker())
    return [error.message for error in validator.iter_errors(row)]


@pytest.mark.parametrize("code", TYPES)
def test_a_type_has_a_valid_schema_that_its_example_keeps(code: str) -> None:
    schema = schema_of(code)
    Draft202012Validator.check_schema(schema)
    assert schema["required"] == ["name", "type", "division", "status", "as_of"]
    row = example_row(code)
    assert _errors(code, row) == []
    for rule in cross_field_rules_of(code):
        if rule.left in row and rule.right in row:
            left: Any = row[rule.left]
            assert left <= row[rule.right], rule.code


def test_a_schema_says_only_what_can_be_compiled() -> None:
    for code in TYPES:
        assert [str(found) for found in schema_mistakes(_as_part(schema_of(code)), code)] == []


def _as_part(schema: dict[str, Any]) -> dict[str, Any]:
    """Add what only part files say of themselves."""
    facts = {"x-source": "composed", "x-valid-from": "2021-01-01", "x-verified-on": "2026-11-22"}
    return schema | facts


def test_a_keyword_that_cannot_be_compiled_is_noticed() -> None:
    schema = schema_of("E0101")
    schema["properties"]["name"]["contains"] = {}
    assert "contains" in str(next(schema_mistakes(_as_part(schema), "E0101")))


def test_columns_stand_in_the_fixed_order() -> None:
    for code in TYPES:
        fields = fields_of(code)
        assert [(one.key, one.header_zh) for one in fields[: len(CORE)]] == list(CORE.items())
        numbers = [field.capability for field in fields[len(CORE) :]]
        assert numbers == sorted(numbers), f"{code}: identifiers first, then capabilities"


def test_no_header_means_two_columns() -> None:
    met: dict[str, str] = {}
    for field in all_fields().values():
        for name in (field.key, field.header_zh, field.header_en, *field.aliases):
            assert met.setdefault(fold(name), field.key) == field.key, name


def test_every_field_is_explained_in_both_languages() -> None:
    for field in all_fields().values():
        assert field.note_zh
        assert field.note_en
        assert field.header_en.isascii() or "²" in field.header_en
        assert (field.unit_zh is None) == (field.unit_en is None)
        assert field.kind in {"text", "code", "choice", "date", "integer", "number"}
        assert (field.kind == "choice") == bool(field.choices)


def test_only_the_contact_is_private() -> None:
    private = [key for key, field in all_fields().items() if field.private]
    assert private == ["contact_name", "contact_phone"]


def test_what_a_type_requires_differs_by_class_and_type() -> None:
    def requirement(code: str, key: str) -> str:
        return next(field.requirement for field in fields_of(code) if field.key == key)

    assert requirement("E0101", "operator_uscc") == "should"
    assert requirement("L0111", "operator_uscc") == "may"
    assert requirement("A0201", "phone") == "should"
    assert requirement("A0209", "phone") == "may"


def test_grades_are_those_of_the_type() -> None:
    grades = {code: schema_of(code)["properties"]["grade"] for code in ("D0101", "B0101", "L0107")}
    assert "三级甲等" in grades["D0101"]["enum"]
    assert "省一级" in grades["B0101"]["enum"]
    assert "enum" not in grades["L0107"]


def test_a_copy_may_be_changed() -> None:
    schema_of("E0101")["properties"].clear()
    assert schema_of("E0101")["properties"]


@pytest.mark.parametrize("asked", [schema_of, fields_of, example_row])
def test_an_unknown_type_is_refused(asked: Any) -> None:
    with pytest.raises(DataError) as refused:
        asked("E9999")
    assert refused.value.message_id == "spec.type_unknown"


def test_the_synthetic_credit_code_is_well_formed() -> None:
    assert uscc.is_valid(example_row("E0101")["operator_uscc"])


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"status": "关闭"}, "closed_on"),
        ({"closed_on": "2026-01-01"}, "should not be valid"),
        ({"latitude": None}, "latitude"),
        ({"longitude": 30.26}, "minimum"),
        ({"datum": None}, "datum"),
        ({"division": "33010"}, "33010"),
        ({"status": "已合并"}, "已合并"),
        ({"type": "幼儿园"}, "幼儿园"),
        ({"as_of": "2026-02-30"}, "date"),
        ({"beds": 12.5}, "12.5"),
        ({"beds": -1}, "-1"),
        ({"beds": "120"}, "120"),
        ({"name": None}, "name"),
        ({"inclusive": "是", "inclusive_beds": None}, "inclusive_beds"),
        ({"operator_uscc": "91330100IOSVZ00000"}, "IOSVZ"),
        ({"website": "www.example.com"}, "www.example.com"),
        ({"phone": "请打电话"}, "请打电话"),
    ],
)
def test_a_wrong_row_is_refused(change: dict[str, Any], word: str) -> None:
    row = {
        key: value for key, value in (example_row("E0101") | change).items() if value is not None
    }
    errors = _errors("E0101", row)
    assert errors
    assert any(word in error for error in errors), errors


@pytest.mark.parametrize(
    "change",
    [
        {"type": "E0101"},
        {"status": "关闭", "closed_on": "2026-05-01"},
        {"status": "规划", "opened_on": "2027-01-01"},
        {"division": "330106109"},
        {"division": "330106109001"},
        {"longitude": None, "latitude": None, "datum": None},
        {"beds": 0},
        {"beds": None},
        {"phone": "0571-85000000转8001、400-000-0000"},
    ],
)
def test_a_right_row_is_accepted(change: dict[str, Any]) -> None:
    row = {
        key: value for key, value in (example_row("E0101") | change).items() if value is not None
    }
    assert _errors("E0101", row) == []


def test_relations_join_columns_that_one_type_has() -> None:
    for rule in cross_field_rules().values():
        assert any(rule in cross_field_rules_of(code) for code in TYPES), rule.code
