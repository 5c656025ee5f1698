"""The database itself refuses to rewrite history, to give a code twice, or to touch the audit.

Revision 0002, after 0001. A later revision that adds a column to one of these tables on SQLite, or
rebuilds one in batch mode, has to make its triggers again: they name the columns.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FROZEN: Final = ("audit_entry", "facility")
"""Written once, never changed, never deleted."""

DATED: Final = ("facility_version", "capability_value", "identifier", "succession")
"""Only `superseded_at` may be set, once; never deleted."""

COUNTER: Final = "code_counter"

POSTGRESQL_REFUSAL: Final = """
CREATE FUNCTION fuwuma_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'fuwuma: %', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def upgrade() -> None:
    if _is_postgresql():
        op.execute(POSTGRESQL_REFUSAL)
    for table in (*FROZEN, *DATED, COUNTER):
        _refuse(table, "delete", "DELETE")
    for table in FROZEN:
        _refuse(table, "update", "UPDATE")
    for table in DATED:
        frozen = ", ".join(_columns(table, but="superseded_at"))
        _refuse(table, "update", f"UPDATE OF {frozen}")
        reopened = "OLD.superseded_at IS NOT NULL OR NEW.superseded_at IS NULL"
        _refuse(table, "supersede", "UPDATE OF superseded_at", when=reopened)
    lower = "NEW.last_serial < OLD.last_serial OR NEW.prefix <> OLD.prefix"
    _refuse(COUNTER, "update", "UPDATE", when=lower)


def downgrade() -> None:
    for table in (*FROZEN, *DATED, COUNTER):
        _drop(table, "delete")
        _drop(table, "update")
    for table in DATED:
        _drop(table, "supersede")
    if _is_postgresql():
        op.execute("DROP FUNCTION fuwuma_refuse()")


def _refuse(table: str, name: str, act: str, when: str | None = None) -> None:
    condition = f"WHEN ({when})" if when else ""
    message = f"{table} refuses {name}"
    if _is_postgresql():
        action = f"EXECUTE FUNCTION fuwuma_refuse('{message}')"
    else:
        action = f"BEGIN SELECT RAISE(ABORT, 'fuwuma: {message}'); END"
    before = f"CREATE TRIGGER {table}_no_{name} BEFORE {act} ON {table}"
    op.execute(f"{before} FOR EACH ROW {condition} {action}")


def _drop(table: str, name: str) -> None:
    on = f" ON {table}" if _is_postgresql() else ""
    op.execute(f"DROP TRIGGER {table}_no_{name}{on}")


def _columns(table: str, but: str) -> list[str]:
    found = [column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)]
    return [name for name in found if name != but]


def _is_postgresql() -> bool:
    return bool(op.get_bind().dialect.name == "postgresql")
