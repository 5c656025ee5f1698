"""The site of the small release, served for real, and a real Chromium to look at it."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    ViewportSize,
    expect,
    sync_playwright,
)

from exports.site.app import make_app
from exports.site.options import PLAIN, SiteOptions

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
WIDE: Final[ViewportSize] = {"width": 1200, "height": 800}
NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)


@dataclass
class Visit:
    """A page in a browser of its own, and everything it asked for or complained of."""

    page: Page
    base: str
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> int:
        """Open an address of the site; return the status."""
        answer = self.page.goto(self.base + path)
        assert answer is not None
        return answer.status

    def outside(self) -> list[str]:
        """Return what was asked of anybody but the site."""
        return [url for url in self.asked if not url.startswith((self.base, "data:"))]

    def width(self) -> int:
        """Return how wide the page really is, in pixels."""
        return int(self.page.evaluate("document.documentElement.scrollWidth"))


Visiting = Callable[..., AbstractContextManager[Visit]]
Looking = Callable[[str], Visit]
Windows = dict[tuple[str, str], Visit]


@pytest.fixture(scope="session")
def address(release: Path) -> Iterator[str]:
    """The address at which the site is served."""
    with served(release) as found:
        yield found


@contextmanager
def served(
    directory: Path, options: SiteOptions = PLAIN, *, checked: bool = False
) -> Iterator[str]:
    """Serve the site of a release, with what was chosen for it; give its address."""
    app = make_app(directory, checked=checked, options=options)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", lifespan="on"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A Chromium with nothing remembered. Missing, it is an error on CI and a skip elsewhere."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None and not os.environ.get("CI"):
        pytest.skip("no Chromium on this machine")
    assert path, "CI has to have a Chromium"
    expect.set_options(timeout=20_000)  # two busy cores take their time
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visiting(chromium: Browser, address: str) -> Visiting:
    """Open a fresh browser window: `with visiting(lang="en", width=360) as visit`."""
    return visitor(chromium, address)


def visitor(chromium: Browser, address: str) -> Visiting:
    """Return what opens a fresh browser window on a site."""

    @contextmanager
    def visit(
        lang: str = "zh", width: int = 1200, dark: bool = False, scripts: bool = True
    ) -> Iterator[Visit]:
        context = chromium.new_context(
            viewport={"width": width, "height": 800},
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
        )
        yield watched(context, address, lang)
        context.close()

    return visit


def watched(context: BrowserContext, address: str, lang: str) -> Visit:
    """Open a page in the language whose requests and complaints are noted."""
    context.add_cookies([{"name": "lang", "value": lang, "url": address}])
    opened = Visit(context.new_page(), address)
    opened.page.on("request", lambda request: opened.asked.append(request.url))
    opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
    opened.page.on(
        "console",
        lambda message: (
            opened.complaints.append(message.text) if message.type in ("error", "warning") else None
        ),
    )
    return opened


@pytest.fixture(scope="session")
def windows(chromium: Browser) -> Iterator[Windows]:
    """One window for each site and language, which page after page is looked at in.

    Opening a window for each page, and sending it the checker anew, took a third of the time.
    """
    opened: Windows = {}
    yield opened
    for visit in opened.values():
        visit.page.context.close()


@pytest.fixture
def looking(chromium: Browser, windows: Windows, address: str) -> Looking:
    """Look at pages with the checker, as new: `visit = looking("en")`."""
    return looker(chromium, windows, address)


def looker(chromium: Browser, windows: Windows, address: str) -> Looking:
    """Return what clears the window of a site and language, and opens it the first time."""

    def look(lang: str) -> Visit:
        if (address, lang) not in windows:
            context = chromium.new_context(viewport=WIDE, color_scheme="light")
            context.add_init_script(Axe().axe_script)
            windows[address, lang] = watched(context, address, lang)
        visit = windows[address, lang]
        visit.page.set_viewport_size(WIDE)
        visit.page.emulate_media(color_scheme="light", media="screen")
        visit.asked.clear()
        visit.complaints.clear()
        return visit

    return look
