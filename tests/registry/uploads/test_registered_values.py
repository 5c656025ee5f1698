"""Of what stands in the registry a file is told only where it has to do with what the file says."""

from collections.abc import Callable

import pytest

from registry.uploads.findings import CheckReport
from registry.uploads.wording import finding_text
from tests.registry.uploads.conftest import GOOD, Send, only, row, rules_of

Merge = Callable[..., list[str]]
NEXT = "2026-09-30"


def update(**changes: object) -> dict[str, object]:
    """A row that says of the registered facility no more than it has to."""
    told = ("name", "type", "division", "status")
    return {**dict.fromkeys(GOOD, ""), **{key: GOOD[key] for key in told}, "as_of": NEXT, **changes}


def said(report: CheckReport, rule: str) -> str:
    return finding_text(only(report, rule))[0]


def test_what_is_registered_and_not_in_the_file_is_not_told(merge: Merge, send: Send) -> None:
    merge(row(website="见门口", enrolment="280", inclusive_enrolment="", grade=""))
    asked = send(update(), name="一.csv").report
    assert not set(rules_of(asked)) - {"element_recommended"}
    recommended = {one.element for one in asked.findings}
    assert "grade" in recommended
    assert not recommended & {"website", "enrolment", "address"}


def test_a_registered_figure_is_said_to_be_one(merge: Merge, send: Send) -> None:
    merge(row(enrolment="240"))
    seen = said(send(update(enrolment="280"), name="一.csv").report, "figures_out_of_order")
    assert seen.endswith("：“在校生数”是 280，登记库里的“学位数”是 270。")
    seen = said(send(update(school_places="230")).report, "figures_out_of_order")
    assert seen.endswith("：登记库里的“在校生数”是 240，“学位数”是 230。")


def test_a_part_that_exceeds_the_registered_whole_is_rejected(merge: Merge, send: Send) -> None:
    merge(row())
    done = send(update(inclusive_enrolment="300"))
    assert done.report.outcomes["rejected"] == 1
    assert "登记库里的“在校生数”是 240" in said(done.report, "part_exceeds_whole")


@pytest.mark.parametrize(
    ("registered", "changes", "rule", "words"),
    [
        ({"inclusive_enrolment": ""}, {"inclusive": "是"}, "inclusive_without_figure", "“普惠”填"),
        ({}, {"inclusive_enrolment": "[清空]"}, "inclusive_without_figure", "登记库里的“普惠”填"),
        ({}, {"closed_on": NEXT, "status": ""}, "closing_date_while_open", "登记库里的运营状态"),
        ({}, {"website": "见门口"}, "element_pattern", "“网址”填的是“见门口”（3 个字符）"),
        ({}, {"division": "330108"}, "point_outside_division", "登记库里的坐标（"),
    ],
)  # fmt: skip
def test_each_sentence_tells_which_value_is_registered(
    registered: dict[str, str],
    changes: dict[str, str],
    rule: str,
    words: str,
    merge: Merge,
    send: Send,
) -> None:
    (code,) = merge(row(**registered))
    seen = said(send(update(code=code, **changes)).report, rule)
    assert seen.startswith(words) or f"，但{words}" in seen
