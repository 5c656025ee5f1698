"""How far the work on an upload has come, told while it goes on."""

from __future__ import annotations

from collections.abc import Callable

Told = Callable[[str, int, int], None]
"""Told the step, rows done, rows in all.

Steps: `again` rows judged again, `merging` written to the registry, `listing` read for a list,
`storing` kept with their batch, `sealing` taken into the batch's digest.
"""


def unheard(_step: str, _done: int, _all: int) -> None:
    """Take what nobody listens to."""
