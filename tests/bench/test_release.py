"""A release beside sqlite-utils inserting the same rows with the same indexes, in one run.

Facilities: FUWUMA_BENCH_FACILITIES, else 200,000. Each side runs in a process of its own; CPU time
(user and system, all threads) is compared, since it does not depend on what else runs. Ours is
told twice: the snapshot, which is what sqlite-utils makes too (its search is enabled as well), and
the whole release with its other formats, delta and digests, for which there is no peer. The disk
counts: sqlite-utils commits every few dozen rows, which on a disk is two fifths of what it takes
and in memory next to nothing.
"""

# ruff: noqa: T201
from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from registry.db import create_registry
from tests.bench.release_rows import fill_registry

FACILITIES = int(os.environ.get("FUWUMA_BENCH_FACILITIES", "200000"))
MOST_RATIO = 1.5
ROOT = Path(__file__).resolve().parents[2]

_AROUND = """
import json, pathlib, re, sys, time
steps = {{}}

def _peak_mib():
    # not ru_maxrss: a process starts with that of the one that started it
    status = pathlib.Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\\s+(\\d+)", status)[1]) >> 10

{work}
told = {{"seconds": time.perf_counter() - started, "cpu": time.process_time() - cpu,
         "peak_mib": _peak_mib(), "steps": steps}}
print(json.dumps(told))
"""

OURS = """
from datetime import date
from exports.release import publish
from registry.db import open_registry

def note(step, _done, _total):
    steps.setdefault(step, time.process_time() - cpu)

started, cpu = time.perf_counter(), time.process_time()
publish(open_registry(sys.argv[1]), sys.argv[2], on=date(2026, 11, 22), progress=note)
"""

THEIRS = """
import itertools, sqlite3
from sqlite_utils import Database

source = sqlite3.connect(sys.argv[1])
source.row_factory = sqlite3.Row
names = [row["name"] for row in source.execute("PRAGMA table_list")
         if row["type"] == "table" and not row["name"].startswith("sqlite_")]
started, cpu = time.perf_counter(), time.process_time()
db = Database(sys.argv[2])
for name in names:
    columns = source.execute(f'PRAGMA table_info("{name}")').fetchall()
    key = tuple(c["name"] for c in sorted(columns, key=lambda c: c["pk"]) if c["pk"])
    types = {"TEXT": str, "REAL": float, "INTEGER": int}
    db[name].create({c["name"]: types[c["type"]] for c in columns},
                    pk=key if len(key) > 1 else key[0])
    db[name].insert_all(map(dict, source.execute(f'SELECT * FROM "{name}"')))
    steps[name] = time.process_time() - cpu
for name in names:
    for index in source.execute(f'PRAGMA index_list("{name}")').fetchall():
        if index["origin"] == "c":
            parts = source.execute(f'PRAGMA index_info("{index["name"]}")').fetchall()
            db[name].create_index([part["name"] for part in parts])
steps["indexes"] = time.process_time() - cpu
db["facility"].enable_fts(["name", "address", "operator_name"], tokenize="trigram")
steps["search"] = time.process_time() - cpu
"""


@pytest.mark.bench
def test_a_release_beside_sqlite_utils(tmp_path: Path) -> None:
    engine = create_registry(str(tmp_path / "registry.db"))
    fill_registry(engine, FACILITIES)
    engine.dispose()
    ours = _run(OURS, tmp_path / "registry.db", tmp_path / "release")
    snapshot = tmp_path / "release" / "fuwuma.sqlite"
    theirs = _run(THEIRS, snapshot, tmp_path / "theirs.sqlite")
    made = ours["steps"]["delta"]
    plain, searched = theirs["steps"]["indexes"], theirs["steps"]["search"]
    print(f"\n{FACILITIES:,} facilities, snapshot {snapshot.stat().st_size >> 20} MiB")
    for name, side in (("ours", ours), ("sqlite-utils", theirs)):
        print(
            f"{name:13} CPU {side['cpu']:.1f} s, wall {side['seconds']:.1f} s,"
            f" peak {side['peak_mib']} MiB"
        )
    print(f"our steps, CPU s: {_each(ours['steps'])}")
    print(
        f"snapshot {made:.1f} s = {made / plain:.2f} x sqlite-utils without a search index"
        f" ({plain:.1f} s), {made / searched:.2f} x with one ({searched:.1f} s)"
    )
    print(f"whole release {ours['cpu'] / plain:.2f} x, {ours['cpu'] / searched:.2f} x")
    print(f"load {os.getloadavg()}")
    assert made / plain <= MOST_RATIO


def _each(reached: dict[str, float]) -> dict[str, float]:
    """Turn "reached after" into "took": a step is told when it begins."""
    names = [*reached]
    ends = [reached[name] for name in names[1:]]
    return {name: round(end - reached[name], 1) for name, end in zip(names[:-1], ends, strict=True)}


def _run(work: str, *arguments: Path) -> dict[str, Any]:
    script = _AROUND.format(work=work)
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
