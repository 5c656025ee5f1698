"""What is known of a row's division once its code, name, address and point have been read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Placement:
    """`code` is the division in force today, None while it is not settled.

    `rule` and `params` are the finding this made, if any; `candidates` the divisions it may be.
    """

    code: str | None
    rule: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    candidates: tuple[str, ...] = ()


NOT_GIVEN = Placement(None)
"""The row names no division."""
