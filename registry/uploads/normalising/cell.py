"""What became of one cell, and its text as the sender sees it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Final

from codes.upload_limits import limit

MIDNIGHT: Final = time()


@dataclass(frozen=True, slots=True)
class CellValue:
    """`value` in our form, None for nothing; `note` is the rule that says what was mended.

    `problem` is the rule that says why the cell cannot be taken, `params` fill its words; the check
    finds all other mistakes.
    """

    value: Any
    note: str | None = None
    problem: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)


def shown(cell: object) -> str:
    """Return a raw cell as text: whole numbers without a point, days without a time.

    Of a figure as many digits are shown as a spreadsheet keeps.

    >>> shown(330106.0), shown(12.5), shown(True)
    ('330106', '12.5', 'TRUE')
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        if not cell.is_integer():  # a sum has 120.10029999999999
            cell = float(f"{cell:.{limit('exact_digits')}g}")
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e21 else repr(cell)
    if isinstance(cell, datetime) and cell.time() == MIDNIGHT:
        return cell.date().isoformat()
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    return str(cell)


def storable(cell: object) -> Any:
    """Return a raw cell as JSON can keep it."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float) and cell.is_integer() and not is_inexact(cell):
        return int(cell)
    try:
        json.dumps(cell, allow_nan=False)
    except (TypeError, ValueError):
        return shown(cell)
    return cell


def is_inexact(cell: object) -> bool:
    """Say whether a number has more digits than a spreadsheet keeps."""
    return isinstance(cell, (int, float)) and abs(cell) >= 10 ** limit("exact_digits")
