"""Write what checking a file found into a folder: a JSON document and the marked workbook."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Final

from codes.errors import StoreError
from codes.messages import LANGUAGES, language, text
from registry.uploads.document import report_document
from registry.uploads.findings import CheckReport

JSON_NAME: Final = "report.json"


def write_report(
    report: CheckReport, directory: Path, lang: str | None = None
) -> tuple[Path, Path]:
    """Write both files, making the folder; return (JSON file, workbook).

    The workbook is named after the sender's file and never replaces it. Raises StoreError
    when it cannot be written.
    """
    from exports.workbooks.returned import write_returned

    lang = lang or language()
    workbook = _workbook_path(report.source.path, directory, lang)
    json_file = write_json(report, directory, lang)
    write_returned(report, report.source, workbook, lang)
    return json_file, workbook


def write_json(report: CheckReport, directory: Path, lang: str | None = None) -> Path:
    """Write the JSON document alone, making the folder. Raises StoreError as `write_report`."""
    json_file = directory / JSON_NAME
    content = json.dumps(report_document(report, lang), ensure_ascii=False, indent=2)
    try:
        directory.mkdir(parents=True, exist_ok=True)
        json_file.write_text(content + "\n", encoding="utf-8")
    except OSError as error:
        raise StoreError(
            "report.unwritable", path=directory, detail=error.strerror or error
        ) from error
    return json_file


def _workbook_path(sent: Path, directory: Path, lang: str) -> Path:
    """Name the workbook after the file; one that went back before keeps the name it has."""
    name = sent.stem
    for spoken in LANGUAGES:
        ours = Path(text("report.workbook_name", lang=spoken, name="")).stem
        name = re.sub(rf"(?:{re.escape(ours)}(?:\(\d+\))?)+$", "", name) or name
    path = directory / text("report.workbook_name", lang=lang, name=name)
    return path.with_stem(f"{path.stem}(2)") if path.resolve() == sent.resolve() else path
