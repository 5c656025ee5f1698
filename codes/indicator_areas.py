"""The areas that tables of indicators are parted into, in the language in use."""

from __future__ import annotations

from codes.book import load_book
from codes.messages import language


def area_name(area: str) -> str:
    """Return an area's name as the document has it, or its English where the book has one."""
    known = load_book("indicator_areas").by_key().get(area) if language() == "en" else None
    return str(known["name_en"]) if known else area
