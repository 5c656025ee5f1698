"""How an indicator is worked out from the ledgers, as data (book `formulas`).

A formula is one fraction of declared terms; nothing is evaluated as text. `registry.evaluation`
reads it over figures, and `codes.formula_words` says it to people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from codes.book import load_book
from codes.capabilities import capabilities
from codes.errors import DataError
from codes.facility_types import facility_types
from codes.identifier_schemes import identifier_schemes
from codes.indicators import find_indicator
from codes.messages import text
from codes.typed_rows import typed_rows

Unit = Literal["county", "township", "community"]
TermKind = Literal["sum", "count", "covered", "units", "population"]


@dataclass(frozen=True)
class Group:
    """A group of people a ledger counts, e.g. 60岁及以上人口."""

    code: str
    name_zh: str
    name_en: str
    aliases: tuple[str, ...] = ()
    part_of: str | None = None


@dataclass(frozen=True)
class Condition:
    """A facility fits when its attribute has the value, or when it has the identifier at all."""

    attribute: str | None = None
    value: str | None = None
    identifier: str | None = None


@dataclass(frozen=True)
class Term:
    """One side of a fraction; which fields are filled depends on `kind` (see the book's note).

    `types` are beginnings of type codes, none meaning every type; of `where` one entry is enough.
    """

    kind: TermKind
    capabilities: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    where: tuple[Condition, ...] = ()
    unit: Unit | None = None
    group: str | None = None

    @property
    def looks_at_facilities(self) -> bool:
        """Whether facilities add to it; the other kinds look at people or divisions."""
        return self.kind in ("sum", "count", "covered")

    @property
    def carried_by(self) -> tuple[str, ...]:
        """Beginnings of the types that carry a measure of a sum: only they add to it or are silent.

        None for the other kinds, which ask for no measure.
        """
        if self.kind != "sum":
            return ()
        known = capabilities()
        return tuple(
            sorted({place for one in self.capabilities for place in known[one].carried_by})
        )

    def is_of(self, type_code: str) -> bool:
        """Tell whether it looks at facilities of a type."""
        beginnings = (self.types, self.carried_by)
        return self.looks_at_facilities and all(
            not some or type_code.startswith(some) for some in beginnings
        )


@dataclass(frozen=True)
class Formula:
    """Value = `scale` × `numerator` ÷ `denominator`; without a denominator the numerator itself.

    With `paired` only facilities that reported every measure of both sides count. One that
    `stands_for` something else, as its note says, gives way to a reported figure.
    """

    code: str
    name_zh: str
    name_en: str
    indicators: tuple[str, ...]
    scale: int
    numerator: Term
    denominator: Term | None = None
    paired: bool = False
    stands_for: bool = False
    note_zh: str = ""
    note_en: str = ""

    @property
    def measures(self) -> tuple[str, ...]:
        """The capabilities both sides read, each once."""
        below = self.denominator.capabilities if self.denominator else ()
        return tuple(dict.fromkeys((*self.numerator.capabilities, *below)))


@cache
def population_groups() -> dict[str, Group]:
    """Return the groups of people by code, in book order."""
    return {row.code: row for row in typed_rows("population_groups", Group)}


@cache
def formulas() -> dict[str, Formula]:
    """Return the formulas by code, in book order. Raises DataError as `read_formulas` does."""
    return read_formulas(load_book("formulas").rows)


def read_formulas(rows: Iterable[Mapping[str, Any]]) -> dict[str, Formula]:
    """Return rows of the book as formulas by code.

    Raises DataError as `read_formula` does, and `evaluate.formula_repeated` (params indicator,
    first, second) when two formulas name one indicator.
    """
    found = {row["code"]: read_formula(row) for row in rows}
    first: dict[str, str] = {}
    for formula in found.values():
        for indicator in formula.indicators:
            other = first.setdefault(indicator, formula.code)
            if other != formula.code:
                names = {"first": other, "second": formula.code}
                raise DataError("evaluate.formula_repeated", indicator=indicator, **names)
    return found


@cache
def formula_of(indicator: str) -> Formula | None:
    """Return the formula that works out an indicator (its code), or None."""
    return next((row for row in formulas().values() if indicator in row.indicators), None)


def read_formula(row: Mapping[str, Any]) -> Formula:
    """Return a row of the book as a formula.

    Raises DataError `evaluate.formula_unknown_name` (params formula, what, seen) for a capability,
    facility type, identifier, group of people or indicator that no book has.
    """
    below = row.get("denominator")
    found = Formula(
        **{
            **row,
            "indicators": tuple(row["indicators"]),
            "numerator": _term(row["numerator"]),
            "denominator": _term(below) if below else None,
        }
    )
    for what, seen in _unknown_names(found):
        raise DataError(
            "evaluate.formula_unknown_name",
            formula=found.code,
            what=text(f"evaluate.word.{what}"),
            seen=seen,
        )
    return found


def _term(row: Mapping[str, Any]) -> Term:
    where = tuple(Condition(**condition) for condition in row.get("where", ()))
    listed = {name: tuple(row.get(name, ())) for name in ("capabilities", "types")}
    return Term(**{**row, **listed, "where": where})


def _unknown_names(formula: Formula) -> list[tuple[str, str]]:
    terms = [term for term in (formula.numerator, formula.denominator) if term]
    unknown = [("capability", name) for name in formula.measures if name not in capabilities()]
    for term in terms:
        unknown += [
            ("type", name)
            for name in term.types
            if not any(code.startswith(name) for code in facility_types())
        ]
        unknown += [
            ("identifier", one.identifier)
            for one in term.where
            if one.identifier and one.identifier not in identifier_schemes()
        ]
        if term.group and term.group not in population_groups():
            unknown.append(("group", term.group))
    return unknown + [("indicator", name) for name in formula.indicators if not _exists(name)]


def _exists(indicator: str) -> bool:
    try:
        find_indicator(indicator)
    except DataError:
        return False
    return True
