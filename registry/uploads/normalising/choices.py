"""Read a cell that holds one of a list's values: the value, an English name, or an alias."""

from __future__ import annotations

from codes.departments import departments, find_department
from codes.elements import Field
from codes.errors import DataError
from codes.value_lists import find_value
from registry.uploads.normalising.cell import CellValue, shown
from registry.uploads.normalising.text import simplified, tidy


def read_choice(cell: object, key: str, field: Field) -> CellValue:
    """Return the listed value a cell means; None when it means none of them."""
    seen = shown(cell)
    clean = tidy(seen)
    text = simplified(clean)
    if key == "department":
        return _department(text)
    if text in field.choices:
        mended = "text_cleaned" if text != seen else None
        return CellValue(text, note="script_simplified" if text != clean else mended)
    value = find_value(field.codebook, text) if field.codebook else None
    return CellValue(value, note="value_alias")


def _department(text: str) -> CellValue:
    """Departments are kept by code; their full name and their code need no note."""
    if not text:
        return CellValue(None)
    try:
        found = find_department(text)
    except DataError as error:
        return CellValue(text, problem="department_unknown", params={"near": error.params["near"]})
    plain = text in (found.code, departments()[found.code].name_zh)
    return CellValue(found.code, note=None if plain else "value_alias")
