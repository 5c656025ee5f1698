"""The inbox's side of a release: answers chosen to be published, on things that the release has."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

from codes.indicators import indicators
from codes.standards import standards
from exports.release.allow_list import PublicTable
from exports.release.registry_rows import ANNULLED
from registry.opinions.opinion import PublishedAnswer
from registry.opinions.published import published_answers

IN_RELEASE: Final = "SELECT 1 FROM facility WHERE code = ? AND status <> ?"


def answer_rows(
    table: PublicTable, inbox: Path | None, on: date, release: sqlite3.Connection
) -> Iterator[tuple[Any, ...]]:
    """Yield the answers given by the day; of a facility, only when `release` has it, not annulled.

    Raises StoreError when the inbox cannot be read. Without one there is nothing.
    """
    for one in published_answers(inbox, on) if inbox else ():
        if _is_known(one, release):
            yield tuple(getattr(one, column.source_name) for column in table.columns.values())


def _is_known(one: PublishedAnswer, release: sqlite3.Connection) -> bool:
    if one.about_kind == "facility":
        return release.execute(IN_RELEASE, (one.about_code, ANNULLED)).fetchone() is not None
    return one.about_code in (standards() if one.about_kind == "standard" else indicators())
