"""Check a list of codes: is each well-formed, was it issued, how does it stand, what came after.

Nothing is kept. A list may hold as many codes as `site.toml` says.
"""

from __future__ import annotations

import asyncio
import json
import re
import string
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from itertools import accumulate
from typing import Any, Final

from datasette.app import Datasette
from stdnum.exceptions import ValidationError

from codes import facility_code
from codes.code_layout import load_layout
from codes.statuses import ANNULLED, named, on_register
from exports.site import queries
from exports.site.catalogue import Row
from exports.site.facility import now_there
from exports.site.pages.page import rows
from exports.site.settings import site_settings

QUOTES: Final = "\"'`“”‘’＂＇="
"""What a table program writes around a cell: `"…"`, `="…"`, `'…`."""

_BETWEEN: Final = re.compile(rf"[\r\n\t,;，；、|{QUOTES}]+")


@dataclass(frozen=True)
class Checked:
    """One code of the list: as written, what it turned out to be, and what stands there now."""

    written: str
    outcome: str
    code: str | None = None
    detail: str | None = None
    name: str | None = None
    status: str | None = None
    standing: list[Row] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return it for a program."""
        printed = facility_code.format(self.code) if self.code else None
        return {**asdict(self), "printed_code": printed}


def split_list(text: str) -> list[str]:
    """Return the codes of a pasted list, in order; any usual separator will do, a space too.

    Parts between spaces that together are as long as a code are one, as `check` reads it.

    >>> split_list("E02-330106-000174-06, x； y"), split_list('"E02 330106 000174 06" x')
    (['E02-330106-000174-06', 'x', 'y'], ['E02 330106 000174 06', 'x'])
    """
    return [code for part in _BETWEEN.split(text) for code in _spaced(part.split())]


def _spaced(parts: list[str]) -> Iterator[str]:
    """Give each part, those that together have the length of a code as one."""
    lengths = [len(facility_code.compact(part)) for part in parts]
    at, whole = 0, load_layout().length
    while at < len(parts):
        sums = list(accumulate(lengths[at : at + whole]))
        after = at + (sums.index(whole) if whole in sums else 0) + 1
        yield " ".join(parts[at:after])
        at = after


async def check(datasette: Datasette, written: Iterable[str]) -> list[Checked]:
    """Check codes however they are written, in their order; others are answered meanwhile."""
    read = await asyncio.to_thread(lambda: [(text, *_read(text)) for text in written])
    valid = sorted({code for _, code, _ in read if code})
    known = {row["code"]: row for row in await _asked(datasette, queries.CHECKED, valid)}
    leads: dict[str, list[Row]] = {}
    for row in await _asked(datasette, queries.CHECKED_STANDING, sorted(known)):
        leads.setdefault(row["start"], []).append({"code": row["code"], "name": row["name"]})
    return await asyncio.to_thread(
        lambda: [_judge(text, code, detail, known, leads) for text, code, detail in read]
    )


def counted(checked: Iterable[Checked]) -> dict[str, int]:
    """Return how many codes had each outcome, the most urgent first."""
    found = Counter(one.outcome for one in checked)
    return {name: found[name] for name in site_settings().check_outcomes if found[name]}


def _read(text: str) -> tuple[str | None, str | None]:
    try:
        return facility_code.validate(text.strip(QUOTES + string.whitespace)), None
    except ValidationError as error:
        return None, str(error)


def _judge(
    text: str,
    code: str | None,
    detail: str | None,
    known: dict[str, Row],
    leads: dict[str, list[Row]],
) -> Checked:
    if code is None:
        return Checked(text, "wrong", detail=detail)
    row = known.get(code)
    if row is None:
        return Checked(text, "unknown", code)
    now = now_there(row, leads.get(code, []))
    if row["status"] == named(ANNULLED):
        outcome = "annulled"
    elif row["status"] in on_register():
        outcome = "standing"
    else:
        outcome = "moved" if now else "ended"
    return Checked(text, outcome, code, None, row["name"], row["status"], now)


async def _asked(datasette: Datasette, sql: str, codes: list[str]) -> list[Row]:
    return await rows(datasette, sql, codes=json.dumps(codes))
