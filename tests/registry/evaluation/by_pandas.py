"""The computed indicators once more, by pandas straight from the registry's tables.

Shares nothing with the engine but the formulas and the books: rows are read by SQL of its own and
summed by `groupby`; people too are read from the ledger's table and the census file, not asked of
the engine. For registries whose facilities were on record by the day, with one source a figure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd
import pytest
from sqlalchemy import Engine, text

from codes import divisions
from codes.book import BOOKS_DIR
from codes.capabilities import capabilities
from codes.formulas import Formula, Term, formulas
from registry.evaluation.results import Evaluation

CENSUS = BOOKS_DIR / "population_2020" / "rows.csv"
DIGITS = {"city": 4, "county": 6, "township": 9, "community": 12}
FIRST_ZONE = 400

FACILITIES = """SELECT facility_id, type_code, division_code,
    ownership, inclusive, grade, accessible FROM facility_version
    WHERE superseded_at IS NULL AND status = '运营'
    AND valid_from <= :day AND valid_to > :day"""
READINGS = """SELECT id, facility_id, capability_code, value, as_of FROM capability_value
    WHERE superseded_at IS NULL AND as_of <= :day"""
PEOPLE = """SELECT division_code, group_code, year, persons FROM population_figure
    WHERE superseded_at IS NULL AND area = '' AND year <= :year"""
NUMBERS = "SELECT facility_id, scheme_code FROM identifier WHERE superseded_at IS NULL"


@dataclass(frozen=True)
class Frames:
    """One row a facility (measures as columns), the codes of townships and communities, people.

    `people` are by group, then division code.
    """

    facilities: pd.DataFrame
    units: Mapping[str, tuple[str, ...]]
    holders: Mapping[str, set[int]]
    people: Mapping[str, Mapping[str, float]]


def frames_of(engine: Engine, city: str, day: date) -> Frames:
    """Read what operates in a city (its four digits) on a day."""
    on = {"day": day if engine.dialect.name == "postgresql" else day.isoformat()}
    with engine.connect() as connection:
        rows = pd.read_sql(text(FACILITIES), connection, params=on)
        read = pd.read_sql(text(READINGS), connection, params=on)
        numbers = pd.read_sql(text(NUMBERS), connection)
        counted = pd.read_sql(text(PEOPLE), connection, params={"year": day.year})
    rows = rows[rows["division_code"].str.startswith(city)].set_index("facility_id")
    latest = read.sort_values(["as_of", "id"]).drop_duplicates(
        ["facility_id", "capability_code"], keep="last"
    )
    wide = latest.pivot(index="facility_id", columns="capability_code", values="value")
    townships = [one.code for one in divisions.listing("township", day, city)]
    units = {
        "county": tuple(one.code for one in divisions.counties_of_city(f"{city}00", day)),
        "township": tuple(code for code in townships if int(code[6:]) < FIRST_ZONE),
        "community": tuple(one.code for one in divisions.listing("village", day, city)),
    }
    holders = {
        str(scheme): set(group["facility_id"]) for scheme, group in numbers.groupby("scheme_code")
    }
    return Frames(rows.join(wide), units, holders, _people(counted))


def _people(counted: pd.DataFrame) -> dict[str, dict[str, float]]:
    """The ledger's latest figure of each division and group, else the census's."""
    census = pd.read_csv(CENSUS, dtype={"division_code": str}).dropna(subset=["division_code"])
    census = census.rename(columns={"group": "group_code"}).assign(year=0)
    columns = ["division_code", "group_code", "year", "persons"]
    every = pd.concat([census[columns], counted[columns]]).sort_values("year")
    latest = every.drop_duplicates(["division_code", "group_code"], keep="last")
    return {
        str(group): dict(zip(rows["division_code"], rows["persons"].astype(float), strict=True))
        for group, rows in latest.groupby("group_code")
    }


def values_of(
    formula: Formula, frames: Frames, level: str, people: Mapping[str, Mapping[str, float]]
) -> pd.Series:
    """Return the formula's value by division; a division with nothing above is absent."""
    above = _total(formula.numerator, formula, frames, level, people) * formula.scale
    if formula.denominator is None:
        return above
    below = _total(formula.denominator, formula, frames, level, people)
    return above.reindex(below.index, fill_value=0.0) / below.where(below > 0)


def _total(
    term: Term,
    formula: Formula,
    frames: Frames,
    level: str,
    people: Mapping[str, Mapping[str, float]],
) -> pd.Series:
    digits = DIGITS[level]
    if term.kind == "population":
        return pd.Series(people.get(str(term.group), {}), dtype=float)
    if term.kind == "units":
        units = pd.Series(frames.units[str(term.unit)], dtype=str)
        return units.groupby(units.str[:digits]).size().astype(float)
    fits = _fitting(term, frames)
    if term.kind == "covered":
        unit = fits["division_code"].str[: DIGITS[str(term.unit)]]
        unit = unit[unit.isin(frames.units[str(term.unit)])].drop_duplicates()
        return unit.groupby(unit.str[:digits]).size().astype(float)
    if term.kind == "count":
        return fits.groupby(fits["division_code"].str[:digits]).size().astype(float)
    carriers = {code for name in term.capabilities for code in capabilities()[name].carried_by}
    fits = fits[fits["type_code"].str.startswith(tuple(carriers))]
    names = list(formula.measures) if formula.paired else list(term.capabilities)
    measured = fits.reindex(columns=names)
    spoken = measured.notna().all(axis=1) if formula.paired else measured.notna().any(axis=1)
    amount = fits.reindex(columns=list(term.capabilities))[spoken].sum(axis=1)
    return amount.groupby(fits["division_code"][spoken].str[:digits]).sum()


def _fitting(term: Term, frames: Frames) -> pd.DataFrame:
    rows = frames.facilities
    if term.types:
        rows = rows[rows["type_code"].str.startswith(term.types)]
    if not term.where:
        return rows
    kept = pd.Series(False, index=rows.index)
    for one in term.where:
        if one.identifier:
            kept |= rows.index.isin(frames.holders.get(one.identifier, set()))
        else:
            kept |= rows[str(one.attribute)] == one.value
    return rows[kept]


def formulas_of(plan: str) -> dict[str, Formula]:
    """Return the formulas of a plan's indicators by indicator."""
    return {
        code: formula
        for formula in formulas().values()
        for code in formula.indicators
        if code.startswith(plan)
    }


def compare(found: Evaluation, frames: Frames, level: str) -> dict[str, int]:
    """Assert that every computed value is that of pandas, and that it has none where we have none.

    Return how many were compared, and how many have no value for each reason.
    """
    digits = {"city": 6, "county": 6, "township": 9}[level]
    people = {
        group: {
            code[: DIGITS[level]]: persons
            for code, persons in by_code.items()
            if len(code) == digits and code.endswith("00") == (level == "city")
        }
        for group, by_code in frames.people.items()
    }
    expected = {
        code: values_of(formula, frames, level, people)
        for code, formula in formulas_of(found.scope.plan.code).items()
    }
    seen: Counter[str] = Counter()
    for one in found.results:
        if one.value.computed is None:
            continue
        place, reason = one.division.code[: DIGITS[level]], one.value.computed.reason
        if reason is None:
            other = expected[one.row.code].get(place, 0.0)
            assert one.value.value == pytest.approx(other, rel=1e-9, abs=0.0), (one.code, place)
        else:
            nothing = expected[one.row.code].get(place, 0.0)
            assert not nothing > 0, (one.code, place, str(reason), nothing)
        seen[reason.message_id.rpartition(".")[2] if reason else "computed"] += 1
    return dict(seen)
