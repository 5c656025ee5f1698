"""`fuwuma upload`: check a department's file, submit it, look at it, answer, approve, reject."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli import context
from cli.choices import chosen
from cli.upload_answers import answers, take_back
from cli.upload_decisions import By, Codes, Id, approve, decide, reject, withdraw
from cli.upload_give import give_codes
from cli.upload_input import registry_opened, steps_shown
from codes.messages import language, text

Files = Annotated[list[Path], typer.Argument(help=text("upload.help.files"), metavar="FILE...")]
SubmitFiles = Annotated[
    list[Path], typer.Argument(help=text("upload.help.submit_files"), metavar="FILE...")
]
Maps = Annotated[list[str] | None, typer.Option("--map", help=text("upload.help.map"))]
Sets = Annotated[list[str] | None, typer.Option("--set", help=text("upload.help.set"))]
Mode = Annotated[str, typer.Option("--mode", help=text("upload.help.mode"), show_default=False)]
Scope = Annotated[str, typer.Option("--scope", help=text("upload.help.scope"), show_default=False)]
Report = Annotated[Path | None, typer.Option("--report", help=text("upload.help.report"))]
SubmitReport = Annotated[
    Path | None, typer.Option("--report", help=text("upload.help.submit_report"))
]
EngineName = Annotated[str, typer.Option("--engine", help=text("upload.help.engine"))]


def add_to(root: typer.Typer) -> None:
    """Hang the group on the root."""
    group = typer.Typer(no_args_is_help=True, help=text("upload.help.group"))
    for command in (check, submit, show, diff, decide, approve, reject, withdraw):
        name = command.__name__
        group.command(name, help=text(f"upload.help.{name}"))(command)
    group.command("list", help=text("upload.help.list"))(list_uploads)
    group.command("answers", help=text("upload.help.answers"))(answers)
    group.command("take-back", help=text("upload.help.take_back"))(take_back)
    root.add_typer(group, name="upload")


def check(
    files: Files,
    maps: Maps = None,
    sets: Sets = None,
    department: Annotated[
        str | None, typer.Option("--department", help=text("upload.help.check_department"))
    ] = None,
    mode: Mode = "both",
    scope: Scope = "changes",
    report: Report = None,
    page: Annotated[
        Path | None, typer.Option("--html", help=text("upload.help.html"), metavar="FILE")
    ] = None,
    engine: EngineName = "auto",
    spark_master: Annotated[
        str | None, typer.Option("--spark-master", help=text("spark.help.master"), metavar="URL")
    ] = None,
    spark_folder: Annotated[
        Path | None, typer.Option("--spark-folder", help=text("spark.help.folder"), metavar="DIR")
    ] = None,
) -> None:
    """Check files; exit with 1 when anything is worse than a note, of several with the worst."""
    from cli.upload_check import Asked, check_files
    from cli.upload_large import large_check
    from registry.uploads.people import department as department_called
    from registry.uploads.settings import check_engine, upload_settings

    check_engine(engine)
    settings = upload_settings(maps or (), sets or (), _mode(mode), _scope(scope))
    owner = department_called(department).code if department else None
    if page is not None:
        from exports.reports.check_page import check_target

        check_target(page, files)
    _check_folder(report)
    with large_check(engine, spark_master, spark_folder) as large:
        asked = Asked(settings, owner, engine, report, page, large, called=department or "")
        code = check_files(files, asked)
    if code:
        raise typer.Exit(code)


def submit(
    files: SubmitFiles,
    department: Annotated[str, typer.Option("--department", help=text("upload.help.department"))],
    by: By,
    maps: Maps = None,
    sets: Sets = None,
    mode: Mode = "both",
    scope: Scope = "changes",
    report: SubmitReport = None,
    engine: EngineName = "python",
) -> None:
    """Check files and store each as a batch; exit with 1 when of one no row can be taken."""
    from cli.upload_submit import Sending, submit_files
    from registry.uploads.people import department as department_called
    from registry.uploads.settings import SUBMIT_ENGINES, check_engine, upload_settings

    check_engine(engine, SUBMIT_ENGINES)
    settings = upload_settings(maps or (), sets or (), _mode(mode), _scope(scope))
    _check_folder(report)
    code = submit_files(files, Sending(department_called(department), by, settings, report))
    if code:
        raise typer.Exit(code)


def _check_folder(report: Path | None) -> None:
    """Say before the work, not after it, that its report cannot be written."""
    if report is not None:
        from exports.upload_report import check_folder

        check_folder(report)


def _mode(written: str) -> str:
    from registry.uploads.settings import MODES

    return chosen(written, MODES, "upload.mode_word_")


def _scope(written: str) -> str:
    from registry.uploads.settings import SCOPES

    return chosen(written, SCOPES, "upload.scope_word_")


def list_uploads(
    status: Annotated[str | None, typer.Option("--status", help=text("upload.help.status"))] = None,
) -> None:
    """List the batches, latest first."""
    from cli.upload_view import print_list
    from registry.db import reading
    from registry.uploads.summary import STATUSES, summaries

    wanted = status and chosen(status, STATUSES, "report.status_")
    with registry_opened() as registry, reading(registry) as session:
        found = summaries(session, wanted)
    if context.current.json:
        context.give([one.as_json() for one in found])
    else:
        print_list(found)


def show(upload_id: Id, report: Codes = None) -> None:
    """Show one batch: where it stands, how its rows came out, what was found."""
    from cli.upload_view import print_causes, print_summary
    from registry.db import reading
    from registry.uploads.document import causes_document
    from registry.uploads.stored import upload_causes
    from registry.uploads.summary import summary

    with registry_opened() as registry, reading(registry) as session:
        found = summary(session, upload_id)
        causes = upload_causes(session, upload_id)
    give_codes(upload_id, report)
    if context.current.json:
        context.give({**found.as_json(), "findings": causes_document(causes, language())})
    else:
        print_summary(found)
        print_causes(causes, found.rows)


def diff(
    upload_id: Id,
    everything: Annotated[bool, typer.Option("--all", help=text("upload.help.all"))] = False,
) -> None:
    """Show what approving a batch would do, row by row."""
    from cli.upload_diff import diff_document, print_diff
    from cli.upload_effect import effect_document, effect_of
    from registry.uploads.diff import diff as diff_of

    with registry_opened() as registry:
        with steps_shown() as told:
            found = diff_of(registry, upload_id, told=told)
            effect = effect_of(registry, upload_id)
        if context.current.json:
            context.give_parts({**diff_document(found), "effect": effect_document(effect)})
        else:
            print_diff(found, effect, everything=everything)
