"""The ledgers: population by division, year, group and source, and reported observations.

Revision 0003, after 0002. The database refuses to rewrite them as it does the other dated tables.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES: Final = ("population_figure", "observation")


def upgrade() -> None:
    _population_figure()
    _observation()
    for table in TABLES:
        _refuse(table, "delete", "DELETE")
        _refuse(table, "update", f"UPDATE OF {_frozen_columns(table)}")
        reopened = "OLD.superseded_at IS NOT NULL OR NEW.superseded_at IS NULL"
        _refuse(table, "supersede", "UPDATE OF superseded_at", when=reopened)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)  # its triggers go with it


def _population_figure() -> None:
    op.create_table(
        "population_figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("division_code", sa.String(length=12), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("reference_on", sa.Date(), nullable=True),
        sa.Column("divisions_on", sa.Date(), nullable=False),
        sa.Column("group_code", sa.String(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("rounded_to", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("source_kind", sa.String(), nullable=False),
        sa.Column("is_projection", sa.String(length=1), nullable=False),
        *_common_columns("population_figure"),
        sa.CheckConstraint("persons >= 0", name=op.f("ck_population_figure_persons")),
        sa.CheckConstraint(
            "is_projection IN ('是', '否')", name=op.f("ck_population_figure_is_projection")
        ),
    )
    cell = ["division_code", "area", "year", "group_code"]
    _indexes("population_figure", cell, ["year", "group_code"])


def _observation() -> None:
    op.create_table(
        "observation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_code", sa.String(), nullable=False),
        sa.Column("number", sa.String(length=4), nullable=False),
        sa.Column("part", sa.String(length=1), nullable=False),
        sa.Column("division_code", sa.String(length=12), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("divisions_on", sa.Date(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        *_common_columns("observation"),
    )
    cell = ["plan_code", "number", "part", "division_code", "year"]
    _indexes("observation", cell, ["year", "plan_code"])


def _common_columns(table: str) -> tuple[sa.Column[object] | sa.Constraint, ...]:
    return (
        sa.Column("preferred", sa.String(length=1), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("audit_seq", sa.Integer(), nullable=False),
        sa.CheckConstraint("preferred IN ('是', '否')", name=op.f(f"ck_{table}_preferred")),
        sa.ForeignKeyConstraint(
            ["audit_seq"],
            ["audit_entry.seq"],
            name=op.f(f"fk_{table}_audit_seq_audit_entry"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _indexes(table: str, cell: list[str], by_year: list[str]) -> None:
    known = sa.text("superseded_at IS NULL")
    preferred = sa.text("superseded_at IS NULL AND preferred = '是'")
    with op.batch_alter_table(table) as batch:
        batch.create_index(batch.f(f"ix_{table}_audit_seq"), ["audit_seq"], unique=False)
        batch.create_index(f"ix_{table}_year", by_year, unique=False)
        batch.create_index(
            f"uq_{table}_{'_'.join([*cell, 'source'])}",
            [*cell, "source"],
            unique=True,
            sqlite_where=known,
            postgresql_where=known,
        )
        batch.create_index(
            f"uq_{table}_preferred",
            cell,
            unique=True,
            sqlite_where=preferred,
            postgresql_where=preferred,
        )


def _refuse(table: str, name: str, act: str, when: str | None = None) -> None:
    condition = f"WHEN ({when})" if when else ""
    message = f"{table} refuses {name}"
    if op.get_bind().dialect.name == "postgresql":
        action = f"EXECUTE FUNCTION fuwuma_refuse('{message}')"
    else:
        action = f"BEGIN SELECT RAISE(ABORT, 'fuwuma: {message}'); END"
    before = f"CREATE TRIGGER {table}_no_{name} BEFORE {act} ON {table}"
    op.execute(f"{before} FOR EACH ROW {condition} {action}")


def _frozen_columns(table: str) -> str:
    bind = op.get_bind()
    quote = bind.dialect.identifier_preparer.quote
    names = [column["name"] for column in sa.inspect(bind).get_columns(table)]
    return ", ".join(quote(name) for name in names if name != "superseded_at")
