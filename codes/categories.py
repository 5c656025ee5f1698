"""Categories and the classes of service under them (books `categories` and `classes`)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from codes.typed_rows import typed_rows


@dataclass(frozen=True)
class Category:
    """One of the letters A to L without I. The list of 11 is ours; see the book's note."""

    code: str
    name_zh: str
    name_en: str
    source: str
    valid_from: str
    verified_on: str
    valid_to: str | None = None


@dataclass(frozen=True)
class ServiceClass:
    """A class of service: category letter and two digits, e.g. E02 居家社区养老."""

    code: str
    category_code: str
    name_zh: str
    name_en: str
    source: str
    valid_from: str
    verified_on: str
    valid_to: str | None = None


@cache
def categories() -> dict[str, Category]:
    """Return the categories by letter, in book order."""
    return {row.code: row for row in typed_rows("categories", Category)}


@cache
def classes() -> dict[str, ServiceClass]:
    """Return the classes by code, in book order."""
    return {row.code: row for row in typed_rows("classes", ServiceClass)}
