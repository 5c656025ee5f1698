"""The facilities behind a value of an indicator, and what each adds to either side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from datasette import Response
from datasette.app import Datasette

from codes.formulas import Formula, Term
from codes.messages import language, text
from codes.policy import integer_of
from exports.site import queries
from exports.site.address import address
from exports.site.catalogue import Catalogue, Row
from exports.site.counted import Share, formula_behind, how_many, shares
from exports.site.pages.indicator import looked_at
from exports.site.pages.page import Paging, page, page_number, paging, rows
from exports.site.problems import Problem
from exports.site.settings import site_settings


@dataclass(frozen=True)
class Listed:
    """One page of the facilities behind a result."""

    indicator: Row
    result: Row
    formula: Formula
    shares: list[Share]
    place: Paging


async def view(datasette: Datasette, request: Any, catalogue: Catalogue) -> Response:
    """Show the facilities of the division and year asked for."""
    listed = await _listed(datasette, request, catalogue, "")
    if listed is None:
        return await page(datasette, request, "not_found.html", status=404)
    result = listed.result
    division, year = result["division_code"], result["year"]
    return await page(
        datasette,
        request,
        "counted.html",
        row=listed.indicator,
        one=result,
        formula=listed.formula,
        above=_what(catalogue, listed.formula.numerator),
        below=_what(catalogue, listed.formula.denominator),
        shares=listed.shares,
        paging=listed.place,
        zones_from=_zones_from(listed.formula),
        back=address(f"/indicator/{listed.indicator['code']}", division=division, year=year),
        json_address=_address(listed, ".json", listed.place.page),
    )


async def as_json(datasette: Datasette, request: Any, catalogue: Catalogue) -> Response:
    """Answer a program: the same, with the result they belong to."""
    listed = await _listed(datasette, request, catalogue, ".json")
    if listed is None:
        return Problem("no_facilities", {"listed": "/indicators.json"}).response(404)
    return Response.json(
        {
            "result": listed.result,
            "total": listed.place.total,
            "page": listed.place.page,
            "pages": listed.place.pages,
            "next": listed.place.after,
            "facilities": [_as_json(one) for one in listed.shares],
        }
    )


async def _listed(
    datasette: Datasette, request: Any, catalogue: Catalogue, ending: str
) -> Listed | None:
    row = catalogue.indicators.get(request.url_vars["code"])
    if row is None:
        return None
    results = await rows(datasette, queries.RESULTS, code=row["code"])
    result = looked_at(catalogue, row, results, request).chosen
    formula = formula_behind(catalogue, result)
    if result is None or formula is None:
        return None
    code, most = result["division_code"], site_settings().table_rows
    query = {"division": code, "year": result["year"]}
    total = await how_many(datasette, catalogue, formula, code)
    path = f"/indicator/{row['code']}/facilities{ending}"
    place = paging(path, query, page_number(request), most, total)
    start = (place.page - 1) * most
    found = await shares(datasette, catalogue, formula, code, start, most)
    return Listed(row, result, formula, found, place)


def _address(listed: Listed, ending: str, number: int) -> str:
    path = f"/indicator/{listed.indicator['code']}/facilities{ending}"
    query = {"division": listed.result["division_code"], "year": listed.result["year"]}
    return address(path, **query, page=number if number > 1 else None)


def _what(catalogue: Catalogue, term: Term | None) -> str:
    """Return what a side of the formula adds up, empty for one that looks at no facility."""
    if term is None or not term.looks_at_facilities:
        return ""
    if term.kind != "sum":
        return text("site.counted.one_each")
    return " + ".join(catalogue.name("capability", one, language()) for one in term.capabilities)


def _zones_from(formula: Formula) -> int | None:
    """Return from which number on a township's code is of a zone, where townships are counted."""
    below = formula.denominator
    counts_townships = below is not None and below.unit == "township"
    return integer_of("value.township_serial_below") if counts_townships else None


def _as_json(one: Share) -> dict[str, Any]:
    kept = ("code", "name", "type_code", "county_code", "township_code")
    return {
        **{name: one.facility[name] for name in kept},
        "numerator": one.above,
        "denominator": one.below,
        "counted": one.is_counted,
        "not_reported": one.is_silent,
        "as_of": one.as_of,
    }
