"""The day and the hour in China, wherever the program runs."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Final

CHINA_TIME: Final = timezone(timedelta(hours=8), "UTC+08:00")


def today() -> date:
    """Return the day it is in China."""
    return datetime.now(CHINA_TIME).date()


def day_of(moment: datetime) -> date:
    """Return the day an aware moment falls on in China."""
    return moment.astimezone(CHINA_TIME).date()
