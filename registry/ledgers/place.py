"""Where a row stands in the sender's file, so that whatever is found later can name the cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from codes.ledger_rules import ledger_rule
from registry.uploads.columns import SheetColumns
from registry.uploads.findings import Finding, found

NO_COLUMNS: Final = SheetColumns("", {}, {}, ())


@dataclass(frozen=True)
class RowPlace:
    """One row of a file, or of a book of ours when it has no columns."""

    sheet: str
    row: int | None
    columns: SheetColumns = NO_COLUMNS

    def finding(
        self, rule: str, key: str | None = None, value: str | None = None, /, **params: Any
    ) -> Finding:
        """Return what a rule found in the cell of a column, or in the row as a whole."""
        return found(
            rule,
            self.sheet,
            self.row,
            key,
            place=self.columns.place(key),
            value=value,
            severity=ledger_rule(rule).severity,
            **params,
        )
