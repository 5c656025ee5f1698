"""Sizing rules: how much of a facility people, households or townships need (book `norms`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from functools import cache
from typing import Any, Final

from codes.book import load_book
from codes.errors import DataError
from codes.formulas import Condition
from codes.messages import LANGUAGES, text
from codes.quantities import plain_number, quantity_in_words

PROVINCE_DIGITS: Final = 2


@dataclass(frozen=True)
class Quantity:
    """`amount` of `unit` for every `per_amount` of `per`; `capability` is the measure it sizes.

    `comparator` is = > >= < <= or ~ (about). Without `per` the figure stands for itself. `quote`
    are the document's words that have it, of the rule's `seed_file`.
    """

    what: str
    what_en: str
    amount: Decimal
    unit: str
    comparator: str = "="
    per_amount: Decimal = Decimal(1)
    per: str | None = None
    capability: str | None = None
    quote: str | None = None

    def needed_for(self, count: Decimal | int) -> Decimal:
        """Return how much `count` of `per` need, in `unit`."""
        return self.amount * count / self.per_amount


@dataclass(frozen=True)
class Norm:
    """One rule. `combine` any means that one of its quantities is enough.

    `mark` says how sure we are of the source (see the book's note); `estate` is new, existing or
    any; `condition` limits where the rule holds, `applies_everywhere` says that the places it names
    are all there are. Of `where` one entry is enough for a facility to count. `told_at` is the only
    level at which the rule says something.
    """

    code: str
    name_zh: str
    name_en: str
    jurisdiction_zh: str
    jurisdiction_en: str
    estate: str
    quantities: tuple[Quantity, ...]
    document_zh: str
    mark: str
    city_code: str | None = None
    province_code: str | None = None
    applies_zh: str | None = None
    applies_en: str | None = None
    applies_everywhere: bool = False
    condition: tuple[Quantity, ...] = ()
    type_codes: tuple[str, ...] = ()
    where: tuple[Condition, ...] = ()
    told_at: str | None = None
    combine: str = "all"
    from_year: int | None = None
    by_year: int | None = None
    seed_file: str | None = None
    note_zh: str = ""
    note_en: str = ""

    def sizes(self, type_code: str) -> bool:
        """Say whether the rule sizes facilities of this type."""
        return type_code in self.type_codes


@cache
def norms() -> dict[str, Norm]:
    """Return the rules by code, in book order."""
    return {row["code"]: _norm(row) for row in load_book("norms").rows}


def norms_for(type_code: str, city_code: str | None = None) -> tuple[Norm, ...]:
    """Return the rules that size a facility type: everywhere, or those a city has to keep.

    A city keeps its own rules, its province's and the country's.
    """
    rows = (row for row in norms().values() if row.sizes(type_code))
    return tuple(row for row in rows if city_code is None or kept_by(row, city_code))


def kept_by(row: Norm, city_code: str) -> bool:
    """Say whether a city has to keep a rule."""
    if row.city_code is not None:
        return row.city_code == city_code
    return row.province_code in (None, f"{city_code[:PROVINCE_DIGITS]}0000")


def find_norm(code: str) -> Norm:
    """Return the rule `code`, e.g. zhoushan-01.

    Raises DataError `evaluate.norm_unknown` (param seen).
    """
    found = norms().get(code)
    if found is None:
        raise DataError("evaluate.norm_unknown", seen=code)
    return found


def as_json(row: Norm) -> dict[str, Any]:
    """Return a rule as plain JSON values; figures are JSON numbers."""
    return {
        **asdict(row),
        "type_codes": list(row.type_codes),
        "condition": [_quantity_json(quantity) for quantity in row.condition],
        "quantities": [_quantity_json(quantity) for quantity in row.quantities],
        **{f"rule_{lang}": in_words(row, lang) for lang in LANGUAGES},
    }


def in_words(row: Norm, lang: str) -> str:
    """Return the rule's figures as one line.

    >>> in_words(find_norm("zhoushan-01"), "en")
    'net floor area ≥ 20 m² / 100 households; net floor area ≥ 200 m² / site'
    """
    said = [quantity_words(quantity, lang) for quantity in row.quantities]
    return text(f"evaluate.norm.{row.combine}", lang=lang).join(said)


def quantity_words(quantity: Quantity, lang: str) -> str:
    """Return one figure of a rule in words."""
    figure = quantity_in_words(
        quantity.what if lang == "zh" else quantity.what_en,
        quantity.comparator,
        quantity.amount,
        quantity.unit,
        lang,
    )
    if quantity.per is None:
        return figure
    count = "" if quantity.per_amount == 1 else f"{plain_number(quantity.per_amount)} "
    return f"{figure} / {count}{text(f'evaluate.per.{quantity.per}', lang=lang)}"


def _quantity_json(quantity: Quantity) -> dict[str, Any]:
    return {
        **asdict(quantity),
        "amount": plain_number(quantity.amount),
        "per_amount": plain_number(quantity.per_amount),
    }


def _norm(row: Mapping[str, Any]) -> Norm:
    changed = {
        "quantities": _quantities(row["quantities"]),
        "condition": _quantities(row.get("condition", ())),
        "type_codes": tuple(row.get("type_codes", ())),
        "where": tuple(Condition(**one) for one in row.get("where", ())),
    }
    return Norm(**{**row, **changed})


def _quantities(rows: Iterable[Mapping[str, Any]]) -> tuple[Quantity, ...]:
    return tuple(
        Quantity(
            **{
                **row,
                "amount": Decimal(str(row["amount"])),
                "per_amount": Decimal(str(row.get("per_amount", 1))),
            }
        )
        for row in rows
    )
