"""Opinions on the site: what one can be about, whether a form was sent from here, and by whom."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from datasette.app import Datasette

from codes.messages import language
from codes.statuses import ANNULLED, named
from exports.site import queries
from exports.site.catalogue import Catalogue, Row
from exports.site.options import options_of
from exports.site.pages.page import rows
from exports.site.settings import site_settings
from registry.opinions.opinion import About
from registry.opinions.receive import Limits

FIELDS: Final = ("kind", "code", "text", "contact", "website")
"""What the form has; `website` is no question but a trap for programs."""

TABLE: Final = "opinion_answer"


@dataclass(frozen=True)
class Subject:
    """What an opinion is about, as a page shows it."""

    about: About
    name: str
    address: str


def limits() -> Limits:
    """Return how much may be written."""
    return Limits(**site_settings().opinion)


def opinion_globals(datasette: Datasette) -> dict[str, Any]:
    """Return what the templates need to know of opinions."""
    return {"opinions_taken": bool(options_of(datasette).inbox), "opinion_limits": limits()}


async def find_subject(
    datasette: Datasette, catalogue: Catalogue, kind: str, code: str
) -> Subject | None:
    """Return what is meant, or None when the release has no such thing."""
    if kind == "facility":
        found = await rows(datasette, queries.FACILITY, code=code)
        if not found or found[0]["status"] == named(ANNULLED):
            return None
        return Subject(About(kind, code), found[0]["name"], f"/code/{code}")
    if kind == "standard" and (standard := catalogue.standards.get(code)):
        page = f"/standards?category={standard['category_code']}#s{code}"
        return Subject(About(kind, code), standard[f"name_{language()}"], page)
    if kind == "indicator" and (indicator := catalogue.indicators.get(code)):
        return Subject(About(kind, code), indicator[f"name_{language()}"], f"/indicator/{code}")
    return None


async def answers_about(
    datasette: Datasette, catalogue: Catalogue, kind: str, code: str | None = None
) -> list[Row]:
    """Return the published answers about one thing, or all of a kind, the latest first."""
    if not catalogue.manifest.counts.get(TABLE):
        return []
    return await rows(datasette, queries.ANSWERS, kind=kind, code=code)


def read_form(body: bytes) -> dict[str, str] | None:
    """Return the fields of a form, missing ones empty; None when it cannot be read."""
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=10
        )
    except ValueError:
        return None
    sent = dict(pairs)
    return {name: sent.get(name, "") for name in FIELDS}


def is_from_here(headers: Mapping[str, str]) -> bool:
    """Tell whether the browser says that a page of this site sent the form."""
    if site := headers.get("sec-fetch-site"):
        return site == "same-origin"
    origin, host = urlsplit(headers.get("origin", "")), headers.get("host", "")
    return bool(host) and origin.netloc.lower() == host.lower()


def sender_of(scope: Mapping[str, Any], headers: Mapping[str, str]) -> str:
    """Return the visitor's address; a proxy on this machine tells it in X-Real-IP."""
    client = (scope.get("client") or ("",))[0]
    try:
        near = not client or ipaddress.ip_address(client).is_loopback
        told = str(ipaddress.ip_address(headers.get("x-real-ip", "").strip()))
    except ValueError:
        return client
    return told if near else client
