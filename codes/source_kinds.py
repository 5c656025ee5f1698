"""Kinds of source of population figures, and which goes before which (book `source_kinds`)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from codes.names import fold, index_rows, name_of
from codes.typed_rows import typed_rows

NOT_STATED: Final = "other"
PROJECTION: Final = "projection"


@dataclass(frozen=True)
class SourceKind:
    """One kind; of several sources the one whose kind has the lowest `rank` is preferred."""

    code: str
    name_zh: str
    name_en: str
    rank: int
    aliases: tuple[str, ...] = ()
    projection: bool = False


@cache
def source_kinds() -> dict[str, SourceKind]:
    """Return the kinds by code, in book order."""
    return {row.code: row for row in typed_rows("source_kinds", SourceKind)}


def find_source_kind(text: str) -> str | None:
    """Return the code of the kind that `text` names (code, name or alias), else None.

    >>> find_source_kind("普查"), find_source_kind("听说")
    ('census', None)
    """
    return _names().get(fold(text))


def kind_name(code: str) -> str:
    """Return a kind's name in the language in use; the code itself when the book has none."""
    kind = source_kinds().get(code)
    if kind is None:
        return code
    return name_of(kind)


@cache
def _names() -> dict[str, str]:
    return index_rows(source_kinds().values())
