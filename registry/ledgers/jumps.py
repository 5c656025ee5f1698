"""Figures far from what they replace, from the years beside them, or from another source.

Nobody can tell a slip from a change; so it is asked about and recorded. How far is far is the
policy's (`ledger.jump_years`, `ledger.jump_sources`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlmodel import Session

from codes.ledger_limits import ledger_limit
from codes.policy import decimal_of
from registry import rows
from registry.ledgers.entries import Entry
from registry.ledgers.known import known_rows, of_years
from registry.uploads.findings import Finding

MANY: Final = 1000
"""From so many divisions on, all figures of the years are read, not those of the divisions."""

Series = tuple[Any, ...]


@dataclass(frozen=True)
class Figure:
    """One figure: what it is, and the place in the file's order (none when recorded before)."""

    amount: float
    place: int | None = None


def figures_around(session: Session, entries: Sequence[Entry]) -> list[Mapping[str, Any]]:
    """Return the recorded rows of the entries' divisions, of their years and those around."""
    if not entries:
        return []
    back, table = ledger_limit("years_back"), entries[0].table
    keys = [dict(zip(entry.key_columns, entry.key, strict=True)) for entry in entries]
    years = [key["year"] for key in keys]
    conditions = [of_years(table, range(min(years) - back, max(years) + back + 1))]
    codes = {key["division_code"] for key in keys}
    if len(codes) < MANY:
        conditions.append(rows.table(table).c.division_code.in_(sorted(codes)))
    return known_rows(session, table, *conditions)


def check_jumps(entries: Sequence[Entry], known: Iterable[Mapping[str, Any]]) -> Iterator[Finding]:
    """Yield an entry's distance from what it replaces, the years beside it and other sources.

    Each pair once. A source that says nothing of the years on one side is compared with the nearest
    year of any other, unless another source speaks of the same year.
    """
    series: dict[Series, dict[int, Figure]] = defaultdict(dict)
    sources: dict[Series, dict[str, Figure]] = defaultdict(dict)

    replaced: dict[Series, float] = {}
    others: dict[Series, dict[tuple[int, str], Figure]] = defaultdict(dict)

    def take(key: Mapping[str, Any], figure: Figure) -> None:
        what = _what(key)
        series[*what, key["source"]][key["year"]] = figure
        sources[*what, key["year"]][key["source"]] = figure
        others[what][key["year"], key["source"]] = figure

    for row in known:
        key = {name: row[name] for name in entries[0].key_columns}
        replaced[tuple(key.values())] = _amount(row)
        take(key, Figure(_amount(row)))
    keys = [dict(zip(entry.key_columns, entry.key, strict=True)) for entry in entries]
    for place, (entry, key) in enumerate(zip(entries, keys, strict=True)):
        take(key, Figure(_amount(entry.values), place))
    for place, (entry, key) in enumerate(zip(entries, keys, strict=True)):
        what = _what(key)
        yield from _replaced(entry, replaced.get(entry.key))
        own = series[*what, key["source"]]
        yield from _years(entry, key["year"], own)
        if len(sources[*what, key["year"]]) == 1:
            yield from _years_of_others(entry, place, key["year"], own, others[what])
        yield from _sources(entry, place, key["source"], sources[*what, key["year"]])


def _what(key: Mapping[str, Any]) -> Series:
    return tuple(value for name, value in key.items() if name not in ("year", "source"))


def _amount(row: Mapping[str, Any]) -> float:
    return float(row["persons"] if "persons" in row else row["value"])


def _replaced(entry: Entry, before: float | None) -> Iterator[Finding]:
    now = _amount(entry.values)
    if before is not None and before != now and _far("ledger.jump_years", before, now):
        yield _found(entry, "value_jump_replaced", other=before)


def _years(entry: Entry, year: int, series: Mapping[int, Figure]) -> Iterator[Finding]:
    """Compare with the year before, and with a year after that was recorded before."""
    own = series[year].amount
    before = [one for one in series if one < year]
    after = [one for one in series if one > year]
    beside = [(max(before), True)] if before else []
    beside += [(min(after), False)] if after and series[min(after)].place is None else []
    for other, is_earlier in beside:
        amount = series[other].amount
        if _far("ledger.jump_years", *((amount, own) if is_earlier else (own, amount))):
            yield _found(entry, "value_jump_years", other_year=other, other=amount)


def _years_of_others(
    entry: Entry,
    place: int,
    year: int,
    own: Mapping[int, Figure],
    all_: Mapping[tuple[int, str], Figure],
) -> Iterator[Finding]:
    """Compare with the nearest year of any source, on the sides where its own says nothing."""
    amount = own[year].amount
    for side in (-1, 1):
        if any((one - year) * side > 0 for one in own):
            continue
        beside = [
            (abs(other - year), other, source, figure)
            for (other, source), figure in all_.items()
            if (other - year) * side > 0 and (figure.place is None or figure.place < place)
        ]
        if not beside:
            continue
        _, other, source, figure = min(beside, key=lambda one: one[:3])
        if _far("ledger.jump_years", *((figure.amount, amount)[::-side])):
            about = {"other_year": other, "other_source": source, "other": figure.amount}
            yield _found(entry, "value_jump_other_year", **about)


def _sources(
    entry: Entry, place: int, source: str, found: Mapping[str, Figure]
) -> Iterator[Finding]:
    for other, figure in found.items():
        first = figure.place is None or figure.place < place
        if other != source and first and _apart(found[source].amount, figure.amount):
            yield _found(entry, "value_jump_sources", other_source=other, other=figure.amount)


def _far(parameter: str, before: float, after: float) -> bool:
    """Say whether two amounts are too many times each other, or something fell to nothing."""
    if min(before, after) <= 0:
        return after == 0 < before
    return max(before, after) >= float(decimal_of(parameter)) * min(before, after)


def _apart(one: float, other: float) -> bool:
    return _far("ledger.jump_sources", *sorted((one, other), reverse=True))


def _found(entry: Entry, rule: str, **params: Any) -> Finding:
    column = "persons" if "persons" in entry.value_columns else "value"
    amount = entry.values[column]
    return entry.place.finding(
        rule, column, f"{amount}", item_key=[entry.table, *entry.cell], amount=amount, **params
    )
