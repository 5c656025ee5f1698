"""Judge some rows of a file by the path of small files, which says exactly what is wrong."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from codes.upload_limits import limit
from registry.bulk.canonical import CanonicalFile, Cells
from registry.bulk.plain_readings import plainly
from registry.uploads.columns import SheetColumns
from registry.uploads.findings import Finding, found
from registry.uploads.judge import judge
from registry.uploads.judged import Context, Judged
from registry.uploads.normalising.sheet import RowReader
from registry.uploads.reading.headers import HeaderNames
from registry.uploads.reading.tabulate import filled_width, tabulate
from registry.uploads.settings import UploadSettings
from registry.uploads.source import SourceRow, SourceSheet, is_blank

Record = tuple[int, int, int, Cells]
"""Place among the data lines, number in the sender's file, cells there were, cells."""


@dataclass(frozen=True)
class Judge:
    """What it takes to judge rows of one file, a bounded number at a time."""

    file: CanonicalFile
    sheet: SourceSheet
    columns: SheetColumns
    settings: UploadSettings
    context: Context
    names: HeaderNames
    delimiter: str

    def rows(self, places: Sequence[int]) -> Iterator[Batch]:
        """Yield the rows at these places, judged, in batches; both in the order of the file."""
        records = zip(places, self.file.records(places), strict=True)
        while read := list(islice(records, limit("bulk_chunk_rows"))):
            yield self._batch([(place, *one) for place, one in read])

    def decided(self, places: Sequence[int]) -> Iterator[tuple[int, Judged, Cells]]:
        """Yield (place, row judged, its cells) of lines that are known to be rows, in order."""
        reader = RowReader(self.columns, self.settings.given, plainly)
        records = zip(places, self.file.records(places), strict=True)
        while read := list(islice(records, limit("bulk_chunk_rows"))):
            rows = []
            for _, (number, held, cells) in read:
                row = reader.read(SourceRow(number, tuple(cells)))
                rows.append(Judged(row, self.columns, findings=list(row.findings)))
                self._look_at_width(rows[-1], held)
            judge(rows, self.context, None, apart=True)
            for (place, (*_, cells)), one in zip(read, rows, strict=True):
                yield place, one, cells

    def _batch(self, records: list[Record]) -> Batch:
        sheet = tabulate("", [self.sheet.headers, *(one[3] for one in records)], self.names)
        if sheet is None or sheet.header_row != 1:
            raise csv.Error(self.sheet.headers)
        of = dict(enumerate(records, start=2))
        judged, reader = {}, RowReader(self.columns, self.settings.given, plainly)
        for row in sheet.rows:
            place, number, cells, _ = of[row.number]
            source = replace(row, number=number)
            one = reader.read(source)
            judged[place] = Judged(one, self.columns, findings=list(one.findings))
            self._look_at_width(judged[place], cells)
        # rows repeat each other over the whole file, which no part of it can tell
        judge(list(judged.values()), self.context, None, apart=True)
        name = self.sheet.name
        about = [found("header_row_repeated", name, of[row][1]) for row in sheet.repeated]
        about += [found("example_row_skipped", name, of[row][1]) for row in sheet.examples]
        about += [found(rule, name, of[at][1], value=said) for rule, at, said in sheet.no_rows]
        words = [*sheet.repeated, *sheet.examples, *(at for _, at, _ in sheet.no_rows)]
        width = max((filled_width(of[at][3]) for at in words), default=0)
        return Batch(judged, about, _filled(sheet, len(self.sheet.headers)), width)

    def _look_at_width(self, row: Judged, cells: int) -> None:
        if cells != self.file.columns:
            row.report_width(cells, self.sheet.headed, self.delimiter)


@dataclass(frozen=True)
class Batch:
    """Judged rows by place, what was found about lines that are no rows, filled cells by column.

    `width` counts columns up to the last in which a line that is no row has anything.
    """

    judged: dict[int, Judged]
    about: list[Finding]
    filled: list[int]
    width: int


def _filled(sheet: SourceSheet, columns: int) -> list[int]:
    """How many cells of each column hold something."""
    columns_of = zip(*(row.cells for row in sheet.rows), strict=True)
    filled = [sum(not is_blank(one) for one in cells) for cells in columns_of]
    return [*filled, *[0] * columns][:columns]
