"""Check a list of codes: is each well-formed, was it issued, how does it stand, what came after.

Nothing is kept. A list may hold as many codes as `site.toml` says.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from datasette.app import Datasette
from stdnum.exceptions import ValidationError

from codes import facility_code
from exports.site import queries
from exports.site.catalogue import Row
from exports.site.facility import now_there
from exports.site.pages.page import rows
from exports.site.settings import site_settings

_BETWEEN: Final = re.compile(r"[\s,;，；、|]+")


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
    """Return the codes of a pasted list, in order; any usual separator will do.

    >>> split_list("E02-330106-000174-06, x； y")
    ['E02-330106-000174-06', 'x', 'y']
    """
    return [part for part in _BETWEEN.split(text) if part]


async def check(datasette: Datasette, written: Iterable[str]) -> list[Checked]:
    """Check codes however they are written, in their order."""
    read = [(text, *_read(text)) for text in written]
    valid = sorted({code for _, code, _ in read if code})
    known = {row["code"]: row for row in await _asked(datasette, queries.CHECKED, valid)}
    leads: dict[str, list[Row]] = {}
    for row in await _asked(datasette, queries.CHECKED_STANDING, sorted(known)):
        leads.setdefault(row["start"], []).append({"code": row["code"], "name": row["name"]})
    return [_judge(text, code, detail, known, leads) for text, code, detail in read]


def counted(checked: Iterable[Checked]) -> dict[str, int]:
    """Return how many codes had each outcome, the most urgent first."""
    found = Counter(one.outcome for one in checked)
    return {name: found[name] for name in site_settings().check_outcomes if found[name]}


def _read(text: str) -> tuple[str | None, str | None]:
    try:
        return facility_code.validate(text), None
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
    settings = site_settings()
    now = now_there(row, leads.get(code, []))
    if row["status"] in settings.annulled:
        outcome = "annulled"
    elif row["status"] in settings.standing:
        outcome = "standing"
    else:
        outcome = "moved" if now else "ended"
    return Checked(text, outcome, code, None, row["name"], row["status"], now)


async def _asked(datasette: Datasette, sql: str, codes: list[str]) -> list[Row]:
    return await rows(datasette, sql, codes=json.dumps(codes))
