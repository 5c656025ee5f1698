"""The report as a document, and the words of rules."""

import re
from collections.abc import Callable
from dataclasses import replace
from string import Formatter

import pytest

from codes.rules import rules
from codes.upload_limits import limit
from registry.uploads.document import report_document
from registry.uploads.findings import CheckReport, found
from registry.uploads.wording import finding_text
from tests.registry.uploads.conftest import row

SAMPLE_KEYS = {"row", "column", "value", "message"}
CAUSE_KEYS = {"rule", "severity", "element", "total", "samples"}


def test_the_document_has_what_scripts_rely_on(check: Callable[..., CheckReport]) -> None:
    report = check(*(row(name=f"第{n}园", status="很好") for n in range(60)))
    document = report_document(report, "zh")
    assert document["rows"] == 60
    (cause,) = document["findings"]
    assert set(cause) >= CAUSE_KEYS
    assert (cause["rule"], cause["severity"], cause["element"], cause["total"]) == (
        "element_choice",
        "must",
        "status",
        60,
    )
    assert len(cause["samples"]) == limit("samples_kept")
    assert set(cause["samples"][0]) >= SAMPLE_KEYS
    assert (cause["samples"][0]["row"], cause["samples"][0]["column"]) == (2, "K")
    assert cause["samples"][0]["value"] == "很好"


def test_names_that_are_near_are_not_cut(check: Callable[..., CheckReport]) -> None:
    report = check(row(type="卫生服务中心"))
    (unknown,) = (one for one in report.findings if one.rule == "type_unknown")
    message, _ = finding_text(unknown, "zh")
    assert message.endswith("。")
    assert "…" not in message
    assert message.count("、") == 4


def test_causes_come_worst_first(check: Callable[..., CheckReport]) -> None:
    report = check(
        row(name="　甲园", phone=""),
        row(name="乙园", phone=""),
        row(name="丙园", status="很好"),
        row(name="丁园", division="330104", longitude="", latitude="", datum=""),
    )
    severities = [cause.severity for cause in report.totals()]
    assert severities == sorted(severities, key=["must", "held", "should", "note"].index)
    assert severities[0] == "must"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_findings_speak_both_languages(lang: str, check: Callable[..., CheckReport]) -> None:
    for one in check(row(status="很好")).findings:
        message, remedy = finding_text(one, lang)
        assert bool(re.search("没有|不在", message)) == (lang == "zh")
        assert remedy


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_a_refused_cell_holds_is_said(lang: str, check: Callable[..., CheckReport]) -> None:
    changes = [
        {"name": "园"}, {"name": "暂无"}, {"status": "很好"}, {"floor_area": "0"},
        {"address": "路"}, {"as_of": "2026-02-30"}, {"division": "3301"}, {"code": "B01-1"},
        {"operator_uscc": "123"},
        {"type": "幼稚班"}, {"enrolment": "=1+"}, {"department": "外星局"}, {"name": "[清空]"},
    ]  # fmt: skip
    report = check(*(row(**{"name": f"第{n}园", **one}) for n, one in enumerate(changes)))
    refused = [one for one in report.findings if one.severity == "must"]
    assert len({one.row for one in refused}) == len(changes)
    assert [one for one in refused if one.value not in finding_text(one, lang)[0]] == []


def test_a_bound_that_is_itself_refused_is_not_said_to_be_right(
    check: Callable[..., CheckReport],
) -> None:
    (zero,) = check(row(floor_area="0")).findings
    assert "大于 0、不超过 5,000,000" in finding_text(zero, "zh")[1]
    assert "above 0, at most 5,000,000" in finding_text(zero, "en")[1]


def test_both_languages_of_a_rule_take_the_same_parameters() -> None:
    def names(sentence: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(sentence) if name}

    for rule in rules().values():
        assert names(rule.message_zh) == names(rule.message_en), rule.id
        assert names(rule.remedy_zh) == names(rule.remedy_en), rule.id


def test_findings_stored_before_a_sentence_said_more_are_still_said() -> None:
    for rule in ("element_type", "element_pattern"):
        old = found(rule, "", 2, "operator_uscc", value="123", expected_form=["", "operator_uscc"])
        assert "123" in finding_text(old, "zh")[0]


def test_spaces_taken_out_are_not_shown_as_two_texts_alike(
    check: Callable[..., CheckReport],
) -> None:
    said = {
        one.element: finding_text(one, "zh")[0]
        for one in check(
            row(name=" 西湖幼儿园 ", division="330106 ", address="Ａ路 1 号", floor_area="300 ")
        ).findings
    }
    assert said["floor_area"] == "“建筑面积”前后或中间有多余的空格，已去掉。"
    assert said["name"] == "“设施名称”前后或中间有多余的空格，已去掉。"
    assert said["division"] == "“区划代码”前后或中间有多余的空格，已去掉。"
    assert "按“A路 1 号”读" in said["address"]


def test_a_day_that_is_required_cannot_be_left_empty(check: Callable[..., CheckReport]) -> None:
    report = check(row(as_of="2026-06", opened_on="2015-09"))
    remedies = {
        one.element: finding_text(one, "zh")[1]
        for one in report.findings
        if one.rule == "element_date"
    }
    assert "请查实到日；不能留空" in remedies["as_of"]
    assert "请查实到日，或留空" in remedies["opened_on"]


def test_both_fields_of_a_relation_are_called_as_the_sender_calls_them(
    check: Callable[..., CheckReport],
) -> None:
    (one,) = (
        one
        for one in check(row(inclusive_enrolment=241)).findings
        if one.rule == "part_exceeds_whole"
    )
    for said in finding_text(one, "en"):
        assert "'普惠性在园幼儿数'" in said and "'在校生数'" in said
    params = {key: value for key, value in one.params.items() if key != "other_written"}
    for said in finding_text(replace(one, params=params), "en"):  # as stored by earlier versions
        assert "'Pupils enrolled'" in said
