"""Tables on paper and on a phone in a real Chromium: nothing cut off, no label on a value."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visiting

pytestmark = pytest.mark.browser

SHEET = 718
"""How wide a sheet of A4 within usual margins is, in pixels."""


def test_a_table_of_many_columns_fits_a_sheet(visiting: Visiting) -> None:
    with visiting("en", width=SHEET) as visit:
        visit.page.emulate_media(media="print")
        assert visit.open("/fuwuma/indicator_result") == 200
        expect(visit.page.locator(".rows tbody td").first).to_be_visible()
        expect(visit.page.locator(".rows thead")).to_be_hidden()
        assert visit.width() <= SHEET


def test_a_label_of_two_lines_stays_beside_its_value(visiting: Visiting) -> None:
    with visiting("en", width=360) as visit:
        assert visit.open("/indicator/hangzhou-145.07") == 200
        cell = visit.page.locator("td[data-label='Facilities that did not report']").first
        expect(cell).to_be_visible()
        heights = cell.evaluate(
            "cell => [cell.clientHeight, parseFloat(getComputedStyle(cell).lineHeight)]"
        )
        assert heights[0] > 1.5 * heights[1], "the label takes two lines, and so does its cell"
