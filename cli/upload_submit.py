"""`fuwuma upload submit`: one table, several, or zips of them, each as a batch of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cli import context
from cli.upload_give import give_many, give_report
from cli.upload_input import registry_opened, submission_shown, tables_in
from codes.errors import FuwumaError
from codes.names import name_of
from registry.temporary import temporary_folder

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from codes.departments import Department
    from exports.reports.check_view import Result
    from registry.uploads.other_files import Others
    from registry.uploads.reading.bundle import Table
    from registry.uploads.settings import UploadSettings
    from registry.uploads.submit import Submission


@dataclass(frozen=True)
class Sending:
    """Who sends, how the files are read, and where reports go, if anywhere."""

    owner: Department
    by: str
    settings: UploadSettings
    folder: Path | None


def submit_files(files: Sequence[Path], sending: Sending) -> int:
    """Submit each file; return the exit code, of several files the worst.

    What is wrong with the only file as a whole is raised; of several it is reported, and the others
    are submitted all the same.
    """
    from registry.uploads.reading.bundle import Table, is_bundle

    with registry_opened() as registry, temporary_folder() as folder:
        if len(files) > 1 or is_bundle(files[0]):
            tables = tables_in(files, folder)
            with _others_remembered(tables, folder) as others:
                return _submit_many(registry, tables, sending, others)
        done = _submit(registry, Table(files[0].name, files[0]), sending)
        try:
            give_report(done.report, sending.folder, {"id": done.id})
        finally:  # a report that cannot be written does not take the batch back
            _say_stored(done, sending)
        return 0 if done.id is not None else 1


@contextmanager
def _others_remembered(tables: Sequence[Table], folder: Path) -> Iterator[Others]:
    """Give what tells of rows that several tables have, kept on disk where one is large."""
    from registry.uploads.numbers_kept import numbers_on_disk
    from registry.uploads.other_files import OtherFiles

    if not any(map(_is_streamed, tables)):
        yield OtherFiles({})
        return
    with numbers_on_disk(folder) as numbers:
        yield OtherFiles(numbers)


def _is_streamed(table: Table) -> bool:
    """Say whether a table is too large to be held in memory; one that cannot be read is not."""
    from registry.uploads.large_rows import is_streamed

    try:
        return not table.refused and is_streamed(table.path)
    except FuwumaError:
        return False


def _submit(
    registry: Engine, table: Table, sending: Sending, others: Others | None = None
) -> Submission:
    from registry.uploads.submit import submit

    if table.refused:
        raise table.refused
    with submission_shown(table.name) as (progress, told):
        return submit(
            registry,
            table,
            sending.settings,
            department_code=sending.owner.code,
            by=sending.by,
            progress=progress,
            others=others,
            told=told,
        )


def _submit_many(
    registry: Engine, tables: Sequence[Table], sending: Sending, others: Others
) -> int:
    from exports.reports.check_view import Refusal

    results: list[Result] = []
    stored: list[Submission | None] = []
    for table in tables:
        try:
            done = _submit(registry, table, sending, others)
        except FuwumaError as error:
            results.append(Refusal(table.name, error))
            stored.append(None)
        else:
            results.append(done.report)
            stored.append(done)
    ids = [done.id if done else None for done in stored]
    try:
        give_many(results, sending.folder, more=[{"id": one} for one in ids])
    finally:
        for table, one in zip(tables, stored, strict=True):
            if one is not None:
                context.say("upload.file_stored", file=table.name)
                _say_stored(one, sending)
    failed = [one.error.exit_code for one in results if isinstance(one, Refusal)]
    return max([*failed, *(1 for done in stored if done and done.id is None)], default=0)


def _say_stored(done: Submission, sending: Sending) -> None:
    """Say the batch's number and what comes next; answers come before approval."""
    if done.id is None:
        context.say("upload.all_rejected", rows=done.report.rows)
        return
    held = done.report.outcomes["held"]
    context.say("upload.submitted", id=done.id, department=name_of(sending.owner))
    context.say("upload.next_answer" if held else "upload.next_look", id=done.id, held=held)
    if done.report.outcomes["rejected"]:
        context.say("upload.next_mend", rejected=done.report.outcomes["rejected"])
