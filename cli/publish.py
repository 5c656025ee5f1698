"""`fuwuma publish DIR`: make a release of the registry."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import context
from cli.progress import progress_bar
from codes.china_time import today
from codes.errors import UsageError
from codes.messages import text

if TYPE_CHECKING:
    from exports.release.manifest import Manifest
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
    older: Annotated[bool, typer.Option("--older", help=text("release.help.older"))] = False,
) -> None:
    """Publish and say what was written."""
    from exports.release import publish as make_release
    from exports.release.before import refuse_older, release_before
    from registry.db import open_registry

    day = _day(on)
    before = release_before(directory)
    engine = open_registry(context.current.db)
    try:
        if not older:
            refuse_older(engine, directory, day or today())
        with _shown_progress() as progress:
            manifest = make_release(
                engine, directory, on=day, synthetic=synthetic, inbox=inbox, progress=progress
            )
    finally:
        engine.dispose()
    if before and not inbox:
        _warn_of_lost_answers(before)
    if context.current.json:
        context.give(manifest.as_json())
        return
    context.say(
        "release.done",
        path=directory,
        facilities=manifest.counts["facility"],
        date=manifest.release_date,
    )
    if before:
        _say_changes(before, directory)
    for file in manifest.files:
        if "/" in file.name:
            continue  # the tables one by one are in the manifest
        context.say("release.file", name=file.name, bytes=file.bytes, sha256=file.sha256)
    if before and before != manifest:
        context.say("release.replaced")


def _warn_of_lost_answers(before: Manifest) -> None:
    """Published words go only when they are taken back, never because an option was forgotten."""
    if lost := before.counts.get("opinion_answer", 0):
        print(text("release.answers_lost", count=lost), file=sys.stderr)


def _say_changes(before: Manifest, directory: Path) -> None:
    from exports.release.before import changes_since

    since = changes_since(before, directory)
    context.say(
        "release.changes",
        date=before.release_date,
        added=since.added,
        changed=since.changed,
        ended=since.ended,
    )
    if since.removed:
        context.say("release.changes_removed", removed=since.removed)


def _day(written: str | None) -> date | None:
    if written is None:
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise UsageError("release.date_unreadable", seen=written) from None


@contextmanager
def _shown_progress() -> Iterator[Progress]:
    with progress_bar("", "release.progress_far") as show:
        yield lambda step, done, total: show(
            text(f"release.step.{step}") if step else "", done, total
        )
