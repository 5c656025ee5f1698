"""Scan one table of a large file, rewritten where it cannot be scanned as it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb

from codes.errors import DataError, StoreError
from codes.upload_limits import limit
from registry.bulk.canonical import CanonicalFile, NotReadableError
from registry.bulk.engine import Connection
from registry.bulk.opening import Opened, canonical, refusal, rewrite, said_of
from registry.bulk.plan import Plan
from registry.bulk.scan import Scanned, lines_scanned, scan
from registry.bulk.types_met import types_met
from registry.bulk.watching import Progress, Work
from registry.uploads.settings import UploadSettings

Scan = Callable[[Connection, CanonicalFile, Plan], Scanned | None]
"""What makes the tables of `registry.bulk.scan`; None when the text is not in the form."""


def scanned(
    connection: Connection,
    opened: Opened,
    plan: Plan,
    folder: Path,
    settings: UploadSettings,
    scan_by: Scan,
) -> tuple[CanonicalFile, Scanned]:
    """Scan the file as it stands, else rewritten; say what is wrong when neither can be read."""
    try:
        file = canonical(opened, folder)
        if (found := scan_by(connection, file, plan)) is not None:
            return file, found
        file = rewrite(opened, folder)
        if (found := scan_by(connection, file, plan)) is not None:
            return file, found
        most = limit("bulk_rows_from")
        raise StoreError("bulk.rewritten_not_read", path=opened.path.name, rows=most)
    except NotReadableError as error:
        raise refusal(opened.path, settings, said_of(error, opened.path)) from error
    except UnicodeDecodeError as error:
        ours = DataError("bulk.encoding_damaged", path=opened.path.name)
        raise refusal(opened.path, settings, ours) from error


def watched(scan_by: Scan, progress: Progress) -> Scan:
    """Return a scan that tells how far it has come."""

    def scan_told(connection: Connection, file: CanonicalFile, plan: Plan) -> Scanned | None:
        with Work(progress, file.lines).watching(connection):
            return scan_by(connection, file, plan)

    return scan_told


def scan_here(connection: Connection, file: CanonicalFile, plan: Plan) -> Scanned | None:
    """Scan in DuckDB; None when the text, as it stands, is not in the form after all."""
    plan = replace(plan, types=types_met(file, plan.columns, plan.given))
    try:
        found = scan(connection, file, plan)
    except duckdb.Error:
        if file.numbered:
            raise
        return None
    return found if file.numbered or lines_scanned(connection) == file.lines else None
