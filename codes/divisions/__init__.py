"""Divisions 区划 by code and day: names, parents, children, and what became of an old code.

A division code means nothing without its system and its day. Six digits are GB/T 2260, or a unit
of the Statistics Bureau's own (`system` nbs). Nine and twelve digits are the Bureau's
统计用区划代码, not the Ministry of Civil Affairs' nine digits, which differ. The books know the
days of their editions (book `divisions/editions`) and the changes whose day a source states.
"""

from __future__ import annotations

from codes.divisions.lookup import (
    above,
    children,
    counties_of_city,
    county_of,
    division,
    exists,
    holds_villages,
    in_force,
    listing,
)
from codes.divisions.model import Division, Succession
from codes.divisions.names import find_by_name, full_name
from codes.divisions.shape import normalise, township_of
from codes.divisions.succession import (
    gave_parts_to,
    last_day,
    predecessors,
    resolve,
    sources,
    successors,
)

__all__ = [
    "Division",
    "Succession",
    "above",
    "children",
    "counties_of_city",
    "county_of",
    "division",
    "exists",
    "find_by_name",
    "full_name",
    "gave_parts_to",
    "holds_villages",
    "in_force",
    "last_day",
    "listing",
    "normalise",
    "predecessors",
    "resolve",
    "sources",
    "successors",
    "township_of",
]
