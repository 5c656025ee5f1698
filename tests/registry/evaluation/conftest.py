"""A made-up city in a registry, small enough for every test and large enough to count."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from codes.ledger_columns import Ledger
from registry.db import writing
from registry.facilities.fields import split_keys
from registry.facilities.register import NewFacility, register_many
from registry.ledgers.load import load
from registry.ledgers.observation_rows import read_observations
from registry.ledgers.population_rows import read_population
from registry.ledgers.settings import ledger_settings
from registry.synthetic.city import make_facilities

CITY = "330100"
RECORDED = date(2025, 6, 30)
TODAY = date(2026, 11, 22)


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


@pytest.fixture
def observed(registry: Engine, tmp_path: Path) -> Callable[..., None]:
    """Record observations given as (indicator code, division, year, value)."""

    def record(*rows: tuple[str, str, int, float], source: str = "示例统计") -> None:
        head = "指标编码,区划代码,年份,数值,来源"
        lines = [",".join(map(str, (*row, source))) for row in rows]
        _load(registry, tmp_path, "observation", [head, *lines])

    return record


@pytest.fixture
def counted(registry: Engine, tmp_path: Path) -> Callable[..., None]:
    """Record population figures given as (division, year, group, persons)."""

    def record(*rows: tuple[str, int, str, int], source: str = "示例公报") -> None:
        head = "区划代码,年份,人群,人数,来源"
        lines = [",".join(map(str, (*row, source))) for row in rows]
        _load(registry, tmp_path, "population", [head, *lines])

    return record


def _load(registry: Engine, folder: Path, ledger: Ledger, lines: list[str]) -> None:
    path = folder / f"{ledger}.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    reader = read_population if ledger == "population" else read_observations
    batch: Any = reader(path, ledger_settings(ledger, (), ()), TODAY)
    with writing(registry) as session:
        report = load(session, batch, by="张三")
    assert not report.refused, report.findings


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
