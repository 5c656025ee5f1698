"""A registered facility as rows are compared with it; `fetching` brings it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from registry.facilities.allowed import CLOSED, ended_statuses


@dataclass(frozen=True)
class Registered:
    """A facility as last known, in the keys and forms of an upload; what is not known is absent.

    `fields` holds capabilities and identifiers too; `since` is when its present state began. `lon`
    and `lat` are CGCS2000.
    """

    id: int
    code: str
    version_id: int
    since: date
    fields: Mapping[str, Any]
    class_code: str
    county_code: str
    lon: float | None
    lat: float | None

    @property
    def name(self) -> str:
        """What it is called."""
        return str(self.fields["name"])

    @property
    def status(self) -> str:
        """Its status, ours included (已合并, ...)."""
        return str(self.fields["status"])

    @property
    def closed(self) -> bool:
        """Whether it has closed."""
        return self.status == CLOSED

    @property
    def ended(self) -> bool:
        """Whether it is no longer itself: merged, split, registered twice or in error."""
        return self.status in ended_statuses()
