"""The remembered answers in a list: each with its row and with what that was said to be, or not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlmodel import Session

from registry.facilities.identity import facility_ids, to_code
from registry.plain_sql import chunks
from registry.rows import table
from registry.uploads.answered import STANDS, Answered, answered
from registry.uploads.diff_rows import made_by
from registry.uploads.proposing.fetching import brief
from registry.uploads.stored import find_upload

_Where = tuple[int, str, int]
"""Upload, sheet and number of a row; 0 of one that is not known."""


@dataclass(frozen=True)
class RowNamed:
    """A row of an upload, and the code of the facility it is registered as (None when it is not).

    Of what was answered in earlier versions the place of the other row is not known.
    """

    sheet: str | None
    row: int | None
    name: str | None = None
    address: str | None = None
    code: str | None = None


UNKNOWN: Final = RowNamed(None, None)


@dataclass(frozen=True)
class FacilitySaid:
    """A facility and what was said of it: same or not_same."""

    code: str
    name: str | None
    verdict: str


@dataclass(frozen=True)
class TakenBack:
    """Who took an answer back, when and why."""

    by: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class AnswerListed:
    """One answer; `number` names it. The `rows` are those its row was told apart from."""

    number: int
    state: str
    by: str
    at: datetime
    upload_id: int
    row: RowNamed
    facilities: tuple[FacilitySaid, ...]
    rows: tuple[RowNamed, ...]
    taken_back: TakenBack | None

    @property
    def stands(self) -> bool:
        """Whether it is remembered."""
        return self.state == STANDS

    @property
    def codes(self) -> set[str]:
        """The codes of all facilities it is about."""
        own = {one.code for one in (self.row, *self.rows) if one.code}
        return own | {one.code for one in self.facilities}

    def as_json(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        return asdict(self)


def answers_listed(
    session: Session,
    *,
    upload_id: int | None = None,
    facility: str | None = None,
    everything: bool = False,
) -> list[AnswerListed]:
    """Return the answers that stand, the latest first; with `everything` also those that do not.

    Only those of an upload, or about a facility by its code. Raises DataError when there is none.
    """
    if upload_id is not None:
        find_upload(session, upload_id)
    code = to_code(facility) if facility else None
    if code:
        facility_ids(session, [code])
    found = [one for one in answered(session, upload_id) if everything or one.state == STANDS]
    listed = _listed(session, found)
    return [one for one in listed if code is None or code in one.codes]


def _listed(session: Session, found: Sequence[Answered]) -> Iterator[AnswerListed]:
    rows = _rows(session, {where for one in found for where in (_own(one), *_others(one))})
    said = {one.act.seq: _said(one) for one in found}
    names = _names(session, {key for verdicts in said.values() for key in verdicts})
    for one in found:
        act, back = one.act, one.taken_back
        verdicts = said[act.seq].items()
        yield AnswerListed(
            act.seq,
            one.state,
            act.by,
            act.at,
            act.upload_id,
            rows.get(_own(one), RowNamed(act.sheet or None, act.row)),
            tuple(FacilitySaid(*names[key], verdict) for key, verdict in verdicts if key in names),
            tuple(rows.get(where, UNKNOWN) for where in _others(one)),
            TakenBack(back.by, back.at, str(back.detail["reason"])) if back else None,
        )


def _own(one: Answered) -> _Where:
    return one.act.upload_id, one.act.sheet, one.act.row


def _others(one: Answered) -> list[_Where]:
    """Where the rows are that the row was told apart from."""
    act, kept = one.act, one.remembered.apart
    pairs = [(pair.row_digest, pair.other_digest) for pair in kept] if kept else []
    if one.state != STANDS:
        pairs = act.pairs
    places = act.detail.get("rows", {})
    digests = [pair[0] if pair[0] in places else pair[1] for pair in pairs]
    found = (places.get(digest, (None, None)) for digest in digests)
    return sorted((act.upload_id, sheet or "", row or 0) for sheet, row in found)


def _said(one: Answered) -> Mapping[int | str, str]:
    """What was said of facilities, by id; of an answer that does not stand by code."""
    if one.state == STANDS:
        return {verdict.facility_id: verdict.verdict for verdict in one.remembered.facilities}
    return dict(one.act.detail.get("facilities", {}))


def _names(session: Session, wanted: Iterable[int | str]) -> dict[int | str, tuple[str, str]]:
    """Return code and name of facilities by what they are asked for with: id or code."""
    keys = list(wanted)
    codes = [key for key in keys if isinstance(key, str)]
    ids = {key: key for key in keys if isinstance(key, int)} | facility_ids(session, codes)
    known = brief(session, ids.values())
    return {key: (known[id_].code, known[id_].name) for key, id_ in ids.items() if id_ in known}


def _rows(session: Session, wanted: Iterable[_Where]) -> dict[_Where, RowNamed]:
    """Return the rows at these places, with the codes of those that are registered."""
    numbers: dict[int, set[int]] = defaultdict(set)
    for upload_id, _, number in wanted:
        numbers[upload_id].add(number)
    found: dict[_Where, Any] = {}
    for upload_id, rows in numbers.items():
        found |= {(upload_id, one.sheet, one.row): one for one in _stored(session, upload_id, rows)}
    made = made_by(session, [one.id for one in found.values()])
    ids = {one.id: one.facility_id or made.get(one.id) for one in found.values()}
    known = brief(session, {id_ for id_ in ids.values() if id_})
    named = {}
    for where, one in found.items():
        facility = known.get(ids[one.id] or 0)
        name = one.name or (facility.name if facility else None)
        code = facility.code if facility else None
        named[where] = RowNamed(one.sheet or None, one.row, name, one.address, code)
    return named


def _stored(session: Session, upload_id: int, numbers: Iterable[int]) -> Iterator[Any]:
    row = table("upload_row").c
    texts = [row.fields[key].as_string().label(key) for key in ("name", "address")]
    query = select(row.id, row.sheet, row.row, row.facility_id, *texts)
    for chunk in chunks(sorted(numbers)):
        here = query.where(row.upload_id == upload_id, row.row.in_(chunk))
        yield from session.connection().execute(here)
