"""Give what upload commands found or did: in words, as JSON, as files in a folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeGuard

from cli import context
from cli.upload_input import registry_opened, writing_shown

if TYPE_CHECKING:
    from exports.reports.check_view import Result
    from exports.upload_report import Written
    from registry.bulk.report import LargeReport
    from registry.uploads.findings import CheckReport
    from registry.uploads.summary import Summary


def give_summary(done: Summary, message_id: str) -> None:
    """Say how deciding a batch went."""
    if context.current.json:
        context.give(done.as_json())
    else:
        counts = {name: getattr(done, name) for name in ("created", "updated", "unchanged")}
        rest = {"rejected": done.rejected, "held": done.held, "rows": done.rows}
        context.say(message_id, id=done.id, **counts, **rest)
        if done.status == "approved" and (left := _left_out(done)):
            context.say(f"upload.left_out_{left}", held=done.held, rejected=done.rejected)


def _left_out(done: Summary) -> str:
    """Which rows stayed out: held, rejected, both, or none (an empty word)."""
    if done.held and done.rejected:
        return "both"
    return "held" if done.held else "rejected" if done.rejected else ""


def give_codes(upload_id: int, directory: Path | None) -> None:
    """Write the codes of a batch's rows into a folder, if one is named."""
    if directory is None:
        return
    from exports.upload_codes import write_codes
    from registry.uploads.diff import diff as diff_of

    with registry_opened() as registry:
        path = write_codes(diff_of(registry, upload_id), directory)
    context.say("upload.codes_written", path=path)


def give_report(
    found: CheckReport,
    directory: Path | None,
    more: dict[str, object] | None = None,
    page: Path | None = None,
) -> None:
    """Print a report or give it as JSON, and write it into a folder or a page, if one is named."""
    from cli.upload_view import print_report
    from registry.uploads.document import report_document

    if context.current.json:
        context.give({**report_document(found), **(more or {})})
    else:
        print_report(found)
    if directory is not None:
        from exports.upload_report import write_report

        with writing_shown():
            written = write_report(found, directory)
        _say_written(written)
        if _has_no_workbook(found):
            file, folder = context.typed(found.source.path), context.typed(directory)
            context.say("report.workbook_not_written", file=file, folder=folder)
    _give_page([found], page)


def give_many(
    results: Sequence[Result],
    directory: Path | None,
    page: Path | None = None,
    more: Sequence[dict[str, object]] = (),
) -> None:
    """Give the reports on several files: one after another, then all in a table.

    `more` is put into the JSON of each file.
    """
    from cli.upload_files_view import print_files
    from exports.upload_report import many_document, write_many

    if context.current.json:
        document = many_document(results)
        for one, added in zip(document["files"], more, strict=False):
            one.update(added)
        context.give(document)
    else:
        print_files(results)
    if directory is not None:
        with writing_shown():
            path = write_many(results, directory)
        context.say("report.many_written", path=path)
        if without := [one.source.name for one in results if _has_no_workbook(one)]:
            context.say("report.workbooks_not_written", files=context.enumerated(without))
    _give_page(results, page)


def _say_written(written: Written) -> None:
    context.say("report.written", json=written.json, page=written.page)
    if written.workbook is None:
        return
    if written.complete:
        context.say("report.workbook_written", workbook=written.workbook)
    else:
        context.say(
            "report.failing_written",
            workbook=written.workbook,
            rows=written.rows,
            total=written.failing,
        )


def _has_no_workbook(one: Result) -> TypeGuard[LargeReport]:
    """Say whether rows of a file do not get through and its report does not have them."""
    from registry.bulk.report import LargeReport

    if not isinstance(one, LargeReport) or one.failing:
        return False
    return one.outcomes["rejected"] + one.outcomes["held"] > 0


def _give_page(results: Sequence[Result], page: Path | None) -> None:
    if page is None:
        return
    from exports.reports.check_page import write_page

    write_page(results, page)
    context.say("report.page_written", page=page)
