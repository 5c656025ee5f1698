"""The page about a check in a real Chromium: for everybody, at any width, in light and dark."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from codes.errors import StoreError
from exports.reports.check_page import write_page
from exports.reports.check_view import Refusal
from registry.uploads.check import check_file
from tests.browser.test_pages import COLOURS, violations
from tests.registry.uploads.conftest import csv_text, row

pytestmark = pytest.mark.browser


def test_the_page_is_for_everybody(chromium: Browser, tmp_path: Path) -> None:
    path, page_file = tmp_path / "一个名字很长很长的幼儿园报送表.csv", tmp_path / "页.html"
    bad = [row(name=f"第{n}园", status="长" * 50, opened_on="2015/9/1") for n in range(20)]
    held = row(name="乙", division="330104", longitude="", latitude="", datum="", phone="")
    path.write_text(csv_text([*bad, held]), encoding="utf-8")
    refused = Refusal("图.png", StoreError("read.not_text", path="图.png"))
    write_page([check_file(path), refused], page_file)
    # the checker is a script, which the page itself never allows
    context = chromium.new_context(viewport={"width": 1200, "height": 800}, bypass_csp=True)
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page_file.as_uri())
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page, COLOURS) == []
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.emulate_media(media="print", color_scheme="light")
    expect(page.locator("details tbody tr").first).to_be_hidden()
    expect(page.locator(".paper").first).to_be_visible()
    assert asked == [page_file.as_uri()]
    context.close()
