"""The site over many facilities: the table page against stock Datasette, pages under load.

Facilities: FUWUMA_BENCH_FACILITIES, else 100,000; a release that is there already is taken from
FUWUMA_BENCH_RELEASE. The table page is asked in process, one request after another, so what is
compared is the work and not the network; ours is measured with every page new, and the same page
again. Facility pages and searches are asked over HTTP, eight visitors at once, none twice.
"""

# ruff: noqa: T201
from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from datasette.app import Datasette

from exports.release import publish
from exports.release.publish import SNAPSHOT
from exports.site.app import make_datasette
from registry.db import open_registry
from tests.bench.release_rows import fill_registry
from tests.bench.visitors import CONNECTIONS, percentile, seconds, served
from tests.exports.release.small_registry import ON

FACILITIES = int(os.environ.get("FUWUMA_BENCH_FACILITIES", "100000"))
FACETS = ["category_code", "class_code", "county_code", "status"]
LEAST_RATIO = 10
PAGES = 400


@pytest.fixture(scope="module")
def published(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of many made-up facilities."""
    if given := os.environ.get("FUWUMA_BENCH_RELEASE"):
        return Path(given)
    place = tmp_path_factory.mktemp("bench")
    shutil.copy(migrated_sqlite, place / "registry.db")
    engine = open_registry(str(place / "registry.db"))
    fill_registry(engine, FACILITIES)
    publish(engine, place / "release", on=ON)
    engine.dispose()
    return place / "release"


async def _cpu_and_wall(app: Any, paths: list[str]) -> tuple[float, float]:
    """Return the CPU seconds and the seconds of one request."""
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://site.test") as client:
        (await client.get("/fuwuma/release")).raise_for_status()
        cpu, wall = time.process_time(), time.perf_counter()
        for path in paths:
            (await client.get(path, timeout=600)).raise_for_status()
        return (
            (time.process_time() - cpu) / len(paths),
            (time.perf_counter() - wall) / len(paths),
        )


@pytest.mark.bench
def test_the_table_page_with_facets(published: Path) -> None:
    tables = {"facility": {"facets": FACETS}}
    stock = Datasette(
        immutables=[str(published / SNAPSHOT)],
        metadata={"databases": {"fuwuma": {"tables": tables}}},
    )
    ours = make_datasette(published, checked=True)
    loop = asyncio.new_event_loop()
    page = "/fuwuma/facility"
    fresh = [f"{page}?_size={size}" for size in range(20, 30)]
    app = ours.app()
    sides = {
        "stock": loop.run_until_complete(_cpu_and_wall(stock.app(), [page] * 3)),
        "ours, new": loop.run_until_complete(_cpu_and_wall(app, fresh)),
        "ours, again": loop.run_until_complete(_cpu_and_wall(app, [page] * 50)),
    }
    for datasette in (stock, ours):
        datasette.executor.shutdown()
    loop.close()
    print(f"\n{_facilities(published):,} facilities, one request, load {os.getloadavg()}")
    for name, (cpu, wall) in sides.items():
        ratios = (one / other for one, other in zip(sides["stock"], (cpu, wall), strict=True))
        by_cpu, by_wall = ratios
        print(
            f"{name:11} CPU {1000 * cpu:.1f} ms, wall {1000 * wall:.1f} ms;"
            f" stock takes {by_cpu:.0f} x the CPU, {by_wall:.0f} x the time"
        )
    assert sides["stock"][0] / sides["ours, new"][0] >= LEAST_RATIO


@pytest.mark.bench
def test_facility_pages_and_searches_under_eight_connections(published: Path) -> None:
    with closing(sqlite3.connect(published / SNAPSHOT)) as db:
        codes = _open_codes(db)
    kinds = {
        "facility page": [f"/code/{code}" for code in codes],
        "facility as JSON": [f"/code/{code}.json" for code in codes],
        "part of a code": [f"/search?q={code[11:15]}" for code in codes[:40]],
        "initials": [f"/search?q={query}" for query in ("yey", "wxyey", "slyey", "ycbj", "mz")],
    }
    with served(published) as port:
        for name, paths in kinds.items():
            english = f"{paths[0]}{'&' if '?' in paths[0] else '?'}lang=en"
            cpu = os.times()
            took = seconds(port, paths)
            spent = os.times()
            print(
                f"\n{name}, {len(paths)} different ones, {CONNECTIONS} connections:"
                f" median {percentile(took, 0.5):.0f} ms, p95 {percentile(took, 0.95):.0f} ms,"
                f" alone {percentile(seconds(port, [english], 1), 0.5):.0f} ms;"
                f" asking took {spent.user - cpu.user:.1f} s of CPU, load {os.getloadavg()[0]:.1f}"
            )


def _open_codes(db: sqlite3.Connection) -> list[str]:
    """Return codes of open facilities from all over the table, in no order."""
    (most,) = db.execute("SELECT max(rowid) FROM facility").fetchone()
    found = db.execute(
        "SELECT code FROM facility WHERE status = '运营' AND rowid % ? = 0"
        " ORDER BY rowid * 7919 % 104729",
        (max(most // (2 * PAGES), 1),),
    )
    return [code for (code,) in found][:PAGES]


def _facilities(release: Path) -> int:
    with closing(sqlite3.connect(release / SNAPSHOT)) as db:
        (count,) = db.execute("SELECT count(*) FROM facility").fetchone()
    return int(count)
