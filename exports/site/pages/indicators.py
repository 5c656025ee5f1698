"""The list of indicators, plan by plan, with the city's latest value."""

from __future__ import annotations

from typing import Any

from datasette import Response
from datasette.app import Datasette

from exports.release.grams import contains
from exports.site import queries
from exports.site.catalogue import Catalogue, Row
from exports.site.pages.page import page, rows
from exports.site.results import latest, number_of
from exports.site.searching import tidied

FIELDS = ("name_zh", "name_en", "name_raw", "area", "departments")


async def view(datasette: Datasette, request: Any, catalogue: Catalogue) -> Response:
    """Show the indicators of the plan asked for, or of all, that hold every word looked for."""
    plan, query = _asked(request)
    listed = indicators_of(catalogue, plan, query)
    return await page(
        datasette,
        request,
        "indicators.html",
        groups=[
            (code, [row for row in listed if row["plan_code"] == code])
            for code in catalogue.plans
            if any(row["plan_code"] == code for row in listed)
        ],
        found=len(listed),
        values=await _values(datasette, catalogue),
        targets=await _targets(datasette, catalogue),
        plan=plan,
        query=query,
    )


async def as_json(datasette: Datasette, request: Any, catalogue: Catalogue) -> Response:
    """Answer a program: the same list, each indicator with its plan's city's latest result."""
    values = await _values(datasette, catalogue)
    listed = [
        {**row, "latest": values.get(row["code"])}
        for row in indicators_of(catalogue, *_asked(request))
    ]
    return Response.json({"indicators": listed})


def indicators_of(catalogue: Catalogue, plan: str = "", query: str = "") -> list[Row]:
    """Return the indicators of a plan, or all, whose words hold the query."""
    return [
        row
        for row in catalogue.indicators.values()
        if plan in ("", row["plan_code"])
        and (
            query == number_of(row) or contains(" ".join(row[name] or "" for name in FIELDS), query)
        )
    ]


def _asked(request: Any) -> tuple[str, str]:
    return request.args.get("plan") or "", tidied(request.args.get("q") or "")


async def _values(datasette: Datasette, catalogue: Catalogue) -> dict[str, Row]:
    values: dict[str, Row] = {}
    for city in {plan["city_code"] for plan in catalogue.plans.values()}:
        values |= latest(await rows(datasette, queries.RESULTS_OF_DIVISION, code=city))
    return values


async def _targets(datasette: Datasette, catalogue: Catalogue) -> dict[str, Row]:
    """Return the last target the plan prints for each indicator."""
    return {
        row["indicator_code"]: row
        for plan in catalogue.plans
        for row in await rows(datasette, queries.FIGURES_OF_PLAN, plan=plan)
    }
