"""Judge one entry typed by a clerk by the very rules of uploads: one row of a file made for it."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlmodel import Session

from registry.uploads.check import check_file
from registry.uploads.findings import Finding


def judge_entry(session: Session, entry: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Return what is found about one facility (values by field key), compared with the registry."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "entry.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(entry)
            writer.writerow(["" if value is None else value for value in entry.values()])
        return check_file(path, session=session).findings
