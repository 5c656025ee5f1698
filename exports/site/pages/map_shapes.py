"""What lies under the marks of the map: outlines of the counties, and their warnings."""

from __future__ import annotations

import json
from typing import Any

from datasette import Response
from datasette.app import Datasette

from codes.datums import from_cgcs2000
from codes.messages import language
from exports.site.catalogue import Catalogue
from exports.site.map_warnings import Warned, indicators_on_map, warned
from exports.site.options import DATUM, options_of
from exports.site.problems import Problem
from exports.site.words import drawn_place


async def outlines(datasette: Datasette, request: Any, catalogue: Catalogue) -> Response:
    """Answer with the outlines of the counties, in the datum of the map, as GeoJSON.

    With `indicator` each has its result, and file and county say of which year; with `county`
    it is that county and its neighbours.
    """
    datum, county = options_of(datasette).tiles_datum, request.args.get("county") or ""
    found = await warned(datasette, request, catalogue)
    if found is None and request.args.get("indicator"):
        return _without_results()
    shown = found.counties(catalogue) if found else []
    results = {one["code"]: one | _of_year(found) for one in shown if found}
    near = (
        {county, *(row["code"] for row in catalogue.beside(county))}
        if _known(catalogue, county)
        else None
    )
    body = {
        "type": "FeatureCollection",
        **(_of_year(found) if found else {}),
        "features": [
            {
                "type": "Feature",
                "properties": _named(catalogue, code) | results.get(code, {}),
                "geometry": geometry if datum == DATUM else _shifted(geometry, datum),
            }
            for code, geometry in catalogue.outlines.items()
            if near is None or code in near
        ],
    }
    written = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(written, content_type="application/geo+json")


async def warnings(datasette: Datasette, request: Any, catalogue: Catalogue) -> Response:
    """Answer with the counties' results of an indicator; without one, with those there are."""
    if not request.args.get("indicator"):
        choice = await indicators_on_map(datasette, catalogue)
        listed = [row for _, rows_ in choice for row in rows_]
        return Response.json({"ok": True, "indicators": listed})
    found = await warned(datasette, request, catalogue)
    if found is None:
        return _without_results()
    named = {
        "ok": True,
        "indicator": found.indicator["code"],
        "name": found.indicator[f"name_{language()}"],
        "plan": found.indicator["plan_code"],
        "year": found.year,
        "years": found.years,
    }
    return Response.json(named | {"counties": found.counties(catalogue)})


def _without_results() -> Response:
    return Problem("no_results", {"listed": "/map/warnings.json"}).response(404)


def _of_year(found: Warned) -> dict[str, Any]:
    """Say which indicator and year the results are of."""
    return {"indicator": found.indicator["code"], "year": found.year}


def _named(catalogue: Catalogue, code: str) -> dict[str, str]:
    """Return a county's name, and the shorter one that a map has room for."""
    name = catalogue.name("division", code, language())
    return {"code": code, "name": name, "label": drawn_place(catalogue, code)}


def _known(catalogue: Catalogue, county: str) -> bool:
    return county in catalogue.outlines and county in catalogue.divisions


def _shifted(geometry: dict[str, Any], datum: str) -> dict[str, Any]:
    def shift(part: Any) -> Any:
        if isinstance(part[0], (int, float)):
            return [round(value, 6) for value in from_cgcs2000(part[0], part[1], datum)]
        return [shift(inner) for inner in part]

    return {**geometry, "coordinates": shift(geometry["coordinates"])}
