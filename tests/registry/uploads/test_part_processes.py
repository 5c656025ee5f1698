"""Rows judged by other processes come out as those judged by this one."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from codes.errors import DataError, StoreError
from codes.messages import language, use_language
from registry.db import reading
from registry.uploads import part_processes
from registry.uploads.approve import approve
from registry.uploads.judged import Context
from registry.uploads.large_rows import Lines
from registry.uploads.part import Part, Passed
from registry.uploads.settings import UploadSettings
from registry.uploads.tally import Tally
from tests.registry.uploads.conftest import TODAY, Send, csv_text, row
from tests.registry.uploads.test_large_submit import MIXED, _kept, _sent, _told, in_parts

__all__ = ["in_parts"]
ON_SQLITE = pytest.mark.parametrize("registry_url", ["sqlite"], indirect=True)
LEFT_ALONE = """
import gc, os, time
from registry.uploads import part_processes
pool = part_processes._pool(1, (None, None, None, "zh", gc.get_threshold()))
print(pool.submit(os.getpid).result(), flush=True)
time.sleep(60)
"""


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
    assert found[0][3][0][1]["rejected"]


def _another_file(registry: Engine) -> None:
    with registry.begin() as connection:
        connection.exec_driver_sql("UPDATE upload SET file_sha256 = 'another'")


@ON_SQLITE
def test_judged_here_where_the_database_takes_no_further_connection(
    registry: Engine, tmp_path: Path, by_processes: None, in_parts: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    def refused(processes: int, given: tuple[Any, ...]) -> Executor:
        elsewhere = given[0].set(database="/nowhere/registry.db"), *given[1:]
        return in_a_thread(processes, elsewhere)

    monkeypatch.setattr(part_processes, "_pool", refused)
    in_parts()
    path = tmp_path / "表.csv"
    path.write_text(csv_text([row(name=f"第{n}", address=f"第{n}号") for n in range(3)]), "utf-8")
    assert _sent(registry, path).report.outcomes["created"] == 3
    assert capfd.readouterr().err == ""


@ON_SQLITE
def test_an_approval_between_two_parts_is_seen_when_the_upload_is_approved(
    registry: Engine, send: Send, tmp_path: Path, by_processes: None,
    in_parts: Callable[[], None], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The first part was compared with a registry that did not have the facility yet."""
    another = int(send(row(name="新设"), name="别的.csv").id or 0)
    judged = part_processes._judged
    parts: list[Part | Lines] = []

    def between(table: int, lines: Lines) -> Part | Lines:
        if parts:
            approve(registry, another, by="李四", today=TODAY)
        parts.append(judged(table, lines))
        return parts[-1]

    monkeypatch.setattr(part_processes, "_judged", between)
    monkeypatch.setattr(part_processes, "_pool", in_a_thread)
    in_parts()
    path = tmp_path / "表.csv"
    names = ("新设", "第二", "第三")
    path.write_text(csv_text([row(name=one, address=f"{one}路1号") for one in names]), "utf-8")
    done = _sent(registry, path)
    assert len(parts) == 2
    with pytest.raises(DataError) as caught:
        approve(registry, int(done.id or 0), by="李四", today=TODAY)
    assert caught.value.message_id == "upload.plan_stale"


def in_a_thread(_processes: int, given: tuple[Any, ...]) -> Executor:
    """Stand for another process."""
    return ThreadPoolExecutor(1, initializer=part_processes._begin, initargs=given)


def _killed(_table: int, _lines: Lines) -> Part:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


@ON_SQLITE
def test_a_process_that_ends_half_way_stores_nothing(
    registry: Engine, tmp_path: Path, by_processes: None, in_parts: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr(part_processes, "_judged", _killed)
    in_parts()
    path = tmp_path / "表.csv"
    path.write_text(csv_text([row()]), encoding="utf-8")
    with pytest.raises(StoreError) as caught:
        _sent(registry, path)
    assert caught.value.message_id == "upload.judging_ended"
    assert capfd.readouterr().err == ""
    with registry.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM upload_row").scalar_one() == 0


class _ThreeParts:
    def parts(self) -> Iterator[list[int]]:
        yield from ([0], [1], [1])


def _tells(_table: int, lines: Sequence[Any]) -> Part:
    """Tell of the process; in a second part, take a minute."""
    if lines[0]:
        time.sleep(60)
    held_back = sorted(map(int, signal.pthread_sigmask(signal.SIG_BLOCK, ())))
    about = language(), gc.get_threshold(), held_back
    return Part([], [about], [], Tally(), Passed(), 0)


@ON_SQLITE
def test_a_process_is_like_the_one_that_starts_it_and_ends_when_it_is_not_needed(
    registry: Engine, by_processes: None, monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr(part_processes, "_judged", _tells)
    monkeypatch.setattr(part_processes, "AHEAD", 0)
    file: Any = _ThreeParts()
    sweep = gc.get_threshold()
    use_language("en")
    gc.set_threshold(60_000, 12, 13)
    try:
        with reading(registry) as session:
            before = time.monotonic()
            with closing(part_processes.judged_parts([file], Context(TODAY), session)) as parts:
                (told,) = next(parts)[1].kept
                assert not session.in_transaction()
            assert time.monotonic() - before < 30
    finally:
        gc.set_threshold(*sweep)
    assert told == ("en", (60_000, 12, 13), [signal.SIGINT])
    assert not signal.pthread_sigmask(signal.SIG_BLOCK, ())
    assert capfd.readouterr().err == ""


def test_a_process_ends_with_the_one_that_started_it() -> None:
    arguments = [sys.executable, "-c", LEFT_ALONE]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as parent:
        assert parent.stdout is not None
        process = int(parent.stdout.readline())
        parent.kill()
    until = time.monotonic() + 20
    while _runs(process) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _runs(process)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    # one that ended stays listed until somebody asks how
    return Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()[0] != "Z"
