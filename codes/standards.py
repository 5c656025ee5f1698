"""Service standards: what a resident is entitled to, with the figures in it (book `standards`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from codes.book import load_book
from codes.quantities import plain_number, quantity_in_words
from codes.typed_rows import typed_rows


@dataclass(frozen=True)
class Box:
    """A 专栏 of the source: a group of items. `items` is how many the source numbers."""

    number: int
    title_zh: str
    title_en: str
    category_code: str
    items: int


@dataclass(frozen=True)
class StandardFigure:
    """One number in an item: `amount` of `unit` for each `per`.

    `comparator` is = > >= < <= or ~ (about); `by` is the year it is due.
    """

    what: str
    what_en: str
    amount: Decimal
    unit: str
    per: str | None = None
    per_en: str | None = None
    comparator: str = "="
    by: int | None = None


@dataclass(frozen=True)
class Standard:
    """One item of a box, in our own words; `responsible` is whom the text names."""

    code: str
    box: Box
    item: int
    class_code: str
    name_zh: str
    name_en: str
    content_zh: str
    content_en: str
    source: str
    valid_from: str
    verified_on: str
    object_zh: str | None = None
    object_en: str | None = None
    figures: tuple[StandardFigure, ...] = ()
    responsible: tuple[str, ...] = ()
    note_zh: str = ""
    note_en: str = ""
    valid_to: str | None = None


@cache
def boxes() -> dict[int, Box]:
    """Return the boxes by number, in the source's order."""
    return {row.number: row for row in typed_rows("standard_boxes", Box)}


@cache
def standards() -> dict[str, Standard]:
    """Return the items by code, in the source's order."""
    book = load_book("standards")
    header = book.header
    facts = {
        "source": header.source,
        "valid_from": header.valid_from,
        "verified_on": header.verified_on,
    }
    return {row["code"]: _standard({**facts, **row}) for row in book.rows}


def as_json(row: Standard) -> dict[str, Any]:
    """Return an item as plain JSON values."""
    return {
        "code": row.code,
        "box": row.box.number,
        "box_title_zh": row.box.title_zh,
        "box_title_en": row.box.title_en,
        "item": row.item,
        "category_code": row.box.category_code,
        "class_code": row.class_code,
        "name_zh": row.name_zh,
        "name_en": row.name_en,
        "object_zh": row.object_zh,
        "object_en": row.object_en,
        "content_zh": row.content_zh,
        "content_en": row.content_en,
        "figures": [figure_json(figure) for figure in row.figures],
        "figures_zh": "；".join(in_words(figure, "zh") for figure in row.figures),
        "figures_en": "; ".join(in_words(figure, "en") for figure in row.figures),
        "responsible": list(row.responsible),
        "source": row.source,
        "valid_from": row.valid_from,
        "verified_on": row.verified_on,
        "note_zh": row.note_zh,
        "note_en": row.note_en,
    }


def figure_json(figure: StandardFigure) -> dict[str, Any]:
    """Return a figure as plain JSON values; the amount is a JSON number."""
    return {**asdict(figure), "amount": plain_number(figure.amount)}


def in_words(figure: StandardFigure, lang: str) -> str:
    """Return a figure as one line.

    >>> in_words(standards()["12-06"].figures[1], "en")
    'length of a broadcast ≥ 30 minutes / broadcast'
    """
    chinese = lang == "zh"
    said = quantity_in_words(
        figure.what if chinese else figure.what_en,
        figure.comparator,
        figure.amount,
        figure.unit,
        lang,
    )
    per = figure.per if chinese else figure.per_en
    due = f" ({figure.by})" if figure.by else ""
    return f"{said} / {per}{due}" if per else f"{said}{due}"


def _standard(row: Mapping[str, Any]) -> Standard:
    figures = tuple(
        StandardFigure(**{**figure, "amount": Decimal(str(figure["amount"]))})
        for figure in row.get("figures", ())
    )
    changed = {
        "box": boxes()[row["box"]],
        "figures": figures,
        "responsible": tuple(row.get("responsible", ())),
    }
    return Standard(**{**row, **changed})
