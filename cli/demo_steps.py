"""What a demonstration does, step by step: send, check, approve, change, publish."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from sqlalchemy import Engine
from sqlmodel import Session

from cli.demo_folder import DemoFolder
from codes.departments import departments
from codes.messages import text
from exports.release import publish
from exports.release.manifest import Manifest
from exports.workbooks.department_files import write_department_file
from exports.workbooks.returned import write_returned
from registry.db import writing
from registry.facilities.change import change, close
from registry.facilities.lookup import Filter, listing
from registry.facilities.register import register
from registry.facilities.succession import merge, split
from registry.facilities.view import FacilityView
from registry.ledgers.census import census_batch
from registry.ledgers.load import load
from registry.synthetic.city import SyntheticCity
from registry.synthetic.files import DepartmentFile
from registry.synthetic.mark import mark_synthetic
from registry.synthetic.parameters import settings
from registry.uploads.approve import approve
from registry.uploads.diff import Diff, diff
from registry.uploads.submit import submit

_OPEN: Final = "运营"
_COPIED: Final = {
    "type": "type_code",
    "division": "division_code",
    "department": "department_code",
    **{name: name for name in ("address", "longitude", "latitude", "datum", "operator_name")},
    **{name: name for name in ("operator_uscc", "ownership", "status")},
}
"""What the parts of a split school keep: upload key -> column of the record."""


@dataclass(frozen=True)
class Sent:
    """What became of one department's file; `receipt` is its workbook back, if it has findings."""

    department: str
    file: Path
    upload_id: int | None
    rows: int
    outcomes: dict[str, int]
    receipt: Path | None


@dataclass(frozen=True)
class Event:
    """Something that happened to facilities after they were registered."""

    kind: str
    codes: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True)
class Played:
    """A demonstration that is over.

    `questions` is one upload with held rows and its diff, `census` the population figures loaded.
    """

    sent: list[Sent]
    questions: tuple[Sent, Diff] | None
    events: list[Event]
    census: int
    manifest: Manifest


Tell = Callable[[str, int], None]
"""Told what is being done and how many rows it did."""


def play(engine: Engine, city: SyntheticCity, folder: DemoFolder, tell: Tell) -> Played:
    """Take a city through everything: mark, send, look, approve, change, publish."""
    with writing(engine) as session:
        by = text("demo.person.clerk")
        mark_synthetic(session, by=by, seed=city.seed, size=len(city.facilities))
    sent = []
    for one in send_all(engine, city, folder):
        sent.append(one)
        tell(text("demo.step.sent", department=one.department), one.rows)
    questions = questions_of(engine, sent)
    for one in approve_all(engine, sent):
        tell(text("demo.step.approved", department=one.department), one.rows)
    events = happen(engine)
    census = take_census(engine)
    tell(text("demo.step.publishing"), 0)
    manifest = publish(engine, folder.release, synthetic=True)
    return Played(sent, questions, events, census, manifest)


def send_all(engine: Engine, city: SyntheticCity, folder: DemoFolder) -> Iterator[Sent]:
    """Write and submit the departments' files one by one; what has findings goes back."""
    for file in city.files:
        yield _send(engine, file, folder)


def approve_all(engine: Engine, sent: list[Sent]) -> Iterator[Sent]:
    """Approve what was submitted, somebody else doing it."""
    for one in sent:
        if one.upload_id is not None:
            approve(engine, one.upload_id, by=text("demo.person.approver"))
        yield one


def questions_of(engine: Engine, sent: list[Sent]) -> tuple[Sent, Diff] | None:
    """Return the shortest upload with held rows and what approving it would do, if there is one."""
    held = [one for one in sent if one.outcomes["held"] and one.upload_id is not None]
    if not held:
        return None
    one = min(held, key=lambda sent: sent.rows)
    return one, diff(engine, one.upload_id or 0)


def _send(engine: Engine, file: DepartmentFile, folder: DemoFolder) -> Sent:
    path = write_department_file(file, folder.sent)
    name = departments()[file.department_code].name_zh
    sender = text("demo.person.sender", department=name)
    submission = submit(engine, path, department_code=file.department_code, by=sender)
    report = submission.report
    receipt = None
    if not report.clean:
        ending = text("workbook.sheet.causes")
        receipt = folder.receipts / f"{path.stem}-{ending}.xlsx"
        write_returned(report, report.source, receipt)
    return Sent(name, path, submission.id, report.rows, dict(report.outcomes), receipt)


def take_census(engine: Engine) -> int:
    """Load the census that comes with us, so that indicators have people; return its figures."""
    with writing(engine) as session:
        report = load(session, census_batch(), by=text("demo.person.clerk"))
    return 0 if report.refused else len(report.plan.records)


def happen(engine: Engine) -> list[Event]:
    """Close, merge, split and rename a facility each, as happens in any year.

    A city too small to have what an event needs goes without it.
    """
    by, on = text("demo.person.clerk"), date.fromisoformat(settings()["events_on"])
    with writing(engine) as session:
        made = [event(session, on, by) for event in (_closed, _merged, _split, _renamed)]
    return [event for event in made if event is not None]


def _closed(session: Session, on: date, by: str) -> Event | None:
    found = _open_ones(session, "E0204", 1)
    if not found:
        return None
    (one,) = found
    close(session, one.code, on=on, by=by, reason=text("demo.reason.close"))
    return Event("close", (one.code,), (one.name,))


def _merged(session: Session, on: date, by: str) -> Event | None:
    found = _open_ones(session, "E0202", 2)
    if not found:
        return None
    kept, gone = found
    merge(session, [gone.code], kept.code, on=on, by=by, reason=text("demo.reason.merge"))
    return Event("merge", (gone.code, kept.code), (gone.name, kept.name))


def _split(session: Session, on: date, by: str) -> Event | None:
    found = _open_ones(session, "B0201", 1)
    if not found:
        return None
    (one,) = found
    names = [text(f"demo.campus.{side}", name=one.name, lang="zh") for side in ("east", "west")]
    copied = {key: getattr(one, column) for key, column in _COPIED.items()}
    codes = [
        register(session, {**copied, "name": name, "opened_on": on, "as_of": on}, by=by, on=on)
        for name in names
    ]
    split(session, one.code, codes, on=on, by=by, reason=text("demo.reason.split"))
    return Event("split", (one.code, *codes), (one.name, *names))


def _renamed(session: Session, on: date, by: str) -> Event | None:
    found = _open_ones(session, "B0101", 1)
    if not found:
        return None
    (one,) = found
    name = text("demo.renamed", name=one.name, lang="zh")
    change(session, one.code, {"name": name}, on=on, by=by, reason=text("demo.reason.rename"))
    return Event("rename", (one.code,), (one.name, name))


def _open_ones(session: Session, type_code: str, wanted: int) -> list[FacilityView]:
    """Return the first `wanted` open facilities of a type in one county, or none."""
    by_county: dict[str, list[FacilityView]] = {}
    for one in listing(session, Filter(type_code=type_code, status=_OPEN), per_page=500).items:
        of_county = by_county.setdefault(one.county_code, [])
        of_county.append(one)
        if len(of_county) == wanted:
            return of_county
    return []
