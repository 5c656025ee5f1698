"""Files of the ledgers, read and recorded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from codes.ledger_columns import Ledger
from registry.db import writing
from registry.ledgers.batch import Batch
from registry.ledgers.load import LoadReport, load
from registry.ledgers.observation_rows import read_observations
from registry.ledgers.population_rows import read_population
from registry.ledgers.settings import ledger_settings

TODAY = date(2026, 11, 22)
HEADERS = "区划代码,年份,人群,人数,来源"

Read = Callable[..., Batch[Any]]
Record = Callable[..., LoadReport]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read lines of a CSV file, the header first, as one ledger's."""

    def read_lines(
        *lines: str, ledger: Ledger = "population", sets: tuple[str, ...] = ()
    ) -> Batch[Any]:
        path = tmp_path / "ledger.csv"
        path.write_text("\n".join(lines), encoding="utf-8")
        settings = ledger_settings(ledger, (), sets)
        reader = read_population if ledger == "population" else read_observations
        return reader(path, settings, TODAY)

    return read_lines


@pytest.fixture
def record(registry: Engine, read: Read) -> Record:
    """Read lines of a CSV file and record them."""

    def record_lines(*lines: str, **how: Any) -> LoadReport:
        batch = read(*lines, **how)
        with writing(registry) as session:
            return load(session, batch, by="张三")

    return record_lines
