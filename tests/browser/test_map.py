"""The map in a real Chromium: marks, list in step, keyboard, a phone's width, no script at all."""

from __future__ import annotations

import json
import shutil
import sqlite3
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from exports.site.map_points import on_web_map
from exports.site.options import SiteOptions
from tests.browser.conftest import Visit, Visiting, served, visitor
from tests.browser.test_pages import COLOURS, violations
from tests.exports.release.small_registry import code_of

pytestmark = pytest.mark.browser

NURSERY = code_of("nursery")
HOME = code_of("home")
INDICATOR = "hangzhou-145.07"
"""Has values in some of the counties."""

PLACED = """
    UPDATE facility SET longitude = 120.08 + (rowid % 9) * 0.012, latitude = 30.22 + rowid * 0.002
    WHERE longitude IS NULL AND code <> ?
"""
"""Gives all facilities but one a point, in and around the county of most of them."""


@pytest.fixture(scope="module")
def placed(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site on whose map there is something to see."""
    directory = tmp_path_factory.mktemp("placed") / "release"
    shutil.copytree(release, directory)
    with sqlite3.connect(directory / "fuwuma.sqlite") as db:
        db.execute(PLACED, (HOME,))
    db.close()
    with served(directory, checked=True) as address:
        yield address


@pytest.fixture
def visiting(chromium: Browser, placed: str) -> Visiting:
    return visitor(chromium, placed)


def drawn(visit: Visit, path: str) -> None:
    """Open a map and wait for its marks and outlines."""
    assert visit.open(path) == 200
    visit.page.wait_for_selector("#map[data-drawn]")
    visit.page.wait_for_selector("#map path.outline", state="attached")


def settled(visit: Visit, before: str | None) -> None:
    """Wait until the map was drawn anew."""
    visit.page.wait_for_function(
        "before => document.getElementById('map').dataset.drawn !== before", arg=before
    )


def turn(visit: Visit) -> str | None:
    return visit.page.locator("#map").get_attribute("data-drawn")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_map_is_for_everybody(visiting: Visiting, lang: str) -> None:
    with visiting(lang=lang) as visit:
        drawn(visit, f"/map?focus={NURSERY}&indicator={INDICATOR}")
        # it fades in, and is pale while it does
        visit.page.wait_for_selector(".leaflet-popup")
        visit.page.wait_for_function(
            "() => getComputedStyle(document.querySelector('.leaflet-popup')).opacity === '1'"
        )
        assert violations(visit.page) == []
        visit.page.emulate_media(color_scheme="dark")
        assert violations(visit.page, COLOURS) == []
        visit.page.set_viewport_size({"width": 360, "height": 800})
        assert visit.width() <= 360
        heads = visit.page.locator("#map-warnings thead th").evaluate_all(
            "all => all.map(one => one.getBoundingClientRect().height)"
        )
        assert max(heads) < 45, "no word is broken"
        assert visit.outside() == []
        assert visit.complaints == []


def test_the_list_follows_the_map_and_the_map_the_list(visiting: Visiting) -> None:
    with visiting() as visit:
        drawn(visit, "/map?county=330106")
        names = visit.page.locator("#map-items .facility-name")
        whole = visit.page.get_by_role("status").inner_text()
        assert "图中" in whole
        before = turn(visit)
        visit.page.get_by_role("button", name="在地图上看 西湖区文新幼儿园").click()
        settled(visit, before)
        visit.page.wait_for_selector("#map-items li[aria-current]")
        current = visit.page.locator("#map-items li[aria-current] .facility-name")
        expect(current).to_have_text("西湖区文新幼儿园")
        expect(visit.page.locator(".leaflet-popup a[href^='/code/']")).to_have_attribute(
            "href", f"/code/{NURSERY}"
        )
        expect(visit.page.locator(".mark.now")).to_have_count(1)
        # the button that was pressed has the focus still, though the list was made anew
        assert visit.page.evaluate("document.activeElement.closest('li').dataset.code") == NURSERY
        visit.page.locator("#map").focus()
        for _ in range(3):
            before = turn(visit)
            visit.page.keyboard.press("Shift+ArrowRight")
            settled(visit, before)
        visit.page.wait_for_function(
            "code => !document.querySelector(`#map-items li[data-code='${code}']`)", arg=NURSERY
        )
        assert names.count() <= 20
        assert visit.complaints == []


BOXES = """
    const boxes = (chosen, within = document) =>
        [...within.querySelectorAll(chosen)].map(one => one.getBoundingClientRect());
    const map = document.getElementById("map");
"""

COVERED = (
    "() => {"
    + BOXES
    + """
    const names = boxes(".place-name:not([hidden]) > span", map), marks = boxes(".mark", map);
    const over = (a, b) =>
        a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
    const several = boxes(".mark.wide", map);
    const near = (a, b) => Math.hypot(a.x - b.x + (a.width - b.width) / 2,
        a.y - b.y + (a.height - b.height) / 2) < (a.width + b.width) / 2;
    const touching = several.filter((one, at) => several.slice(at + 1).some(two => near(one, two)));
    return [names.length, names.filter(name => marks.some(mark => over(name, mark))).length,
        several.length, touching.length];
}"""
)
"""How many counties have their name on the map, and how many of these lie under a mark.

