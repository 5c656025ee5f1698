"""Read a file of population figures: every row checked by itself, mistakes with row and column."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

from codes.errors import DataError
from codes.ledger_limits import ledger_limit
from codes.population_groups import find_group
from codes.source_kinds import PROJECTION, find_source_kind, source_kinds
from registry.ledgers.batch import Batch, batch_of, read_source
from registry.ledgers.cells import Cells
from registry.ledgers.divisions import read_division
from registry.ledgers.entries import NO, YES, PopulationEntry
from registry.ledgers.figures import read_figure
from registry.ledgers.settings import LedgerSettings
from registry.ledgers.sheets import open_file

PERSON: Final = "人"
_WRITTEN: Final = re.compile(r"\d+(?:\.(\d+))?")


def read_population(
    path: str | Path, settings: LedgerSettings, today: date
) -> Batch[PopulationEntry]:
    """Return the file's entries and what was found; raises as `open_file` does."""
    file = open_file(path, settings)
    entries = [entry for cells in file.rows if (entry := _entry(cells, today)) is not None]
    return batch_of(file, "population", _evenly_rounded(entries))


def _entry(cells: Cells, today: date) -> PopulationEntry | None:
    year, reference_on = _when(cells)
    projection, kind = _projection(cells)
    if year is not None:
        _check_ahead(cells, reference_on or _last_day(year), projection, today)
    divisions_on = cells.day("divisions_on") or reference_on or _last_day(year or today.year)
    division_code = read_division(cells, divisions_on)
    group = _group(cells)
    persons = _persons(cells)
    source = read_source(cells)
    area, preferred = cells.text("area") or "", cells.yes_no("preferred")
    known = year is not None and division_code and group and persons is not None and source
    if not (known and cells.sound):
        return None
    return PopulationEntry(
        place=cells.place,
        division_code=str(division_code),
        area=area,
        year=int(year or 0),
        group_code=str(group),
        source=str(source),
        persons=int(persons or 0),
        rounded_to=_rounded_to(cells.seen("persons"), int(persons or 0)),
        divisions_on=divisions_on,
        reference_on=reference_on,
        source_kind=kind,
        is_projection=projection,
        preferred=preferred,
    )


def _when(cells: Cells) -> tuple[int | None, date | None]:
    """The year, and the day counted when it is given; the day alone tells the year too."""
    reference_on = cells.day("reference_on")
    year = cells.year("year")
    if reference_on is None:
        if year is None:
            cells.require("year", "reference_on")
        return year, None
    if year is not None and reference_on.year != year:
        cells.report("reference_outside_year", "reference_on", year=year)
    return year or reference_on.year, reference_on


def _projection(cells: Cells) -> tuple[str, str | None]:
    """Return (是 or 否, kind of source): a kind that is always a projection settles both."""
    said = cells.yes_no("is_projection")
    written = cells.text("source_kind")
    kind = find_source_kind(written) if written else None
    if written and kind is None:
        cells.report("choice_unknown", "source_kind", form_of="source_kind")
    if kind is None:
        return said or NO, PROJECTION if said == YES else None
    if source_kinds()[kind].projection:
        if said == NO:
            cells.report("kind_contradicts", "source_kind", other_element="is_projection")
        return YES, kind
    return said or NO, kind


def _check_ahead(cells: Cells, day: date, projection: str, today: date) -> None:
    if day > today and projection == NO:
        fields = {"field_element": "is_projection", "other_element": "reference_on"}
        cells.report("year_ahead", "year", on=day, today=today, **fields)


def _group(cells: Cells) -> str | None:
    written = cells.text("group")
    if written is None:
        cells.require("group")
        return None
    try:
        return find_group(written)
    except DataError as error:
        cells.report(
            "group_unknown", "group", near=error.params["near"], known=error.params["known"]
        )
        return None


def _persons(cells: Cells) -> int | None:
    rules = ("persons_unreadable", "persons_unit_differs")
    read = read_figure(cells, "persons", PERSON, *rules, form_of="persons")
    if read is None:
        return None
    persons, most = round(read, 6), ledger_limit("persons_most")
    if persons < 0:
        cells.report("persons_negative", "persons")
    elif persons != int(persons):
        cells.report("persons_not_whole", "persons")
    elif persons > most:
        cells.report("persons_too_many", "persons", read=int(persons), limit=most)
    return int(persons)


def _rounded_to(seen: str, persons: int) -> int:
    """Return the unit of the last figure written: 1000 for 119.6万, 1 for a plain count."""
    text = unicodedata.normalize("NFKC", seen).replace(",", "")
    found = _WRITTEN.search(text)
    if found is None or not float(found[0]):
        return 1
    scale = round(persons / float(found[0]))
    unit: int = 10 ** len(found[1] or "")
    return max(1, scale // unit)


def _evenly_rounded(entries: Iterable[PopulationEntry]) -> tuple[PopulationEntry, ...]:
    """A spreadsheet drops last zeros (120.0 becomes 120): a source rounds all its figures alike."""
    entries = tuple(entries)
    finest: dict[str, int] = {}
    for one in entries:
        if one.rounded_to > 1:
            finest[one.source] = min(one.rounded_to, finest.get(one.source, one.rounded_to))
    return tuple(
        replace(one, rounded_to=finest[one.source]) if one.rounded_to > 1 else one
        for one in entries
    )


def _last_day(year: int) -> date:
    return date(year, 12, 31)
