"""`fuwuma publish DIR`: make a release of the registry."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import context
from codes.errors import UsageError
from codes.messages import text

if TYPE_CHECKING:
    from exports.release.progress import Progress


def add_to(root: typer.Typer) -> None:
    """Hang the command on the root."""
    root.command("publish", help=text("release.help.publish"))(publish)


def publish(
    directory: Annotated[Path, typer.Argument(help=text("release.help.directory"))],
    on: Annotated[str | None, typer.Option("--on", help=text("release.help.on"))] = None,
    synthetic: Annotated[
        bool, typer.Option("--synthetic", help=text("release.help.synthetic"))
    ] = False,
    inbox: Annotated[
        Path | None, typer.Option("--inbox", help=text("opinion.help.inbox_publish"))
    ] = None,
) -> None:
    """Publish and say what was written."""
    from exports.release import publish as make_release
    from registry.db import open_registry

    day = _day(on)
    engine = open_registry(context.current.db)
    try:
        with _shown_progress() as progress:
            manifest = make_release(
                engine, directory, on=day, synthetic=synthetic, inbox=inbox, progress=progress
            )
    finally:
        engine.dispose()
    if context.current.json:
        context.give(manifest.as_json())
        return
    context.say(
        "release.done",
        path=directory,
        facilities=manifest.counts["facility"],
        date=manifest.release_date,
    )
    for file in manifest.files:
        if "/" in file.name:
            continue  # the tables one by one are in the manifest
        context.say("release.file", name=file.name, bytes=file.bytes, sha256=file.sha256)


def _day(written: str | None) -> date | None:
    if written is None:
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise UsageError("release.date_unreadable", seen=written) from None


@contextmanager
def _shown_progress() -> Iterator[Progress]:
    from rich.progress import (
        BarColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[far]}", markup=False),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    console = context.console(to_stderr=True)
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None, far="")

        def show(step: str, done: int, total: int) -> None:
            words = text(f"release.step.{step}") if step else ""
            speed = round(done / (bar.tasks[0].elapsed or 1))
            far = text("release.progress_far", done=done, total=total, speed=speed)
            bar.update(task, description=words, completed=done, total=total, far=far)

        yield show
