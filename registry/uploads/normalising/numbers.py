"""Read figures: full-width digits, thousands separators, units after them; never guess one."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import replace

from codes.units import conversion
from codes.upload_limits import limit
from registry.uploads.normalising.angles import DEGREES, read_angle
from registry.uploads.normalising.cell import CellValue, shown
from registry.uploads.normalising.text import INVISIBLE

_FIGURE = re.compile(r"([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)((?!\d).*)")
_TEN_THOUSAND = "万"


def read_number(cell: object, unit: str | None, header_unit: str | None = None) -> CellValue:
    """Return a figure in `unit`; text that is no figure, or in another unit, as it stands.

    `header_unit` is the unit in the sender's header, when it names one. Whole numbers are `int`.
    """
    if isinstance(cell, bool):
        return CellValue(shown(cell))
    if header_unit and conversion(header_unit, unit or "") is None:
        params = {"unit": header_unit, "wanted": unit or "-"}
        return CellValue(shown(cell), problem="header_unit_unknown", params=params)
    if isinstance(cell, (int, float)):
        return _converted(_as_shown(cell), header_unit, unit, cell)
    seen = shown(cell)
    text = "".join(unicodedata.normalize("NFKC", INVISIBLE.sub("", seen)).split())
    found = _FIGURE.fullmatch(text)
    if found is None:
        return _angle(seen, unit) or CellValue(seen.strip() or None)
    figure, written_unit = float(found[1].replace(",", "")), found[2]
    if written_unit == _TEN_THOUSAND:
        # 12万 under a unit of ten thousands leaves the rest of the unit unsaid: 12万人
        stated = header_unit or unit or ""
        written_unit = stated if stated.startswith(_TEN_THOUSAND) else written_unit
    large = written_unit.startswith(_TEN_THOUSAND) and conversion(written_unit, unit or "") is None
    if large:
        figure, written_unit = round(figure * 10_000, 9), written_unit[1:]
    read = _converted(figure, written_unit or header_unit, unit, cell)
    tidied = bool(written_unit) or "," in text or text != seen
    if large and not isinstance(read.value, str):
        # no figure is to grow ten thousand times without a word
        read = replace(read, note="unit_converted")
    elif read.note is None and not isinstance(read.value, str) and tidied:
        read = CellValue(read.value, note="number_reformatted")
    return (isinstance(read.value, str) and _angle(seen, unit)) or read


def _angle(seen: str, unit: str | None) -> CellValue | None:
    """A longitude or latitude in degrees and minutes, None for what is none."""
    angle = read_angle(seen) if unit == DEGREES else None
    return None if angle is None else CellValue(angle, note="angle_converted")


def _as_shown(cell: float) -> float:
    """Return a cell's figure to the digits a spreadsheet keeps; a sum has 120.10029999999999."""
    return float(f"{cell:.{limit('exact_digits')}g}") if isinstance(cell, float) else float(cell)


def _converted(figure: float, written: str | None, wanted: str | None, cell: object) -> CellValue:
    if not math.isfinite(figure):
        return CellValue(shown(cell))
    factor = conversion(written, wanted or "") if written else 1.0
    if factor is None:
        return CellValue(shown(cell).strip())
    value = figure if factor == 1.0 else round(figure * factor, 9)
    whole = int(value) if float(value).is_integer() else value
    return CellValue(whole, note=None if factor == 1.0 else "unit_converted")
