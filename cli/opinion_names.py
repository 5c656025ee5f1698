"""What opinions are about, by name: facilities from the registry, the rest from the books."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from cli.context import current
from codes.errors import DataError, StoreError
from codes.messages import language

if TYPE_CHECKING:
    from registry.opinions.opinion import About, Opinion


def names_of(opinions: Iterable[Opinion]) -> dict[About, str]:
    """Return the names of what opinions are about; what has none, or no registry, is left out."""
    abouts = {one.about for one in opinions}
    facilities = [one for one in abouts if one.kind == "facility"]
    found = _of_facilities(facilities) if facilities else {}
    return found | {one: name for one in abouts if (name := _of_book(one))}


def _of_facilities(abouts: Iterable[About]) -> dict[About, str]:
    """An inbox may be read where no registry is: opinions are then shown by their codes."""
    from registry.db import open_registry, reading
    from registry.facilities.lookup import find

    found: dict[About, str] = {}
    try:
        with reading(open_registry(current.db)) as session:
            for one in abouts:
                try:
                    found[one] = find(session, one.code).name
                except DataError:  # in the release, but in another registry than this one
                    continue
    except StoreError:
        return {}
    return found


def _of_book(about: About) -> str:
    from codes.indicators import indicators
    from codes.standards import standards

    row: Any = None
    if about.kind in ("standard", "indicator"):
        row = (standards() if about.kind == "standard" else indicators()).get(about.code)
    return str(getattr(row, f"name_{language()}", "")) if row else ""
