"""Classes under which one and the same facility may be sent (book `related_classes`)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from codes.book import load_book


def are_related(class_code: str, other_code: str) -> bool:
    """Say whether facilities of two classes may be one; a class is related to itself."""
    return class_code == other_code or other_code in related_to(class_code)


def related_to(class_code: str) -> frozenset[str]:
    """Return the classes related to one, itself left out."""
    return _related().get(class_code, frozenset())


@cache
def _related() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in load_book("related_classes").rows:
        one, other = row["class_code"], row["other_code"]
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return {code: frozenset(others) for code, others in found.items()}
