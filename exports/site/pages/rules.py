"""The page of rules: what an upload is checked by, each rule at an address of its own."""

from __future__ import annotations

import re
from typing import Any, Final

from datasette import Response
from datasette.app import Datasette

from codes.messages import language
from exports.release.grams import contains
from exports.site.asked import rules_in_force
from exports.site.catalogue import Catalogue, Row
from exports.site.pages.page import page
from exports.site.searching import tidied

SEVERITIES: Final = ("must", "held", "should", "note")
FIELDS: Final = (
    "id", "title_zh", "title_en", "message_zh", "message_en", "remedy_zh", "remedy_en",
)  # fmt: skip
BLANK: Final = "……"
"""Stands for what a finding fills in: a header, a value."""

_FILLED_IN: Final = re.compile(r"\{\w+\}")


async def view(datasette: Datasette, request: Any, catalogue: Catalogue) -> Response:
    """Show the rules of the severity asked for that hold the words."""
    severity, query = _asked(request)
    listed = rules_of(catalogue, severity, query)
    return await page(
        datasette,
        request,
        "rules.html",
        listed=[(rule, *wording(rule)) for rule in listed],
        severities=SEVERITIES,
        severity=severity,
        query=query,
    )


async def as_json(_datasette: Datasette, request: Any, catalogue: Catalogue) -> Response:
    """Answer a program: the rules as the book had them when the release was made."""
    return Response.json({"rules": rules_of(catalogue, *_asked(request))})


def rules_of(catalogue: Catalogue, severity: str = "", query: str = "") -> list[Row]:
    """Return the rules in force of a severity, or all, whose id or words hold the query."""
    return [
        rule
        for rule in rules_in_force(catalogue)
        if severity in ("", rule["severity"])
        and contains(" ".join(rule[name] for name in FIELDS), query)
    ]


def wording(rule: Row) -> tuple[str, str, str]:
    """Return title, meaning and remedy in the language in use, blanks for what is filled in."""
    words = (rule[f"{part}_{language()}"] for part in ("title", "message", "remedy"))
    title, meaning, remedy = (_FILLED_IN.sub(BLANK, text) for text in words)
    return title, meaning, remedy


def _asked(request: Any) -> tuple[str, str]:
    return request.args.get("severity") or "", tidied(request.args.get("q") or "")
