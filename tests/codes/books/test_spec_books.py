"""The books as they are: sound, dated, sourced, bilingual, and large enough."""

import re
from collections import Counter
from datetime import date
from string import Formatter

import pytest

from codes.book import BookHeader, load_book
from codes.book_check import book_names
from codes.capabilities import capabilities, capabilities_of
from codes.categories import categories, classes
from codes.departments import departments, find_department
from codes.errors import DataError
from codes.facility_types import facility_types, find_type
from codes.identifier_schemes import identifier_schemes
from codes.messages import use_language
from codes.rules import rule_text, rule_title, rules
from codes.spec_check import check_spec
from codes.typed_rows import typed_rows
from codes.value_lists import all_values, find_value, list_names, open_values, values

OURS = (
    "categories",
    "classes",
    "facility_types",
    "capabilities",
    "departments",
    "value_lists",
    "identifier_schemes",
    "cross_field_rules",
    "rules",
    "owning",
)


def test_the_spec_has_no_mistake() -> None:
    assert [str(mistake) for mistake in check_spec()] == []


@pytest.mark.parametrize("name", book_names())
def test_every_header_says_whose_it_is_and_since_when(name: str) -> None:
    header: BookHeader = load_book(name).header
    assert isinstance(header.own_design, bool)
    assert header.source
    assert header.title_zh
    assert header.title_en
    assert date.fromisoformat(header.valid_from) <= date.fromisoformat(header.verified_on)


@pytest.mark.parametrize("name", OURS)
def test_our_books_say_they_are_our_own_design(name: str) -> None:
    header = load_book(name).header
    assert header.own_design
    assert header.note_zh
    assert header.note_en


def test_the_eleven_categories_are_said_to_be_unverified() -> None:
    assert "".join(categories()) == "ABCDEFGHJKL"
    assert "未经核实" in load_book("categories").header.note_zh
    assert "NOT verified" in load_book("categories").header.note_en


def test_every_class_has_two_types_or_more() -> None:
    per_class = Counter(row.class_code for row in facility_types().values())
    assert len(classes()) == 25
    assert len(facility_types()) >= 115
    assert set(per_class) == set(classes())
    assert min(per_class.values()) >= 2


def test_every_type_says_where_it_comes_from() -> None:
    documents = (
        "杭州规划",
        "杭州纲要",
        "杭州民政607号答复",
        "舟山方案",
        "合肥方案",
        "基本配套规定",
    )
    for row in facility_types().values():
        assert any(name in row.source for name in documents) or "自行设计：" in row.source, row
        assert row.aliases, f"{row.code}: departments have another word for it"


def test_capabilities_are_carried_and_each_type_has_one() -> None:
    assert len(capabilities()) >= 85
    for row in capabilities().values():
        assert any(row.is_carried_by(code) for code in facility_types()), row.code
    assert all(capabilities_of(code) for code in facility_types())


def test_a_capability_is_carried_by_category_class_or_type() -> None:
    codes = {row.code for row in capabilities_of("E0101")}
    assert {"beds", "nursing_beds", "staff", "certified_care_workers"} <= codes
    assert "places" not in codes
    assert "beds" not in {row.code for row in capabilities_of("E0203")}


@pytest.mark.parametrize(
    ("seen", "code"),
    [
        ("E0202", "E0202"),
        ("e0202", "E0202"),
        ("幼儿园", "B0101"),
        (" 养老院 ", "E0101"),
        ("杭州书房", "J0103"),
        ("乡镇(街道)居家养老服务中心", "E0201"),
        ("kindergarten", "B0101"),
    ],
)
def test_a_type_is_found_by_what_people_call_it(seen: str, code: str) -> None:
    assert find_type(seen).code == code


@pytest.mark.parametrize("seen", ["", "幼稚圆", "E9999", "某某馆"])
def test_an_unknown_type_is_refused_with_near_ones(seen: str) -> None:
    with pytest.raises(DataError) as refused:
        find_type(seen)
    assert refused.value.message_id == "spec.type_unknown"
    assert f"“{seen}”" in str(refused.value)


