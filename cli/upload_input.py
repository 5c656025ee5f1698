"""What upload commands need around their work: the registry, the tables sent, and progress."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from cli import context
from cli.progress import progress_bar
from codes.errors import FuwumaError
from codes.messages import text

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from registry.plain_sql import Reader
    from registry.uploads.reading.bundle import Table


@contextmanager
def registry_opened() -> Iterator[Engine]:
    """Open the registry and let go of it afterwards."""
    from registry.db import open_registry

    engine = open_registry(context.current.db)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def reader_if_any() -> Iterator[Reader | None]:
    """Give what rows are compared with; a check works without a registry too."""
    db = context.current.db
    if "://" not in db:  # a file, read without what takes as long to load as a small check
        from registry.sqlite_reader import sqlite_reader

        with sqlite_reader(db) if Path(db).exists() else nullcontext() as reader:
            yield reader
        return
    from registry.db import parse_url, reading

    url = parse_url(db)
    if url.drivername == "sqlite" and url.database and not Path(url.database).exists():
        yield None
        return
    with registry_opened() as registry, reading(registry) as session:
        yield session


def tables_in(files: Sequence[Path], folder: Path) -> list[Table]:
    """Return the files that were sent and, of zips, the tables in them, unpacked into `folder`.

    What is wrong with a zip as a whole stands in its one `Table`.
    """
    from registry.uploads.reading.bundle import Table, tables_of

    found: list[Table] = []
    for number, file in enumerate(files):
        try:
            found += tables_of(file, folder / str(number))
        except FuwumaError as error:
            found.append(Table(file.name, file, error))
    return found


@contextmanager
def steps_shown() -> Iterator[Callable[[str, int, int], None]]:
    """Show a person what is being done with an upload, and how far it has come."""
    with progress_bar(text("report.progress_opening"), "report.progress_far") as show:
        yield lambda step, done, total: show(text(f"report.progress_{step}"), done, total)


@contextmanager
def progress_shown(name: str = "") -> Iterator[Callable[[int, int], None]]:
    """Show a person how far a check has come; until rows are counted, that the file is read."""
    with submission_shown(name) as (progress, _):
        yield progress


@contextmanager
def submission_shown(
    name: str,
) -> Iterator[tuple[Callable[[int, int], None], Callable[[str, int, int], None]]]:
    """Show a person how far a check has come, as `progress_shown`, and the steps after it."""

    def words(step: str) -> str:
        return f"{text(f'report.progress{step}')} {name}"

    with progress_bar(words("_reading"), "report.progress_far") as show:
        yield (
            lambda done, total: show(words(""), done, total),
            lambda step, done, total: show(words(f"_{step}"), done, total),
        )


@contextmanager
def writing_shown() -> Iterator[None]:
    """Show a person that reports are written."""
    with progress_bar(text("report.progress_writing"), "report.progress_far"):
        yield
