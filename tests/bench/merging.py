"""A waiting batch of new facilities, and the rows its approval writes put in again by themselves.

The batch is stored and sealed as `upload submit` does, but not checked: `bulk/test_bulk.py` times
that. Run as a program: URL of an empty registry, rows, and what to time (ours or bare).
"""

from __future__ import annotations

import gc
import json
import pickle
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Engine, text

from codes.departments import find_department
from codes.divisions import full_name
from codes.facility_types import find_type
from registry import rows
from registry.db import open_registry, writing
from registry.uploads.approve import approve
from registry.uploads.batch import Batch, store_batch
from registry.uploads.check import context_of
from registry.uploads.columns import map_columns
from registry.uploads.findings import OUTCOMES, CheckReport
from registry.uploads.judged import Judged
from registry.uploads.normalising.sheet import RowReader
from registry.uploads.placing.placement import Placement
from registry.uploads.proposing.plan import plan_of
from registry.uploads.reading.headers import header_names
from registry.uploads.settings import UploadSettings
from registry.uploads.source import SourceFile, SourceRow, SourceSheet
from registry.uploads.standing import program_digest
from registry.uploads.store import row_cells
from tests.bench.bulk.rows import COLUMNS, good_row

TABLES = ("facility", "facility_version", "capability_value", "identifier", "audit_entry")
CHUNK = 10_000


def store(engine: Engine, count: int) -> int:
    """Store a sealed batch of `count` new facilities; return its id."""
    department = find_department("市教育局").code
    settings = UploadSettings()
    context = context_of(settings, True, department)
    sheet = SourceSheet("", (), 1, COLUMNS, ())
    names, _ = map_columns(sheet, header_names({}))
    source = SourceFile(Path("synthetic.csv"), "synthetic.csv", "0" * 64, 1, "csv", None, None, ())
    random, reader = Random(1), RowReader(names, {})

    def planned() -> Iterator[tuple[Judged, Any]]:
        for number in range(count):
            cells = good_row(number, random)
            row = reader.read(SourceRow(number + 2, tuple(cells.values())))
            judged = Judged(row, names, placement=Placement(cells["division"]))
            judged.merge({})
            yield judged, plan_of(judged, context)

    outcomes = {name: count if name == "created" else 0 for name in OUTCOMES}
    report = CheckReport(source, count, (), outcomes, {}, True)
    batch = Batch(report, {"": names}, context.today, 0, settings, department, "张三")
    with writing(engine) as session:
        return store_batch(session, batch, (row_cells(*one) for one in planned()), ())


def written(engine: Engine) -> dict[str, tuple[list[str], list[rows.Row]]]:
    """Return the rows that approval wrote, by table, in the form in which they go in."""
    found: dict[str, tuple[list[str], list[rows.Row]]] = {}
    with engine.connect() as connection:
        for name in TABLES:
            order = "seq" if name == "audit_entry" else "id"
            where = " WHERE action = 'upload_approve'" if name == "audit_entry" else ""
            names = list(rows.columns(name))
            listed = ", ".join(names)
            query = text(f"SELECT {listed} FROM {name}{where} ORDER BY {order}")
            plain = [tuple(map(rows._plain, one)) for one in connection.execute(query)]
            found[name] = names, plain
        counters = connection.execute(text("SELECT prefix, last_serial FROM code_counter"))
        found["code_counter"] = ["prefix", "last_serial"], [tuple(one) for one in counters]
    return found


def put(engine: Engine, content: dict[str, tuple[list[str], list[rows.Row]]]) -> None:
    """Write the rows in one transaction: `executemany` on SQLite, COPY on PostgreSQL."""
    postgresql = engine.dialect.name == "postgresql"
    with engine.begin() as connection:
        driver: Any = connection.connection.driver_connection
        cursor = driver.cursor()
        for name, (names, plain) in content.items():
            if postgresql:
                with cursor.copy(f"COPY {name} ({', '.join(names)}) FROM STDIN") as copy:
                    for row in plain:
                        copy.write_row(row)
            else:
                marks = ", ".join("?" * len(names))
                into = f"INSERT INTO {name} ({', '.join(names)}) VALUES ({marks})"
                cursor.executemany(into, plain)


def _timed(act: Any) -> dict[str, float]:
    gc.collect()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    wall, cpu = time.perf_counter(), time.process_time()
    act()
    return {
        "cpu": time.process_time() - cpu,
        "wall": time.perf_counter() - wall,
        "before_mib": before,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10,
    }


def main(what: str, url: str, kept: str, upload_id: str) -> None:
    """Time one side and print it as JSON."""
    engine = open_registry(url)
    if what == "ours":
        program_digest()
        find_type("幼儿园")
        full_name("330106002")  # the books are read once a process, whatever the rows
        told = _timed(lambda: approve(engine, int(upload_id), by="李四"))
    else:
        content = pickle.loads(Path(kept).read_bytes())
        told = _timed(lambda: put(engine, content))
    print(json.dumps(told))  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
