"""Read a file of observations: reported values of plans' indicators."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

from codes.countings import RUNNING, YEAR, find_counting
from codes.divisions import division
from codes.indicators import Indicator, plans
from codes.ledger_limits import ledger_limit
from codes.value_bounds import value_bounds
from registry.ledgers.batch import Batch, batch_of, read_source
from registry.ledgers.cells import Cells
from registry.ledgers.divisions import read_division
from registry.ledgers.entries import RUNNING_PART, ObservationEntry
from registry.ledgers.figures import read_figure
from registry.ledgers.indicator_cells import IndicatorKey, read_indicator
from registry.ledgers.settings import LedgerSettings
from registry.ledgers.sheets import open_file

PERCENT: Final = "%"
PERCENTS: Final = ("%", "％")
CITY: Final = 4


def read_observations(
    path: str | Path, settings: LedgerSettings, today: date
) -> Batch[ObservationEntry]:
    """Return the file's entries and what was found; raises as `open_file` does."""
    file = open_file(path, settings)
    read = [(cells, entry) for cells in file.rows if (entry := _entry(cells, today)) is not None]
    _check_fractions([(cells, entry.value) for cells, entry in read if entry.unit == PERCENT])
    return batch_of(file, "observation", tuple(entry for _, entry in read))


def _entry(cells: Cells, today: date) -> ObservationEntry | None:
    key = read_indicator(cells)
    year = _year(cells, today)
    by_default = min(date(year or today.year, 12, 31), today)
    divisions_on = cells.day("divisions_on") or by_default
    division_code = read_division(cells, divisions_on)
    value = _value(cells, key.indicator) if key else None
    counted = _counted(cells, key.indicator, year) if key else None
    source, preferred = read_source(cells), cells.yes_no("preferred")
    known = key is not None and year is not None and division_code and value is not None
    if key is None or not (known and source and cells.sound):
        return None
    _point_out(cells, key, str(division_code), float(value or 0))
    if not cells.sound:
        return None
    return ObservationEntry(
        place=cells.place,
        source=str(source),
        preferred=preferred,
        plan_code=key.plan_code,
        number=key.number,
        part=RUNNING_PART if counted == RUNNING else key.part,
        division_code=str(division_code),
        year=int(year or 0),
        value=float(value or 0),
        unit=key.indicator.unit,
        divisions_on=divisions_on,
    )


def _year(cells: Cells, today: date) -> int | None:
    year = cells.year("year")
    if year is None:
        cells.require("year")
    elif year > today.year:
        cells.report("year_ahead_observed", "year", today=today)
    return year


def _counted(cells: Cells, indicator: Indicator, year: int | None) -> str | None:
    """How the figure of a five-year total is counted; None for any other indicator."""
    written = cells.text("counted")
    found = find_counting(written) if written else YEAR
    if found is None:
        cells.report("choice_unknown", "counted", form_of="counted")
        return None
    if not indicator.is_plan_total:
        if written:
            cells.report("counted_unneeded", "counted", indicator=indicator.code)
        return None
    years = plans()[indicator.plan].years
    about = {"indicator": indicator.code, "first": years[0], "year": year}
    if year is not None:
        rule = f"counted_{found}" if year in years else "counted_outside"
        cells.report(rule, "value", **about, last=years[-1])
    return found


def _value(cells: Cells, indicator: Indicator) -> float | None:
    """The value in the indicator's unit."""
    about = {"indicator": indicator.code, "unit_unit": indicator.unit}
    rules = ("value_unreadable", "unit_differs")
    return read_figure(cells, "value", indicator.unit, *rules, **about)


def _check_fractions(shares: Sequence[tuple[Cells, float]]) -> None:
    """Ask about percentages up to 1; where a file has none above, they are fractions of 1.

    A spreadsheet keeps 66.9% as 0.669 and its format is not read. With a % written out in the cell
    nothing is asked.
    """
    rule = "share_fraction" if any(value > 1 for _, value in shares) else "share_fractions"
    for cells, value in shares:
        if 0 < value <= 1 and not cells.seen("value").endswith(PERCENTS):
            cells.report(rule, "value", times=f"{round(value * 100, 9):g}")


def _is_possible(cells: Cells, unit: str, value: float) -> bool:
    bounds = value_bounds().get(unit)
    if value < 0 and (bounds is None or bounds.least >= 0):
        cells.report("value_negative", "value")
        return False
    if bounds is None or bounds.least <= value <= bounds.most:
        return True
    about = {"least": bounds.least, "most": bounds.most, "unit_unit": unit}
    cells.report("value_impossible", "value", **about)
    return False


def _point_out(cells: Cells, key: IndicatorKey, division_code: str, value: float) -> None:
    """Say what cannot be, and what is odd but possible."""
    lowest, highest = ledger_limit("share_lowest"), ledger_limit("share_highest")
    if not _is_possible(cells, key.indicator.unit, value):
        return
    if key.indicator.unit == PERCENT and value > highest:
        cells.report("share_outside", "value", lowest=lowest, highest=highest)
    city = plans()[key.plan_code].city_code
    if division_code[:CITY] != city[:CITY]:
        about = {"division_division": division_code, "city": division(city).name}
        cells.report("division_other_city", "division", plan=key.plan_code, **about)
