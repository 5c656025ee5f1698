"""Words that programs rely on, as people read them: `township` is 乡级, `must` 必须改正.

A column of `columns.toml` names its list as `words`. Files and JSON keep the word itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from codes.book import load_book
from codes.elements import all_fields
from codes.formulas import formulas
from codes.messages import text
from codes.policy import policy
from exports.release.allow_list import allow_list

MESSAGES: Final = {
    "level": "division.level.",
    "succession": "facility.kind.",
    "opinion_kind": "opinion.page.kind_",
    "stage": "site.stage.",
    "direction": "site.indicator.direction.",
    "role": "site.role.",
    "reading": "site.reading.",
    "result_status": "evaluate.status.",
    "requirement": "spec.requirement.",
    "kind": "spec.kind.",
    "severity": "spec.severity.",
    "list": "site.list.",
    "item": "site.item.",
}
"""List of words -> what the ids of their messages begin with."""


def word_of(words: str, value: str, lang: str) -> str:
    """Return what people call a word of a list; the word itself where the list has no name for it.

    >>> word_of("severity", "must", "zh"), word_of("formula", "none", "zh")
    ('必须改正', 'none')
    """
    try:
        if words in MESSAGES:
            return text(f"{MESSAGES[words]}{value}", lang=lang)
        return str(_NAMES[words](value, lang))
    except KeyError:
        return value


def _meaning(value: str, lang: str) -> Any:
    rows = load_book("indicator_words").rows
    return {row["meaning"]: row[f"name_{lang}"] for row in rows}[value]


def _colour(value: str, lang: str) -> Any:
    names = {row.last_word: row for row in policy().values() if row.group in ("band", "missing")}
    return getattr(names[value], f"name_{lang}")


_NAMES: Final[dict[str, Callable[[str, str], Any]]] = {
    "meaning": _meaning,
    "colour": _colour,
    "field": lambda value, lang: getattr(all_fields()[value], f"header_{lang}"),
    "formula": lambda value, lang: getattr(formulas()[value], f"name_{lang}"),
    "table": lambda value, lang: allow_list().tables[value].title(lang),
}
"""List of words -> what gives a word's name, where the names are not messages of their own."""
