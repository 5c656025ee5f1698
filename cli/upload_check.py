"""`fuwuma upload check`: one table, several, or zips of them, each by the engine that fits it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cli import context
from cli.upload_give import give_many, give_report
from cli.upload_input import progress_shown, reader_if_any, tables_in
from cli.upload_large import is_for_duckdb
from codes.errors import FuwumaError
from codes.messages import text
from registry.collector import collector_paused
from registry.temporary import temporary_folder

if TYPE_CHECKING:
    from exports.reports.check_view import Result
    from registry.bulk.report import Shown
    from registry.plain_sql import Reader
    from registry.uploads.findings import CheckReport
    from registry.uploads.other_files import Others
    from registry.uploads.reading.bundle import Table
    from registry.uploads.settings import UploadSettings


@dataclass(frozen=True)
class Asked:
    """How the sender wants the files checked, and where reports go, if anywhere."""

    settings: UploadSettings
    owner: str | None
    engine: str
    folder: Path | None
    page: Path | None
    large: Callable[..., CheckReport] | None = None
    """The check of large files when another than DuckDB's is asked for."""

    called: str = ""
    """The department as the sender wrote it, '' when none was given."""

    @property
    def department(self) -> str:
        """How the next command names the department."""
        return context.typed_word(self.called) if self.called else text("upload.department_place")

    @property
    def options(self) -> str:
        """How the next command says again what the sender said about the file."""
        said = self.settings.as_json()
        pairs = [("map", f"{theirs}={_typed(key)}") for theirs, key in said["map"].items()]
        pairs += [("set", f"{_typed(key)}={value}") for key, value in said["set"].items()]
        return "".join(map(_option, pairs)) + "".join(self.for_registry)

    @property
    def for_registry(self) -> list[str]:
        """Those of the options that say how to compare with the registry."""
        from registry.uploads.settings import UploadSettings

        said, usual = self.settings.as_json(), UploadSettings().as_json()
        return [
            _option((name, said[name])) for name in ("mode", "scope") if said[name] != usual[name]
        ]

    def shown(self) -> Shown:
        """Say how much is shown of a large file: in a terminal few places of each cause are."""
        from codes.upload_limits import limit
        from registry.bulk.report import Shown

        more = context.current.json or self.folder or self.page
        return Shown(limit("samples_kept" if more else "samples_shown"), self.folder is not None)


def _typed(key: str) -> str:
    """Return a field as a command names it: by its Chinese header, in English by its key."""
    from codes.elements import all_fields
    from codes.messages import language

    return all_fields()[key].header_zh if language() == "zh" else key


def _option(pair: tuple[str, str]) -> str:
    return f" --{pair[0]} {context.typed_word(pair[1])}"


def check_files(files: Sequence[Path], asked: Asked) -> int:
    """Check and report; return the exit code, of several files the worst.

    What is wrong with the only file as a whole is raised; of several it is reported.
    """
    from registry.uploads.reading.bundle import is_bundle

    with collector_paused():
        if len(files) == 1 and not is_bundle(files[0]):
            return _check_single(files[0], asked)
        return _check_several(files, asked)


def _check_several(files: Sequence[Path], asked: Asked) -> int:
    from exports.reports.check_view import Refusal

    with temporary_folder() as folder:
        results = _checked(tables_in(files, folder), asked, folder)
        give_many(results, asked.folder, asked.page)
        _say_not_compared(results, asked)
        if any(not isinstance(one, Refusal) for one in results):
            context.say("upload.next_many", department=asked.department, options=asked.options)
    return max(_exit_code(one) for one in results)


def _say_not_compared(results: Sequence[Result], asked: Asked) -> None:
    """Say of large files what is left to submitting, and which options had no effect."""
    from codes.upload_limits import limit
    from registry.bulk.report import LargeReport

    if not any(isinstance(one, LargeReport) for one in results):
        return
    context.say("bulk.compared_not")
    if given := asked.for_registry:
        options = context.enumerated(one.strip() for one in given)
        context.say("bulk.options_unused", options=options, rows=limit("rows"))


def _check_single(file: Path, asked: Asked) -> int:
    from registry.uploads.reading.bundle import Table

    large = is_for_duckdb(file, asked.engine)
    with nullcontext() if large else reader_if_any() as reader:
        found = _check(Table(file.name, file), large, asked, reader)
    give_report(found, asked.folder, page=asked.page)
    _say_not_compared([found], asked)
    kept = found.outcomes["rejected"] < found.rows
    if kept:
        known = {"department": asked.department, "options": asked.options}
        context.say("upload.next_submit", file=context.typed(file), **known)
    else:
        context.say("upload.next_check", file=context.typed(file))
    return _exit_code(found)


def _checked(tables: Sequence[Table], asked: Asked, folder: Path) -> list[Result]:
    from exports.reports.check_view import Refusal

    results: list[Result] = []
    large = [not one.refused and is_for_duckdb(one.path, asked.engine) for one in tables]
    others = _others_by_engine(tables, any(large), folder)
    with ExitStack() as stack:
        reader: Reader | None = None
        opened = False
        for table, is_large in zip(tables, large, strict=True):
            try:
                if table.refused:
                    raise table.refused
                if not is_large and not opened:
                    reader, opened = stack.enter_context(reader_if_any()), True
                results.append(_check(table, is_large, asked, reader, others))
            except FuwumaError as error:
                results.append(Refusal(table.name, error))
    return results


def _others_by_engine(tables: Sequence[Table], large: bool, folder: Path) -> Others | None:
    """Give what tells of rows that several tables have; DuckDB looks where it checks one."""
    if len(tables) < 2:
        return None
    if large:
        from registry.bulk.earlier_files import EarlierFiles

        return EarlierFiles(folder)
    from registry.uploads.other_files import OtherFiles

    return OtherFiles({})


def _check(
    table: Table, large: bool, asked: Asked, reader: Reader | None, others: Others | None = None
) -> CheckReport:
    if others:
        others.begin(table.name)
    with progress_shown(table.name) as progress:
        found: CheckReport
        if large:
            from registry.bulk.check import check_large
            from registry.bulk.earlier_files import EarlierFiles

            found = (asked.large or check_large)(
                table.path,
                asked.settings,
                department_code=asked.owner,
                progress=progress,
                shown=asked.shown(),
                others=others if isinstance(others, EarlierFiles) else None,
            )
        else:
            from registry.uploads.check import check_file
            from registry.uploads.other_files import unseen

            found = check_file(
                table.path,
                asked.settings,
                reader=reader,
                department_code=asked.owner,
                progress=progress,
                look=others.look if others else unseen,
            )
    return replace(found, source=replace(found.source, name=table.name))


def _exit_code(result: Result) -> int:
    from exports.reports.check_view import Refusal

    if isinstance(result, Refusal):
        return result.error.exit_code
    return 0 if result.clean else 1
