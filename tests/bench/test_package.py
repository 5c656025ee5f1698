"""A release's data package as Frictionless judges it: every type, key, reference and digest."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from exports.release import publish
from registry.db import open_registry
from tests.exports.release.small_registry import EXTRA, ON, fill


@pytest.mark.bench
def test_frictionless_finds_nothing(migrated_sqlite: Path, tmp_path: Path) -> None:
    from frictionless import Package

    shutil.copy(migrated_sqlite, tmp_path / "registry.db")
    engine = open_registry(str(tmp_path / "registry.db"))
    fill(engine, extra=EXTRA)
    publish(engine, tmp_path / "release", on=ON)
    engine.dispose()
    report = Package(str(tmp_path / "release" / "datapackage.json")).validate()
    print(f"\n{report.stats}")  # noqa: T201
    assert report.valid, report.flatten(["type", "place", "rowNumber", "fieldName", "note"])
    assert report.stats["tasks"] > 20
