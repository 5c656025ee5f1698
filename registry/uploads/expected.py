"""Say what a cell should hold, from the field's declaration; a plain sentence, never a pattern."""

from __future__ import annotations

from functools import cache

from codes.elements import FIGURES, Field, schema_of
from codes.messages import language, text
from registry.uploads.normalising.row import known_fields

MOST_CHOICES = 12
"""Of a longer list so many are named."""


@cache
def _form(type_code: str, element: str, lang: str) -> str:
    field = known_fields(type_code or None).get(element)
    if field is None:
        return "-"
    if element in ("division", "code", "type", "department"):
        return text(f"upload.expected_{element}", lang=lang)
    if field.kind == "choice":
        shown = "、" if lang == "zh" else ", "
        listed = shown.join(field.choices[:MOST_CHOICES])
        listed += "…" if len(field.choices) > MOST_CHOICES else ""
        return text("upload.expected_choice", lang=lang, choices=listed)
    if field.kind == "date":
        return text("upload.expected_date", lang=lang)
    if field.kind in FIGURES:
        return _figure(field, type_code, lang)
    return _text(field, type_code, lang)


def expected_form(type_code: str, element: str) -> str:
    """Return what a cell of an element should hold, for a type (or '' when it is not known)."""
    return _form(type_code, element, language())


def _figure(field: Field, type_code: str, lang: str) -> str:
    bounds = _property(type_code, field.key)
    lowest = bounds.get("minimum", bounds.get("exclusiveMinimum"))
    unit = (field.unit_zh if lang == "zh" else field.unit_en) or "-"
    if lowest is None:
        return text(f"upload.expected_{field.kind}_any", lang=lang, unit=unit)
    limits = {"lowest": _number(lowest), "highest": _number(bounds.get("maximum"))}
    above = "_above" if "exclusiveMinimum" in bounds else ""
    return text(f"upload.expected_{field.kind}{above}", lang=lang, unit=unit, **limits)


def _text(field: Field, type_code: str, lang: str) -> str:
    note = field.note_zh if lang == "zh" else field.note_en
    limits = _property(type_code, field.key)
    if field.kind == "code" or "pattern" in limits:
        example = field.example or "-"
        return text("upload.expected_like", lang=lang, note=_clause(note), example=example)
    if "maxLength" in limits:
        most, least = limits["maxLength"], limits.get("minLength", 1)
        return text("upload.expected_text", lang=lang, note=_clause(note), least=least, most=most)
    return _clause(note)


def _clause(note: str) -> str:
    """The note without its full stop, to stand inside a sentence."""
    return note.rstrip("。.")


def _property(type_code: str, element: str) -> dict[str, object]:
    if not type_code:
        return {}
    found: dict[str, object] = schema_of(type_code)["properties"].get(element, {})
    return found


def _number(value: object) -> str:
    return f"{value:,.10g}" if isinstance(value, (int, float)) else "-"
