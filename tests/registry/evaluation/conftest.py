"""A made-up city in a registry, small enough for every test and large enough to count."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from typing import Any

import pytest
from sqlalchemy import Engine

from registry.db import writing
from registry.facilities.fields import split_keys
from registry.facilities.register import NewFacility, register_many
from registry.synthetic.city import make_facilities

CITY = "330100"
RECORDED = date(2025, 6, 30)


@pytest.fixture
def put(registry: Engine) -> Callable[..., list[str]]:
    """Register facilities given as fields of uploads (type, division, beds ...); give the codes."""

    def register(*facilities: dict[str, Any], on: date = RECORDED) -> list[str]:
        made = [_new(number, fields, on) for number, fields in enumerate(facilities, start=1)]
        with writing(registry) as session:
            return register_many(
                session, made, by="张三", action="register", subject="tests", detail={}
            )

    return register


@pytest.fixture
def synthetic_city(registry: Engine) -> Iterator[Engine]:
    """A registry with some hundred made-up facilities of all types, recorded on RECORDED."""
    facilities = [NewFacility(*_parts(values, RECORDED)) for values in _made_up()]
    with writing(registry) as session:
        register_many(session, facilities, by="张三", action="register", subject="tests", detail={})
    yield registry


@cache
def _made_up() -> list[dict[str, Any]]:
    return [{**one.values, "as_of": RECORDED} for one in make_facilities(CITY, seed=7, size=600)]


def _new(number: int, fields: dict[str, Any], on: date) -> NewFacility:
    given = {
        "name": f"示例设施{number}",
        "division": "330106",
        "status": "运营",
        "opened_on": date(2010, 1, 1),
        "as_of": on,
        **fields,
    }
    kept = {name: value for name, value in given.items() if value is not None}
    return NewFacility(*_parts(kept, on))


def _parts(values: dict[str, Any], on: date) -> tuple[Any, ...]:
    fields, measures, numbers = split_keys(values)
    return fields, on, measures, numbers
