"""`population load` and `observation load`: read a file, record it or say why not."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from cli import context
from codes.china_time import today
from codes.errors import UsageError
from codes.messages import text

if TYPE_CHECKING:
    from codes.ledger_columns import Ledger
    from registry.ledgers.batch import Batch
    from registry.ledgers.load import LoadReport


def load_file(
    ledger: Ledger,
    file: Path,
    *,
    maps: list[str] | None,
    sets: list[str] | None,
    preferred: bool,
    by: str | None,
    dry_run: bool,
) -> None:
    """Record a file; exit with 1 and write nothing when a row of it is wrong."""
    from registry.ledgers.observation_rows import read_observations
    from registry.ledgers.population_rows import read_population
    from registry.ledgers.settings import ledger_settings

    given = [*(sets or ()), *(["preferred=是"] if preferred else ())]
    settings = ledger_settings(ledger, maps or (), given)
    if ledger == "population":
        load_batch(read_population(file, settings, today()), by=by, dry_run=dry_run)
    else:
        load_batch(read_observations(file, settings, today()), by=by, dry_run=dry_run)


def load_batch(batch: Batch[Any], *, by: str | None, dry_run: bool) -> None:
    """Record a batch and say what was done."""
    from registry.db import open_registry, reading, writing
    from registry.ledgers.load import load, rehearse

    engine = open_registry(context.current.db)
    try:
        if dry_run:
            with reading(engine) as session:
                report = rehearse(session, batch)
        else:
            with writing(engine) as session:
                report = load(session, batch, by=_name_of_user() if by is None else by)
    finally:
        engine.dispose()
    _give(report, dry_run=dry_run)
    if report.refused:
        raise typer.Exit(1)


def year_of(written: str | None) -> int | None:
    """Return a year as typed; raises UsageError for anything else."""
    if written is None:
        return None
    if not (written.isascii() and written.isdigit() and len(written) == 4):
        raise UsageError("ledger.year_option", seen=written)
    return int(written)


def _give(report: LoadReport, *, dry_run: bool) -> None:
    if context.current.json:
        from registry.ledgers.document import load_document

        context.give(load_document(report, dry_run=dry_run))
    else:
        from cli.ledger_view import print_load

        print_load(report, dry_run=dry_run)


def _name_of_user() -> str:
    """The name the machine knows the person by; it is taken on trust, as `--by` is."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return text("ledger.by_unknown")
