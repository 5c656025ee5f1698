"""A file read: entries sound in themselves, what was found, and what belongs to both ledgers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from codes.ledger_columns import Ledger, ledger_columns
from codes.ledger_limits import ledger_limit
from registry.ledgers.cells import Cells
from registry.ledgers.entries import YES, Entry, Key
from registry.ledgers.place import RowPlace
from registry.ledgers.sheets import LedgerFile
from registry.uploads.findings import Finding
from registry.uploads.source import SourceFile

E = TypeVar("E", bound=Entry)


@dataclass(frozen=True)
class Batch(Generic[E]):
    """What a file (or, without `source`, a book of ours) wants to record.

    `rows` counts the rows read. A batch with a finding of severity must is refused as a whole.
    """

    ledger: Ledger
    rows: int
    entries: tuple[E, ...]
    findings: tuple[Finding, ...]
    source: SourceFile | None = None


def batch_of(file: LedgerFile, ledger: Ledger, entries: tuple[E, ...]) -> Batch[E]:
    """Return the batch of a file, with what concerns columns and several rows checked too."""
    findings = (
        *file.findings,
        *_columns_absent(file, ledger),
        *(one for cells in file.rows for one in cells.findings),
        *repeated(entries),
    )
    return Batch(ledger, len(file.rows), entries, findings, file.source)


def read_source(cells: Cells) -> str | None:
    """Return the row's source; it is required, and kept short."""
    written = cells.text("source")
    if written is None:
        cells.require("source")
        return None
    limit = ledger_limit("source_longest")
    if len(written) > limit:
        cells.report("source_too_long", "source", length=len(written), limit=limit)
    return written


def repeated(entries: Sequence[Entry]) -> Iterator[Finding]:
    """Yield rows that say the same item of the same source again, or prefer a second one."""
    first: dict[Key, RowPlace] = {}
    chosen: dict[Key, RowPlace] = {}
    for entry in entries:
        met = first.setdefault(entry.key, entry.place)
        if met is not entry.place:
            yield entry.place.finding("row_repeated", **_item(entry, met))
        elif entry.preferred == YES:
            met = chosen.setdefault(entry.cell, entry.place)
            if met is not entry.place:
                yield entry.place.finding("preferred_twice", "preferred", **_item(entry, met))


def _item(entry: Entry, met: RowPlace) -> dict[str, object]:
    other = met.sheet if met.sheet != entry.place.sheet else ""
    return {"item_key": [entry.table, *entry.key], "first": met.row, "sheet_named": other}


def _columns_absent(file: LedgerFile, ledger: Ledger) -> Iterator[Finding]:
    seen: set[tuple[str, str]] = set()
    for cells in file.rows:
        for column in ledger_columns(ledger).values():
            absent = column.requirement == "must" and not cells.has(column.key)
            if column.instead and cells.has(column.instead):
                continue
            if absent and (cells.place.sheet, column.key) not in seen:
                seen.add((cells.place.sheet, column.key))
                sheet = RowPlace(cells.place.sheet, None)
                yield sheet.finding("column_absent", column.key, form_of=column.key, key=column.key)
