"""One term of a formula over plain figures: its total by division, and who is behind it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from codes.formulas import Condition, Formula, Term
from registry.evaluation.figures import NOWHERE, Divisions, Facilities, Floats, Mask, Whole


@dataclass(frozen=True)
class Side:
    """One term by division; `counted` went in, `silent` reported nothing, `lost` lie in no unit."""

    total: Floats
    counted: Mask | None = None
    silent: Mask | None = None
    lost: Mask | None = None


def side_of(term: Term, facilities: Facilities, divisions: Divisions, both: Mask | None) -> Side:
    """Return a term's total by division; with `both`, sums are over those facilities only."""
    size = len(divisions.codes)
    if term.kind == "population":
        return Side(divisions.population.get(str(term.group), np.full(size, np.nan)))
    if term.kind == "units":
        return Side(_count(_units(divisions, term), size))
    fits = fitting(term, facilities)
    if term.kind == "sum":
        return _sum(term, fits, facilities, size, both)
    if term.kind == "count":
        return Side(_count(facilities.division[fits], size), fits)
    lies_in = facilities.units.get(str(term.unit), np.full(len(facilities), NOWHERE))
    placed = fits & (lies_in != NOWHERE)
    covered = _units(divisions, term)[np.unique(lies_in[placed])]
    return Side(_count(covered, size), placed, lost=fits & ~placed)


def fitting(term: Term, facilities: Facilities) -> Mask:
    """Say of every facility whether it is of the term's types and fulfils its condition."""
    fits = facilities.of_types(term.types)
    if not term.where:
        return fits
    return fits & any_of(facilities, [_has(condition, facilities) for condition in term.where])


def carrying(term: Term, facilities: Facilities) -> Mask:
    """Say of every facility whether its type carries a measure of a sum.

    Only then can it be silent about it. Other terms ask for no measure.
    """
    return facilities.of_types(term.carried_by)


def all_reported(formula: Formula, facilities: Facilities) -> Mask:
    """Say of every facility whether it reported every measure of both sides."""
    reported = facilities.of_types(())
    for name in formula.measures:
        reported = reported & ~np.isnan(facilities.reported(name))
    return reported


def any_of(facilities: Facilities, masks: list[Mask | None]) -> Mask:
    """Say of every facility whether it is in any of the masks."""
    found = np.zeros(len(facilities), dtype=np.bool_)
    for mask in masks:
        if mask is not None:
            found |= mask
    return found


def by_division(mask: Mask, facilities: Facilities, divisions: Divisions) -> Whole:
    """Return how many facilities are in the mask, by division."""
    return _count(facilities.division[mask], len(divisions.codes)).astype(np.int64)


def _sum(term: Term, fits: Mask, facilities: Facilities, size: int, both: Mask | None) -> Side:
    measures = np.array([facilities.reported(name) for name in term.capabilities])
    concerned = fits & carrying(term, facilities)
    spoken = both if both is not None else ~np.isnan(measures).all(axis=0)
    counted = concerned & spoken
    amount = np.nansum(measures[:, counted], axis=0)
    place = facilities.division[counted]
    inside = place != NOWHERE
    total = np.bincount(place[inside], amount[inside], size).astype(np.float64)
    return Side(total, counted, concerned & ~spoken)


def _has(condition: Condition, facilities: Facilities) -> Mask:
    nothing = np.zeros(len(facilities), dtype=np.bool_)
    if condition.identifier:
        return facilities.identifiers.get(condition.identifier, nothing)
    values = facilities.attributes.get(str(condition.attribute))
    return nothing if values is None else np.asarray(values == condition.value, dtype=np.bool_)


def _units(divisions: Divisions, term: Term) -> Whole:
    return divisions.units.get(str(term.unit), np.empty(0, dtype=np.int64))


def _count(places: Whole, size: int) -> Floats:
    return np.bincount(places[places != NOWHERE], minlength=size).astype(np.float64)
