"""Let one finding stand for many rows of which the same was found.

Revision 0006, after 0005. Findings stored before keep a line for each row and are read the same.
"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    column = sa.Column("further", sqlmodel.sql.sqltypes.AutoString(), nullable=True)
    op.add_column("upload_finding", column)


def downgrade() -> None:
    op.drop_column("upload_finding", "further")
