"""What the ledgers check, with the words for it (book `ledger_rules`).

Slips of writing that uploads know too (a spreadsheet error, full-width digits) have the words of
the `rules` book.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from codes.messages import language
from codes.rules import Rule, rules
from codes.typed_rows import typed_rows


@cache
def ledger_rules() -> dict[str, Rule]:
    """Return the ledgers' own rules by id, in book order."""
    return {row.id: row for row in typed_rows("ledger_rules", Rule)}


def ledger_rule(rule_id: str) -> Rule:
    """Return a rule of the ledgers, else of uploads. Raises KeyError."""
    return ledger_rules().get(rule_id) or rules()[rule_id]


def ledger_rule_text(rule_id: str, params: Mapping[str, Any]) -> tuple[str, str]:
    """Return (message, remedy) of a rule with `params` filled in, in the language in use."""
    rule = ledger_rule(rule_id)
    if language() == "en":
        return rule.message_en.format_map(params), rule.remedy_en.format_map(params)
    return rule.message_zh.format_map(params), rule.remedy_zh.format_map(params)
