"""The rows of a large file that go back: those that are rejected or held, judged again.

A large file is counted, not kept; its report knows the first rows that fail. They are read once
more and checked as a small file, so that each says everything that is wrong with it.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from codes.upload_limits import limit
from exports.workbooks.part import write_part
from registry.bulk.encodings import codec
from registry.bulk.report import LargeReport
from registry.temporary import room_missed, temporary_folder
from registry.uploads.findings import CheckReport, Finding
from registry.uploads.source import SourceFile, SourceRow, SourceSheet

Recheck = Callable[[Path], CheckReport]
"""Checks a small file with the settings of the large one."""

ACROSS: Final = frozenset({"row_alike"})
"""Rules about rows together of which a part of the file cannot tell."""

REPEATED: Final = "row_repeated"
"""A part of the file can tell it: what its rows repeat is judged with them."""

STOPPING: Final = {"must": "rejected", "held": "held"}
Record = Sequence[object]


def failing_rows(report: LargeReport, again: Recheck) -> CheckReport:
    """Return the report with those rows, their findings and outcomes; its totals stay as counted.

    Raises what checking a file raises.
    """
    stopped = [one for one in report.findings if one.severity in STOPPING and one.row]
    failing = {*report.stopped, *(one.row or 0 for one in stopped)}
    numbers = sorted(failing)[: limit("failing_rows_kept")]
    wanted = {*numbers, *report.repeated} if numbers else ()
    records = report.cells or dict(_records_at(report.source, wanted))
    sheet = report.source.sheets[0]
    width = len(sheet.headers)
    rows = tuple(SourceRow(one, _padded(records[one], width)) for one in numbers if one in records)
    findings = [*_judged(report.source, records, again), *(x for x in stopped if x.rule in ACROSS)]
    told = {row.number for row in rows}
    findings = [one for one in findings if one.row in told]
    source = replace(report.source, sheets=(replace(sheet, rows=rows),))
    general = [one for one in report.findings if one.row not in told]
    outcomes = _outcomes(findings)
    return replace(report, source=source, findings=(*findings, *general), row_outcomes=outcomes)


def _records_at(source: SourceFile, numbers: Collection[int]) -> Iterator[tuple[int, Record]]:
    """Yield the records at the given row numbers, as the sender's spreadsheet counts them."""
    wanted, last = frozenset(numbers), max(numbers, default=0)
    csv.field_size_limit(max(csv.field_size_limit(), 4 * limit("cell_characters")))
    encoding = codec(source.path, source.encoding or "utf-8")
    with source.path.open(encoding=encoding, newline="") as file:
        if not file.readline().lower().startswith("sep="):
            file.seek(0)
        reader = csv.reader(file, delimiter=source.delimiter or ",")
        for number, record in enumerate(reader, start=1):
            if number in wanted:
                yield number, tuple(record)
            if number >= last:
                return


def _judged(source: SourceFile, records: Mapping[int, Record], again: Recheck) -> list[Finding]:
    """Check the rows as a small file and put the findings where the rows stand in the large one."""
    if not records:
        return []
    with room_missed(), temporary_folder() as folder:
        path = folder / f"rows.{source.kind}"
        write = _write_text if source.encoding else write_part
        write(path, source.sheets[0], records.values())
        found = again(path).findings
    numbers = dict(enumerate(records, start=2))
    told = [one for one in found if one.row in numbers and one.rule not in ACROSS]
    return [replace(_at_home(one, numbers), sheet=source.sheets[0].name) for one in told]


def _write_text(path: Path, sheet: SourceSheet, records: Iterable[Record]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(sheet.headers)
        writer.writerows(records)


def _at_home(one: Finding, numbers: Mapping[int, int]) -> Finding:
    """The finding with the rows of the large file."""
    params = dict(one.params)
    if one.rule == REPEATED:
        params["first"] = numbers[params["first"]]
    return replace(one, row=numbers[one.row or 0], params=params)


def _outcomes(findings: Sequence[Finding]) -> dict[tuple[str, int], str]:
    outcomes: dict[tuple[str, int], str] = {}
    for one in findings:
        place = (one.sheet, one.row or 0)
        if one.severity in STOPPING and outcomes.get(place) != STOPPING["must"]:
            outcomes[place] = STOPPING[one.severity]
    return outcomes


def _padded(record: Record, width: int) -> tuple[object, ...]:
    return (*record[:width], *("",) * (width - len(record)))
