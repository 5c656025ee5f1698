"""Write what checking a file found into a folder: a JSON document and the marked workbook."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from codes.errors import StoreError
from codes.messages import language, text
from registry.uploads.document import report_document
from registry.uploads.findings import CheckReport

JSON_NAME: Final = "report.json"


def write_report(
    report: CheckReport, directory: Path, lang: str | None = None
) -> tuple[Path, Path]:
    """Write both files, making the folder; return (JSON file, workbook).

    The workbook is named after the sender's file. Raises StoreError when it cannot be written.
    """
    from exports.workbooks.returned import write_returned

    lang = lang or language()
    json_file = directory / JSON_NAME
    workbook = directory / text("report.workbook_name", lang=lang, name=report.source.path.stem)
    content = json.dumps(report_document(report, lang), ensure_ascii=False, indent=2)
    try:
        directory.mkdir(parents=True, exist_ok=True)
        json_file.write_text(content + "\n", encoding="utf-8")
    except OSError as error:
        raise StoreError(
            "report.unwritable", path=directory, detail=error.strerror or error
        ) from error
    write_returned(report, report.source, workbook, lang)
    return json_file, workbook
