"""The lines of a canonical file with their places before them, for workers that get some of them.

Spark promises no order: a line that does not say its place has lost it. While it is written each
line is proved, as DuckDB proves it: UTF-8, and as many cells as the header.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from registry.bulk.canonical import CanonicalFile

LINES: Final = 10_000
AHEAD: Final = ("number", "cells")
"""Cells of ours that begin the lines of a rewritten file."""


class UnevenError(Exception):
    """A line is not UTF-8 or not as wide as the header: the file must be rewritten."""


def columns_of(file: CanonicalFile) -> tuple[str, ...]:
    """Return the names of a line's cells, without its place."""
    ahead = AHEAD if file.numbered else ()
    return (*ahead, *(f"c{index}" for index in range(file.columns)))


def write_placed(file: CanonicalFile, target: Path) -> int:
    """Write the data lines, each with its place first, and return how many. Raises UnevenError."""
    width, mark = len(columns_of(file)), file.delimiter.encode()
    count = 0
    with file.path.open("rb") as source, target.open("wb") as out:
        for _ in range(file.skip):
            source.readline()
        for lines in _batches(source):
            for line in lines:
                if _width(line, mark, file.delimiter) != width:
                    raise UnevenError(count)
            out.write(
                b"".join(b"%d%b%b\n" % (at, mark, one) for at, one in enumerate(lines, count))
            )
            count += len(lines)
    return count


def _batches(source: Iterator[bytes]) -> Iterator[list[bytes]]:
    while lines := [line.rstrip(b"\r\n") for line in islice(source, LINES)]:
        try:
            b"\n".join(lines).decode("utf-8")
        except UnicodeDecodeError as error:
            raise UnevenError from error
        yield lines


def _width(line: bytes, mark: bytes, delimiter: str) -> int:
    if b'"' not in line:
        return line.count(mark) + 1
    try:
        return len(next(csv.reader([line.decode("utf-8")], delimiter=delimiter, strict=True)))
    except csv.Error as error:
        raise UnevenError from error
