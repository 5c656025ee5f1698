"""Find the facility a row is, by its code, its other numbers, its earlier answer, or its name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from codes import facility_code
from codes.identifier_schemes import identifier_schemes
from codes.upload_limits import limit
from registry.facilities.allowed import CLOSED
from registry.facilities.links import heirs
from registry.plain_sql import Reader
from registry.uploads.judged import Context, Judged
from registry.uploads.proposing.answers import Answers
from registry.uploads.proposing.fetching import by_codes, by_ids, by_numbers
from registry.uploads.proposing.keys import key_of, name_key, same_text
from registry.uploads.proposing.near import Candidate, as_params, metres_between
from registry.uploads.proposing.registered import Registered

Named = Mapping[str, Sequence[Registered]]
"""The registered facilities of a class and county by the key of their name."""


def by_code(rows: Sequence[Judged], reader: Reader, context: Context) -> None:
    """Find rows by the code they give; a code that has been superseded asks for its heir."""
    written = {index: _valid_code(row) for index, row in enumerate(rows)}
    found = by_codes(reader, {code for code in written.values() if code})
    for index, row in enumerate(rows):
        one = found.get(written[index] or "")
        if one is None:
            continue
        if one.ended:
            following = [
                code for code in heirs(reader, one.code, context.today) if code != one.code
            ]
            row.candidates = tuple(h.id for h in by_codes(reader, following).values())
            row.report(
                "facility_superseded",
                "code",
                code_facility=one.code,
                name=one.name,
                status=one.status,
                successors_facilities=following,
            )
        else:
            row.registered = one


def by_number(rows: Sequence[Judged], reader: Reader) -> None:
    """Find rows without a code by their numbers in other schemes; contradictions ask."""
    schemes = identifier_schemes()
    given = [
        [(key, str(value)) for key, value in row.row.fields.items() if key in schemes]
        for row in rows
    ]
    owners = by_numbers(reader, {number for numbers in given for number in numbers})
    known = by_ids(reader, {id_ for ids in owners.values() for id_ in ids})
    for row, numbers in zip(rows, given, strict=True):
        own = {
            known[id_].id: (known[id_], scheme)
            for scheme, value in numbers
            for id_ in owners.get((scheme, value), ())
            if not known[id_].ended
        }
        if own:
            _take_number(row, own)


def _take_number(row: Judged, own: dict[int, tuple[Registered, str]]) -> None:
    if row.registered is not None:
        for one, scheme in own.values():
            if one.id != row.registered.id:
                row.candidates = (row.registered.id, one.id)
                row.report(
                    "identifier_conflict",
                    scheme,
                    code_facility=row.registered.code,
                    other_code_facility=one.code,
                    other_name=one.name,
                )
    elif "code" in row.row.fields:
        return
    elif len(own) == 1:
        row.registered = next(iter(own.values()))[0]
    else:
        _ask_which(row, [one for one, _ in own.values()])


def names_of(here: Iterable[Registered]) -> Named:
    """Return the facilities that are still themselves by the key of their name."""
    named: dict[str, list[Registered]] = {}
    for one in here:
        if not one.ended:
            named.setdefault(name_key(one.name), []).append(one)
    return named


def by_name(row: Judged, here: Named, answers: Answers) -> None:
    """Find a row without code or number by type or class, county and name."""
    if row.registered or "code" in row.row.fields or row.held:
        return
    if key_of(row) is None:
        return
    namesakes = here.get(name_key(str(row.whole["name"])), ())
    if not namesakes:
        return
    others = answers.others(row, namesakes)
    alike = [one for one in namesakes if one.id not in others]
    alike = _narrowed(row, alike)
    if len(alike) > 1:
        _ask_which(row, alike)
    elif alike:
        _take_if_near(row, alike[0])


def by_answer(row: Judged, said: Sequence[Registered]) -> None:
    """Take the facility that the row was said to be."""
    if row.registered is None and "code" not in row.row.fields and len(said) == 1:
        row.registered = said[0]


def ask_if_closed(row: Judged, answers: Answers) -> None:
    """Ask when the row brings a closed facility back; an earlier "same" is not asked again."""
    status = row.row.fields.get("status")
    one = row.registered
    if one is None or not one.closed or status in (None, CLOSED):
        return
    if answers.is_same(key_of(row), one.id):
        return
    row.candidates = (one.id,)
    row.report(
        "facility_closed",
        "status",
        code_facility=one.code,
        name=one.name,
        closed_on=one.fields.get("closed_on", "-"),
        status=status,
    )


def ask_if_misnamed(row: Judged, here: Named, answers: Answers) -> None:
    """Ask when a row gives the code of one facility and the name of another of its class there."""
    one, name, key = row.registered, row.row.fields.get("name"), key_of(row)
    if one is None or "code" not in row.row.fields or not isinstance(name, str) or row.held:
        return
    if same_text(name, one.name) or answers.is_same(key, one.id):
        return
    others = [other for other in here.get(name_key(name), ()) if other.id != one.id]
    if not others:
        return
    row.candidates = (one.id, *(other.id for other in others))
    row.report(
        "code_of_another",
        "name",
        code_facility=one.code,
        registered=one.name,
        others_facilities=[other.code for other in others],
    )


def _narrowed(row: Judged, alike: list[Registered]) -> list[Registered]:
    """Prefer those still open, of the same type, operator and address, as far as any is left."""
    for test in (
        lambda one: not one.closed,
        lambda one: row.type is not None and one.fields["type"] == row.type.code,
        lambda one: same_text(one.fields.get("operator_name"), row.whole.get("operator_name")),
        lambda one: same_text(one.fields.get("address"), row.whole.get("address")),
    ):
        if len(alike) < 2:
            break
        alike = [one for one in alike if test(one)] or alike
    return alike


def _take_if_near(row: Judged, one: Registered) -> None:
    metres = metres_between(row, one)
    if metres is not None and metres > limit("far_metres"):
        row.candidates = (one.id,)
        row.report("near_duplicate", "name", **as_params([Candidate(one, 100.0, metres)]))
    else:
        row.registered = one


def _ask_which(row: Judged, alike: Sequence[Registered]) -> None:
    found = [Candidate(one, 100.0, metres_between(row, one)) for one in alike]
    row.candidates = tuple(one.id for one in alike)
    row.report("match_several", "name", count=len(alike), **as_params(found))


def _valid_code(row: Judged) -> str | None:
    written = row.row.fields.get("code")
    if isinstance(written, str) and facility_code.is_valid(written):
        return facility_code.compact(written)
    return None
