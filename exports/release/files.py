"""Check the packed snapshot and write every file that stands beside it, two things at a time.

SQLite and DuckDB work outside Python's lock, so the second thread costs nothing and saves about a
third of the time.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from exports.release.allow_list import AllowList
from exports.release.formats.data_package import write_data_package
from exports.release.formats.duck import columns_of
from exports.release.formats.facilities_csv import write_facilities_csv
from exports.release.formats.geojson import write_geojson
from exports.release.formats.hsds import write_hsds
from exports.release.formats.json_lines import FACILITIES_JSONL, write_json_lines
from exports.release.formats.parquet import write_parquet
from exports.release.formats.results_json import INDICATORS_JSONL, write_results
from exports.release.formats.spec_book import write_spec_book
from exports.release.formats.tables_csv import write_tables_csv
from exports.release.progress import Work
from exports.release.snapshot import check_packed, open_packed

AT_ONCE: Final = 2
PIECES: Final = 10
"""What `work` is told of: the six jobs below, and what the first one has made on its way."""

OPENAPI: Final = "openapi.json"


def write_files(
    directory: Path,
    packed: Path,
    listed: AllowList,
    facts: dict[str, Any],
    counts: dict[str, int],
    work: Work,
) -> None:
    """Write tables, facilities and the spec in every format, from the packed snapshot.

    `work` is told of every piece. Raises StoreError when the snapshot does not pass its checks.
    """
    jobs: list[Callable[[], None]] = [
        _reading(packed, lambda db: _tables(directory, db, listed, facts, work)),
        _reading(packed, lambda db: write_json_lines(directory / FACILITIES_JSONL, db, listed)),
        _reading(packed, lambda db: write_results(directory / INDICATORS_JSONL, db, listed)),
        lambda: _describe_api(directory / OPENAPI),
        lambda: check_packed(packed),
        lambda: write_spec_book(directory, facts["spec_version"]),
    ]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for done in as_completed([pool.submit(job) for job in jobs]):
            done.result()
            work.piece(PIECES)
    write_data_package(directory, listed, facts, counts)


def _tables(
    directory: Path, db: sqlite3.Connection, listed: AllowList, facts: dict[str, Any], work: Work
) -> None:
    """Write the tables, and from them the files that are quicker made by column."""
    write_tables_csv(directory, db, listed)
    work.piece(PIECES)
    with columns_of(directory) as duck:
        write_parquet(duck, directory, listed)
        work.piece(PIECES)
        write_facilities_csv(duck, directory, listed.tables["facility"])
        work.piece(PIECES)
        write_geojson(duck, directory, facts)
        work.piece(PIECES)
        write_hsds(duck, directory, facts)


def _describe_api(path: Path) -> None:
    """Write what programs may ask the site for."""
    from exports.site.api import openapi

    path.write_text(json.dumps(openapi(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _reading(packed: Path, write: Callable[[sqlite3.Connection], None]) -> Callable[[], None]:
    def job() -> None:
        with closing(open_packed(packed)) as db:
            write(db)

    return job