def test_near_types_are_named() -> None:
    with pytest.raises(DataError, match="相近的有：B0101 幼儿园。"):
        find_type("幼稚圆")


@pytest.mark.parametrize(
    ("seen", "code"),
    [
        ("wjw", "wjw"),
        ("市卫健委", "wjw"),
        ("市卫生健康委员会", "wjw"),
        ("杭州市民政局", "mzj"),
        ("舟山市住建局", "jw"),
        ("市自规局", "gzj"),
    ],
)
def test_a_department_is_found_by_any_of_its_names(seen: str, code: str) -> None:
    assert find_department(seen).code == code


@pytest.mark.parametrize("seen", ["西湖区民政局", "局", "", "市水务集团"])
def test_another_body_is_not_taken_for_a_department(seen: str) -> None:
    with pytest.raises(DataError) as refused:
        find_department(seen)
    assert refused.value.message_id == "spec.department_unknown"


def test_every_department_of_the_indicators_is_known() -> None:
    for row in load_book("indicators").rows:
        for name in row.get("departments", []):
            assert find_department(name)


def test_short_names_find_one_department_each() -> None:
    for row in departments().values():
        for name in (row.name_zh, *row.short_names):
            assert find_department(name).code == row.code


@pytest.mark.parametrize(
    ("list_name", "seen", "value"),
    [
        ("status", "营业", "运营"),
        ("status", "在运营", "运营"),
        ("status", "operating", "运营"),
        ("datum", "wgs-84", "WGS84"),
        ("datum", "火星坐标", "GCJ02"),
        ("yes_no", "Y", "是"),
        ("yes_no", "有", "是"),
        ("yes_no", "×", "否"),
        ("ownership", "公办民营", "公建民营"),
        ("grade_hospital", "三甲", "三级甲等"),
        ("status", "已合并", None),
        ("status", "忙", None),
        ("datum", "", None),
    ],
)
def test_a_value_is_found_by_its_other_spellings(
    list_name: str, seen: str, value: str | None
) -> None:
    assert find_value(list_name, seen) == value


def test_the_fixed_lists_are_as_scripts_expect() -> None:
    assert open_values("status") == ("规划", "在建", "运营", "暂停", "关闭")
    internal = [item.value for item in values("status").values() if item.internal]
    assert internal == ["已合并", "已拆分", "重复登记", "误登作废"]
    assert open_values("ownership") == ("公办", "民办", "公建民营", "民办公助", "其他")
    assert open_values("yes_no") == ("是", "否")
    assert open_values("datum") == ("CGCS2000", "WGS84", "GCJ02", "BD09", "未知")
    assert {item.list for item in all_values()} == set(list_names())


def test_an_identifier_scheme_knows_its_own_example() -> None:
    assert {"school_id", "medical_licence_no", "official_code"} <= set(identifier_schemes())


@pytest.mark.parametrize("rule_id", rules())
def test_a_rule_speaks_both_languages(rule_id: str) -> None:
    rule = rules()[rule_id]
    sentences = rule.message_zh + rule.remedy_zh
    names = {name for _, name, _, _ in Formatter().parse(sentences) if name}
    params = {name: f"<{name}>" for name in names}
    zh = rule_text(rule_id, params)
    use_language("en")
    en = rule_text(rule_id, params)
    assert rule_text(rule_id, params, "zh") == zh
    assert re.search("[一-鿿]", zh[0])
    assert rule_title(rule_id) == rule.title_en
    for said in (" ".join(zh), " ".join(en)):
        assert all(value in said for value in params.values())


def test_a_rule_without_its_parameters_is_our_fault() -> None:
    with pytest.raises(KeyError):
        rule_text("coordinate_half", {})
    with pytest.raises(KeyError):
        rule_text("no_such_rule", {})


def test_rows_take_what_they_lack_from_the_header() -> None:
    assert {row.valid_from for row in rules().values()} == {load_book("rules").header.valid_from}
    rows = typed_rows("facility_types", type(find_type("E0202")))
    assert rows[0].source != load_book("facility_types").header.source
    assert rows[0].verified_on == load_book("facility_types").header.verified_on
