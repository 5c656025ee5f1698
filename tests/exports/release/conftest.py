"""A small filled registry and an empty one, and a release of the small one."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from exports.release import publish
from registry.db import open_registry
from tests.exports.release.small_registry import EXTRA, ON, fill


@pytest.fixture(scope="session")
def bare(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An empty registry, to read only; quick to publish where no matter what is in a release."""
    path = tmp_path_factory.mktemp("bare") / "registry.db"
    shutil.copy(migrated_sqlite, path)
    engine = open_registry(str(path))
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def filled_sqlite(
    migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """The small registry on SQLite, to read only."""
    path = tmp_path_factory.mktemp("small") / "registry.db"
    shutil.copy(migrated_sqlite, path)
    engine = open_registry(str(path))
    fill(engine, extra=EXTRA)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def release(filled_sqlite: Engine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of the small registry, to read only."""
    directory = tmp_path_factory.mktemp("published") / "release"
    publish(filled_sqlite, directory, on=ON, synthetic=True)
    return directory


@pytest.fixture
def snapshot(release: Path) -> Iterator[sqlite3.Connection]:
    """The snapshot of that release."""
    db = sqlite3.connect(release / "fuwuma.sqlite")
    db.row_factory = sqlite3.Row
    yield db
    db.close()
