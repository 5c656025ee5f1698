"""Alembic's entry: run the migrations on the connection we are given, or on FUWUMA_DB.

Revisions are numbered (`0001`, `0002`, ...) and `HEAD` names the last, so that two branches that
both add one conflict in git. Types of ours are written as plain SQLAlchemy types: a revision must
mean the same when our classes have changed.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.operations import MigrationScript
from alembic.runtime.migration import MigrationContext
from sqlalchemy.engine import Connection
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

import registry.tables  # noqa: F401  fills the metadata
from registry.tables.base import UtcDateTime

HEAD = Path(__file__).parent / "HEAD"


def render_item(kind: str, item: Any, _autogen: AutogenContext) -> str | Literal[False]:
    """Write our column types as SQLAlchemy's own."""
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def number_revision(
    _context: MigrationContext, _revision: Any, directives: list[MigrationScript]
) -> None:
    """Give a new revision the next number and name it in HEAD."""
    if context.config.cmd_opts is None:
        return
    for script in directives:
        script.rev_id = f"{int(HEAD.read_text(encoding='utf-8')) + 1:04d}"
        HEAD.write_text(f"{script.rev_id}\n", encoding="utf-8")


def run_on(connection: Connection) -> None:
    """Run what was asked for in the caller's transaction."""
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,
        render_item=render_item,
        process_revision_directives=number_revision,
        compare_type=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def main() -> None:
    """Use the connection the program passes, else open FUWUMA_DB (a developer's `alembic`)."""
    given = context.config.attributes.get("connection")
    if given is not None:
        run_on(given)
        return
    from registry.db import bare_engine

    with bare_engine(os.environ.get("FUWUMA_DB", "fuwuma.db")).begin() as connection:
        run_on(connection)


main()
