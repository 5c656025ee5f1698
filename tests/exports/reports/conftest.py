"""A registry with a few made-up facilities and reported values, made once for all tests here."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from registry.db import open_registry, writing
from registry.facilities.fields import split_keys
from registry.facilities.register import NewFacility, register_many
from registry.ledgers.load import load
from registry.ledgers.observation_rows import read_observations
from registry.ledgers.settings import ledger_settings
from registry.synthetic.mark import mark_synthetic

RECORDED = date(2024, 6, 30)
TODAY = date(2026, 11, 22)
OBSERVED = """指标编码,区划代码,年份,数值,来源
hangzhou-145.03,330100,2024,94,"<b>示例</b>统计"
hangzhou-145.03,330100,2025,96,@示例统计
hangzhou-145.03,330106,2025,60,示例统计
hangzhou-145.13,330100,2025,640,示例统计
hangzhou-145.23,330100,2025,60,示例部门
"""
FACILITIES: tuple[dict[str, Any], ...] = (
    {"type": "E0101", "division": "330106", "beds": 100, "nursing_beds": 50},
    {"type": "E0101", "division": "330102", "beds": 300, "nursing_beds": 200},
    {"type": "A0201", "division": "330102001", "places": 900},
    {"type": "A0201", "division": "330106002", "places": 60},
)


@pytest.fixture(scope="session")
def city(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The registry."""
    folder = tmp_path_factory.mktemp("city")
    shutil.copy(migrated_sqlite, folder / "registry.db")
    (folder / "observed.csv").write_text(OBSERVED, encoding="utf-8")
    engine = open_registry(str(folder / "registry.db"))
    with writing(engine) as session:
        mark_synthetic(session, by="张三", seed=1, size=len(FACILITIES))
        new = [_new(number, given) for number, given in enumerate(FACILITIES, start=1)]
        register_many(session, new, by="张三", action="register", subject="tests", detail={})
        batch = read_observations(
            folder / "observed.csv", ledger_settings("observation", (), ()), TODAY
        )
        assert not load(session, batch, by="张三").refused
    yield engine
    engine.dispose()


def _new(number: int, given: dict[str, Any]) -> NewFacility:
    values = {
        "name": f"示例设施{number}",
        "status": "运营",
        "opened_on": date(2010, 1, 1),
        "as_of": RECORDED,
        **given,
    }
    fields, measures, numbers = split_keys(values)
    return NewFacility(fields, RECORDED, measures, numbers)
