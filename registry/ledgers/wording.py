"""Say in zh or en what was found in a ledger's file, with codes turned into names on the way.

A parameter's last word says what its value is, as in `registry.uploads.wording`; the sentence takes
the part before it: `division_division` is said as {division}.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from codes.countings import RUNNING, counting_name
from codes.indicators import indicators
from codes.ledger_columns import Ledger, LedgerColumn, ledger_columns
from codes.ledger_rules import ledger_rule, ledger_rule_text
from codes.messages import language, text
from codes.population_groups import group_name
from registry.ledgers.entries import RUNNING_PART
from registry.uploads.findings import Finding
from registry.uploads.wording import UNPRINTABLE, division_shown, excerpt, joined

LARGE: Final = 10_000
"""From here on figures have thousands separators; years do not."""


def rule_title(rule: str) -> str:
    """Return what a rule is about, in the language in use."""
    found = ledger_rule(rule)
    return found.title_en if language() == "en" else found.title_zh


def finding_text(ledger: Ledger, finding: Finding) -> tuple[str, str]:
    """Return (what was seen, how to mend it) in the language in use."""
    column = ledger_columns(ledger).get(finding.element or "")
    words = {
        "header": excerpt(finding.header or (column.header if column else finding.element or "-")),
        "value": excerpt(finding.value or ""),
        "row": str(finding.row or "-"),
        "column": finding.column or "-",
        "near": text("upload.none"),
        "form": "-",
    }
    for name, value in finding.params.items():
        plain, _, kind = name.rpartition("_")
        say = _SAID.get(kind) if plain else None
        if kind in ("element", "elements", "of"):
            words[plain] = _columns_shown(ledger_columns(ledger), kind, value)
        else:
            words[plain if say else name] = say(value) if say else shown(value)
    return ledger_rule_text(finding.rule, words)


def shown(value: Any) -> str:
    """Return a value as people read it."""
    if isinstance(value, (list, tuple)):
        return joined(map(shown, value))
    if isinstance(value, int) and abs(value) >= LARGE:
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.10g}"
    if isinstance(value, date):
        return value.isoformat()
    return "".join(one if one.isprintable() else UNPRINTABLE for one in str(value))


def place_shown(division_code: str, area: str) -> str:
    """Return a division, or an area listed apart within it."""
    name = division_shown(division_code)
    return text("ledger.area_in", division=name, area=area) if area else name


def item_shown(table: str, key: Sequence[Any]) -> str:
    """Return what a row speaks of; `key` is as the entries have it, with or without the source."""
    if table == "population_figure":
        code, area, year, group, *source = key
        place, what = place_shown(code, area), group_name(group)
    else:
        plan, number, part, code, year, *source = key
        place, what = division_shown(code), indicator_shown(plan, number, part)
    item = text("ledger.item", place=place, year=year, what=what)
    return text("ledger.by_source", item=item, source=source[0]) if source else item


def indicator_code(row: Mapping[str, Any]) -> str:
    """Return the code of the indicator a row speaks of, without the part's letter."""
    number = str(row["number"])
    section = "" if number.isdigit() else number[0]
    return f"{row['plan_code']}.{section}{number.removeprefix(section):>02}"


def indicator_name(code: str, part: str) -> str:
    """Return the name of an indicator, with that of its part, in the language in use."""
    row = indicators().get(code)
    if row is None:
        return code + part
    return row.name(language(), next((one for one in row.parts if one.code == code + part), None))


def indicator_shown(plan: str, number: str, part: str) -> str:
    """Return an indicator's code and name; a running total is said to be one."""
    code = indicator_code({"plan_code": plan, "number": number})
    if part == RUNNING_PART:
        counted = counting_name(RUNNING)
        return text("ledger.counted", name=f"{code} {indicator_name(code, '')}", counted=counted)
    return f"{code}{part} {indicator_name(code, part)}"


def _columns_shown(columns: Mapping[str, LedgerColumn], kind: str, value: Any) -> str:
    if kind == "of":
        return columns[value].form
    keys = value if isinstance(value, list) else [value]
    return joined(
        f"{columns[key].header}({key})" if len(keys) > 1 else columns[key].header for key in keys
    )


def _figure(part: Sequence[Any]) -> str:
    kind, name, persons = part
    names = {"division": division_shown, "group": group_name}
    return f"{names[kind](name) if kind in names else name} {shown(persons)}"


def _beyond(told: int, total: int) -> str:
    return text("ledger.first_parts", told=told, total=total) if total > told else ""


_SAID: Final[Mapping[str, Callable[[Any], str]]] = {
    "division": division_shown,
    "divisions": lambda codes: joined(map(division_shown, codes)),
    "place": lambda pair: place_shown(*pair),
    "group": group_name,
    "figures": lambda parts: joined(map(_figure, parts)),
    "parts": lambda counts: _beyond(*counts),
    "apart": lambda count: text("ledger.areas_apart", count=count) if count else "",
    "key": lambda item: item_shown(item[0], item[1:]),
    "named": lambda name: text("ledger.in_sheet", sheet=name) if name else "",
    "unit": lambda unit: (
        text(f"ledger.unit_{unit or 'none'}") if unit in ("above", "column", "header", "") else unit
    ),
}
"""What a parameter's last word says about it -> how it is said."""
