"""One breach of a rule by a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Hit:
    """`element` is the field it is about; `params` fill the sentence; `value` is what was judged.

    `severity` replaces the rule's own where the spec is milder with an element.
    """

    element: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    value: str | None = None
    severity: str | None = None
