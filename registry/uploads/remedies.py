"""How the findings of one cause are mended, said once: alike, by type of facility, or each apart.

A cause holds every finding of a rule on an element, whatever the type of the row; what a cell
should hold may depend on the type.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Final, TypeAlias

from codes.facility_types import facility_types
from codes.messages import language, text
from codes.upload_limits import limit
from registry.uploads.expected import expected_form
from registry.uploads.findings import Cause, Finding
from registry.uploads.normalising.row import known_fields
from registry.uploads.wording import joined, type_shown

FORM: Final = "expected_form"
"""The parameter that begins with the type whose form a cell should have."""

TYPES_NAMED: Final = 6
"""Of the types that share a sentence so many are named."""

Say: TypeAlias = Callable[[Finding], str]
"""Says in the language in use how a finding is mended, or what its cell should hold."""


def for_all(cause: Cause, say: Say) -> str:
    """Return what holds for all findings of a cause, '' where there is nothing to say.

    Where it depends on the type, the sentence of each type met among the findings that are kept;
    where it is of each place its own, that of the first.
    """
    first = cause.findings[0]
    if FORM not in first.params:
        alike = all(own(one, cause, say) == "" for one in cause.findings[: limit("samples_kept")])
        return say(first) if alike else text("upload.each_apart", sentence=say(first))
    types: dict[str, list[str]] = {}
    for code, one in _one_of_each_type(cause).items():
        if sentence := say(_called_as(one, first)):
            types.setdefault(sentence, []).append(code)
    part = len(cause.findings) < cause.total and _depends_on_type(first, say)
    if len(types) < 2 and not part:
        return next(iter(types), "")
    space = "" if language() == "zh" else " "
    listed = space.join(_of_types(codes, sentence) for sentence, codes in types.items())
    if len(types) > 1:
        listed = text("upload.by_type", listed=listed)
    return listed + (text("upload.by_type_met", shown=len(cause.findings)) if part else "")


def own(one: Finding, cause: Cause, say: Say) -> str:
    """Return how a finding is mended where the first of its cause is mended otherwise, else ''."""
    first = cause.findings[0]
    sentence = say(_called_as(one, first))
    return sentence if sentence != say(first) else ""


def _one_of_each_type(cause: Cause) -> dict[str, Finding]:
    found: dict[str, Finding] = {}
    for one in cause.findings:
        found.setdefault(_type_code(one), one)
    return found


def _type_code(one: Finding) -> str:
    return str((one.params.get(FORM) or [""])[0])


def _called_as(one: Finding, first: Finding) -> Finding:
    """The finding with the header of the first: sheets may call one column by several names."""
    return one if one.header == first.header else replace(one, header=first.header)


def _depends_on_type(one: Finding, say: Say) -> bool:
    """Say whether a row of another type would be told something else."""
    element = one.element or ""
    said = {
        say(replace(one, params={**one.params, FORM: [code, element]}))
        for code in _types_that_differ(element)
    }
    return len(said) > 1


@cache
def _types_that_differ(element: str) -> tuple[str, ...]:
    """One type for each form that an element has."""
    known = (code for code in facility_types() if element in known_fields(code))
    return tuple({expected_form(code, element): code for code in known}.values())


def _of_types(codes: list[str], sentence: str) -> str:
    named = codes[:TYPES_NAMED]
    types = joined(type_shown(code) if code else text("upload.type_not_known") for code in named)
    if len(codes) > len(named):
        types = text("upload.types_more", types=types, count=len(codes))
    return text("upload.of_types", types=types, sentence=sentence)
