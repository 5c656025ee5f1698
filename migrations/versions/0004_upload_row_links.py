"""Index the links from an upload's rows to versions and facilities.

Revision 0004, after 0003. SQLite looks for rows waiting for a version whenever one is written,
since that link waits for the commit; without the index it read all rows of all uploads each time.
"""

from __future__ import annotations

from typing import Final

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

LINKS: Final = ("base_version_id", "facility_id")


def upgrade() -> None:
    for column in LINKS:
        op.create_index(op.f(f"ix_upload_row_{column}"), "upload_row", [column], unique=False)


def downgrade() -> None:
    for column in reversed(LINKS):
        op.drop_index(op.f(f"ix_upload_row_{column}"), table_name="upload_row")
