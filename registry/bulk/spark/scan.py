"""Spark makes the table `k` of `registry.bulk.scan`: the same columns, the same rows.

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
from registry.bulk.cells_query import cells_query
from registry.bulk.compile.values import literal
from registry.bulk.plan import Plan
from registry.bulk.scan import Connection, _applied, _masks
from registry.bulk.spark.dialect import spark_form
from registry.bulk.spark.lines import columns_of, write_placed
from registry.bulk.spark.session import Cluster
from registry.bulk.types_met import in_order, type_words

PLACE: Final = "place"


def scan_on(cluster: Cluster, connection: Connection, file: CanonicalFile, plan: Plan) -> Plan:
    """Make the table `k`; return the plan that was kept to, which looks at the types there are.

    Raises UnevenError when a line is not as the form says, LostError when a line did not come back
    just once, and what Spark raises.
    """
    lines, judged = cluster.folder / "lines.csv", cluster.folder / "judged"
    sent = write_placed(file, lines)
    read = cluster.session.read.schema(_schema(file)).options(**_options(file))
    read.csv(f"file://{lines}").createOrReplaceTempView("lines")
    plan = replace(plan, types=_types_in(cluster, plan))
    cluster.session.sql(_bits_sql(plan)).createOrReplaceTempView("bits")
    cluster.session.sql(cells_sql(file, plan)).createOrReplaceTempView("cells")
    found = cluster.session.sql(applied_sql(plan))
    found.write.mode("overwrite").parquet(f"file://{judged}")
    connection.execute(
        "CREATE OR REPLACE TABLE k AS SELECT * REPLACE "
        "(CASE WHEN name_hash IS NOT NULL THEN hash(name_hash[1], name_hash[2]) END AS name_hash) "
        "FROM read_parquet(?)",
        [f"{judged}/*.parquet"],
    )
    came = connection.execute("SELECT count(*), count(DISTINCT place) FROM k").fetchone()
    if came != (sent, sent):
        raise LostError(sent, came)
    return plan


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


def cells_sql(file: CanonicalFile, plan: Plan) -> str:
    """Return the query of `registry.bulk.cells_query` on the view `lines`, places kept."""
    query = cells_query(file, plan)
    sources = [one for one in query.find_all(exp.Anonymous) if one.name == "read_csv"]
    (source,) = sources
    for select in list(query.find_all(exp.Select)):
        if not any(isinstance(one, exp.Star) for one in select.expressions):
            select.append("expressions", exp.column(PLACE))
    source.replace(exp.to_table("lines"))
    return spark_form(query).sql("spark")


def applied_sql(plan: Plan) -> str:
    """Return the query that leaves the bits that count, on the views `cells` and `bits`."""
    query = _applied(plan)
    for column in list(query.find_all(exp.Column)):
        if column.name == "rowid":
            column.replace(exp.column(PLACE, table="cells"))
    return spark_form(query).sql("spark")


def _bits_sql(plan: Plan) -> str:
    """The bits that count for each word that names a type, as `scan` gives them by its number."""
    masks = _masks(plan)
    names = [f"{name}{at}" for name, mask in masks for at in range(len(mask.words))]
    rows = []
    for number, one in enumerate(facility_types().values()):
        if one.code not in (plan.types or ()):
            continue
        bits = [str(word) for _, mask in masks for word in mask.of_type(one.code)]
        for word in (one.code, one.name_zh):
            rows.append(f"({', '.join((literal(word).sql('spark'), str(number), *bits))})")
    if not rows:  # a table of no rows cannot be written down
        rows = [f"({', '.join(('NULL', *['0'] * (1 + len(names))))})"]
    kinds = ", ".join(f"CAST({name} AS BIGINT) AS {name}" for name in names)
    return (
        "SELECT CAST(type_word AS STRING) AS type_word, CAST(type_no AS SMALLINT) AS type_no"
        f"{', ' * bool(kinds)}{kinds} "
        f"FROM VALUES {', '.join(rows)} AS t({', '.join(('type_word', 'type_no', *names))})"
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
