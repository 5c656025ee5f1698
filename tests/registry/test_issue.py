from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from codes import facility_code
from codes.errors import DataError
from registry import issue
from registry.audit import verify
from registry.db import reading, writing

New = Callable[..., str]
WRITERS = 4
ROOT = Path(__file__).parents[2]

WRITER = """
import sys
from datetime import date
from registry.db import open_registry, writing
from registry.facilities.register import NewFacility, register_many

engine, day = open_registry(sys.argv[1]), date(2025, 1, 1)
fields = {"name": "示例幼儿园", "type": "B0101", "status": "运营", "as_of": day}
rows = [NewFacility({**fields, "division": d}, day) for d in ("330106", "330108", "330106")]
print("ready", flush=True)
sys.stdin.readline()
for turn in range(int(sys.argv[2])):
    with writing(engine) as session:
        codes = register_many(session, rows, by="x", action="x", subject="x", detail={})
    print(*codes, flush=True)
"""


@contextmanager
def writers(url: str, turns: int) -> Iterator[list[subprocess.Popen[str]]]:
    """Start processes that register three facilities a turn, and let them go all at once."""
    command = [sys.executable, "-c", WRITER, url, str(turns)]
    pipe = subprocess.PIPE
    started = [
        subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True)
        for _ in range(WRITERS)
    ]
    try:
        for process in started:
            assert process.stdout and process.stdout.readline() == "ready\n"
        for process in started:
            assert process.stdin
            process.stdin.write("go\n")
            process.stdin.flush()
        yield started
    finally:
        for process in started:
            process.kill()
            process.communicate()


def said(process: subprocess.Popen[str]) -> list[str]:
    """Return the codes a process told us were committed; a line cut short was not."""
    output = process.communicate()[0]
    return [
        code
        for line in output.splitlines(keepends=True)
        if line[-1:] == "\n"
        for code in line.split()
    ]


def in_registry(registry: Engine) -> list[str]:
    with registry.connect() as connection:
        return list(connection.execute(text("SELECT code FROM facility ORDER BY id")).scalars())


def test_many_writers_at_once_get_every_code_once(registry: Engine, registry_url: str) -> None:
    turns = 8
    with writers(registry_url, turns) as processes:
        told = [code for process in processes for code in said(process)]
        assert [process.returncode for process in processes] == [0] * WRITERS
    assert len(told) == len(set(told)) == WRITERS * turns * 3
    assert sorted(told) == sorted(in_registry(registry))
    serials = {(facility_code.split(c).county_code, facility_code.split(c).serial) for c in told}
    per_county = {"330106": WRITERS * turns * 2, "330108": WRITERS * turns}
    assert serials == {(c, n + 1) for c, count in per_county.items() for n in range(count)}
    with reading(registry) as session:
        assert verify(session).faults == ()


def test_a_killed_writer_loses_nothing_and_repeats_nothing(
    registry: Engine, registry_url: str, new: New
) -> None:
    with writers(registry_url, 100_000) as processes:
        time.sleep(0.5)
        for process in processes:
            time.sleep(0.1)
            process.send_signal(signal.SIGKILL)
        told = [code for process in processes for code in said(process)]
    kept = in_registry(registry)
    assert told
    assert set(told) <= set(kept)
    assert len(kept) == len(set(kept))
    assert len(kept) % 3 == 0  # no half batch
    assert new(division="330106") not in kept
    with reading(registry) as session:
        assert verify(session).faults == ()


def test_a_prefix_runs_out_and_says_so(registry: Engine, new: New) -> None:
    new()
    with registry.begin() as connection:
        connection.execute(text("UPDATE code_counter SET last_serial = 999998"))
    assert facility_code.split(new()).serial == 999_999
    with pytest.raises(DataError) as refused:
        new()
    assert refused.value.message_id == "facility.no_serial_left"
    assert "B01-330106" in str(refused.value)
    with reading(registry) as session:
        assert issue.last_serials(session.connection()) == {"B01330106": 999_999}
        assert verify(session).faults == ()
    assert facility_code.split(new(division="330108")).serial == 1


def test_a_number_lost_is_not_given_again(registry: Engine) -> None:
    prefixes = [("B01", "330106")] * 3 + [("A01", "330108")]
    with writing(registry) as session:
        codes = issue.issue_codes(session.connection(), prefixes)
    with writing(registry) as session:
        following = issue.issue_codes(session.connection(), prefixes)
    assert not set(codes) & set(following)
    assert Counter(map(facility_code.is_valid, codes + following)) == {True: 8}


def test_a_big_serial_in_the_table_does_not_move_the_counter(registry: Engine, new: New) -> None:
    """The next code comes from the counter, not from the largest code there is."""
    new()
    with registry.begin() as connection:
        connection.execute(text("UPDATE code_counter SET last_serial = 7"))
    assert facility_code.split(new()).serial == 8


def test_an_unknown_class_gets_no_code(registry: Engine) -> None:
    with pytest.raises(DataError), writing(registry) as session:
        issue.issue_codes(session.connection(), [("Z99", "330106")])
