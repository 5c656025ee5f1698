"""The form for opinions in a real Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from exports.site.options import SiteOptions
from registry.opinions import clerk
from registry.opinions.inbox import create_inbox
from tests.browser.conftest import Visiting, Windows, looker, served, visitor
from tests.browser.test_pages import COLOURS, violations
from tests.exports.release.small_registry import code_of

pytestmark = pytest.mark.browser

CODE = code_of("nursery")
FORM = f"/opinion?kind=facility&code={CODE}"


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("letters") / "inbox.db"
    create_inbox(path)
    return path


@pytest.fixture(scope="module")
def listening(release: Path, inbox: Path) -> Iterator[str]:
    """The address of a site with an inbox."""
    with served(release, SiteOptions(inbox=str(inbox))) as address:
        yield address


@pytest.fixture
def asking(chromium: Browser, listening: str) -> Visiting:
    return visitor(chromium, listening)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "path",
    [FORM, f"/code/{CODE}", "/opinion/received?kind=standard&code=01-01", "/standards?category=A"],
    ids=["form", "facility", "received", "standards"],
)
def test_the_form_is_for_everybody(
    chromium: Browser, windows: Windows, listening: str, path: str, lang: str
) -> None:
    visit = looker(chromium, windows, listening)(lang)
    assert visit.open(path) == 200
    for summary in visit.page.locator("details.give summary").all():
        summary.click()
    assert violations(visit.page) == []
    visit.page.set_viewport_size({"width": 360, "height": 800})
    assert visit.width() <= 360
    visit.page.emulate_media(color_scheme="dark")
    assert violations(visit.page, COLOURS) == []
    assert visit.outside() == []
    assert visit.complaints == []


@pytest.mark.parametrize("scripts", [True, False])
def test_an_opinion_is_sent_by_keyboard(asking: Visiting, inbox: Path, scripts: bool) -> None:
    before = clerk.listing(inbox).total
    with asking(scripts=scripts) as visit:
        visit.open(FORM)
        visit.page.get_by_label("意见或建议").focus()
        visit.page.keyboard.insert_text("门口台阶太高，请加坡道。")
        visit.page.keyboard.press("Tab")
        visit.page.keyboard.insert_text("王女士")
        visit.page.keyboard.press("Tab")  # past the trap, which nobody reaches
        visit.page.keyboard.press("Enter")
        visit.page.get_by_role("heading", name="意见已收到").wait_for()
        visit.page.get_by_role("link", name="西湖区文新幼儿园").press("Enter")
        visit.page.wait_for_url(f"**/code/{CODE}")
    kept = clerk.find(inbox, before + 1)
    assert (kept.text, kept.contact) == ("门口台阶太高，请加坡道。", "王女士")


def test_another_site_cannot_send(asking: Visiting, inbox: Path, address: str) -> None:
    """A page of another origin (another port is one) posts the form with the visitor's browser."""
    before = clerk.listing(inbox).total
    with asking() as visit:
        target = visit.base
        visit.page.route(
            f"{address}/evil",
            lambda route: route.fulfill(
                content_type="text/html",
                body=f'<form method="post" action="{target}/opinion">'
                f'<input name="kind" value="facility"><input name="code" value="{CODE}">'
                '<input name="text" value="伪造的意见"><button>x</button></form>',
            ),
        )
        visit.page.goto(f"{address}/evil")
        visit.page.get_by_role("button").click()
        visit.page.get_by_text("不是从本站页面发出的").wait_for()
    assert clerk.listing(inbox).total == before
