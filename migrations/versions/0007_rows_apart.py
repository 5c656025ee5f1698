"""Keep that two rows of a file were answered to be two facilities, before they are registered.

Revision 0007, after 0006. The rows are named by digests: nothing of a row can be read from them.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    digest = sa.String(length=32)
    op.create_table(
        "rows_apart",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("row_digest", digest, nullable=False),
        sa.Column("other_digest", digest, nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("row_digest < other_digest", name=op.f("ck_rows_apart_in_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rows_apart")),
        sa.UniqueConstraint(
            "row_digest", "other_digest", name=op.f("uq_rows_apart_row_digest_other_digest")
        ),
    )


def downgrade() -> None:
    op.drop_table("rows_apart")
