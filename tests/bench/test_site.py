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

from exports.release import publish
from exports.site.app import make_datasette
from registry.db import open_registry
from tests.exports.release.small_registry import ON, fill

FACILITIES = 100_000
FACETS = ["category_code", "class_code", "county_code", "status"]
LEAST_RATIO = 10


async def _seconds(app: Any, paths: list[str]) -> float:
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://site.test") as client:
        (await client.get("/fuwuma/release")).raise_for_status()
        started = time.perf_counter()
        for path in paths:
            (await client.get(path, timeout=120)).raise_for_status()
        return (time.perf_counter() - started) / len(paths)


@pytest.mark.bench
def test_the_table_page_with_facets(migrated_sqlite: Path, tmp_path: Path) -> None:
    shutil.copy(migrated_sqlite, tmp_path / "registry.db")
    engine = open_registry(str(tmp_path / "registry.db"))
    fill(engine, extra=FACILITIES)
    publish(engine, tmp_path / "release", on=ON)
    engine.dispose()
    snapshot = tmp_path / "release" / "fuwuma.sqlite"
    tables = {"facility": {"facets": FACETS}}
    stock = Datasette(
        immutables=[str(snapshot)], metadata={"databases": {"fuwuma": {"tables": tables}}}
    )
    ours = make_datasette(tmp_path / "release")
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
