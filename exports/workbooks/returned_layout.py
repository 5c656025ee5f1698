"""Where the columns of a sender's sheet stand in the workbook that goes back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from xlsxwriter.utility import xl_cell_to_rowcol

from codes.elements import all_fields
from codes.reserved_names import is_reserved
from exports.workbooks.settings import settings
from registry.uploads.findings import Finding
from registry.uploads.reading.headers import header_names
from registry.uploads.source import SourceSheet, column_letter

OUTCOME: Final = 0
RESULT: Final = 1
OURS: Final = 2
"""The two columns at the left: how the row came out, what to mend; the sender's begin after."""

_LETTER_PARAMS: Final = {
    "header_repeated": "first",
    "header_levels": "first",
    "cells_conflict": "other",
}
"""Rules whose sentence names a second column of the sender, and the parameter that holds it."""


@dataclass(frozen=True)
class Layout:
    """The columns of one sheet: `skip` of ours left out, `headers` kept, `added` keys appended.

    A workbook that went back once and comes again has our columns; they are replaced, not doubled.
    """

    skip: int
    headers: tuple[str, ...]
    added: tuple[str, ...]

    @property
    def last(self) -> int:
        """The 0-based position of the last column."""
        return OURS + len(self.headers) + len(self.added) - 1

    def position(self, letter: str) -> int:
        """Return the 0-based position of the sender's column `letter`."""
        return int(xl_cell_to_rowcol(f"{letter}1")[1]) - self.skip + OURS

    def position_added(self, key: str) -> int:
        """Return the 0-based position of the column appended for a field."""
        return OURS + len(self.headers) + self.added.index(key)

    def place(self, finding: Finding) -> int | None:
        """Return the column in which a finding is to be mended; None when it has none."""
        if finding.column:
            return self.position(finding.column)
        key = answered_in(finding)
        return self.position_added(key) if key in self.added else None

    def lettered(self, finding: Finding) -> Finding:
        """Return the finding with the column letters of the workbook that goes back."""
        params = dict(finding.params)
        name = _LETTER_PARAMS.get(finding.rule)
        if name in params:
            params[name] = self._letter(params[name])
        column = self._letter(finding.column) if finding.column else None
        return replace(finding, column=column, params=params)

    def _letter(self, letter: str) -> str:
        return column_letter(self.position(letter))


def layout_of(sheet: SourceSheet, findings: Iterable[Finding]) -> Layout:
    """Return the columns of a sheet; those that a rejected or held row asks for are appended."""
    skip = 0
    while skip < len(sheet.headers) and is_reserved("header", sheet.headers[skip]):
        skip += 1
    names = header_names()
    wanted = {
        answered_in(one)
        for one in findings
        if one.sheet == sheet.name and one.row is not None and one.severity in ("must", "held")
        and (one.column is None or one.rule in settings().returned.answers)
    }  # fmt: skip
    wanted -= {names.key(header) for header in sheet.headers}
    return Layout(skip, sheet.headers[skip:], tuple(key for key in all_fields() if key in wanted))


def answered_in(finding: Finding) -> str | None:
    """Return the key of the field in which a finding is answered: its own, unless another is."""
    return settings().returned.answers.get(finding.rule, finding.element)
