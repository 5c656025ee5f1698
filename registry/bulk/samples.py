"""Say the first findings of each cause in full: their rows are judged exactly, each row once.

So are the rows that go back to the sender. Of a blank cell in a row with which nothing else is
wrong nothing has to be judged: row and type say all there is to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace

from registry.bulk.earlier_sheets import EarlierSheets
from registry.bulk.exact import Judge
from registry.bulk.repeats import STEPS, Repeat
from registry.bulk.report import FailingRow
from registry.bulk.tally import Tally, cause_of
from registry.uploads.elements_check import about_absent
from registry.uploads.findings import Finding, found
from registry.uploads.judged import Judged
from registry.uploads.other_files import InFile, report_in_other
from registry.uploads.repeated import Key, keys_of, report_repeat

Keys = dict[int, tuple[str, int, frozenset[Key]]]
"""Of rows that others repeat, by their places: sheet, number, what no other row should have."""


def take_samples(
    tally: Tally,
    judge: Judge,
    pairs: Iterable[Repeat],
    back: AbstractSet[int],
    in_others: Mapping[int, tuple[int, InFile]],
    earlier: EarlierSheets | None = None,
) -> tuple[FailingRow, ...]:
    """Keep the first findings of each cause; return the rows at the places `back`.

    `pairs` are the first rows that repeat others, be these in `earlier` sheets; `in_others` says
    of rows that are `in_others` too by which step, and where.
    """
    for place, one in _blanks(tally, judge):
        tally.keep(place, one)
    wanted = tally.wanted()
    repeats = {one.place: one for one in pairs}
    repeats |= {place: tally.repeated[place] for place in back & tally.repeated.keys()}
    every = {one.first for one in repeats.values()}
    firsts = {place for place in every if place >= 0}
    before = earlier.decided(every - firsts) if earlier else ()
    keys: Keys = {place: _key(row) for place, row in before}
    failing = []
    for place, row, cells in judge.decided(
        sorted(wanted | repeats.keys() | firsts | back | in_others.keys())
    ):
        if place in wanted:
            for one in row.findings:
                if not tally.is_blank_cell(cause_of(one), place):
                    tally.keep(place, one)
        if place in firsts:
            keys[place] = _key(row)
        if place in repeats:
            for one in _repeat(row, repeats[place], keys):
                tally.keep(place, one)
        if place in in_others:
            tally.keep(place, _in_other(row, *in_others[place]))
        if place in back:
            failing.append(FailingRow(row.row.sheet, row.row.number, cells, tuple(row.findings)))
    return tuple(failing)


def _blanks(tally: Tally, judge: Judge) -> Iterator[tuple[int, Finding]]:
    """Yield what is said of blank cells in rows that are sure, with the places of the rows."""
    told = [
        (place, cause)
        for cause, places in tally.places.items()
        for place in places
        if tally.is_blank_cell(cause, place)
    ]
    places = sorted({place for place, _ in told})
    numbers = dict(zip(places, judge.file.numbers(places), strict=True))
    for place, (rule, severity, element) in told:
        about = about_absent(rule, tally.sure[place], element or "")
        header = judge.columns.place(element)
        row, sheet = numbers[place], judge.sheet.name
        yield place, found(rule, sheet, row, element, place=header, severity=severity, **about)


def _in_other(row: Judged, step: int, where: InFile) -> Finding:
    """Report that a row is in another file too, and return the finding."""
    report_in_other(row, next(key for key in keys_of(row) if key[0] == STEPS[step]), where)
    return row.findings[-1]


def _key(row: Judged) -> tuple[str, int, frozenset[Key]]:
    return row.row.sheet, row.row.number, frozenset(keys_of(row))


def _repeat(row: Judged, pair: Repeat, keys: Keys) -> Iterator[Finding]:
    """Report that a row repeats the one before it in a pair, and yield the finding."""
    sheet, number, shared = keys[pair.first]
    for key in keys_of(row):
        if key in shared:
            report_repeat(row, key, number, sheet)
            row.findings[-1] = replace(row.findings[-1], element=pair.element)
            yield row.findings[-1]
            return
