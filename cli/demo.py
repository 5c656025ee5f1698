"""`fuwuma demo`: a made-up Hangzhou, from the departments' files to a published release."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typer

from cli.context import console, current, give, say
from codes.errors import UsageError
from codes.messages import text

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from cli.demo_folder import DemoFolder
    from cli.demo_steps import Event, Sent
    from exports.release.manifest import Manifest
    from registry.uploads.diff import Diff

SITE_URL: Final = "http://127.0.0.1:8001/"
_SHOWN_OUTCOMES: Final = ("created", "rejected", "held")
_FOLDER: Final = Path("fuwuma-demo")


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

    begun = time.monotonic()
    folder = prepare(directory, force=force)
    engine = _registry(folder)
    try:
        played = _play(engine, folder, seed, size)
    finally:
        engine.dispose()
    seconds = time.monotonic() - begun
    if current.json:
        give(_document(folder, played, seconds))
    else:
        _show(folder, played, seconds)


def _registry(folder: DemoFolder) -> Engine:
    """Create the registry in the folder, or use the empty one that `--db` names."""
    from sqlmodel import func, select

    from registry.db import DEFAULT_DB, create_registry, reading
    from registry.tables.facility import Facility

    named = current.db != DEFAULT_DB
    engine = create_registry(current.db if named else str(folder.database))
    with reading(engine) as session:
        held = session.exec(select(func.count()).select_from(Facility)).one()
    if held:
        engine.dispose()
        raise UsageError("demo.registry_not_empty", db=engine.url.render_as_string(), count=held)
    return engine


@dataclass(frozen=True)
class _Played:
    sent: list[Sent]
    questions: tuple[Sent, Diff] | None
    events: list[Event]
    manifest: Manifest


def _play(engine: Engine, folder: DemoFolder, seed: int | None, size: int | None) -> _Played:
    from rich.progress import Progress

    from cli.demo_steps import approve_all, happen, questions_of, send_all
    from exports.release import publish
    from registry.db import writing
    from registry.synthetic.city import make_city
    from registry.synthetic.mark import mark_synthetic

    stderr = console(to_stderr=True)
    with Progress(console=stderr, transient=True, disable=not stderr.is_terminal) as bar:
        task = bar.add_task(text("demo.step.making"), total=None)
        city = make_city(seed, size)
        with writing(engine) as session:
            by = text("demo.person.clerk")
            mark_synthetic(session, by=by, seed=city.seed, size=len(city.facilities))
        rows = sum(file.row_count for file in city.files)
        bar.update(task, total=rows * 2.5)
        sent = []
        for one in send_all(engine, city, folder):
            sent.append(one)
            words = text("demo.step.sent", department=one.department)
            bar.update(task, advance=one.rows, description=words)
        questions = questions_of(engine, sent)
        for one in approve_all(engine, sent):
            words = text("demo.step.approved", department=one.department)
            bar.update(task, advance=one.rows, description=words)
        events = happen(engine)
        bar.update(task, description=text("demo.step.publishing"))
        manifest = publish(engine, folder.release, synthetic=True)
        bar.update(task, completed=rows * 2.5)
    return _Played(sent, questions, events, manifest)


def _show(folder: DemoFolder, played: _Played, seconds: float) -> None:
    sent = played.sent
    say("demo.synthetic")
    console().print(_table(sent))
    say("demo.coded", files=len(sent), **_totals(sent))
    if played.questions:
        _show_questions(*played.questions)
    for event in played.events:
        _show_event(event)
    facilities = played.manifest.counts["facility"]
    say("demo.published", path=folder.release, facilities=facilities)
    say("demo.took", seconds=f"{seconds:.0f}")
    say("demo.open_site", path=folder.release, url=SITE_URL)
    if receipts := [one.receipt for one in sent if one.receipt]:
        say("demo.open_receipt", count=len(receipts), path=receipts[0])


def _table(sent: list[Sent]) -> Any:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD)
    table.add_column(text("demo.column.department"))
    table.add_column(text("demo.column.rows"), justify="right")
    for name in _SHOWN_OUTCOMES:
        table.add_column(text(f"report.outcome_{name}"), justify="right")
    for one in sent:
        counts = (one.rows, *(one.outcomes[name] for name in _SHOWN_OUTCOMES))
        table.add_row(one.department, *(f"{count:,}" for count in counts))
    return table


def _show_questions(one: Sent, found: Diff) -> None:
    """Say what the approver saw before approving, on one upload as an example."""
    from registry.uploads.wording import finding_text

    row = next(row for row in found.rows if row.outcome == "held")
    question = finding_text(row.questions[0])[0] if row.questions else ""
    say("demo.held", department=one.department, id=one.upload_id, row=row.row, question=question)


def _show_event(event: Event) -> None:
    from codes import facility_code

    shown = [
        f"{name}({code})"
        for code, name in zip(map(facility_code.format, event.codes), event.names, strict=False)
    ]
    if event.kind == "rename":
        say("demo.event.rename", before=shown[0], after=event.names[1])
        return
    others = "、".join(shown[1:])
    say(f"demo.event.{event.kind}", one=shown[0], others=others)


def _totals(sent: list[Sent]) -> dict[str, int]:
    names = ("created", "updated", "unchanged", "rejected", "held")
    return {
        "rows": sum(one.rows for one in sent),
        **{name: sum(one.outcomes[name] for one in sent) for name in names},
    }


def _document(folder: DemoFolder, played: _Played, seconds: float) -> dict[str, Any]:
    return {
        "synthetic": True,
        "directory": str(folder.root),
        "totals": _totals(played.sent),
        "uploads": [
            {
                "id": one.upload_id,
                "department": one.department,
                "file": str(one.file),
                "rows": one.rows,
                **one.outcomes,
                "receipt": str(one.receipt) if one.receipt else None,
            }
            for one in played.sent
        ],
        "events": [
            {"kind": one.kind, "codes": list(one.codes), "names": list(one.names)}
            for one in played.events
        ],
        "release": str(folder.release),
        "facilities": played.manifest.counts["facility"],
        "seconds": round(seconds, 1),
        "serve": f"fuwuma site serve {folder.release}",
        "url": SITE_URL,
    }
