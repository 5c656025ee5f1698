"""Which rows of its file a held row was asked to be one with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session, col, select

from registry.tables.upload import UploadFinding, UploadRow
from registry.uploads.alike import ALIKE, ALIKE_ROWS
from registry.uploads.judged import Judged

AlikeRow = tuple[str, str | None, int | None]
"""What identifies a row, its sheet and its number; of what earlier versions asked only the first"""


def asked_alike(session: Session, stored: UploadRow, judged: Judged) -> Sequence[AlikeRow] | None:
    """Return those rows, None when the row was not asked so.

    A row of a large upload is judged alone, so that what was found when it was sent tells. What
    earlier versions asked does not say of which rows: then it is empty.
    """
    for one in judged.findings:
        if one.rule == ALIKE:
            return _rows(one.params)
    asked = select(UploadFinding.params).where(
        col(UploadFinding.upload_id) == stored.upload_id,
        col(UploadFinding.sheet) == stored.sheet,
        col(UploadFinding.row) == stored.row,
        col(UploadFinding.rule) == ALIKE,
    )
    params = session.exec(asked).first()
    return None if params is None else _rows(params)


def _rows(params: Mapping[str, Any]) -> list[AlikeRow]:
    asked = params.get(ALIKE_ROWS, ())
    return [
        (one, None, None) if isinstance(one, str) else (one[0], one[1], one[2]) for one in asked
    ]
