"""Say what the rules of uploads find about an entry, before it is registered."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from codes.errors import DataError
from codes.messages import text

if TYPE_CHECKING:
    from sqlmodel import Session

    from registry.uploads.findings import Finding

REFUSED: Final = {"must", "held"}
"""Severities that stop an entry; questions (held) may be answered with --sure."""


def refuse_doubtful(session: Session, entry: Mapping[str, Any], *, sure: bool) -> None:
    """Raise DataError when an entry breaks a must-rule, or leaves a question and nobody is sure.

    What is only recommended is not repeated here; the sentences go to standard error.
    """
    from registry.uploads.single import judge_entry

    stopping = REFUSED - {"held"} if sure else REFUSED
    found = [one for one in judge_entry(session, entry) if one.severity in stopping]
    for one in found:
        print(_said(one), file=sys.stderr)
    if any(one.severity == "must" for one in found):
        raise DataError("facility.entry_wrong", count=len(found))
    if found:
        raise DataError("facility.entry_doubtful", count=len(found))


def _said(finding: Finding) -> str:
    """Say what was found and how to mend it; a rule's own remedy may be a command on uploads."""
    from registry.uploads.wording import finding_text, words_of

    message, remedy = finding_text(finding)
    if finding.params.get("identical"):
        message = text("facility.entry_identical").format_map(words_of(finding))
    with suppress(KeyError):
        remedy = text(f"facility.remedy.{finding.rule}").format_map(words_of(finding))
    return text("facility.wrong", said=message, remedy=remedy)
