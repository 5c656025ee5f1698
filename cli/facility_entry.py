"""Say what the rules of uploads find about an entry, before it is registered."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from codes.errors import DataError

if TYPE_CHECKING:
    from sqlmodel import Session

REFUSED: Final = {"must", "held"}
"""Severities that stop an entry; questions (held) may be answered with --sure."""


def refuse_doubtful(session: Session, entry: Mapping[str, Any], *, sure: bool) -> None:
    """Raise DataError when an entry breaks a must-rule, or leaves a question and nobody is sure.

    What is only recommended is not repeated here; the sentences go to standard error.
    """
    from registry.uploads.single import judge_entry
    from registry.uploads.wording import finding_text

    stopping = REFUSED - {"held"} if sure else REFUSED
    found = [one for one in judge_entry(session, entry) if one.severity in stopping]
    for one in found:
        message, remedy = finding_text(one)
        print(f"{message} {remedy}", file=sys.stderr)
    if any(one.severity == "must" for one in found):
        raise DataError("facility.entry_wrong", count=len(found))
    if found:
        raise DataError("facility.entry_doubtful", count=len(found))
