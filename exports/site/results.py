"""Results of indicators as pages show them: the latest value, the working, figures to read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from codes.indicator_areas import area_name
from codes.indicators import numbered
from codes.messages import language, text
from exports.site.catalogue import Catalogue, Row
from exports.site.settings import site_settings
from registry.evaluation.plan_way import off_the_way, period_over

SIGNS: Final = {"=": "", ">=": "≥", "<=": "≤"}
"""Comparators as people write them."""


def latest(results: Iterable[Row]) -> dict[str, Row]:
    """Return each indicator's latest row that has a value; rows come by indicator and year."""
    return {row["indicator_code"]: row for row in results if row["value"] is not None}


def working(row: Row, *, of_facilities: bool = False) -> list[tuple[str, str]]:
    """Return (title, text) of everything a value was worked out from; what is unknown is left out.

    `site.toml` says which columns, in which order, and which `of_facilities`; zero is shown.
    """
    settings, found = site_settings(), []
    for name in settings.working_of_facilities if of_facilities else settings.working:
        column = name if name in row else f"{name}_{language()}"
        if row[column] not in (None, ""):
            found.append((text(f"site.working.{name}"), _shown(name, row[column], row)))
    return found


def short(value: float | None) -> str:
    """Return a figure to at most two decimals, small ones to three digits that say something.

    >>> short(85.7142857), short(1200.0), short(0.01234), short(None)
    ('85.71', '1,200', '0.0123', '')
    """
    if value is None:
        return ""
    if value and abs(value) < 1:
        return f"{value:.3g}"
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def column(results: Iterable[Row], name: str) -> list[str]:
    """Return the figures of a column of results, all with as many decimals as `short` gives any.

    Beside figures of 1 and more two decimals do, unless a small one would be 0 with them.

    >>> column([{"value": 4.5}, {"value": None}, {"value": 0.1873}, {"value": 12.0}], "value")
    ['4.50', '', '0.19', '12.00']
    >>> column([{"value": 2.0}, {"value": 0.00312}], "value")
    ['2', '0.00312']
    """
    figures = [row[name] for row in results]
    told = [one for one in figures if one is not None]
    places = max((len(short(one).partition(".")[2]) for one in told), default=0)
    if any(abs(one) >= 1 for one in told):
        places = min(places, 2)
    if any(one and round(one, places) == 0 for one in told):
        return [short(one) for one in figures]
    return ["" if one is None else f"{one:,.{places}f}" for one in figures]


def percent(value: float | None, *, even: bool = False) -> str:
    """Return a share as a percentage; with `even` always to a decimal, as in a column.

    >>> percent(0.9573), percent(1.21), percent(1.21, even=True)
    ('95.7%', '121%', '121.0%')
    """
    if value is None:
        return ""
    shown = f"{value * 100:,.1f}"
    return (shown if even else shown.removesuffix(".0")) + "%"


def number_of(row: Row) -> str:
    """Return an indicator's number in its plan, with section and part: 9, A3, 4a."""
    return numbered(row["section"], row["number"], row["part"])


def result_globals(catalogue: Catalogue) -> dict[str, Any]:
    """Return the names the templates of indicators may use."""
    return {
        "short": short,
        "column": column,
        "area_name": area_name,
        "percent": percent,
        "number_of": number_of,
        "working": working,
        "role_name": lambda role: text(f"site.role.{role}"),
        "direction_name": lambda direction: text(f"site.indicator.direction.{direction}"),
        "compared_with": lambda sign: SIGNS.get(sign, sign),
        "bands": lambda: bands(catalogue),
        "plans": lambda: list(catalogue.plans),
        "plan_source": lambda code: plan_source(catalogue, code),
    }


def plan_source(catalogue: Catalogue, code: str) -> str:
    """Return where a plan's table is printed: document, table, day, and whether it is a draft."""
    plan, lang = catalogue.plans[code], language()
    stage = text(f"site.stage.{plan['stage']}")
    parts = (plan[f"document_{lang}"], plan[f"table_{lang}"], plan["issued_on"], stage)
    return ("；" if lang == "zh" else "; ").join(filter(None, parts))


def bands(catalogue: Catalogue) -> list[tuple[str, str, str]]:
    """Return (colour, name, from which achievement on) of the warning, the best first."""
    rows = sorted(
        catalogue.bands.values(), key=lambda row: float(row["value"] or "-inf"), reverse=True
    )
    return [
        (
            row["code"].rpartition(".")[2],
            row[f"name_{language()}"],
            percent(float(row["value"])) if row["value"] else "",
        )
        for row in rows
    ]


def _shown(name: str, value: Any, row: Row) -> str:
    if name == "progress" and not 0 <= value <= 1:
        return off_the_way(value, row["value"], row["base"], short)
    if name == "time_elapsed" and value >= 1:
        return period_over(value, short)
    if name in ("achievement", "progress", "time_elapsed"):
        return percent(value)
    if isinstance(value, float):
        return f"{value:,.6f}".rstrip("0").rstrip(".")
    # a year has no comma
    return f"{value:,}" if name.startswith("facilities_") else str(value)
