"""The pages that commands write are for everybody: by keyboard, on a phone, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser
from sqlalchemy import Engine

from codes.messages import LANGUAGES, use_language
from exports.reports.year import html
from exports.reports.year_data import YearReport, year_report
from registry.db import reading
from registry.evaluation.scope import scope_of
from tests.browser.test_pages import violations
from tests.exports.reports.conftest import city  # noqa: F401  fixture

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def report(city: Engine) -> Iterator[YearReport]:  # noqa: F811
    with reading(city) as session:
        scope = scope_of("hangzhou-145", 2025, None, None, date(2026, 11, 22))
        yield year_report(session, scope)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_years_report_is_for_everybody(chromium: Browser, report: YearReport, lang: str) -> None:
    use_language(lang)
    page = chromium.new_page(viewport={"width": 360, "height": 800})
    page.set_content(html(report))
    assert violations(page) == []
    page.close()
