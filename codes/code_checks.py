"""What can be wrong with a facility code before its check digits are looked at.

Each function raises one of python-stdnum's errors with a sentence that says what was seen, what was
expected and where.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from stdnum.exceptions import InvalidComponent, InvalidFormat, InvalidLength

from codes.code_layout import SERIAL, Layout, Segment
from codes.messages import language, text

_MOST_SHOWN: Final = 40


def check_length(code: str, expected: int, seen: str) -> None:
    """Raise InvalidLength unless a compact code has `expected` characters."""
    if not code:
        raise InvalidLength(text("code.empty"))
    if len(code) != expected:
        raise InvalidLength(
            text("code.length_wrong", seen=shown(seen), length=len(code), expected=expected)
        )


def check_characters(code: str, layout: Layout, seen: str) -> None:
    """Raise InvalidFormat for the first character not allowed in its place."""
    position = 0
    for segment, part in layout.cut(code):
        for character in part:
            position += 1
            if character not in segment.alphabet:
                raise InvalidFormat(
                    text(
                        "code.character_wrong",
                        seen=shown(seen),
                        position=position,
                        character=character,
                        title=segment.title(language()),
                        allowed=_short(segment.alphabet),
                    )
                )


def check_components(parts: Mapping[str, str], layout: Layout, seen: str) -> None:
    """Raise InvalidComponent for a category, class or county there cannot be, or serial zero.

    `parts` are by segment name; an empty serial stands for one not given yet.
    """
    for segment in layout.segments[:-1]:
        part = parts[segment.segment]
        known = layout.known_values.get(segment.segment)
        value = parts.get(segment.book_prefix, "") + part
        if known is not None and value not in known:
            message_id = "code.value_unknown"
        elif known is None and part and not _has_form(segment, part):
            message_id, value = "code.value_impossible", part
        elif segment.segment == SERIAL and part and int(part) < segment.minimum:
            message_id, value = "code.serial_never_given", part
        else:
            continue
        lang = language()
        raise InvalidComponent(
            text(
                message_id,
                seen=shown(seen),
                title=segment.title(lang),
                value=shown(value),
                minimum=segment.minimum,
                meaning=segment.meaning(lang),
            )
        )


def check_serial(serial: int, layout: Layout) -> None:
    """Raise InvalidComponent for a serial the layout has no room for."""
    segment = layout.by_name(SERIAL)
    maximum = 10**segment.length - 1
    if not segment.minimum <= serial <= maximum:
        raise InvalidComponent(
            text("code.serial_out_of_range", seen=serial, minimum=segment.minimum, maximum=maximum)
        )


def shown(number: str) -> str:
    """Return what was seen, cut to a length a sentence can bear."""
    return number if len(number) <= _MOST_SHOWN else number[:_MOST_SHOWN] + "…"


def _has_form(segment: Segment, part: str) -> bool:
    return (
        len(part) == segment.length
        and not set(part) - set(segment.alphabet)
        and (not segment.pattern or re.fullmatch(segment.pattern, part) is not None)
    )


def _short(alphabet: str) -> str:
    return "0-9" if alphabet == "0123456789" else alphabet
