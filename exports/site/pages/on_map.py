"""The map: a page that works as a list, and the points in view for its script."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
from datasette import Response
from datasette.app import Datasette

from codes import facility_code
from codes.messages import language
from exports.site import queries
from exports.site.address import address
from exports.site.asked_values import SHOWN, UNPLACED, WARNING
from exports.site.catalogue import Catalogue, Row
from exports.site.map_clusters import Cluster, clusters
from exports.site.map_extent import Box, extent, placed
from exports.site.map_points import Mask, Points, points_of
from exports.site.map_warnings import Warned, indicators_on_map, warned
from exports.site.options import options_of
from exports.site.outline_map import sketch
from exports.site.pages.page import page, page_number, paging, rows
from exports.site.problems import Problem
from exports.site.settings import site_settings
from exports.site.words import status_class, where


@dataclass(frozen=True)
class Filter:
    """What is wanted; empty is everything."""

    category: str = ""
    service_class: str = ""
    county: str = ""

    def as_query(self) -> dict[str, str]:
        """Return it as an address says it."""
        return {"category": self.category, "class": self.service_class, "county": self.county}


async def view(datasette: Datasette, request: Any, catalogue: Catalogue) -> Response:
    """Show the map, and beside it the facilities it holds; without a script the list alone."""
    wanted = _filter(catalogue, request)
    if wanted is None:
        return await page(datasette, request, "not_found.html", status=404)
    points = await asyncio.to_thread(points_of, datasette, catalogue)
    found = await warned(datasette, request, catalogue, any_year=True)
    chosen = points.chosen(**vars(wanted), types=found.types(catalogue) if found else ())
    unplaced = chosen & ~points.placed
    only_unplaced = request.args.get("placed") == UNPLACED
    shown = unplaced if only_unplaced else chosen
    kept = wanted.as_query() | _painted(request, found)
    query = kept | ({"placed": UNPLACED} if only_unplaced else {})
    per_page, total = site_settings().map["listed"], int(shown.sum())
    place = paging("/map", query, page_number(request), per_page, total)
    at = np.flatnonzero(shown)[(place.page - 1) * per_page : place.page * per_page]
    return await page(
        datasette,
        request,
        "map.html",
        wanted=wanted,
        facilities=await _of_rows(datasette, points.row[at].tolist()),
        paging=place,
        total=int(chosen.sum()),
        unplaced=int(unplaced.sum()),
        unplaced_address=address("/map", **kept, placed=UNPLACED),
        map_address=address("/map", **kept),
        only_unplaced=only_unplaced,
        sketch=None if only_unplaced else sketch(catalogue, wanted.county or None),
        settings=await _settings(datasette, request, catalogue, points, wanted),
        options=options_of(datasette),
        warned=found,
        other_year=_other_year(request, found),
        no_results=bool(request.args.get("indicator")) and found is None,
        warned_counties=found.counties(catalogue) if found else [],
        painted=found.colours if found else {},
        by_warning=request.args.get("paint") == WARNING,
        marks_shown=request.args.get("marks") == SHOWN,
        indicators=await indicators_on_map(datasette, catalogue),
        used_categories=sorted({row["category_code"] for row in _used_classes(catalogue)}),
        counties=catalogue.counties(),
    )


async def as_json(datasette: Datasette, request: Any, catalogue: Catalogue) -> Response:
    """Answer the script, or any program: what is in the box `bbox=west,south,east,north`.

    `columns` says how many marks have room side by side, `paint=warning` keeps counties apart, with
    `indicator` it is what that counts.
    """
    wanted, box = _filter(catalogue, request), _box(request.args.get("bbox") or "")
    if wanted is None or box is None:
        return Problem("map_box").response(400)
    points = await asyncio.to_thread(points_of, datasette, catalogue)
    found = await warned(datasette, request, catalogue)
    chosen = points.chosen(**vars(wanted), types=found.types(catalogue) if found else ())
    in_view = chosen & points.within(*box)
    by_county = request.args.get("paint") == WARNING
    drawn = await asyncio.to_thread(_drawn, points, in_view, box, _columns(request), by_county)
    listed = np.flatnonzero(in_view)[: site_settings().map["listed"]]
    numbers = [*points.row[listed].tolist(), *_singles(drawn)]
    known = {row["rowid"]: row for row in await _of_rows(datasette, numbers)}
    return Response.json(
        {
            "ok": True,
            "datum": options_of(datasette).tiles_datum,
            "total": int(chosen.sum()),
            "unplaced": int((chosen & ~points.placed).sum()),
            "in_view": int(in_view.sum()),
            "marks": [_mark(one, known) for one in drawn],
            "facilities": [_facility(catalogue, points, int(at), known) for at in listed],
        }
    )


def _other_year(request: Any, found: Warned | None) -> str:
    """Return the year asked for that the indicator has not: the form kept it of another one."""
    asked = request.args.get("year") or ""
    return asked if found and asked != str(found.year) else ""


def _painted(request: Any, found: Warned | None) -> dict[str, str]:
    """Return how the map is coloured, as an address says it."""
    if found is None:
        return {}
    paint, marks = (request.args.get(name) or "" for name in ("paint", "marks"))
    return {
        "indicator": found.indicator["code"],
        "year": str(found.year) if request.args.get("year") else "",
        "paint": paint if paint == WARNING else "",
        "marks": marks if marks == SHOWN else "",
    }


def _used_classes(catalogue: Catalogue) -> list[Row]:
    types = {row["type_code"] for row in catalogue.totals}
    return [catalogue.classes[catalogue.types[code]["class_code"]] for code in types]


def _filter(catalogue: Catalogue, request: Any) -> Filter | None:
    """Return what is wanted, or None for a code that the release does not have."""
    wanted = Filter(*(request.args.get(name) or "" for name in ("category", "class", "county")))
    known = catalogue.categories, catalogue.classes, catalogue.divisions
    given = wanted.category, wanted.service_class, wanted.county
    fits = all(not code or code in codes for code, codes in zip(given, known, strict=True))
    return wanted if fits else None


def _box(written: str) -> Box | None:
    try:
        west, south, east, north = (float(part) for part in written.split(","))
    except ValueError:
        return None
    box = west, south, east, north
    return box if all(map(isfinite, box)) and west <= east and south <= north else None


def _columns(request: Any) -> int:
    """Return how many marks have room side by side."""
    written = request.args.get("columns") or ""
    least, usual, most = site_settings().map["columns"]
    wanted = int(written) if written.isascii() and written.isdigit() and len(written) < 4 else usual
    return int(min(max(wanted, least), most))


def _drawn(points: Points, in_view: Mask, box: Box, columns: int, by_county: bool) -> list[Cluster]:
    cell, singly = (box[2] - box[0]) / 360 / columns, site_settings().map["drawn_singly"]
    return clusters(points, in_view, cell, singly, by_county=by_county)


def _singles(drawn: list[Cluster]) -> list[int]:
    """Return the rows of those drawn by themselves, as many as get a name."""
    rows_ = [one.row for one in drawn if one.row is not None]
    return rows_[: site_settings().map["named_most"]]


def _mark(one: Cluster, known: dict[int, Row]) -> dict[str, Any]:
    mark: dict[str, Any] = {"lon": round(one.lon, 6), "lat": round(one.lat, 6), "count": one.count}
    mark |= {"category": one.category, "county": one.county}
    row = known.get(one.row or 0)
    return mark | ({"code": row["code"], "name": row["name"]} if row else {})


def _facility(
    catalogue: Catalogue, points: Points, at: int, known: dict[int, Row]
) -> dict[str, Any]:
    lang, row = language(), known[int(points.row[at])]
    return {
        "lon": round(float(points.lon[at]), 6),
        "lat": round(float(points.lat[at]), 6),
        "code": row["code"],
        "printed": facility_code.format(row["code"]),
        "name": row["name"],
        "category": row["category_code"],
        "county": row["county_code"],
        "type": catalogue.name("facility_type", row["type_code"], lang),
        "status": catalogue.value_name("status", row["status"], lang),
        "status_class": status_class(row["status"]),
        "where": where(catalogue, row),
        "page": address(f"/code/{row['code']}"),
    }


async def _of_rows(datasette: Datasette, numbers: list[int]) -> list[Row]:
    return await rows(datasette, queries.OF_ROWS, numbers=json.dumps(sorted(set(numbers))))


async def _settings(
    datasette: Datasette, request: Any, catalogue: Catalogue, points: Points, wanted: Filter
) -> dict[str, Any]:
    """Return what the script has to know to begin."""
    options = options_of(datasette)
    focus = request.args.get("focus") or ""
    found = await rows(datasette, queries.FACILITY, code=focus) if focus else []
    spot = [placed(row, options.tiles_datum) for row in found if row["longitude"] is not None]
    return {
        "box": extent(catalogue, points, points.chosen(**vars(wanted)), wanted.county),
        "whole": extent(catalogue, points, points.chosen(), ""),
        "focus": spot[0] if spot else None,
        "tiles": options.tiles,
        "credit": options.tiles_credit,
    }
