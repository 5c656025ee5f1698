"""Refuse a value given for all rows (`--set`) that no row could take, before a file is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from codes import china_time
from codes.errors import UsageError
from registry.uploads.columns import SheetColumns
from registry.uploads.judge import judge
from registry.uploads.judged import Context, Judged
from registry.uploads.normalising.sheet import TYPE, RowReader
from registry.uploads.source import SourceRow
from registry.uploads.wording import finding_text

_NO_COLUMNS: Final = SheetColumns("", {}, {}, ())


def check_given(given: Mapping[str, str]) -> None:
    """Raise UsageError for a value that breaks a rule whatever else a row says."""
    of_type = {key: given[key] for key in (TYPE,) if key in given}
    for key, value in given.items():
        # alone but for the type: what it says beside others is asked of each row
        for one in _judged({**of_type, key: value}).findings:
            if one.severity == "must" and one.element == key:
                said, remedy = finding_text(one)
                seen = f"{key}={value}"
                raise UsageError("upload.set_unfit", seen=seen, said=said, remedy=remedy)


def _judged(given: Mapping[str, str]) -> Judged:
    read = RowReader(_NO_COLUMNS, given).read(SourceRow(0, ()))
    row = Judged(read, _NO_COLUMNS, findings=list(read.findings))
    judge([row], Context(china_time.today()), None, apart=True)
    return row
