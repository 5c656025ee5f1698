"""Read days as people and spreadsheets write them; half a date stays half and is refused later."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta
from typing import Final

from codes.upload_limits import limit
from registry.uploads.normalising.cell import CellValue, shown
from registry.uploads.normalising.text import INVISIBLE

SERIAL_ZERO: Final = date(1899, 12, 30)
"""Day 0 of Excel's 1900 system, its false leap day included."""

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_COMPACT = re.compile(r"((?:18|19|20|21)\d{2})(\d{2})(\d{2})")
_PARTED = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
    r"(?:[\sT]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")


def read_date(cell: object) -> CellValue:
    """Return a day as ISO text; what is no whole day is returned as it stands."""
    if isinstance(cell, datetime):
        return CellValue(cell.date().isoformat())
    if isinstance(cell, date):
        return CellValue(cell.isoformat())
    seen = shown(cell)
    text = " ".join(unicodedata.normalize("NFKC", INVISIBLE.sub("", seen)).split())
    if _ISO.fullmatch(text):
        return CellValue(text, note="text_cleaned" if text != seen else None)
    day = _parted(text) or _serial(text)
    if day is None:
        return CellValue(seen.strip() or None)
    return CellValue(day.isoformat(), note="date_reformatted")


def _parted(text: str) -> date | None:
    found = _COMPACT.fullmatch(text) or _PARTED.fullmatch(text)
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def _serial(text: str) -> date | None:
    if not _SERIAL.fullmatch(text):
        return None
    days = int(float(text))
    if not limit("date_serial_from") <= days <= limit("date_serial_to"):
        return None
    return SERIAL_ZERO + timedelta(days=days)
