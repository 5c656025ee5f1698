"""The rows of the policy, and what may stand in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

_RANGE: Final = re.compile(r"([\[(])([^,]*),([^,]*)([\])])")


@dataclass(frozen=True)
class Parameter:
    """One row. `value` is text; `typed` reads it as `value_type` says.

    `choices` are words it may be; `range` bounds a number as mathematics writes it: [1,100), (0,).
    """

    code: str
    group: str
    value_type: str
    name_zh: str
    name_en: str
    value: str | None = None
    choices: tuple[str, ...] = ()
    range: str | None = None
    note_zh: str = ""
    note_en: str = ""

    @property
    def typed(self) -> Decimal | int | bool | str | None:
        """The value as a Decimal, int, bool or text (a choice too); None where there is none."""
        if self.value is None or self.value_type == "text" or self.value in self.choices:
            return self.value
        if self.value_type == "decimal":
            return Decimal(self.value)
        return int(self.value) if self.value_type == "integer" else self.value == "true"

    @property
    def is_sound(self) -> bool:
        """Whether the value is of its type and among the choices or within the range."""
        if self.value in self.choices:
            return True
        if self.value_type == "text":
            return bool(self.value) and not self.choices
        if self.value_type == "boolean":
            return self.value in ("true", "false")
        try:
            number = Decimal(str(self.value))
        except InvalidOperation:
            return False
        whole = self.value_type == "decimal" or str(self.value).lstrip("-").isdecimal()
        return whole and number.is_finite() and within(number, self.range)

    @property
    def last_word(self) -> str:
        """The last word of the code: a colour's of a band."""
        return self.code.rpartition(".")[2]


@dataclass(frozen=True)
class Band:
    """A colour and the degrees it holds for: from `lower` (included) to the band above's."""

    code: str
    name_zh: str
    name_en: str
    lower: Decimal | None


def within(number: Decimal, bounds: str | None) -> bool:
    """Say whether a number lies in a range; everything lies in none.

    >>> [within(Decimal(seen), "(0,1]") for seen in ("0", "0.1", "1", "2")]
    [False, True, True, False]
    """
    found = _RANGE.fullmatch(bounds or "[,]")
    if found is None:
        return False
    opens, least, most, closes = found.groups()
    above = not least or number > Decimal(least) or (opens == "[" and number == Decimal(least))
    below = not most or number < Decimal(most) or (closes == "]" and number == Decimal(most))
    return above and below
