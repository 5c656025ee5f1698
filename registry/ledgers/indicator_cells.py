"""Which indicator a row speaks of: by plan, number and part, or by the indicator's code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from codes.errors import DataError
from codes.indicators import Indicator, find_indicator, indicators_of, plans
from codes.names import fold
from registry.ledgers.cells import Cells

_NUMBER: Final = re.compile(r"(?:第)?([A-Za-z]?)0*([1-9]\d*)([A-Za-z]?)(?:项)?")


@dataclass(frozen=True)
class IndicatorKey:
    """A row of a plan's table, or one part of it: `number` is the plan's own (9, A3)."""

    indicator: Indicator
    part: str = ""

    @property
    def plan_code(self) -> str:
        """The plan's code."""
        return self.indicator.plan

    @property
    def number(self) -> str:
        """The number, after its section's letter where the plan has sections."""
        return self.indicator.label

    @property
    def code(self) -> str:
        """The code, with the part's letter: hangzhou-145.09a."""
        return self.indicator.code + self.part


def read_indicator(cells: Cells) -> IndicatorKey | None:
    """Return what the row speaks of; report what is unknown, missing or contradictory."""
    by_number = _by_number(cells) if _numbered(cells) else None
    written = cells.text("indicator")
    if written is None:
        return by_number
    try:
        found = find_indicator(written.strip())
    except DataError:
        cells.report("indicator_unknown", "indicator")
        return None
    part = _part_of_code(written, found)
    if by_number is None:
        return _with_part(cells, found, part or _part(cells, found))
    if (found, part or by_number.part) != (by_number.indicator, by_number.part):
        cells.report("indicator_contradicts", "indicator", other=by_number.code)
        return None
    return by_number


def _numbered(cells: Cells) -> bool:
    """Say whether plan and number are what the row goes by; they are, without a code."""
    coded = cells.filled("indicator") is not None
    return not coded or (cells.filled("plan") is not None and cells.filled("number") is not None)


def _by_number(cells: Cells) -> IndicatorKey | None:
    plan = _plan(cells)
    if plan is None:
        return None
    written = cells.text("number")
    if written is None:
        cells.require("number", "indicator")
        return None
    rows = indicators_of(plan)
    found = [row for row in rows if _is_called(row, written)]
    if not found:
        known = _range(rows)
        cells.report("number_unknown", "number", plan=plan, known=known)
        return None
    if len(found) > 1:
        candidates = [f"{row.label} {row.name_zh}" for row in found]
        cells.report("number_two_sections", "number", plan=plan, candidates=candidates)
        return None
    return _with_part(cells, found[0], _part_beside(cells, found[0], written))


def _plan(cells: Cells) -> str | None:
    written = cells.text("plan")
    if written is None:
        cells.require("plan", "indicator")
        return None
    for plan in plans().values():
        if fold(written) in map(fold, (plan.code, plan.name_zh, plan.name_en)):
            return plan.code
    cells.report("plan_unknown", "plan", known=list(plans()))
    return None


def _is_called(row: Indicator, written: str) -> bool:
    found = _NUMBER.fullmatch("".join(written.split()))
    if found is None or int(found[2]) != row.number:
        return False
    if found[3] and row.code + found[3].lower() not in (part.code for part in row.parts):
        return False
    return not found[1] or found[1].upper() == row.section


def _part_beside(cells: Cells, indicator: Indicator, written: str) -> str | None:
    """The letter after the number (9a) or that of the column; None when they are not the same."""
    named = _part(cells, indicator)
    found = _NUMBER.fullmatch("".join(written.split()))
    letter = found[3].lower() if found else ""
    if letter and named and named != letter:
        cells.report("part_unknown", "part", indicator=indicator.code, known=_parts(indicator))
        return None
    return letter if letter and named is not None else named


def _range(rows: tuple[Indicator, ...]) -> str:
    """The numbers as ranges: 1–51, or A1–A19、B1–B12."""
    sections: dict[str, list[int]] = {}
    for row in rows:
        sections.setdefault(row.section or "", []).append(row.number)
    return "、".join(
        f"{letter}{min(all_)}–{letter}{max(all_)}" for letter, all_ in sections.items()
    )


def _part(cells: Cells, indicator: Indicator) -> str | None:
    """The letter of the part the row names; '' when it names none, None when it is wrong."""
    written = cells.text("part")
    if written is None:
        return ""
    for part in indicator.parts:
        letter = part.code.removeprefix(indicator.code)
        if fold(written) in map(fold, (letter, part.code, part.name_zh, part.name_en)):
            return letter
    rule = "part_unknown" if indicator.parts else "part_unneeded"
    cells.report(rule, "part", indicator=indicator.code, known=_parts(indicator))
    return None


def _with_part(cells: Cells, indicator: Indicator, part: str | None) -> IndicatorKey | None:
    if part is None:
        return None
    if indicator.parts and not part:
        params = {"indicator": indicator.code, "known": _parts(indicator)}
        cells.report("part_absent", None, field_element="part", **params)
        return None
    return IndicatorKey(indicator, part)


def _part_of_code(written: str, indicator: Indicator) -> str:
    return written.strip().lower().removeprefix(indicator.code.lower())


def _parts(indicator: Indicator) -> list[str]:
    return [f"{part.code.removeprefix(indicator.code)} {part.name_zh}" for part in indicator.parts]
