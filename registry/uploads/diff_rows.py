"""The rows of an upload as what approving does to them; read as they are taken, never all held."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final, overload

from sqlalchemy import CursorResult, Engine, Text, and_, cast, select
from sqlmodel import Session

from registry.db import reading
from registry.facilities.register import REGISTERED
from registry.rows import table
from registry.tables.upload import Upload, UploadFinding
from registry.uploads.columns import SheetColumns
from registry.uploads.findings import NOT_FILLED_IN, Finding
from registry.uploads.proposing.fetching import brief
from registry.uploads.row_pages import row_pages
from registry.uploads.stored import as_finding, find_upload, read_together, sheet_columns

PAGE: Final = 2_000
SHOWN: Final = ("held", "should")
"""Severities of findings that are shown with a row."""


@dataclass(frozen=True)
class RowDiff:
    """One row: its outcome, the facility (code None for a new one), and what changes.

    `changes` maps a field to [before, after]; `questions` are what holds the row, `warnings` what
    was reported of a row that proceeds, but for what is merely not filled in.
    """

    sheet: str
    row: int | None
    outcome: str
    code: str | None
    name: str
    changes: Mapping[str, Sequence[Any]]
    questions: Sequence[Finding]
    warnings: Sequence[Finding] = ()

    @property
    def only_confirms(self) -> bool:
        """True when nothing differs but the day of the data."""
        return self.outcome == "updated" and set(self.changes) == {"as_of"}


class DiffRows(Sequence[RowDiff]):
    """The rows of an upload in the order of the file, or the facilities `missing` from it.

    Each time through, they are read from the database again, page by page.
    """

    def __init__(self, engine: Engine, upload_id: int, count: int, *, missing: bool = False):
        self._engine = engine
        self._upload_id = upload_id
        self._count = count
        self._missing = missing

    def __len__(self) -> int:
        """How many there are."""
        return self._count

    @overload
    def __getitem__(self, index: int) -> RowDiff: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[RowDiff]: ...
    def __getitem__(self, index: int | slice) -> RowDiff | Sequence[RowDiff]:
        """Return one, or some; what comes before is read too."""
        if isinstance(index, slice):
            return list(self)[index]
        found = next(islice(self, range(self._count)[index], None), None)
        if found is None:
            raise IndexError(index)
        return found

    def __iter__(self) -> Iterator[RowDiff]:
        """Yield them."""
        if not self._count:
            return
        with reading(self._engine) as session:
            upload = find_upload(session, self._upload_id)
            with closing(_Said(session, upload)) as said:
                for page in _pages(session, self._upload_id, missing=self._missing):
                    yield from _shown(session, page, said)


@dataclass
class _Said:
    """What was found in the rows, in the order of the rows; taken as far as it is asked for."""

    session: Session
    upload: Upload
    _columns: Mapping[str, SheetColumns] = field(init=False)
    _found: CursorResult[Any] = field(init=False)
    _waiting: Iterator[Any] = field(init=False)
    _next: Any = None

    def __post_init__(self) -> None:
        self._columns = sheet_columns(self.upload)
        finding, row = table("upload_finding").c, table("upload_row").c
        of_row = and_(
            row.upload_id == finding.upload_id,
            row.sheet == finding.sheet,
            row.row == finding.row,
        )
        query = (
            select(row.id.label("row_id"), *finding)
            .join_from(table("upload_finding"), table("upload_row"), of_row)
            .where(
                finding.upload_id == self.upload.id,
                finding.severity.in_(SHOWN),
                finding.rule != NOT_FILLED_IN,
            )
            .order_by(row.id, finding.id)
        )
        options = {"yield_per": PAGE}
        self._found = self.session.connection().execute(query, execution_options=options)
        self._waiting = iter(self._found)
        self._next = next(self._waiting, None)

    def close(self) -> None:
        """Let go of what has not been taken."""
        self._found.close()

    def of(self, row_id: int) -> list[Finding]:
        """Return what was found in a row; rows are asked for in their order."""
        own = []
        while self._next is not None and self._next.row_id <= row_id:
            if self._next.row_id == row_id:
                stored = UploadFinding(**{c: self._next._mapping[c] for c in _FINDING})
                own.append(as_finding(stored, self._columns))
            self._next = next(self._waiting, None)
        return own


_FINDING: Final = tuple(
    name for name in UploadFinding.model_fields if name not in ("id", "upload_id")
)


def _pages(session: Session, upload_id: int, *, missing: bool) -> Iterator[Sequence[Any]]:
    row = table("upload_row").c
    wanted = row.row.is_(None) if missing else row.row.is_not(None)
    name = row.fields["name"].as_string().label("name")
    changes = cast(row.changes, Text).label("changes")
    columns = row.sheet, row.row, row.outcome, name, changes, row.facility_id
    return row_pages(session, upload_id, columns, wanted, size=PAGE)


def _shown(session: Session, page: Sequence[Any], said: _Said) -> Iterator[RowDiff]:
    made = made_by(session, [one.id for one in page])
    ids = {one.id: one.facility_id or made.get(one.id) for one in page}
    known = brief(session, [id_ for id_ in ids.values() if id_])
    changes_of = read_together([one.changes for one in page])
    for one, changes in zip(page, changes_of, strict=True):
        facility = known.get(ids[one.id] or 0)
        found = said.of(one.id) if one.row is not None else []
        held = [each for each in found if each.severity == "held"]
        yield RowDiff(
            one.sheet,
            one.row,
            one.outcome,
            facility.code if facility else None,
            str(one.name or (facility.name if facility else "")),
            changes,
            held if one.outcome == "held" else (),
            [each for each in found if each.severity == "should"],
        )


def made_by(session: Session, row_ids: Sequence[int]) -> dict[int, int]:
    """Return the facilities that rows made when they were approved, by row id."""
    version = table("facility_version").c
    query = select(version.upload_row_id, version.facility_id).where(
        version.upload_row_id.in_(row_ids), version.kind == REGISTERED
    )
    return {row_id: made for row_id, made in session.connection().execute(query)}  # noqa: C416
