"""What the sender says about a ledger's file: whose headers mean what, values for all rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from codes.errors import UsageError
from codes.ledger_columns import Ledger, ledger_columns
from codes.names import fold, index_names
from registry.uploads.reading.headers import HeaderNames
from registry.uploads.settings import pairs


@dataclass(frozen=True)
class LedgerSettings:
    """How to read one file: the sender's headers and our keys, one value a key for blank cells."""

    ledger: Ledger
    mapped: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> HeaderNames:
        """The headers to look for."""
        return ledger_headers(self.ledger, self.mapped)


def ledger_settings(
    ledger: Ledger, maps: Iterable[str] = (), sets: Iterable[str] = ()
) -> LedgerSettings:
    """Return settings from what was typed: `theirs=ours` and `ours=value`.

    Raises UsageError for a pair without `=`, one given twice, and a name of ours that is none.
    """
    mapped = {theirs: column_key(ledger, ours) for theirs, ours in pairs("--map", maps)}
    given = {column_key(ledger, ours): value for ours, value in pairs("--set", sets)}
    return LedgerSettings(ledger, mapped, given)


def ledger_headers(ledger: Ledger, mapped: Mapping[str, str] | None = None) -> HeaderNames:
    """Return every header of a ledger's file, folded, with the key it means."""
    columns = ledger_columns(ledger).values()
    known = index_names((column.key, column.names) for column in columns)
    return HeaderNames(known, {fold(theirs): key for theirs, key in (mapped or {}).items()})


def column_key(ledger: Ledger, name: str) -> str:
    """Return our key for a key or header of ours; raises UsageError with all there are."""
    key = ledger_headers(ledger).key(name)
    if key is None:
        known = "、".join(f"{one.header}({one.key})" for one in ledger_columns(ledger).values())
        raise UsageError("ledger.column_unknown", seen=name, known=known)
    return key
