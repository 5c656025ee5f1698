"""Numbers a facility has in other people's schemes (book `identifier_schemes`)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from codes.typed_rows import typed_rows


@dataclass(frozen=True)
class IdentifierScheme:
    """One scheme; `code` doubles as the column key, `name_zh` as the Chinese column header.

    `pattern` is an anchored RE2 expression the number must match; `carried_by` is read as in
    `codes.capabilities`.
    """

    code: str
    name_zh: str
    name_en: str
    pattern: str
    carried_by: tuple[str, ...]
    example: str
    note_zh: str
    note_en: str
    source: str
    valid_from: str
    verified_on: str
    aliases: tuple[str, ...] = ()
    valid_to: str | None = None

    def is_carried_by(self, type_code: str) -> bool:
        """Say whether facilities of the type `type_code` may have such a number."""
        return type_code.startswith(self.carried_by)


@cache
def identifier_schemes() -> dict[str, IdentifierScheme]:
    """Return the schemes by code, in book order."""
    return {row.code: row for row in typed_rows("identifier_schemes", IdentifierScheme)}


@cache
def schemes_of(type_code: str) -> tuple[IdentifierScheme, ...]:
    """Return the schemes in force whose numbers the type may have, in book order."""
    return tuple(
        row
        for row in identifier_schemes().values()
        if row.valid_to is None and row.is_carried_by(type_code)
    )
