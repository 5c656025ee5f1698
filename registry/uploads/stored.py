"""Uploads as they are stored, brought back: their rows ready to judge, what was found in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlmodel import Session, col, select

from codes.errors import DataError
from codes.facility_types import facility_types
from registry.facilities.register import REGISTERED
from registry.rows import table
from registry.tables.upload import Upload, UploadFinding, UploadRow
from registry.uploads.columns import Column, SheetColumns
from registry.uploads.findings import Finding
from registry.uploads.judged import Judged
from registry.uploads.normalising.cell import shown
from registry.uploads.normalising.row import Row

DIVISION_CONFIRMED: Final = "division_confirmed"
"""Stands among a stored row's fields once somebody has answered where the facility stands."""

SAID_NEW: Final = "said_new"
"""Stands there once somebody has answered that the row is like no other row of the file."""

ANSWERED: Final = (DIVISION_CONFIRMED, SAID_NEW)


def find_upload(session: Session, upload_id: int, *, lock: bool = False) -> Upload:
    """Return an upload; with `lock` nobody else may decide it meanwhile. Raises DataError."""
    query = select(Upload).where(col(Upload.id) == upload_id)
    found = session.exec(query.with_for_update() if lock else query).first()
    if found is None:
        raise DataError("upload.unknown", id=upload_id)
    return found


def upload_rows(session: Session, upload_id: int) -> list[UploadRow]:
    """Return the rows of an upload as in the file, then those missing from a complete list."""
    query = select(UploadRow).where(col(UploadRow.upload_id) == upload_id)
    return list(session.exec(query.order_by(col(UploadRow.id))))


def upload_findings(session: Session, upload_id: int) -> list[Finding]:
    """Return what was found in an upload, in the order in which it was found."""
    upload = find_upload(session, upload_id)
    columns = sheet_columns(upload)
    query = select(UploadFinding).where(col(UploadFinding.upload_id) == upload_id)
    return [as_finding(one, columns) for one in session.exec(query.order_by(col(UploadFinding.id)))]


def made_by(session: Session, upload_id: int) -> dict[int, int]:
    """Return the facilities that the rows of an upload made when it was approved, by row id."""
    version, row = table("facility_version").c, table("upload_row").c
    query = (
        select(version.upload_row_id, version.facility_id)
        .join_from(table("upload_row"), table("facility_version"), version.upload_row_id == row.id)
        .where(row.upload_id == upload_id, version.kind == REGISTERED)
    )
    return {row_id: made for row_id, made in session.connection().execute(query)}  # noqa: C416


def sheet_columns(upload: Upload) -> dict[str, SheetColumns]:
    """Return the columns that were read, by sheet."""
    return {
        sheet: SheetColumns(
            sheet,
            {key: Column(index, header, key, None) for key, (index, header) in read.items()},
            {},
            (),
        )
        for sheet, read in upload.settings["columns"].items()
    }


def as_finding(stored: UploadFinding, columns: Mapping[str, SheetColumns]) -> Finding:
    """Return a stored finding as it was, with the header of its column."""
    sheet = columns.get(stored.sheet)
    header = sheet.place(stored.element)[1] if sheet else None
    if stored.element is None:
        header = stored.value
    return Finding(
        stored.rule,
        stored.severity,
        stored.sheet,
        stored.row,
        stored.element,
        stored.column,
        header,
        stored.value,
        stored.params,
    )


def as_judged(stored: UploadRow, columns: Mapping[str, SheetColumns]) -> Judged:
    """Return a stored row (not a rejected one) ready to be judged again."""
    given = {key: value for key, value in stored.fields.items() if key not in ANSWERED}
    fields = {key: value for key, value in given.items() if value is not None}
    row = Row(
        stored.sheet,
        stored.row or 0,
        facility_types().get(str(fields.get("type"))),
        fields,
        frozenset(key for key, value in given.items() if value is None),
        {key: shown(value) for key, value in fields.items()},
        frozenset(),
        stored.raw,
        (),
    )
    return Judged(
        row,
        columns[stored.sheet],
        division_confirmed=DIVISION_CONFIRMED in stored.fields,
        said_new=SAID_NEW in stored.fields,
    )
