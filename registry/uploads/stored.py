"""Uploads as they are stored, brought back: their rows ready to judge, what was found in them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, Final

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from codes.errors import DataError
from codes.facility_types import facility_types
from codes.upload_limits import limit
from registry.bulk.report import CountedCause
from registry.rows import table
from registry.tables.upload import Upload, UploadFinding, UploadRow
from registry.uploads.columns import TOGETHER, Column, SheetColumns
from registry.uploads.finding_rows import row_count, rows_of
from registry.uploads.findings import Finding, order
from registry.uploads.judged import Judged
from registry.uploads.normalising.cell import shown
from registry.uploads.normalising.row import Row
from registry.uploads.normalising.text import read_code

DIVISION_CONFIRMED: Final = "division_confirmed"
"""Stands among a stored row's fields once somebody has answered where the facility stands."""

SAID_NEW: Final = "said_new"
"""Stands there once somebody has answered that the row is like no other row of the file."""

PAGE: Final = 5_000
ENOUGH: Final = 10
"""How many times the places to be shown are held before the first of them are picked."""

_Cause = tuple[str, str, str | None]
_Place = tuple[int, int, int]
"""Number of the sheet, row (0 for the whole sheet), id of the finding."""

ABOUT_HEADERS: Final = frozenset(
    {"header_unknown", "header_blank", "header_read_as", "header_levels", "header_repeated"}
)
"""Rules that speak of a header itself: it is the value. Its column need not be one that is read."""

ANSWERED: Final = (DIVISION_CONFIRMED, SAID_NEW)


def read_together(texts: Sequence[str]) -> list[Any]:
    """Return the values of JSON texts; parsed as one they take a third less time."""
    values: list[Any] = json.loads(f"[{','.join(texts)}]")
    return values


def find_upload(session: Session, upload_id: int, *, lock: bool = False) -> Upload:
    """Return an upload; with `lock` nobody else may decide it meanwhile. Raises DataError."""
    query = select(Upload).where(col(Upload.id) == upload_id)
    found = session.exec(query.with_for_update() if lock else query).first()
    if found is None:
        raise DataError("upload.unknown", id=upload_id)
    return found


def upload_causes(session: Session, upload_id: int) -> tuple[CountedCause, ...]:
    """Return what was found in an upload, cause by cause, with the totals and the first places.

    Raises DataError when there is no such upload.
    """
    columns = sheet_columns(find_upload(session, upload_id))
    totals, first = _counted(session, upload_id)
    query = select(UploadFinding).where(
        col(UploadFinding.id).in_({id_ for places in first.values() for _, _, id_ in places})
    )
    known = {one.id: as_finding(one, columns) for one in session.exec(query)}
    causes = []
    for cause, places in first.items():
        found = (replace(known[id_], row=row or None) for _, row, id_ in places)
        causes.append(CountedCause(*cause, tuple(found), totals[cause]))
    return tuple(sorted(causes, key=order))


def _counted(
    session: Session, upload_id: int
) -> tuple[Counter[_Cause], Mapping[_Cause, list[_Place]]]:
    """Return how often each cause was found, and where first."""
    finding, kept = table("upload_finding").c, limit("samples_kept")
    about = finding.rule, finding.severity, finding.element
    where = finding.id, finding.sheet, finding.row, finding.further
    query = select_columns(*about, *where).where(finding.upload_id == upload_id)
    totals: Counter[_Cause] = Counter()
    first: dict[_Cause, list[_Place]] = {}
    sheets: dict[str, int] = {}  # in the order of the file
    options = {"yield_per": PAGE}
    stored = session.connection().execute(query.order_by(finding.id), execution_options=options)
    for rule, severity, element, id_, sheet, row, further in stored:
        cause, at = (rule, severity, element), sheets.setdefault(sheet, len(sheets))
        totals[cause] += row_count(further)
        places = first.setdefault(cause, [])
        places += ((at, one or 0, id_) for one in islice(rows_of(row, further), kept))
        if len(places) > ENOUGH * kept:
            first[cause] = sorted(places)[:kept]
    return totals, {cause: sorted(places)[:kept] for cause, places in first.items()}


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
    header = stored.value if stored.rule in ABOUT_HEADERS else _header(stored, columns)
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


def _header(stored: UploadFinding, columns: Mapping[str, SheetColumns]) -> str | None:
    sheet = columns.get(stored.sheet)
    if sheet is None or stored.column is None:
        return None
    return next((c.header for c in sheet.read.values() if c.letter == stored.column), None)


def as_judged(stored: UploadRow, columns: Mapping[str, SheetColumns]) -> Judged:
    """Return a stored row (not a rejected one) ready to be judged again."""
    given = {key: value for key, value in stored.fields.items() if key not in ANSWERED}
    fields = {key: value for key, value in given.items() if value is not None}
    sheet = columns[stored.sheet]
    row = Row(
        stored.sheet,
        stored.row or 0,
        facility_types().get(str(fields.get("type"))),
        fields,
        frozenset(key for key, value in given.items() if value is None),
        {key: shown(_sent(stored, sheet, key, value)) for key, value in fields.items()},
        frozenset(),
        stored.raw,
        (),
    )
    return Judged(
        row,
        sheet,
        division_confirmed=DIVISION_CONFIRMED in stored.fields,
        said_new=SAID_NEW in stored.fields,
    )


def _sent(stored: UploadRow, sheet: SheetColumns, key: str, value: object) -> object:
    """Return the cell as it was sent from which a field was read, the field's value without one."""
    column = sheet.read.get(key)
    cell = stored.raw.get(column.letter) if column else None
    if cell is None or (key in TOGETHER and read_code(cell).value != value):
        return value  # given for all rows, read from several columns, or answered since
    return cell
