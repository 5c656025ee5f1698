"""Days as the registry keeps them, without what loads a database."""

from __future__ import annotations

from datetime import date
from typing import Final

END_OF_TIME: Final = date(9999, 12, 31)
"""`valid_to` of what holds until further notice."""


def as_day(kept: date | str) -> date:
    """Return a day as a driver gives it: PostgreSQL's as a date, SQLite's as ISO text."""
    return kept if isinstance(kept, date) else date.fromisoformat(kept)
