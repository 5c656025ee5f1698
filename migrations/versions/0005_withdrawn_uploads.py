"""Let the one who submitted an upload withdraw it before it is decided.

Revision 0005, after 0004. An upload is withdrawn exactly when its submitter decided it; every other
decision stays somebody else's. SQLite cannot change a CHECK, so the table is made again with its
rows: links to it are checked at the end, and each row put back settles those that point to it.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BEFORE: Final = {
    "ck_upload_status": "status IN ('submitted', 'approved', 'rejected')",
    "ck_upload_four_eyes": "decided_by IS NULL OR lower(decided_by) <> lower(submitted_by)",
}
AFTER: Final = {
    "ck_upload_status": "status IN ('submitted', 'approved', 'rejected', 'withdrawn')",
    "ck_upload_four_eyes": "decided_by IS NULL OR "
    "(lower(decided_by) = lower(submitted_by)) = (status = 'withdrawn')",
}


def upgrade() -> None:
    _exchange(BEFORE, AFTER)


def downgrade() -> None:
    _exchange(AFTER, BEFORE)


def _exchange(old: dict[str, str], new: dict[str, str]) -> None:
    if op.get_bind().dialect.name == "postgresql":
        for name, condition in new.items():
            op.drop_constraint(op.f(name), "upload", type_="check")
            op.create_check_constraint(op.f(name), "upload", condition)
        return
    connection = op.get_bind()
    made = sa.text("SELECT sql FROM sqlite_master WHERE name = 'upload'")
    statement = str(connection.execute(made).scalar_one())
    for name, condition in old.items():
        if condition not in statement:
            raise LookupError(name)
        statement = statement.replace(condition, new[name])
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute("CREATE TABLE upload_kept AS SELECT * FROM upload")
    op.execute("DROP TABLE upload")
    connection.exec_driver_sql(statement)
    op.execute("INSERT INTO upload SELECT * FROM upload_kept")
    op.execute("DROP TABLE upload_kept")
    op.create_index(op.f("ix_upload_file_sha256"), "upload", ["file_sha256"], unique=False)
