"""The page of rules: what an upload is checked by, each rule at an address of its own."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any, Final

from datasette import Response
from datasette.app import Datasette

from codes.messages import language
from codes.rules import Rule, rules
from exports.release.grams import contains
from exports.site.catalogue import Catalogue
from exports.site.pages.page import page
from exports.site.searching import tidied

SEVERITIES: Final = ("must", "held", "should", "note")
FIELDS: Final = (
    "id", "title_zh", "title_en", "message_zh", "message_en", "remedy_zh", "remedy_en",
)  # fmt: skip
BLANK: Final = "……"
"""Stands for what a finding fills in: a header, a value."""

_FILLED_IN: Final = re.compile(r"\{\w+\}")


async def view(datasette: Datasette, request: Any, _catalogue: Catalogue) -> Response:
    """Show the rules of the severity asked for that hold the words."""
    severity, query = _asked(request)
    listed = rules_of(severity, query)
    return await page(
        datasette,
        request,
        "rules.html",
        listed=[(rule, *wording(rule)) for rule in listed],
        severities=SEVERITIES,
        severity=severity,
        query=query,
    )


async def as_json(_datasette: Datasette, request: Any, _catalogue: Catalogue) -> Response:
    """Answer a program: the rules as the book has them."""
    return Response.json({"rules": [asdict(rule) for rule in rules_of(*_asked(request))]})


def rules_of(severity: str = "", query: str = "") -> list[Rule]:
    """Return the rules in force of a severity, or all, whose id or words hold the query."""
    return [
        rule
        for rule in rules().values()
        if rule.valid_to is None
        and severity in ("", rule.severity)
        and contains(" ".join(getattr(rule, name) for name in FIELDS), query)
    ]


def wording(rule: Rule) -> tuple[str, str, str]:
    """Return title, meaning and remedy in the language in use, blanks for what is filled in."""
    words = (
        (rule.title_en, rule.message_en, rule.remedy_en)
        if language() == "en"
        else (rule.title_zh, rule.message_zh, rule.remedy_zh)
    )
    title, meaning, remedy = (_FILLED_IN.sub(BLANK, text) for text in words)
    return title, meaning, remedy


def _asked(request: Any) -> tuple[str, str]:
    return request.args.get("severity") or "", tidied(request.args.get("q") or "")
