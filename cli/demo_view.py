"""Say what a demonstration did: a table of the files, the events, what to open; or one JSON."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any, Final

from rich import box
from rich.table import Table

from cli.context import console, current, say
from codes import facility_code
from codes.messages import text
from registry.db import DEFAULT_DB
from registry.uploads.wording import finding_text

if TYPE_CHECKING:
    from cli.demo_folder import DemoFolder
    from cli.demo_steps import Event, Played, Sent
    from registry.uploads.diff import Diff

SITE_URL: Final = "http://127.0.0.1:8001/"
_EVALUATION: Final = "evaluate indicators --plan hangzhou-145 --year 2026"
_SHOWN_OUTCOMES: Final = ("created", "rejected", "held")


def show(folder: DemoFolder, played: Played, seconds: float) -> None:
    """Print it in words."""
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
    say("demo.evaluate", figures=played.census, command=evaluation(folder))


def _table(sent: list[Sent]) -> Table:
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
    row = next(row for row in found.rows if row.outcome == "held")
    question = finding_text(row.questions[0])[0] if row.questions else ""
    say("demo.held", department=one.department, id=one.upload_id, row=row.row, question=question)


def _show_event(event: Event) -> None:
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


def evaluation(folder: DemoFolder) -> str:
    """Return the command that evaluates the demonstration's city."""
    db = str(folder.database) if current.db == DEFAULT_DB else current.db
    return f"fuwuma --db {shlex.quote(db)} {_EVALUATION}"


def document(folder: DemoFolder, played: Played, seconds: float) -> dict[str, Any]:
    """Return it as one JSON object."""
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
        "census": played.census,
        "evaluate": evaluation(folder),
    }
