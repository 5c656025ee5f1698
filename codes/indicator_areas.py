"""The areas that tables of indicators are parted into, in the language in use."""

from __future__ import annotations

from codes.book import load_book
from codes.messages import language


def area_name(area: str) -> str:
    """Return an area's name as the document has it, in English from book `indicator_areas`.

    Raises KeyError for an area the book has not.
    """
    if language() != "en":
        return area
    return str(load_book("indicator_areas").by_key()[area]["name_en"])
