"""What the element books ask of a facility, as rows: the fields, and what types ask otherwise."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from codes.elements import Field, all_fields, fields_of
from codes.facility_types import facility_types

YES_NO: Final = {True: "是", False: "否"}


@dataclass(frozen=True)
class FieldRow:
    """One field; `place` is its order in every template, `everywhere` when all types have it."""

    field: Field
    place: int
    everywhere: str

    @property
    def private(self) -> str:
        """Whether what is filled in is not published."""
        return YES_NO[self.field.private]

    @property
    def capability(self) -> str:
        """Whether it is a measure."""
        return YES_NO[self.field.capability]

    @property
    def example(self) -> str | None:
        """The field's example."""
        return _example(self.field)


@dataclass(frozen=True)
class TypeFieldRow:
    """A field that not all types have, or that a type asks otherwise; None is as in the field."""

    type_code: str
    key: str
    requirement: str
    kind: str | None
    choices: tuple[str, ...] | None
    codebook: str | None
    example: str | None


def field_rows() -> Iterator[FieldRow]:
    """Yield every field of any type."""
    everywhere = _everywhere()
    for place, field in enumerate(all_fields().values(), start=1):
        yield FieldRow(field, place, YES_NO[field.key in everywhere])


def type_field_rows() -> Iterator[TypeFieldRow]:
    """Yield for every type the fields that not all types have, and those it asks otherwise."""
    common, everywhere = all_fields(), _everywhere()
    for type_code in facility_types():
        for field in fields_of(type_code):
            usual = common[field.key]
            if field != usual or field.key not in everywhere:
                yield TypeFieldRow(
                    type_code=type_code,
                    key=field.key,
                    requirement=field.requirement,
                    kind=field.kind if field.kind != usual.kind else None,
                    choices=field.choices if field.choices != usual.choices else None,
                    codebook=field.codebook if field.codebook != usual.codebook else None,
                    example=_example(field) if field.example != usual.example else None,
                )


def _everywhere() -> set[str]:
    keys = [{field.key for field in fields_of(type_code)} for type_code in facility_types()]
    return set.intersection(*keys)


def _example(field: Field) -> str | None:
    """Return the example as JSON, so that a figure is not taken for a text."""
    return None if field.example is None else json.dumps(field.example, ensure_ascii=False)
