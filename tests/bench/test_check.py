"""The check of a large file beside DuckDB's bare scan and other validators, on one file in one run.

FUWUMA_BENCH_ROWS says how many rows (1,000,000 unless given), FUWUMA_BENCH_BROKEN which share of
them is broken (0.01). Each side runs in a process of its own and is timed by the clock from its
first work to its verdict, imports apart; beside it stand the processor's seconds and the process's
peak memory. The row-by-row validators judge fewer rows and are compared as rows a second.
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
BROKEN = float(os.environ.get("FUWUMA_BENCH_BROKEN", "0.01"))
PEER_ROWS = 50_000
ROOT = Path(__file__).resolve().parents[2]

_AROUND = """
import itertools, json, os, pathlib, resource, sys, time, warnings
warnings.simplefilter("ignore")
path, most = sys.argv[1], int(sys.argv[2])
{setup}
started, worked = time.perf_counter(), time.process_time()
{work}
took, worked = time.perf_counter() - started, time.process_time() - worked
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
print(json.dumps({{"seconds": took, "cpu": worked, "rows": rows, "peak_mib": peak}}))
"""

_HEAD = """
head = str(pathlib.Path(path).with_name("head.csv"))
with open(path, encoding="utf-8", newline="") as whole, open(
    head, "w", encoding="utf-8", newline=""
) as part:
    part.writelines(itertools.islice(whole, most + 1))
"""

_SCHEMA = """
from codes.elements import all_fields, schema_of
schema = schema_of("B0101")
names = {field.header_zh: key for key, field in all_fields().items()}
figures = {key for key, one in all_fields().items() if one.kind in ("integer", "number")}
"""

_INSTANCES = (
    _SCHEMA
    + """
import csv
def instances():
    with open(path, encoding="utf-8", newline="") as file:
        for row in itertools.islice(csv.DictReader(file), most):
            one = {}
            for header, cell in row.items():
                key = names[header]
                if cell:
                    try:
                        one[key] = float(cell) if key in figures else cell
                    except ValueError:
                        one[key] = cell
            yield one
"""
)

_FRICTIONLESS = (
    _SCHEMA
    + _HEAD
    + """
from frictionless import Resource, Schema, system
system.trusted = True
import csv
headers = next(csv.reader(open(path, encoding="utf-8")))
WORDS = {"minLength": "minLength", "maxLength": "maxLength", "pattern": "pattern",
         "enum": "enum", "minimum": "minimum", "maximum": "maximum"}
def field(header):
    key = names[header]
    said = schema["properties"].get(key, {})
    limits = {ours: said[word] for word, ours in WORDS.items() if word in said}
    limits["required"] = key in schema["required"]
    kind = "date" if said.get("format") == "date" else "number" if key in figures else "string"
    if kind != "string":
        limits = {word: one for word, one in limits.items() if word in ("required", "minimum",
                  "maximum") and not (kind == "date" and word != "required")}
    return {"name": header, "type": kind, "constraints": limits}
fields = Schema.from_descriptor({"fields": [field(header) for header in headers]})
"""
)

_PANDERA = (
    _SCHEMA
    + _HEAD
    + """
import csv
import pandas
import pandera.pandas as pandera
from pandera.errors import SchemaErrors
headers = next(csv.reader(open(path, encoding="utf-8")))
def column(header):
    key = names[header]
    said = schema["properties"].get(key, {})
    checks = []
    if "enum" in said:
        checks.append(pandera.Check.isin(said["enum"]))
    if "pattern" in said:
        checks.append(pandera.Check.str_matches(said["pattern"]))
    if "minLength" in said or "maxLength" in said:
        checks.append(pandera.Check.str_length(said.get("minLength", 0), said.get("maxLength")))
    if key in figures:
        checks = []
        if "minimum" in said:
            checks.append(pandera.Check.ge(said["minimum"]))
        if "maximum" in said:
            checks.append(pandera.Check.le(said["maximum"]))
    return pandera.Column(
        float if key in figures else None, checks, nullable=key not in schema["required"]
    )
wanted = pandera.DataFrameSchema({header: column(header) for header in headers})
numbers = [header for header in headers if names[header] in figures]
"""
)

SIDES = {
    "ours": (
        "from registry.bulk.check import check_large",
        "rows = check_large(path).rows",
    ),
    "duckdb bare scan": (
        "import duckdb",
        "columns = duckdb.read_csv(path, all_varchar=True).columns\n"
        "rows = duckdb.sql('SELECT count(*), ' + ', '.join(f'max(\"{n}\")' for n in columns)"
        " + f\" FROM read_csv('{path}', all_varchar=true)\").fetchall()[0][0]",
    ),
    "jsonschema-rs": (
        _INSTANCES
        + "import jsonschema_rs\n"
        + "valid = jsonschema_rs.validator_for(schema, validate_formats=True)",
        "rows = 0\nfor one in instances():\n    rows += 1\n    list(valid.iter_errors(one))",
    ),
    "frictionless": (
        _FRICTIONLESS,
        "found = Resource(path=head, schema=fields, encoding='utf-8').validate(limit_errors=10**6)"
        "\nrows = found.tasks[0].stats['rows']\nassert not found.errors, found.errors\n"
        "assert all(one.type not in ('source-error', 'schema-error', 'encoding-error')"
        " for one in found.tasks[0].errors), found.tasks[0].errors[:3]",
    ),
    "pandera": (
        _PANDERA,
        "frame = pandas.read_csv(head, dtype=str)\n"
        "for header in numbers:\n"
        "    frame[header] = pandas.to_numeric(frame[header], errors='coerce')\n"
        "rows = len(frame)\n"
        "try:\n    wanted.validate(frame, lazy=True)\nexcept SchemaErrors as error:\n"
        "    error.failure_cases",
    ),
    "row by row (ours)": (
        "from registry.uploads.check import check_file\nmost = min(most, 5000)" + _HEAD,
        "rows = check_file(head).rows",
    ),
}
"""Name -> set-up that is not timed, and work that is."""


@pytest.mark.bench
def test_check_beside_others(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "rows.csv", ROWS, BROKEN)
    print(f"\n{ROWS} rows, {BROKEN:.0%} broken, {path.stat().st_size >> 20} MiB, {_load()}")
    told = {name: _run(path, *side) for name, side in SIDES.items()}
    ours = told["ours"]
    assert ours is not None
    for name, one in told.items():
        print(_line(name, one, ours))
    print(_load())
    assert ours["rows"] > 0.9 * ROWS


def _line(name: str, one: dict[str, float] | None, ours: dict[str, float]) -> str:
    if one is None:
        return f"{name:18} not installed"
    rate = one["rows"] / one["seconds"]
    ratio = (ours["rows"] / ours["seconds"]) / rate
    return (
        f"{name:18} {one['seconds']:8.2f} s {one['cpu']:8.2f} s cpu {one['rows']:9.0f} rows "
        f"{rate:9.0f} rows/s {one['peak_mib']:5.0f} MiB   ours: {ratio:.2f} x its rate"
    )


def _load() -> str:
    return "load " + " ".join(f"{one:.1f}" for one in os.getloadavg())


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
