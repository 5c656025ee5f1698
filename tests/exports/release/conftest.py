"""An empty registry to publish, and the snapshot of the release of the small one."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from registry.db import open_registry


@pytest.fixture(scope="session")
def bare(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An empty registry, to read only; quick to publish where no matter what is in a release."""
    path = tmp_path_factory.mktemp("bare") / "registry.db"
    shutil.copy(migrated_sqlite, path)
    engine = open_registry(str(path))
    yield engine
    engine.dispose()


@pytest.fixture
def snapshot(release: Path) -> Iterator[sqlite3.Connection]:
    """The snapshot of that release."""
    db = sqlite3.connect(release / "fuwuma.sqlite")
    db.row_factory = sqlite3.Row
    yield db
    db.close()
