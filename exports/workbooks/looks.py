"""The cell formats of one workbook, each made once however often it is asked for."""

from __future__ import annotations

from typing import Any, Final

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from exports.workbooks.settings import settings

EDGE: Final = "#BFBFBF"
"""Colour of thin cell borders."""

TEXT: Final = "@"
"""The number format that keeps what is typed as text, so that 07 stays 07."""


class Looks:
    """Makes formats on a common base: our font, text at the top of its cell."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}
        template = settings().template
        self._base: dict[str, Any] = {
            "font_name": template.font,
            "font_size": template.font_size,
            "valign": "top",
        }

    def get(self, fill: str | None = None, **look: Any) -> Format:
        """Return the format with `fill` (RRGGBB, with a thin border) and xlsxwriter's `look`."""
        if fill:
            look = {"bg_color": f"#{fill}", "border": 1, "border_color": EDGE} | look
        key = tuple(sorted(look.items()) if len(look) > 1 else look.items())
        if key not in self._made:
            self._made[key] = self._workbook.add_format(self._base | look)
        return self._made[key]
