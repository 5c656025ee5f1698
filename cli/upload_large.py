"""`fuwuma upload check` for files with very many rows: in DuckDB, counted, not compared."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from cli import context
from cli.upload_give import give_report
from cli.upload_input import progress_shown

if TYPE_CHECKING:
    from registry.uploads.settings import UploadSettings

DUCKDB = "duckdb"
AUTO = "auto"


def is_for_duckdb(file: Path, engine: str) -> bool:
    """Say whether DuckDB checks the file: asked for, or too many rows for the other."""
    if engine != AUTO:
        return engine == DUCKDB
    from registry.bulk.choice import is_large

    return is_large(file)


def give_large(
    file: Path, settings: UploadSettings, owner: str | None, directory: Path | None
) -> None:
    """Check, report, and exit with 1 when anything is worse than a note.

    The report in a folder is the JSON document alone: there is no workbook of so many rows.
    """
    from registry.bulk.check import check_large

    with progress_shown() as progress:
        found = check_large(file, settings, department_code=owner, progress=progress)
    give_report(found, None)
    context.say("bulk.compared_not")
    if directory is not None:
        from exports.upload_report import write_json

        context.say("bulk.no_workbook", json=write_json(found, directory))
    if not found.clean:
        raise typer.Exit(1)
