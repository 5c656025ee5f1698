"""One cause, rows of several types: nobody is told to fill in what is for another type."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html import unescape
from pathlib import Path

import openpyxl
import pytest

from cli.upload_view import print_report
from codes.messages import speaking
from exports.reports.check_page import html
from exports.workbooks.returned import write_returned
from registry.bulk.report import CountedCause
from registry.uploads.check import check_file
from registry.uploads.document import causes_document, report_document
from registry.uploads.findings import Cause, CheckReport, found
from registry.uploads.remedies import for_all
from registry.uploads.wording import finding_text
from tests.registry.uploads.conftest import csv_text, row

NURSERY = {"type": "托育机构", "enrolment": None}
SAID = {
    "zh": "设施类型不同，填法不同。【幼儿园】应填：省一级、省二级、省三级、未定级之一。"
    "【托育机构】应填：示范型、普通型之一。",
    "en": "It depends on the type of facility. "
    "[Kindergarten] Expected: one of: 省一级, 省二级, 省三级, 未定级. "
    "[Childcare centre (under 3)] Expected: one of: 示范型, 普通型.",
}
OWN = {"zh": "应填：示范型、普通型之一。", "en": "Expected: one of: 示范型, 普通型."}


@pytest.fixture
def checked(tmp_path: Path) -> Callable[..., CheckReport]:
    """Check rows sent as CSV."""

    def check(*rows: dict[str, object]) -> CheckReport:
        path = tmp_path / "表.csv"
        path.write_text(csv_text(rows), encoding="utf-8")
        return check_file(path)

    return check


def of_grade(report: CheckReport) -> Cause:
    return next(one for one in report.totals() if one.element == "grade")


@pytest.fixture
def mixed(checked: Callable[..., CheckReport]) -> CheckReport:
    """A kindergarten and a nursery, each with a grade that is none of its type."""
    return checked(
        row(name="甲幼儿园", grade="五星"), row(name="乙托育", **NURSERY, grade="省一级")
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_to_fill_in_is_said_for_each_type(
    mixed: CheckReport, lang: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with speaking(lang):
        print_report(mixed)
    shown = capsys.readouterr().out
    assert SAID[lang] in shown and shown.count(OWN[lang]) == 2  # and after its own place
    page = unescape(html([mixed], lang))
    assert SAID[lang] in page and page.count(OWN[lang]) == 2
    causes = report_document(mixed, lang)["findings"]
    one = next(cause for cause in causes if cause["element"] == "grade")
    assert one["remedy"] == SAID[lang]
    assert "省一级" in one["expected"] and "示范型" in one["expected"]
    assert [place["remedy"] for place in one["samples"]][1] == OWN[lang]
    write_returned(mixed, mixed.source, tmp_path / "back.xlsx", lang)
    sheet = openpyxl.load_workbook(tmp_path / "back.xlsx").worksheets[0]
    assert SAID[lang] in [cell.value for line in sheet.iter_rows() for cell in line]


def test_of_one_type_the_sentence_stands_alone(checked: Callable[..., CheckReport]) -> None:
    cause = of_grade(checked(row(grade="五星"), row(name="乙园", grade="六星")))
    assert for_all(cause, lambda one: finding_text(one, "zh")[1]) == (
        "应填：省一级、省二级、省三级、未定级之一。"
    )


def test_where_not_all_places_are_kept_it_says_so(checked: Callable[..., CheckReport]) -> None:
    """Only of what depends on the type: the name of one is like that of any other."""
    cause = of_grade(checked(row(grade="五星")))
    counted = CountedCause(cause.rule, cause.severity, cause.element, cause.findings, 70)
    one = causes_document([counted], "zh")[0]
    assert one["remedy"] == (
        "【幼儿园】应填：省一级、省二级、省三级、未定级之一。"
        "（只列了前 1 处涉及的类型，其他类型的填法可能不同。）"
    )
    name = found("element_required", "", 5, "name", expected_form=["B0101", "name"])
    alike = CountedCause("element_required", "must", "name", (name,), 70)
    assert causes_document([alike], "zh")[0]["remedy"].startswith("“设施名称”是必填项")


def test_what_is_of_each_place_its_own_is_not_said_for_all() -> None:
    said = {"code_facility": "E0233010600017442", "closed_on": "2025-01-01", "name": "甲园"}
    said |= {"status": "已关闭"}
    first = replace(found("facility_closed", "", 2, "code"), params=said)
    second = replace(first, row=3, params={**said, "code_facility": "E0233010600017450"})
    one = causes_document([Cause("facility_closed", "held", "code", (first, second))], "zh")[0]
    assert one["remedy"].startswith("各处改法不同；第一处：重新开办的")
    alike = Cause("facility_closed", "held", "code", (first, replace(first, header="别名")))
    assert causes_document([alike], "zh")[0]["remedy"].startswith("重新开办的")
