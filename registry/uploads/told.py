"""How far the work on an upload has come, told while it goes on."""

from __future__ import annotations

from collections.abc import Callable

Told = Callable[[str, int, int], None]
"""Told the step (`again`: rows judged again; `merging`: rows written), rows done, rows in all."""


def unheard(_step: str, _done: int, _all: int) -> None:
    """Take what nobody listens to."""
