"""Who does something to an upload: names as typed, and two of them that may be one person."""

from __future__ import annotations

import unicodedata

from codes.departments import Department, find_department
from codes.errors import DataError, UsageError


def person(name: str) -> str:
    """Return a person's name, half-width and without stray spaces.

    Raises UsageError for an empty one: it stands in the record.
    """
    tidy = " ".join(unicodedata.normalize("NFKC", name).split())
    if not tidy or not tidy.isprintable():
        raise UsageError("upload.by_empty")
    return tidy


def is_same_person(one: str, other: str) -> bool:
    """Say whether two names are the same but for case, width and spaces."""
    return _folded(one) == _folded(other)


def department(name: str) -> Department:
    """Return a department by code or any name; raises UsageError with what is near."""
    try:
        return find_department(name)
    except DataError as error:
        raise UsageError("upload.department_unknown", **error.params) from None


def _folded(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()
