"""A site of the small release, asked in process."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from datasette.app import Datasette

from exports.site.app import make_datasette
from exports.site.options import PLAIN, SiteOptions
from tests.exports.release.conftest import snapshot  # noqa: F401  fixture


@dataclass
class Site:
    """Asks the site as a browser would, without following redirects.

    The loop runs in a thread of its own: Playwright keeps one running in the test's thread.
    """

    loop: asyncio.AbstractEventLoop
    app: Any

    def get(self, path: str, *, method: str = "GET", **headers: str) -> httpx.Response:
        """Ask for one address."""
        return self.wait(self._ask(method, path, headers))

    def post(self, path: str, content: str | bytes, **headers: str) -> httpx.Response:
        """Send something to an address."""
        sent = content.encode() if isinstance(content, str) else content
        return self.wait(self._ask("POST", path, headers, sent))

    def wait(self, asked: Coroutine[Any, Any, httpx.Response]) -> httpx.Response:
        """Ask in the loop and give the answer."""
        return asyncio.run_coroutine_threadsafe(asked, self.loop).result()

    async def _ask(
        self, method: str, path: str, headers: dict[str, str], content: bytes | None = None
    ) -> httpx.Response:
        transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with httpx.AsyncClient(transport=transport, base_url="http://site.test") as client:
            return await client.request(method, path, headers=named, content=content)


@pytest.fixture(scope="session")
def site(release: Path) -> Iterator[Site]:
    """The site of the small release."""
    with opened_site(release) as opened:
        yield opened


@contextmanager
def opened_site(directory: Path, options: SiteOptions = PLAIN) -> Iterator[Site]:
    """Open the site of a release, with what was chosen for it."""
    with serving(make_datasette(directory, options=options)) as opened:
        yield opened


@contextmanager
def serving(datasette: Datasette) -> Iterator[Site]:
    """Ask a Datasette of ours, and close it."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield Site(loop, datasette.app())
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        datasette.executor.shutdown()
        for database in datasette.databases.values():
            database.close()
        loop.close()
