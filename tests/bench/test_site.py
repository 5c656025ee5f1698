"""The table page with facets against stock Datasette on the same snapshot, in one run.

Both are asked in process, one request after another, so what is compared is the work they do and
not the network. Ours is measured twice: every page new, and the same page again.
"""

from __future__ import annotations

import asyncio
import shutil
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from datasette.app import Datasette

from codes import facility_code
from exports.release import publish
from exports.release.publish import SNAPSHOT
from exports.site.app import make_datasette
from registry.db import open_registry
from tests.exports.release.small_registry import GONGSHU, ON, fill

FACILITIES = 100_000
FACETS = ["category_code", "class_code", "county_code", "status"]
LEAST_RATIO = 10
CONNECTIONS = 8


async def _seconds(app: Any, paths: list[str]) -> float:
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://site.test") as client:
        (await client.get("/fuwuma/release")).raise_for_status()
        started = time.perf_counter()
        for path in paths:
            (await client.get(path, timeout=120)).raise_for_status()
        return (time.perf_counter() - started) / len(paths)


@pytest.fixture(scope="module")
def published(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of many made-up facilities."""
    place = tmp_path_factory.mktemp("bench")
    shutil.copy(migrated_sqlite, place / "registry.db")
    engine = open_registry(str(place / "registry.db"))
    fill(engine, extra=FACILITIES)
    publish(engine, place / "release", on=ON)
    engine.dispose()
    return place / "release"


@pytest.mark.bench
def test_the_table_page_with_facets(published: Path) -> None:
    tables = {"facility": {"facets": FACETS}}
    stock = Datasette(
        immutables=[str(published / SNAPSHOT)],
        metadata={"databases": {"fuwuma": {"tables": tables}}},
    )
    ours = make_datasette(published)
    loop = asyncio.new_event_loop()
    page = "/fuwuma/facility"
    fresh = [f"{page}?_size={size}" for size in range(20, 30)]
    theirs = loop.run_until_complete(_seconds(stock.app(), [page] * 3))
    app = ours.app()
    new = loop.run_until_complete(_seconds(app, fresh))
    again = loop.run_until_complete(_seconds(app, [page] * 50))
    for datasette in (stock, ours):
        datasette.executor.shutdown()
    loop.close()
    print(  # noqa: T201
        f"\n{FACILITIES:,} facilities, seconds a request: stock {theirs:.4f}; ours new {new:.4f}"
        f" ({theirs / new:.0f} x), again {again:.5f} ({theirs / again:.0f} x)"
    )
    assert theirs / new >= LEAST_RATIO


@pytest.mark.bench
def test_facility_pages_and_searches_under_eight_connections(published: Path) -> None:
    ours = make_datasette(published)
    loop = asyncio.new_event_loop()
    app = ours.app()
    pages = [f"/code/{facility_code.make('B01', GONGSHU, 1000 + n)}" for n in range(0, 40_000, 100)]
    parts = [f"/search?q={facility_code.make('B01', GONGSHU, n)[11:]}" for n in range(7000, 7040)]
    initials = [f"/search?q={query}" for query in ("gsdyey", "yey", "wxyey", "gsq", "dgfg")]
    for name, paths in (
        ("facility page", pages),
        ("part of a code", parts),
        ("initials", initials),
    ):
        took = sorted(loop.run_until_complete(_together(app, paths)))
        median, late = (1000 * took[int(len(took) * part)] for part in (0.5, 0.95))
        print(  # noqa: T201
            f"\n{name}, {len(paths)} different ones, {CONNECTIONS} connections:"
            f" median {median:.0f} ms, p95 {late:.0f} ms"
        )
    ours.executor.shutdown()
    loop.close()


async def _together(app: Any, paths: list[str]) -> list[float]:
    """Return the seconds each answer took, asked by several visitors at once."""
    transport = httpx.ASGITransport(app=app)
    left, took = iter(paths), []
    async with httpx.AsyncClient(transport=transport, base_url="http://site.test") as client:
        (await client.get("/fuwuma/release")).raise_for_status()

        async def visitor() -> None:
            for path in left:
                started = time.perf_counter()
                (await client.get(path, timeout=120)).raise_for_status()
                took.append(time.perf_counter() - started)

        await asyncio.gather(*(visitor() for _ in range(CONNECTIONS)))
    return took
