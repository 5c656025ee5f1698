"""Validation rules: stable id, severity, and what to say in zh and en (book `rules`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from codes.messages import language
from codes.typed_rows import typed_rows


@dataclass(frozen=True)
class Rule:
    """One rule: `must` rejects a row, `held` asks, `should` reports, `note` says what it tidied.

    `stage` is `reading` for what is found as a file is sent and not when its rows are judged again.
    """

    id: str
    severity: str
    title_zh: str
    title_en: str
    message_zh: str
    message_en: str
    remedy_zh: str
    remedy_en: str
    source: str
    valid_from: str
    verified_on: str
    valid_to: str | None = None
    stage: str = "judging"


@cache
def rules() -> dict[str, Rule]:
    """Return the rules by id, in book order."""
    return {row.id: row for row in typed_rows("rules", Rule)}


@cache
def reading_rules() -> frozenset[str]:
    """Return the ids of what is found as a file is sent; it stays when rows are judged again."""
    return frozenset(rule.id for rule in rules().values() if rule.stage == "reading")


def rule_title(rule_id: str, lang: str | None = None) -> str:
    """Return the rule's title in `lang`, else in the language in use. Raises KeyError."""
    rule = rules()[rule_id]
    return rule.title_en if (lang or language()) == "en" else rule.title_zh


def rule_text(rule_id: str, params: Mapping[str, Any], lang: str | None = None) -> tuple[str, str]:
    """Return (message, remedy) of a rule with `params` filled in, in `lang` or the one in use.

    Raises KeyError for an unknown rule or a parameter that is not given: our fault, not the user's.
    """
    rule = rules()[rule_id]
    if (lang or language()) == "en":
        return rule.message_en.format_map(params), rule.remedy_en.format_map(params)
    return rule.message_zh.format_map(params), rule.remedy_zh.format_map(params)
