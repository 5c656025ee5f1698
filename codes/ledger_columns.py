"""The columns of a ledger's file: their headers, and what a cell holds (book `ledger_columns`)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from codes.messages import language
from codes.typed_rows import typed_rows

Ledger = Literal["population", "observation"]


@dataclass(frozen=True)
class LedgerColumn:
    """One column; `form` says what a cell should hold, `instead` names what can replace it."""

    ledger: Ledger
    key: str
    header_zh: str
    header_en: str
    requirement: Literal["must", "may"]
    form_zh: str
    form_en: str
    aliases: tuple[str, ...] = ()
    instead: str | None = None

    @property
    def header(self) -> str:
        """The header in the language in use."""
        return self.header_en if language() == "en" else self.header_zh

    @property
    def form(self) -> str:
        """What a cell should hold, in the language in use."""
        return self.form_en if language() == "en" else self.form_zh

    @property
    def names(self) -> tuple[str, ...]:
        """Everything the header may be called."""
        return (self.key, self.header_zh, self.header_en, *self.aliases)


@cache
def ledger_columns(ledger: Ledger) -> dict[str, LedgerColumn]:
    """Return the columns of a ledger by key, in book order."""
    rows = typed_rows("ledger_columns", LedgerColumn)
    return {row.key: row for row in rows if row.ledger == ledger}
