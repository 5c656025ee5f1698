"""Rows judged by other processes come out as those judged by this one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from codes.errors import StoreError
from registry.uploads import part_processes
from registry.uploads.part import Part
from registry.uploads.settings import UploadSettings
from tests.registry.uploads.conftest import csv_text, row
from tests.registry.uploads.test_large_submit import MIXED, _kept, _sent, _told, in_parts

__all__ = ["in_parts"]
ON_SQLITE = pytest.mark.parametrize("registry_url", ["sqlite"], indirect=True)


@pytest.fixture
def by_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every file judged by another process, one of them."""
    pool = part_processes._pool

    def one(_processes: int, given: tuple[Any, ...]) -> Executor:
        return pool(1, given)

    monkeypatch.setattr(part_processes, "_pool", one)
    monkeypatch.setattr(part_processes, "processes_for", lambda _file: 2)


@ON_SQLITE
def test_judged_elsewhere_as_judged_here(
    registry: Engine, merge: Callable[..., list[str]], tmp_path: Path,
    in_parts: Callable[[], None], request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    (code, *_) = merge(*(row(name=name) for name in ("第一", "第二", "第三")))
    path, same = tmp_path / "表.csv", row(name="第二", code=code)
    written = csv_text((*MIXED, same, row(name="示例", phone=""), row(name="号码重复园")))
    path.write_text(written + written.splitlines()[0] + "\n", encoding="utf-8")
    in_parts()
    found = []
    for way in (None, "by_processes"):
        if way:
            request.getfixturevalue(way)
        done = _sent(registry, path, UploadSettings())
        rows, findings, upload = _kept(registry, done.id)
        found.append((rows, sorted(findings, key=str), upload, _told(done.report)))
        _another_file(registry)
    assert found[0] == found[1]
    assert found[0][3][1]["rejected"]


def _another_file(registry: Engine) -> None:
    with registry.begin() as connection:
        connection.exec_driver_sql("UPDATE upload SET file_sha256 = 'another'")


@ON_SQLITE
def test_a_process_that_ends_half_way_stores_nothing(
    registry: Engine, tmp_path: Path, by_processes: None, in_parts: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def ended(_pool: Executor, _file: object, _most: int) -> Iterator[Part]:
        raise BrokenProcessPool
        yield

    monkeypatch.setattr(part_processes, "_in_order", ended)
    in_parts()
    path = tmp_path / "表.csv"
    path.write_text(csv_text([row()]), encoding="utf-8")
    with pytest.raises(StoreError) as caught:
        _sent(registry, path)
    assert caught.value.message_id == "upload.judging_ended"
    with registry.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM upload_row").scalar_one() == 0