And how many marks of several facilities there are, and how many of these lie under another.
"""

OUTSIDE = (
    "() => {"
    + BOXES
    + """
    const box = map.getBoundingClientRect();
    return boxes("path.outline", map).filter(one => one.left < box.left || one.right > box.right
        || one.top < box.top || one.bottom > box.bottom).length;
}"""
)
"""How many counties are cut off."""


def test_names_lie_under_no_mark_and_what_is_seen_is_printed_whole(visiting: Visiting) -> None:
    def crowded(route: Route) -> None:
        answer = route.fetch().json()
        some = [{"lon": 120.1 + n / 1000, "lat": 30.2, "count": 50 + n} for n in range(3)]
        route.fulfill(json=answer | {"marks": answer["marks"] + some})

    with visiting() as visit:
        # a sheet is narrower than the window, but printing is no change of the window's size
        visit.page.add_init_script("addEventListener('resize', e => e.stopImmediatePropagation())")
        drawn(visit, "/map?county=330106")
        named, covered, _several, _touching = visit.page.evaluate(COVERED)
        assert named > 2
        assert covered == 0
        visit.page.route("**/map.json*", crowded)
        before = turn(visit)
        visit.page.get_by_label("区县").select_option("")
        settled(visit, before)
        # the mark of the registry's facilities, one at this scale, and the three put beside it
        assert visit.page.evaluate(COVERED)[1:] == [0, 4, 0]
        assert visit.page.evaluate(OUTSIDE) == 0
        visit.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        visit.page.emulate_media(media="print")
        visit.page.set_viewport_size({"width": 717, "height": 1043})
        assert visit.page.evaluate(OUTSIDE) == 0
        assert visit.width() <= 717
        expect(visit.page.locator("#legend-categories")).to_be_visible()
        listed = visit.page.locator("#map-items")
        assert listed.evaluate("list => list.scrollHeight <= list.clientHeight + 1")
        assert listed.locator(".facility-name").count() > 10
        visit.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
        assert visit.page.locator("#map").get_attribute("style") in (
            None,
            "",
            "position: relative;",
        )


def test_a_mark_is_pressed_with_the_keyboard(visiting: Visiting) -> None:
    with visiting() as visit:
        visit.page.emulate_media(reduced_motion="reduce")
        drawn(visit, f"/map?class={NURSERY[:3]}")
        mark = visit.page.get_by_role("button", name="西湖区文新幼儿园", exact=True)
        for key in ("Enter", "Space"):
            assert visit.page.locator(".leaflet-popup").count() == 0
            mark.focus()
            visit.page.keyboard.press(key)
            link = visit.page.locator(f".leaflet-popup a[href='/code/{NURSERY}']")
            link.wait_for(timeout=5000)
            assert visit.page.evaluate("document.activeElement.matches('.mark.now')")
            assert visit.page.url.startswith(f"{visit.base}/map")
            visit.page.keyboard.press("Escape")
            link.wait_for(state="detached", timeout=5000)
        visit.page.locator("#map").scroll_into_view_if_needed()
        frame, at = visit.page.locator("#map").bounding_box(), mark.bounding_box()
        assert frame
        assert at
        before, y = turn(visit), frame["y"] + frame["height"] / 2
        away = frame["x"] + frame["width"] - 10 - (at["x"] + at["width"] / 2)
        visit.page.mouse.move(frame["x"] + 20, y)
        visit.page.mouse.down()
        visit.page.mouse.move(frame["x"] + 20 + away, y, steps=4)
        visit.page.mouse.up()
        settled(visit, before)
        # half out of the map; were it brought in, all marks were made anew and the focus lost
        before = turn(visit)
        mark.focus()
        visit.page.wait_for_timeout(700)
        assert turn(visit) == before
        assert mark.evaluate("one => one === document.activeElement")


def test_the_map_zooms_by_key_and_by_cluster(visiting: Visiting) -> None:
    with visiting() as visit:
        drawn(visit, "/map")
        zoomed = turn(visit)
        visit.page.locator("#map").focus()
        visit.page.keyboard.press("+")
        settled(visit, zoomed)
        before = turn(visit)
        visit.page.get_by_role("button", name="放大").first.click()
        settled(visit, before)
        expect(visit.page.get_by_role("button", name="缩小")).to_be_visible()


def test_the_map_is_filtered_and_coloured_without_a_new_page(visiting: Visiting) -> None:
    with visiting() as visit:
        drawn(visit, "/map")
        visit.page.evaluate("window.stays = true")
        before = turn(visit)
        visit.page.get_by_label("指标预警").select_option(INDICATOR)
        settled(visit, before)
        visit.page.wait_for_selector("#map path.outline.w-red", state="attached")
        rows = visit.page.locator("#map-counties tr")
        red = visit.page.locator("#map path.outline.w-red").count()
        assert rows.locator(".w-red").count() == red > 0
        shape = visit.page.get_by_role("button", name="拱墅区 ", exact=False).and_(
            visit.page.locator("path")
        )
        shape.focus()
        visit.page.keyboard.press("Enter")
        row = visit.page.locator("#map-counties tr[aria-current]")
        expect(row).to_have_attribute("data-code", "330105")
        expect(visit.page.locator(".leaflet-popup a[href='/division/330105']")).to_be_visible()
        # colours and names of the counties are hidden only when somebody asks for the facilities
        expect(visit.page.locator("#map .mark")).to_have_count(0)
        assert visit.page.evaluate(COVERED)[0] > 2
        before = turn(visit)
        visit.page.get_by_label("显示设施").check()
        settled(visit, before)
        before = turn(visit)
        visit.page.get_by_label("标记颜色").select_option("warning")
        settled(visit, before)
        assert (
            visit.page.locator(".mark[class*=' cat-'], .mark.mixed").locator("visible=true").count()
            == 0
        )
        assert visit.page.locator("#map .mark.w-grey, #map .mark.w-red").count() > 0
        before = turn(visit)
        visit.page.get_by_label("大类").select_option("B")
        settled(visit, before)
        before = turn(visit)
        visit.page.get_by_role("button", name="在地图上看 西湖区", exact=True).click()
        settled(visit, before)
        before = turn(visit)
        visit.page.get_by_label("区县").select_option("330106")
        settled(visit, before)
        expect(visit.page.locator("#map-total")).to_have_text("在册设施 2 处")
        address = (
            f"/map?county=330106&category=B&indicator={INDICATOR}&year=2026&marks=yes&paint=warning"
        )
        expect(visit.page).to_have_url(visit.base + address)
        assert visit.page.evaluate("window.stays") is True
        visit.page.get_by_role("link", name="English").click()
        expect(visit.page.get_by_label("Category")).to_have_value("B")
        assert visit.complaints == []


def test_tiles_of_a_chosen_host_are_fetched_for_the_shifted_place(
    chromium: Browser, release: Path
) -> None:
    options = SiteOptions(
        tiles="https://tiles.example.org/{z}/{x}/{y}.png", tiles_datum="GCJ02", tiles_credit="示例"
    )
    pixel = (
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5E"
    )
    with served(release, options, checked=True) as address, visitor(chromium, address)() as visit:
        visit.page.route(
            "https://tiles.example.org/**",
            lambda route: route.fulfill(
                content_type="image/png", body=b64decode(pixel + "rkJggg==")
            ),
        )
        drawn(visit, f"/map?focus={NURSERY}")
        visit.page.wait_for_selector("#map .leaflet-tile-loaded")
        expect(visit.page.locator(".leaflet-control-attribution")).to_contain_text("示例")
        settings = json.loads(visit.page.locator("#map").get_attribute("data-settings") or "")
        east, south = on_web_map(settings["focus"]["lon"], settings["focus"]["lat"])
        zoom = 16
        middle = f"/{zoom}/{int(east * 2**zoom)}/{int(south * 2**zoom)}.png"
        assert [url for url in visit.outside() if url.endswith(middle)]
        assert visit.complaints == []


def test_a_facility_has_a_map_and_without_a_script_a_sketch(visiting: Visiting) -> None:
    with visiting() as visit:
        visit.open(f"/code/{NURSERY}")
        visit.page.wait_for_selector("#place[data-drawn] .spot")
        expect(visit.page.locator("#place path.outline.chosen")).to_have_count(1)
        visit.page.locator("#place").focus()
        visit.page.keyboard.press("+")
        expect(visit.page.get_by_role("button", name="缩小")).to_be_visible()
        assert visit.outside() == []
        assert visit.complaints == []
    with visiting(scripts=False) as visit:
        visit.open(f"/code/{NURSERY}")
        expect(visit.page.locator("#place svg .point")).to_be_visible()


def test_without_a_script_there_is_a_list_and_a_sketch(visiting: Visiting) -> None:
    with visiting(scripts=False, width=360) as visit:
        assert visit.open("/map?county=330106") == 200
        expect(visit.page.locator(".sketch svg")).to_be_visible()
        expect(visit.page.get_by_role("link", name="西湖区文新幼儿园")).to_be_visible()
        visit.page.get_by_label("大类").select_option("D")
        visit.page.get_by_role("button", name="筛选").click()
        visit.page.wait_for_url("**/map?*category=D*")
        expect(visit.page.get_by_role("link", name="文新街道社区卫生服务中心")).to_be_visible()


def test_a_server_that_is_gone_is_said(visiting: Visiting) -> None:
    with visiting() as visit:
        visit.page.route("**/map.json*", lambda route: route.abort())
        visit.open("/map")
        visit.page.get_by_text("地图数据没有取到").wait_for()
        expect(visit.page.locator("#map-items .facility-name").first).to_be_visible()


def test_hostile_names_stay_words(visiting: Visiting) -> None:
    with visiting() as visit:
        ran: list[str] = []
        visit.page.on("dialog", lambda dialog: ran.append(dialog.message))
        code = code_of("hostile")
        drawn(visit, f"/map?class={code[:3]}&focus={code}")
        visit.page.wait_for_selector("#map-items .facility-name")
        assert ran == []
        assert visit.page.locator("#map script, #map-items script").count() == 0
        assert visit.complaints == []
