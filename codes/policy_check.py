"""What must hold between the rows of the policy; a book that breaks it is refused as it is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from codes.book import BookError
from codes.messages import text
from codes.policy_rows import Parameter


def policy_mistakes(
    rows: Sequence[Parameter], colours: Collection[str], where: str
) -> Iterator[BookError]:
    """Yield every mistake in the rows, values first; `colours` are those that have a look."""
    bands = [row for row in rows if row.group == "band"]
    empty = [row for row in rows if row.group == "missing"]
    wrong = list(_values(rows, where))
    yield from wrong
    if not wrong:
        yield from _order(bands, where)
        yield from _edges(bands, rows, where)
    if len(empty) != 1:
        yield BookError("book.policy_missing_colour", where=where, total=len(empty))
    yield from _colours([*bands, *empty], colours, where)


def _values(rows: Sequence[Parameter], where: str) -> Iterator[BookError]:
    for row in rows:
        may_be_empty = row.value is None and row.group in ("band", "missing")
        if not may_be_empty and not row.is_sound:
            expected = [*row.choices]
            if not row.choices or row.range:
                kind = text(f"book.policy_kind.{row.value_type}")
                expected.append(f"{kind} {row.range or ''}".strip())
            yield BookError(
                "book.policy_value",
                where=where,
                code=row.code,
                seen=row.value or "",
                expected=" / ".join(expected),
            )


def _order(bands: Sequence[Parameter], where: str) -> Iterator[BookError]:
    edges = [Decimal(row.value) for row in bands if row.value is not None]
    falling = all(high > low for high, low in pairwise(edges))
    without = [place for place, row in enumerate(bands) if row.value is None]
    if not (edges and falling and without == [len(bands) - 1]):
        seen = ", ".join(f"{row.last_word} {row.value or '-'}" for row in bands)
        yield BookError("book.policy_bands_order", where=where, seen=seen or "-")


def _edges(
    bands: Sequence[Parameter], rows: Sequence[Parameter], where: str
) -> Iterator[BookError]:
    known = {row.code: row.value for row in rows}
    decimals, most = known.get("warning.decimals"), known.get("achievement.most")
    for row in bands:
        edge = Decimal(row.value or 0)
        about = {"where": where, "code": row.code, "seen": row.value}
        if decimals is not None and edge != round(edge, int(decimals)):
            yield BookError("book.policy_edge_fine", **about, decimals=decimals)
        if most is not None and edge > Decimal(most):
            yield BookError("book.policy_edge_high", **about, most=most)


def _colours(
    rows: Sequence[Parameter], colours: Collection[str], where: str
) -> Iterator[BookError]:
    times = Counter(row.last_word for row in rows)
    for row in rows:
        if row.last_word not in colours or times[row.last_word] > 1:
            known = ", ".join(colours)
            yield BookError("book.policy_colour", where=where, code=row.code, known=known)
