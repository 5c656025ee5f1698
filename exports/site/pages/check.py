"""The page that checks a list of codes, and its JSON."""

from __future__ import annotations

import asyncio
import json
from typing import Any, Final
from urllib.parse import parse_qsl

from datasette import Response
from datasette.app import Datasette

from codes.messages import text
from exports.site.catalogue import Catalogue
from exports.site.checking import Checked, check, counted, split_list
from exports.site.pages.page import page
from exports.site.problems import Problem
from exports.site.settings import site_settings

JSON: Final = "application/json; charset=utf-8"
EXAMPLE: Final = '{"codes": ["...", ...]}'


async def view(datasette: Datasette, request: Any, _catalogue: Catalogue) -> Response:
    """Show the form, or what a pasted list turned out to be: what needs a look comes first."""
    pasted = _pasted(await request.post_body()) if request.method == "POST" else ""
    if pasted is None:
        heading, say = text("site.unreadable.title"), text("site.unreadable.say")
        shown = {"heading": heading, "say": say}
        return await page(datasette, request, "not_taken.html", status=400, **shown)
    written = split_list(pasted)
    settings = site_settings()
    if len(written) > settings.check_most:
        too_many = {"too_many": len(written), "most": settings.check_most}
        return await page(datasette, request, "check.html", status=413, pasted="", **too_many)
    checked = await check(datasette, written)
    first = sorted(checked, key=lambda one: settings.check_outcomes.index(one.outcome))[
        : settings.check_shown
    ]
    return await page(
        datasette,
        request,
        "check.html",
        pasted=pasted,
        checked=first,
        counts=counted(checked),
        total=len(checked),
        most=settings.check_most,
    )


async def as_json(datasette: Datasette, request: Any, catalogue: Catalogue) -> Response:
    """Answer a program: `{"codes": [...]}` in, one result per code out, in the same order."""
    codes = _codes_of(await request.post_body()) if request.method == "POST" else None
    most = site_settings().check_most
    if codes is None or len(codes) > most:
        return Problem("check_list", {"example": EXAMPLE, "most": most}).response(400)
    checked = await check(datasette, codes)
    return Response(await asyncio.to_thread(_told, checked), content_type=JSON)


def _told(checked: list[Checked]) -> str:
    results = [one.as_json() for one in checked]
    return json.dumps({"ok": True, "counts": counted(checked), "results": results})


def _pasted(body: bytes) -> str | None:
    """Return what was pasted into the form, or None when that cannot be read."""
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=10)
    except ValueError:
        return None
    return dict(pairs).get("codes", "")


def _codes_of(body: bytes) -> list[str] | None:
    try:
        codes = json.loads(body)["codes"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
        return None
    return codes
