"""Numbers with a check of their own: the facility code and the operator's credit code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from stdnum.cn import uscc

from codes import facility_code
from registry.uploads.breaches import schema_known
from registry.uploads.judged import Context, Judged
from registry.uploads.rules.hit import Hit


def code_wrong(row: Judged, _context: Context) -> Iterator[Hit]:
    """A facility code that cannot be one: wrong length, characters, class or check digits."""
    written = row.row.fields.get("code")
    if written is not None and not facility_code.is_valid(written):
        yield Hit("code", {"detail_invalidity": written})


def code_not_registered(row: Judged, context: Context) -> Iterator[Hit]:
    """A well-formed facility code that no registered facility has."""
    written = row.row.fields.get("code")
    if not context.compared or written is None or row.registered or row.held:
        return
    if facility_code.is_valid(written):
        yield Hit("code", {"code_facility": facility_code.compact(written)})


def uscc_wrong(row: Judged, _context: Context) -> Iterator[Hit]:
    """A credit code of the right form that fails its check; of another its form is told."""
    written = row.row.fields.get("operator_uscc")
    if isinstance(written, str) and _in_form(written) and not _is_uscc(written):
        yield Hit("operator_uscc")


@cache
def uscc_pattern() -> str:
    """Return the pattern that the credit code's element has; safe for RE2."""
    return str(schema_known(None)["properties"]["operator_uscc"]["pattern"])


def _in_form(written: str) -> bool:
    return re.search(uscc_pattern(), written) is not None and written[-1] != "\n"


@lru_cache(maxsize=20_000)
def _is_uscc(written: str) -> bool:
    """Ask once: an operator runs many facilities."""
    return bool(uscc.is_valid(written))
