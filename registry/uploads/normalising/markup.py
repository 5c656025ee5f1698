"""What is left of a web page in a cell: `&nbsp;`, `&amp;`, `<br>`."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from codes.text_fixes import entities, tags

LEFT: Final = re.compile(r"<[A-Za-z!/][^<>]*>|&(?:[A-Za-z]+|#[0-9]+|#[xX][0-9A-Fa-f]+);")
"""Marks and signs of web pages, known or not."""


def without_markup(text: str) -> str:
    """Return a text without the marks of web pages we know, their signs as characters.

    >>> without_markup("东园&nbsp;A&amp;B<br/>"), without_markup("<img src=x>")
    ('东园 A&B ', '<img src=x>')
    """
    if "<" not in text and "&" not in text:
        return text
    for written, meant in entities():
        text = text.replace(written, meant or " ")
    return _tags().sub(" ", text)


def has_markup(text: str) -> bool:
    """Say whether a text holds what looks like a mark or a sign of a web page."""
    return LEFT.search(text) is not None


@cache
def _tags() -> re.Pattern[str]:
    names = "|".join(map(re.escape, tags()))
    return re.compile(rf"</?(?:{names})(?:\s[^<>]*)?/?>", re.IGNORECASE)
