"""`fuwuma demo`: a made-up Hangzhou, from the departments' files to a published release."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from cli.context import console, current, give
from codes.errors import UsageError
from codes.messages import text

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from cli.demo_folder import DemoFolder
    from cli.demo_steps import Played

_FOLDER: Final = Path("fuwuma-demo")
_STEPS: Final = 2.5
"""Work a row costs in sending, approving and publishing, for the progress bar."""


def add_to(root: typer.Typer) -> None:
    """Hang the command on the root."""
    root.command("demo", help=text("demo.help.demo"))(demo)


def demo(
    directory: Path = typer.Argument(_FOLDER, metavar="DIR", help=text("demo.help.directory")),
    seed: int | None = typer.Option(None, "--seed", help=text("demo.help.seed")),
    size: int | None = typer.Option(
        None, "--size", min=1, max=100_000, help=text("demo.help.size")
    ),
    force: bool = typer.Option(False, "--force", help=text("demo.help.force")),
) -> None:
    """Make the demonstration and say what was done and what to open."""
    from cli.demo_folder import prepare
    from cli.demo_view import document, show

    begun = time.monotonic()
    folder = prepare(directory, force=force)
    engine = _registry(folder)
    try:
        played = _play(engine, folder, seed, size)
    finally:
        engine.dispose()
    seconds = time.monotonic() - begun
    if current.json:
        give(document(folder, played, seconds))
    else:
        show(folder, played, seconds)


def _registry(folder: DemoFolder) -> Engine:
    """Create the registry in the folder, or use the empty one that `--db` names."""
    from sqlmodel import func, select

    from registry.db import DEFAULT_DB, create_registry, reading, shown
    from registry.tables.facility import Facility

    named = current.db != DEFAULT_DB
    engine = create_registry(current.db if named else str(folder.database))
    with reading(engine) as session:
        held = session.exec(select(func.count()).select_from(Facility)).one()
    if held:
        engine.dispose()
        raise UsageError("demo.registry_not_empty", db=shown(engine.url), count=held)
    return engine


def _play(engine: Engine, folder: DemoFolder, seed: int | None, size: int | None) -> Played:
    from rich.progress import Progress

    from cli.demo_steps import play
    from registry.synthetic.city import make_city

    stderr = console(to_stderr=True)
    with Progress(console=stderr, transient=True, disable=not stderr.is_terminal) as bar:
        task = bar.add_task(text("demo.step.making"), total=None)
        city = make_city(seed, size)
        total = sum(file.row_count for file in city.files) * _STEPS
        bar.update(task, total=total)

        def tell(words: str, done: int) -> None:
            bar.update(task, description=words, advance=done)

        played = play(engine, city, folder, tell)
        bar.update(task, completed=total)
    return played
