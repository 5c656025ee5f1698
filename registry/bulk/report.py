"""The report on a large file: exact totals for every cause, and the first places of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import overload

from codes.errors import DataError
from registry.uploads.findings import Cause, CheckReport, Finding
from registry.uploads.source import SourceRow


@dataclass(frozen=True)
class CountedCause(Cause):
    """All findings of one rule on one element; `findings` are the first, `counted` is how many."""

    counted: int = 0

    @property
    def total(self) -> int:
        """How many there are."""
        return self.counted


@dataclass(frozen=True)
class Shown:
    """How much is shown of what is found in a large file.

    `places` of each cause are told in full; with `back` the first rows that are rejected or held
    are kept with all that is wrong with each.
    """

    places: int
    back: bool = False


@dataclass(frozen=True)
class FailingRow:
    """A row that is rejected or held: where it stands in the sender's file, cells, all findings."""

    sheet: str
    number: int
    cells: Sequence[object]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class LargeReport(CheckReport):
    """A report that knows its totals; `findings` holds the first places of each cause only.

    `row_outcomes` is empty: the outcomes are counted, not kept by row.
    """

    causes: tuple[CountedCause, ...] = ()
    stopped: tuple[tuple[str, int], ...] = ()
    """The sheets and numbers of the first rows that are rejected or held."""

    failing: tuple[FailingRow, ...] = ()
    """These rows, where they were to be kept."""

    sheets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """The outcomes by sheet; of the only table there is they need not be said again."""

    exact_rows: int = 0
    """How many rows went through the exact path; the others were decided in SQL alone."""

    def totals(self) -> tuple[Cause, ...]:
        """Return the causes: worst severity first, then the most frequent."""
        return self.causes

    def outcomes_of(self, sheet: str) -> Mapping[str, int]:
        """Return the five outcomes of the rows of one sheet."""
        return self.sheets.get(sheet, self.outcomes)

    @property
    def clean(self) -> bool:
        """True when nothing is worse than a note."""
        return all(one.severity == "note" for one in self.causes)


@dataclass(frozen=True)
class CountedRows(Sequence[SourceRow]):
    """As many rows as the file has; none of them is kept."""

    filled: int

    def __len__(self) -> int:
        """Rows that hold something."""
        return self.filled

    @overload
    def __getitem__(self, index: int) -> SourceRow: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[SourceRow]: ...
    def __getitem__(self, index: int | slice) -> SourceRow | Sequence[SourceRow]:
        """Raise IndexError: the rows of a large file are not kept."""
        raise IndexError(index)

    def __iter__(self) -> Iterator[SourceRow]:
        """Yield nothing."""
        return iter(())


def without_rows(path: Path, header_row: int, about: Iterable[Finding]) -> DataError:
    """Return the error of a file that has no rows; what is found `about` it tells of examples."""
    for one in about:
        if one.rule == "example_row_skipped":
            return DataError("read.rows_examples", path=path.name, row=one.row)
    return DataError("read.rows_absent", path=path.name, row=header_row)
