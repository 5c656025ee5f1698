"""Facilities to work with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine

from registry.db import writing
from registry.facilities.register import register

FIRST = date(2024, 3, 1)
"""The day from which the facilities of these tests are on record."""


def kindergarten(**given: Any) -> dict[str, Any]:
    """Return the fields of a synthetic kindergarten; a field given as None is left out."""
    fields = {
        "name": "示例幼儿园",
        "type": "幼儿园",
        "division": "330106",
        "status": "运营",
        "as_of": FIRST,
        **given,
    }
    return {key: value for key, value in fields.items() if value is not None}


@pytest.fixture
def new(registry: Engine) -> Callable[..., str]:
    """Register a kindergarten with the fields given, from FIRST or the day `on`; give its code."""

    def register_one(on: date = FIRST, **given: Any) -> str:
        with writing(registry) as session:
            fields = kindergarten(**given)
            return register(session, fields, capabilities={}, identifiers={}, by="张三", on=on)

    return register_one
