"""The check of a large file beside DuckDB's bare scan and other validators, on one file in one run.

Rows: FUWUMA_BENCH_ROWS, else 1,000,000. Peers that are not installed are said to be missing. Each
side runs in a process of its own; the time is that of the work, the memory the process's peak.
`jsonschema-rs` and the row-by-row check judge fewer rows and are stated as rows a second.
"""

# ruff: noqa: T201
from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.bulk.rows import write_csv

ROWS = int(os.environ.get("FUWUMA_BENCH_ROWS", "1000000"))
PEER_ROWS = 50_000
ROOT = Path(__file__).resolve().parents[3]

_AROUND = """
import json, resource, sys, time
path, most = sys.argv[1], int(sys.argv[2])
{setup}
started = time.perf_counter()
{work}
took = time.perf_counter() - started
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
print(json.dumps({{"seconds": took, "rows": rows, "peak_mib": peak}}))
"""

_INSTANCES = """
def instances():
    import csv, itertools
    from codes.elements import all_fields
    keys = {f.header_zh: (k, f.kind in ("integer", "number")) for k, f in all_fields().items()}
    with open(path, encoding="utf-8", newline="") as file:
        for row in itertools.islice(csv.DictReader(file), most):
            one = {}
            for header, cell in row.items():
                key, figure = keys[header]
                if cell:
                    try:
                        one[key] = float(cell) if figure else cell
                    except ValueError:
                        one[key] = cell
            yield one
from codes.elements import schema_of
schema = schema_of("B0101")
"""

SIDES = {
    "ours": (
        "from registry.bulk.check import check_large",
        "rows = check_large(path).rows",
    ),
    "duckdb bare scan": (
        "import duckdb",
        "names = duckdb.read_csv(path, all_varchar=True).columns\n"
        "rows = duckdb.sql('SELECT count(*), ' + ', '.join(f'max(\"{n}\")' for n in names)"
        " + f\" FROM read_csv('{path}', all_varchar=true)\").fetchall()[0][0]",
    ),
    "jsonschema-rs": (
        _INSTANCES + "import jsonschema_rs\nvalid = jsonschema_rs.validator_for(schema)",
        "rows = 0\nfor one in instances():\n    rows += 1\n    list(valid.iter_errors(one))",
    ),
    "row by row (ours)": (
        "import itertools, pathlib\nfrom registry.uploads.check import check_file\n"
        "head = pathlib.Path(path).with_name('head.csv')\n"
        "most = min(most, 5000)\n"
        "head.write_text(''.join(itertools.islice(open(path, encoding='utf-8'), most)))",
        "rows = check_file(head).rows",
    ),
}


@pytest.mark.bench
def test_bulk_check_beside_others(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "rows.csv", ROWS, 0.01)
    print(f"\n{ROWS} rows, {path.stat().st_size >> 20} MiB, load {os.getloadavg()}")
    told = {name: _run(path, *side) for name, side in SIDES.items()}
    ours = told["ours"]
    assert ours is not None
    for name, one in told.items():
        if one is None:
            print(f"{name:20} not installed")
            continue
        rate = one["rows"] / one["seconds"]
        ratio = (ours["rows"] / ours["seconds"]) / rate
        print(
            f"{name:20} {one['seconds']:8.2f} s {one['rows']:9.0f} rows {rate:10.0f} rows/s "
            f"{one['peak_mib']:6.0f} MiB   ours is {ratio:.2f} x as fast"
        )
    print(f"load {os.getloadavg()}")


def _run(path: Path, setup: str, work: str) -> dict[str, float] | None:
    script = _AROUND.format(setup=setup, work=work)
    done = subprocess.run(
        [sys.executable, "-c", script, str(path), str(PEER_ROWS)],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    if done.returncode and "ModuleNotFoundError" in done.stderr:
        return None
    assert done.returncode == 0, done.stderr
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found
