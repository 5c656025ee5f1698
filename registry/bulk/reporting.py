"""Make the report of what was counted: causes in order, headers with their filled cells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import cast

from registry.bulk.canonical import CanonicalFile
from registry.bulk.report import CountedCause, CountedRows, FailingRow, LargeReport
from registry.bulk.tally import Tally, cause_of
from registry.uploads.findings import OUTCOMES, Finding, found, order
from registry.uploads.source import SourceFile, SourceRow, SourceSheet, index_of


def report_of(
    tally: Tally,
    source: SourceFile,
    about: Iterable[Finding],
    file: CanonicalFile,
    failing: tuple[FailingRow, ...],
) -> LargeReport:
    """Return the report; findings about the header come first, with their cells counted."""
    sheet = source.sheets[0]
    heads = [*_counted_heads(about, tally), *_blank_heads(tally, sheet, file)]
    for one in heads:
        tally.totals[cause_of(one)] += 1
        tally.first[cause_of(one)].append((-1, one))
    causes = []
    for cause, total in tally.totals.items():
        kept = sorted(tally.first[cause], key=lambda pair: pair[0])[: tally.most(cause)]
        rule, severity, element = cause
        causes.append(CountedCause(rule, severity, element, tuple(x for _, x in kept), total))
    causes.sort(key=order)
    rows = cast("tuple[SourceRow, ...]", CountedRows(tally.rows))
    outcomes = {name: tally.outcomes[name] for name in OUTCOMES}
    return LargeReport(
        replace(source, sheets=(replace(sheet, rows=rows),)),
        tally.rows,
        tuple(one for cause in causes for one in cause.findings),
        outcomes,
        {},
        False,
        tuple((sheet.name, *one) for one in _ignored(tally, file)),
        causes=tuple(causes),
        stopped=tuple((sheet.name, one) for one in file.numbers(tally.first_stopped())),
        failing=failing,
        sheets={sheet.name: outcomes},
        exact_rows=tally.exact_rows,
    )


def _counted_heads(about: Iterable[Finding], tally: Tally) -> Iterable[Finding]:
    for one in about:
        if one.rule == "header_unknown":
            cells = tally.filled[index_of(one.column or "")]
            yield replace(one, params={**one.params, "cells": cells})
        else:
            yield one


def _blank_heads(tally: Tally, sheet: SourceSheet, file: CanonicalFile) -> Iterable[Finding]:
    """Columns that hold something under no header, unless rows have shifted anyway."""
    odd = any(cause[0] in ("cells_extra", "cells_missing") for cause in tally.totals)
    for letter, header, reason in tally.columns.ignored:
        filled = tally.filled[index_of(letter)]
        if reason == "no_header" and filled and not odd:
            place = (letter, header)
            row = sheet.header_row
            yield found("header_blank", sheet.name, row, place=place, value=header, cells=filled)


def _ignored(tally: Tally, file: CanonicalFile) -> list[tuple[str, str, str]]:
    """The columns that are not read, up to the last that holds anything."""
    filled = max((index + 1 for index, cells in tally.filled.items() if cells), default=0)
    return tally.columns.unread(max(filled, tally.width), range(file.columns, file.widest))
