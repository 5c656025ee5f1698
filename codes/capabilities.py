"""What a facility can do, in figures: beds, places, staff, hours (book `capabilities`).

A value nobody reported is absent, never zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from codes.typed_rows import typed_rows


@dataclass(frozen=True)
class Capability:
    """One measure. `code` is its column key, `name_zh` its Chinese column header.

    `minimum` and `maximum` bound what is plausible for one facility, in `unit_zh`/`unit_en`.
    `carried_by` lists category letters, class codes and type codes; a type carries the measure
    when its code begins with one of them. `indicators` hints which indicators read it.
    """

    code: str
    name_zh: str
    name_en: str
    unit_zh: str
    unit_en: str
    value_type: str
    minimum: float
    maximum: float
    carried_by: tuple[str, ...]
    requirement: str
    example: float
    definition_zh: str
    definition_en: str
    source: str
    valid_from: str
    verified_on: str
    aliases: tuple[str, ...] = ()
    indicators: str = ""
    valid_to: str | None = None

    def is_carried_by(self, type_code: str) -> bool:
        """Say whether facilities of the type `type_code` report this measure."""
        return type_code.startswith(self.carried_by)


@cache
def capabilities() -> dict[str, Capability]:
    """Return the measures by code, in book order; ended ones too."""
    return {row.code: row for row in typed_rows("capabilities", Capability)}


@cache
def capabilities_of(type_code: str) -> tuple[Capability, ...]:
    """Return the measures in force that the type carries, in book order."""
    return tuple(
        row
        for row in capabilities().values()
        if row.valid_to is None and row.is_carried_by(type_code)
    )
