"""The page about a check: whole in one file, exact totals, nothing of a cell is markup, bounded."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from string import Formatter

import pytest

from codes.errors import StoreError
from codes.messages import LANGUAGES, text
from codes.rules import rules
from codes.upload_limits import limit
from exports.reports.check_page import html, write_page
from exports.reports.check_view import Refusal
from registry.bulk.report import CountedCause, LargeReport
from registry.uploads.check import check_file
from registry.uploads.findings import CheckReport, found
from tests.registry.uploads.conftest import csv_text, row

EVIL = '=HYPERLINK("http://x.example","<script>alert(1)</script>")'
ANY: dict[str, str] = {
    name: "甲"
    for rule in rules().values()
    for _, name, _, _ in Formatter().parse(rule.message_zh + rule.remedy_zh)
    if name
} | {"code": "E0233010600017442"}
"""Something for whatever a rule's sentences ask."""

REGULAR = re.compile(r"\\d|\[0-9|\^\(|\)\$")


class Elements(HTMLParser):
    """Collects the names, ids, links and addresses of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.ids: set[str] = set()
        self.links: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        given = dict(attrs)
        self.ids.add(given.get("id") or "")
        self.links |= {value or "" for key, value in attrs if key in ("href", "src")}


@pytest.fixture
def checked(tmp_path: Path) -> Callable[..., CheckReport]:
    """Check rows sent as CSV."""

    def check(*rows: dict[str, object]) -> CheckReport:
        path = tmp_path / "甲&乙.csv"
        path.write_text(csv_text(rows), encoding="utf-8")
        return check_file(path)

    return check


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_page_stands_alone_and_every_link_leads_somewhere_in_it(
    checked: Callable[..., CheckReport], lang: str
) -> None:
    rows = [row(name=f"第{n}园", status=EVIL, enrolment="很多") for n in range(60)]
    page = html([checked(*rows, row(name=" 好园"))], lang)
    seen = Elements(page)
    assert not seen.names & {"script", "img", "link", "iframe", "object", "form"}
    assert seen.links
    assert {link.removeprefix("#") for link in seen.links} <= seen.ids
    assert "甲&amp;乙.csv" in page
    assert "=HYPERLINK(" in page
    assert "<script" not in page
    assert not REGULAR.search(page)
    first = "列出前 50 处，共 60 处" if lang == "zh" else "First 50 of 60"
    assert first in page
    assert ("全部列出，共 1 处" if lang == "zh" else "All listed: 1.") in page
    for rule in ("formula_uncalculated", "element_type", "text_cleaned"):
        assert f"rule-{rule}" in seen.ids
        assert getattr(rules()[rule], f"title_{lang}") in page
    assert ("规划、在建、运营、暂停、关闭之一" if lang == "zh" else "one of: 规划") in page


def test_a_file_without_findings_and_one_that_was_refused(
    checked: Callable[..., CheckReport],
) -> None:
    good = checked(row())
    assert "没有发现问题" in html([good], "zh")
    refused = Refusal("坏<b>.xls", StoreError("read.not_text", path="坏<b>.xls"))
    page = html([good, refused], "zh")
    assert "坏&lt;b&gt;.xls" in page
    assert "不要只改扩展名" in page
    assert "检查结果：2 个文件" in page


def test_a_million_findings_of_hundreds_of_causes_stay_small(
    checked: Callable[..., CheckReport],
) -> None:
    report = checked(row(status="?"))
    one = found("element_choice", "", 2, "status", place=("K", "运营状态"), value="长" * 900)
    one = type(one)(**{**vars(one), "params": {"expected_form": ["", "status"]}})
    causes = tuple(
        CountedCause("element_choice", "must", f"k{at}", (one,) * limit("samples_kept"), 1_000_000)
        for at in range(400)
    )
    large = LargeReport(**{**vars(report), "findings": ()}, causes=causes)
    page = html([large], "zh")
    assert len(page.encode()) < 5_000_000
    assert page.count('<tr><td class="k" data-k=') <= limit("page_places")
    assert "共 1,000,000 处" in page
    assert "用 DuckDB 或 Spark 检查，不与登记库比对" in page and "文件大" not in page
    assert "没有登记库可比对" in html([report], "zh")


def test_counts_are_written_alike_on_the_whole_page(checked: Callable[..., CheckReport]) -> None:
    report = checked(row())
    (sheet,) = report.source.sheets
    many = replace(sheet, rows=sheet.rows * 250_000)
    source = replace(report.source, sheets=(many,))
    whole = replace(report, source=source, rows=250_000, missing=("E0233010600017442",) * 12_345)
    page = html([whole], "zh")
    assert "数据 250,000 行" in page and "<b>250,000</b>" in page
    assert "名单没有的设施 12,345 处" in page
    assert "250000" not in page and "12345" not in page


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_on_paper_the_folded_places_are_only_counted(
    checked: Callable[..., CheckReport], lang: str
) -> None:
    page = html([checked(*(row(name=f"第{n}园", status="?") for n in range(33)))], lang)
    printed = page[page.index("@media print") : page.index("</style>")]
    assert "details, .screen { display: none; }" in printed
    shown = text("checkpage.printed", lang=lang, shown=10, count=23, total="33")
    assert f'<span class="paper">{shown}</span>' in page
    few = html([checked(*(row(name=f"第{n}园", status="?") for n in range(10)))], lang)
    assert 'class="paper"' not in few and 'class="screen"' not in few


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_tells_a_clerk_what_to_do_and_never_a_command(
    checked: Callable[..., CheckReport], lang: str
) -> None:
    report = checked(row(name="", type="没有的", division="330104"), row(不认识的列="1", as_of=""))
    every = LargeReport(
        **{**vars(report), "findings": ()},
        causes=tuple(
            CountedCause(rule, "must", "name", (replace(found(rule, "", 2), params=ANY),), 1)
            for rule in rules()
        ),
    )
    page = html([report, every], lang)
    assert not re.search(r"fuwuma |--[a-z]", page.partition("</style>")[2])
    assert text("workbook.remedy.type_unknown", lang=lang) in unescape(page)


def test_nothing_is_left_where_the_page_cannot_be_written(
    checked: Callable[..., CheckReport], tmp_path: Path
) -> None:
    with pytest.raises(StoreError):
        write_page([checked(row())], tmp_path / "无" / "页.html")
    folder = tmp_path / "页.html"
    folder.mkdir()
    with pytest.raises(StoreError):
        write_page([checked(row())], folder)
    assert {one.name for one in tmp_path.iterdir()} == {"甲&乙.csv", "页.html"}
