"""Spark makes the tables of `registry.bulk.scan`: the same columns, the same rows.

The workers read the placed lines, judge them, and write what each comes to as Parquet; DuckDB on
the driver takes that in, and only there are texts hashed, for the hash is DuckDB's own.
"""

# ruff: noqa: S608 -- queries are put together from our own names; what a file says is in the file
from __future__ import annotations

from dataclasses import replace
from typing import Final

from sqlglot import exp

from codes.facility_types import facility_types
from registry.bulk.canonical import CanonicalFile
from registry.bulk.cells_query import second_query
from registry.bulk.compile.values import any_of, literal
from registry.bulk.engine import Connection
from registry.bulk.file_cells import cell_of
from registry.bulk.plan import Plan
from registry.bulk.row_parts import implausible
from registry.bulk.scan import JUDGED, Scanned, make_views
from registry.bulk.spark.dialect import spark_form
from registry.bulk.spark.lines import columns_of, write_placed
from registry.bulk.spark.session import Cluster
from registry.bulk.sure import odd
from registry.bulk.types_met import in_order, type_words

PLACE: Final = "place"


def scan_on(cluster: Cluster, connection: Connection, file: CanonicalFile, plan: Plan) -> Scanned:
    """Make the tables of a scan; every row is judged in full, and no cell is mended.

    Raises UnevenError when a line is not as the form says, LostError when a line did not come back
    just once, and what Spark raises.
    """
    lines, judged = cluster.folder / "lines.csv", cluster.folder / "judged"
    sent = write_placed(file, lines)
    read = cluster.session.read.schema(_schema(file)).options(**_options(file))
    read.csv(f"file://{lines}").createOrReplaceTempView("lines")
    plan = replace(plan, types=_types_in(cluster, plan))
    cluster.session.sql(_types_sql()).createOrReplaceTempView("types")
    found = cluster.session.sql(judged_sql(file, plan))
    found.write.mode("overwrite").parquet(f"file://{judged}")
    connection.execute(
        f"CREATE OR REPLACE TABLE {JUDGED} AS SELECT * REPLACE "
        "(CASE WHEN name_hash IS NOT NULL THEN hash(name_hash[1], name_hash[2]) END AS name_hash) "
        "FROM read_parquet(?)",
        [f"{judged}/*.parquet"],
    )
    came = connection.execute(f"SELECT count(*), count(DISTINCT place) FROM {JUDGED}").fetchone()
    if came != (sent, sent):
        raise LostError(sent, came)
    make_views(connection, plan, None)
    return Scanned(None, plan)


class LostError(Exception):
    """Not every line that was sent came back, or one came back twice."""


def _types_in(cluster: Cluster, plan: Plan) -> tuple[str, ...]:
    """Return the types that stand in the file or are given for all of it."""
    words = {plan.given["type"]} if "type" in plan.given else set()
    column = plan.columns.read.get("type")
    if column is not None:
        cell = exp.column(f"c{column.index}")
        known = cell.isin(*sorted(type_words()))
        query = exp.select(cell.as_("word")).distinct().from_("lines").where(known)
        words |= {row[0] for row in cluster.session.sql(query.sql("spark")).collect()}
    return in_order(type_words()[word] for word in words if word in type_words())


def judged_sql(file: CanonicalFile, plan: Plan) -> str:
    """Return the second query of `registry.bulk.cells_query` on the view `lines`, types joined."""
    kind = exp.column("type_no")
    not_read = any_of([odd(plan, kind), implausible(plan)])
    query = second_query(file, plan, exp.to_table("typed_lines"), {}, not_read)
    word = spark_form(cell_of(plan, "type")).sql("spark")
    typed = f"SELECT l.*, t.type_no FROM lines AS l LEFT JOIN types AS t ON t.word = {word}"
    return f"WITH typed_lines AS ({typed}) {spark_form(query).sql('spark')}"


def _types_sql() -> str:
    """The words that name a type and the index of the type, as the enumeration of `scan` has it."""
    rows = [
        f"({literal(word).sql('spark')}, {number})"
        for number, one in enumerate(facility_types().values())
        for word in (one.code, one.name_zh)
    ]
    listed = ", ".join(rows)
    return (
        "SELECT CAST(word AS STRING) AS word, CAST(type_no AS SMALLINT) AS type_no "
        f"FROM VALUES {listed} AS t(word, type_no)"
    )


def _schema(file: CanonicalFile) -> str:
    return ", ".join((f"{PLACE} BIGINT", *(f"{name} STRING" for name in columns_of(file))))


def _options(file: CanonicalFile) -> dict[str, str]:
    return {
        "sep": file.delimiter,
        "quote": '"',
        "escape": '"',
        "nullValue": "",
        "encoding": "UTF-8",
        "lineSep": "\n",
        "mode": "FAILFAST",
        "maxCharsPerColumn": "-1",
        "maxColumns": str(file.columns + 8),
    }
