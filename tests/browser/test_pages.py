"""Every kind of page in a real Chromium: readable for all, nothing from outside, fits a phone."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from exports.site.settings import site_settings
from tests.browser.conftest import Looking, Visiting
from tests.exports.release.small_registry import code_of

pytestmark = pytest.mark.browser

PAGES = {
    "home": "/",
    "category": "/category/D",
    "class": "/class/D01",
    "type": "/type/B0101",
    "type, filtered": "/type/B0101?county=330106&status=all",
    "facilities with facets": "/fuwuma/facility",
    "facilities, filtered": "/fuwuma/facility?county_code=330106&name__contains=医院",
    "table": "/fuwuma/dictionary",
    "tables": "/fuwuma",
    "facility": f"/code/{code_of('nursery')}",
    "facility with figures": f"/code/{code_of('home')}",
    "successor": f"/code/{code_of('merged_before')}",
    "split": f"/code/{code_of('split')}",
    "search": "/search?q=医",
    "nothing found": "/search?q=不存在的名字",
    "about": "/about",
    "standards": "/standards?category=E",
    "indicators": "/indicators?plan=hangzhou-145",
    "indicator": "/indicator/hangzhou-145.23",
    "indicator without value": "/indicator/hangzhou-145.05",
    "facilities behind a value": "/indicator/hangzhou-145.07/facilities",
    "rules": "/rules?severity=held",
    "dictionary": "/dictionary?type=B0101",
    "mistyped code": f"/search?q={code_of('home')[:-2]}99",
    "county": "/division/330106",
    "township": "/division/330106002",
    "downloads": "/downloads",
    "check a list": "/check",
}
MISSING = {
    "not found": ("/nowhere", 404),
    "wrong code": (f"/code/{code_of('nursery')[:-1]}x", 404),
    "unknown code": ("/code/A0133010600000133", 404),
    "annulled": (f"/code/{code_of('annulled')}", 410),
    "refused": ("/fuwuma/facility?sql=1", 400),
}
EVERY = [(path, 200) for path in PAGES.values()] + list(MISSING.values())
NAMES = [*PAGES, *MISSING]
AXE = Axe().axe_script
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ALL = {"type": "tag", "values": RULES}
# in the dark the page is the same but for its colours
COLOURS = {"type": "rule", "values": ["color-contrast"]}


def violations(page: Any, only: dict[str, Any] = ALL) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    options = {"runOnly": only, "resultTypes": ["violations"]}
    script = "options => axe.run(document, options).then(found => found.violations)"
    return [
        f"{rule['id']}: {node['html'][:120]}"
        for rule in page.evaluate(script, options)
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize(("path", "status"), EVERY, ids=NAMES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_page_is_for_everybody(looking: Looking, path: str, status: int, lang: str) -> None:
    visit = looking(lang)
    assert visit.open(path) == status
    assert violations(visit.page) == []
    visit.page.set_viewport_size({"width": 360, "height": 800})
    assert visit.width() <= 360
    if lang == "zh":
        visit.page.emulate_media(color_scheme="dark")
        assert violations(visit.page, COLOURS) == []
    assert visit.outside() == []
    assert [text for text in visit.complaints if f"status of {status}" not in text] == []


@pytest.mark.parametrize("page", ["facility", "indicator"])
def test_a_page_is_printed_dark_on_white(looking: Looking, page: str) -> None:
    visit = looking("zh")
    visit.open(PAGES[page])
    visit.page.emulate_media(color_scheme="dark", media="print")
    assert violations(visit.page, COLOURS) == []
    assert (
        visit.page.evaluate("getComputedStyle(document.body).backgroundColor")
        == "rgb(255, 255, 255)"
    )
    expect(visit.page.get_by_role("navigation", name="主导航")).to_be_hidden()
    expect(visit.page.get_by_role("heading", level=1)).to_be_visible()


def test_the_checker_finds_what_is_wrong(visiting: Visiting) -> None:
    with visiting() as visit:
        visit.open("/about")
        visit.page.evaluate("document.documentElement.removeAttribute('lang')")
        assert any(found.startswith("html-has-lang:") for found in violations(visit.page))


@pytest.mark.parametrize("query", ["医", "医院", "第一人民"])
def test_search_from_the_home_page(visiting: Visiting, query: str) -> None:
    with visiting() as visit:
        visit.open("/")
        visit.page.get_by_label("查找设施").fill(query)
        visit.page.get_by_role("button", name="搜索").click()
        visit.page.wait_for_url("**/search?q=*")
        expect(visit.page.get_by_role("link", name="杭州市第一人民医院")).to_be_visible()
        visit.page.get_by_role("link", name="杭州市第一人民医院").click()
        expect(visit.page.get_by_role("heading", level=1)).to_have_text(
            "杭州市第一人民医院(西湖院区)"
        )


def test_from_category_to_facility_by_keyboard_order(visiting: Visiting) -> None:
    with visiting() as visit:
        visit.open("/")
        visit.page.keyboard.press("Tab")
        assert visit.page.evaluate("document.activeElement.getAttribute('href')") == "#main"
        visit.page.get_by_role("link", name="老有所养").press("Enter")
        visit.page.get_by_role("link", name="养老机构", exact=True).press("Enter")
        visit.page.get_by_role("link", name="拱墅区夕阳红养老院").press("Enter")
        visit.page.get_by_text("E01-330105-000006").wait_for()  # raises unless it becomes visible


def test_filters_of_a_type(visiting: Visiting) -> None:
    with visiting() as visit:
        visit.open("/type/B0101")
        visit.page.get_by_label("区县").select_option("330106")
        visit.page.get_by_role("button", name="筛选").click()
        expect(visit.page.get_by_role("status")).to_have_text("2 个设施")


def test_a_facet_and_the_filter_form(visiting: Visiting) -> None:
    with visiting() as visit:
        visit.open("/fuwuma/facility")
        facet = visit.page.locator("a[href*='county_code=330106']")
        expect(facet).to_have_text("西湖区")
        facet.click()
        visit.page.wait_for_url("**county_code=330106**")
        visit.page.get_by_label("列").last.select_option("name")
        visit.page.get_by_label("关系").last.select_option("contains")
        visit.page.get_by_label("值").last.fill("医院")
        visit.page.get_by_role("button", name="筛选").click()
        visit.page.wait_for_url("**name__contains=**")
        expect(visit.page.get_by_role("status")).to_have_text("1 行")


def test_the_language_stays_chosen(visiting: Visiting) -> None:
    with visiting() as visit:
        visit.open("/about")
        visit.page.get_by_role("link", name="English").click()
        expect(visit.page.get_by_role("heading", level=1)).to_have_text("About this site")
        visit.page.get_by_role("link", name="Home").click()
        visit.page.wait_for_url(f"{visit.base}/")
        expect(visit.page.locator("html")).to_have_attribute("lang", "en")
        visit.page.get_by_role("link", name="中文").click()
        expect(visit.page.locator("html")).to_have_attribute("lang", "zh-CN")


def test_names_are_offered_while_typing(visiting: Visiting) -> None:
    with visiting() as visit:
        visit.open("/")
        with visit.page.expect_response("**/suggest.json?q=*") as offered:
            visit.page.get_by_label("查找设施").press_sequentially("文新")
        assert offered.value.ok
        visit.page.wait_for_selector("#names option", state="attached")
        names = visit.page.eval_on_selector_all("#names option", "all => all.map(o => o.value)")
        assert names[:2] == ["文新街道", "文新第二幼儿园"]
        assert "西湖区文新幼儿园" in names
        labels = visit.page.eval_on_selector_all("#names option", "all => all.map(o => o.label)")
        assert set(labels) == {""}, "only what is found otherwise than by the text typed has one"
        with visit.page.expect_response("**/suggest.json?q=*"):
            visit.page.get_by_label("查找设施").fill("wxdeyey")
        visit.page.wait_for_selector("#names option[label=wxdeyey]", state="attached")
        assert visit.outside() == []
        assert visit.complaints == []


def test_a_pasted_list_is_checked(visiting: Visiting) -> None:
    with visiting() as visit:
        visit.open("/check")
        codes = [code_of("nursery"), code_of("merged_before"), code_of("annulled"), "E02-1"]
        visit.page.get_by_label("粘贴要核对的设施编码").fill("\n".join(codes))
        visit.page.get_by_role("button", name="核对").click()
        visit.page.get_by_role("heading", name="核对了 4 个编码").wait_for()
        first = visit.page.get_by_role("row").nth(1)
        expect(first).to_contain_text("编码不对")
        expect(visit.page.get_by_role("link", name="文新街道社区卫生服务中心")).to_be_visible()
        assert violations(visit.page) == []
        visit.page.set_viewport_size({"width": 360, "height": 800})
        assert visit.width() <= 360
        region = visit.page.locator(".scroll")
        assert region.evaluate("one => one.scrollWidth <= one.clientWidth")
        assert visit.complaints == []


def test_the_keyboard_gets_past_the_filters(visiting: Visiting) -> None:
    with visiting() as visit:
        visit.open("/fuwuma/facility")
        link = visit.page.get_by_role("link", name="跳过筛选，到列表")
        link.focus()
        assert (link.bounding_box() or {"x": -1})["x"] >= 0
        visit.page.keyboard.press("Enter")
        visit.page.keyboard.press("Tab")
        assert visit.page.evaluate("document.activeElement.closest('#rows') !== null")


def test_nothing_hostile_runs(visiting: Visiting) -> None:
    with visiting() as visit:
        ran: list[str] = []
        visit.page.on("dialog", lambda dialog: ran.append(dialog.message))
        for path in (f"/code/{code_of('hostile')}", '/search?q="><script>alert(1)</script>'):
            visit.open(path)
        assert ran == []
        assert "script-src 'self'" in site_settings().headers["content-security-policy"]
