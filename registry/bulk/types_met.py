"""Which types a file is about: from a few stretches of it, so that no others need be looked at."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from typing import Final

from codes.facility_types import facility_types
from registry.bulk.canonical import CanonicalFile
from registry.uploads.columns import SheetColumns

STRETCHES: Final = 16
STRETCH_BYTES: Final = 1 << 16

RARE: Final = 0.01
"""The share of the rows whose types need not be looked at: they are so few that none is sure."""


def types_met(
    file: CanonicalFile, columns: SheetColumns, given: Mapping[str, str]
) -> tuple[str, ...]:
    """Return the codes of the types met in the stretches, and of the one `given`; no rare ones.

    A type that stands elsewhere in the file is not among them: `scan` says so.
    """
    column = columns.read.get("type")
    words = Counter([given["type"]] if "type" in given else [])
    if column is not None:
        at = column.index + 2 * file.numbered
        words.update(cells[at] for cells in _records(file) if len(cells) > at)
    met: Counter[str] = Counter()
    for word, count in words.items():
        met[type_words().get(word, "")] += count
    return in_order(_often(met))


def _often(met: Counter[str]) -> Iterator[str]:
    """Yield the types, the most frequent first, until the rest are rare; '' stands for none."""
    rest = sum(met.values()) - met.pop("", 0)
    rare = rest * RARE
    for code, count in met.most_common():
        if rest <= rare:
            return
        yield code
        rest -= count


def in_order(codes: Iterable[str]) -> tuple[str, ...]:
    """Return the codes, each once, in the order of the book."""
    known = set(codes)
    return tuple(code for code in facility_types() if code in known)


@cache
def type_words() -> dict[str, str]:
    """Return the code of the type that a code or a name means."""
    return {word: one.code for one in facility_types().values() for word in (one.code, one.name_zh)}


def _records(file: CanonicalFile) -> Iterator[list[str]]:
    size = file.path.stat().st_size
    step = max(size // STRETCHES, STRETCH_BYTES)
    with file.path.open("rb") as opened:
        for start in range(0, size, step):
            opened.seek(start)
            stretch = opened.read(STRETCH_BYTES)
            lines = stretch.decode("utf-8", errors="replace").split("\n")
            # at its ends a stretch may cut a line
            with suppress(csv.Error):
                yield from csv.reader(lines[1 if start else 0 :], delimiter=file.delimiter)
