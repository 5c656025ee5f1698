"""Write what checking found into a folder: a JSON document, a page, and the marked workbook."""

from __future__ import annotations

import errno
import json
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path, PurePosixPath
from typing import Any, Final

from codes.errors import StoreError
from codes.messages import LANGUAGES, language, text
from codes.system_errors import reason_of
from exports.reports.check_page import write_page
from exports.reports.check_view import Refusal, Result
from exports.workbooks.failing_rows import failing_rows
from exports.workbooks.returned import write_returned
from registry.bulk.report import LargeReport
from registry.uploads.document import report_document
from registry.uploads.findings import OUTCOMES, CheckReport

_UNFIT: Final = re.compile(r'[<>:"|?*\\/\x00-\x1f]|^\.+$')
"""What no folder's name may hold on Windows, and names that lead elsewhere."""

JSON_NAME: Final = "report.json"
PAGE_NAME: Final = "report.html"


@dataclass(frozen=True)
class Written:
    """What stands in the folder. `workbook` is None for a large file in which no row fails.

    Of a large file the workbook has only some of the `failing` rows, `rows` of them.
    """

    json: Path
    page: Path
    workbook: Path | None
    complete: bool
    rows: int
    failing: int


def write_report(
    report: CheckReport,
    directory: Path,
    lang: str | None = None,
    *,
    whole: bool = True,
) -> Written:
    """Write the files, making the folder; without `whole` the workbook alone.

    The workbook is named after the sender's file and never replaces it. Of a large file
    there is one only where its report has the rows that fail. Raises StoreError when something
    cannot be written.
    """
    lang = lang or language()
    json_file, page = directory / JSON_NAME, directory / PAGE_NAME
    if whole:
        _write_json(report_document(report, lang), json_file)
        write_page([report], page, lang)
    else:
        _make(directory)
    failing = report.outcomes["rejected"] + report.outcomes["held"]
    marked: CheckReport | None = report
    if isinstance(report, LargeReport):
        marked = failing_rows(report) if report.failing else None
    if marked is None:
        return Written(json_file, page, None, False, 0, failing)
    workbook = _workbook_path(report.source.path, directory, lang)
    done = write_returned(marked, marked.source, workbook, lang)
    return Written(json_file, page, workbook, done.complete, done.rows, failing)


def check_folder(directory: Path) -> None:
    """Raise StoreError for a folder that cannot be made or written into; nothing is made yet."""
    there = next(one for one in (directory, *directory.parents) if os.path.lexists(one))
    if not there.is_dir():
        kind = errno.EEXIST if there == directory else errno.ENOTDIR
    elif not os.access(there, os.W_OK | os.X_OK):
        kind = errno.EACCES
    else:
        return
    raise _unwritable(directory, OSError(kind, os.strerror(kind)))


def write_many(results: Sequence[Result], directory: Path) -> Path:
    """Write one JSON document and one page on all files, and their workbooks; return the folder.

    Of files that have the same name the later ones' workbooks go into folders called as those they
    were sent in, or like the file with a number.
    """
    _write_json(many_document(results), directory / JSON_NAME)
    write_page(results, directory / PAGE_NAME)
    taken: set[tuple[Path, str]] = set()
    for one in results:
        if isinstance(one, Refusal):
            continue
        stem = one.source.path.stem
        target = next(
            folder
            for folder in _folders(directory, one.source.name, stem)
            if (folder, stem.casefold()) not in taken
        )
        taken.add((target, stem.casefold()))
        write_report(one, target, whole=False)
    return directory


def _folders(directory: Path, name: str, stem: str) -> Iterator[Path]:
    """Yield where a file's workbook may go, the likeliest first."""
    yield directory
    sent_in = [_UNFIT.sub("_", part) for part in PurePosixPath(name).parts[:-1]]
    if sent_in:
        yield directory.joinpath(sent_in[0].removesuffix(".zip"), *sent_in[1:])
    yield from (directory / f"{stem}-{number}" for number in count(2))


def many_document(results: Sequence[Result], lang: str | None = None) -> dict[str, Any]:
    """Return the reports on several files as one document, with sums over those that were read."""
    read = [one for one in results if not isinstance(one, Refusal)]
    return {
        "files": [_one_document(one, lang) for one in results],
        "rows": sum(one.rows for one in read),
        "outcomes": {name: sum(one.outcomes[name] for one in read) for name in OUTCOMES},
    }


def _one_document(one: Result, lang: str | None) -> dict[str, Any]:
    if isinstance(one, Refusal):
        name = {"name": one.name}
        return {"file": name, "error": one.error.message_id, "message": str(one.error)}
    return report_document(one, lang)


def _write_json(document: dict[str, Any], path: Path) -> None:
    _make(path.parent)
    content = json.dumps(document, ensure_ascii=False, indent=2)
    unfinished = path.with_name(f".{path.name}.part")  # a full disk leaves an earlier report whole
    try:
        unfinished.write_text(content + "\n", encoding="utf-8")
        unfinished.replace(path)
    except OSError as error:
        raise _unwritable(path.parent, error) from error
    finally:
        unfinished.unlink(missing_ok=True)


def _make(directory: Path) -> None:
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(directory, error) from error


def _unwritable(directory: Path, error: OSError) -> StoreError:
    return StoreError("report.unwritable", path=directory, detail=reason_of(error))


def _workbook_path(sent: Path, directory: Path, lang: str) -> Path:
    """Name the workbook after the file; one that went back before keeps the name it has."""
    name = sent.stem
    for spoken in LANGUAGES:
        ours = Path(text("report.workbook_name", lang=spoken, name="")).stem
        name = re.sub(rf"(?:{re.escape(ours)}(?:\(\d+\))?)+$", "", name) or name
    path = directory / text("report.workbook_name", lang=lang, name=name)
    return path.with_stem(f"{path.stem}(2)") if path.resolve() == sent.resolve() else path
