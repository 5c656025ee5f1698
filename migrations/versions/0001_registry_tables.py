"""The registry's tables: facilities and their history, uploads, codes issued, the audit.

Revision 0001, the first.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES: Final = (
    "audit_entry",
    "code_counter",
    "upload",
    "facility",
    "upload_finding",
    "capability_value",
    "identifier",
    "match_decision",
    "succession",
    "upload_row",
    "facility_version",
)
"""In the order in which they can be created."""


def upgrade() -> None:
    _audit_entry()
    _code_counter()
    _upload()
    _facility()
    _upload_finding()
    _capability_value()
    _identifier()
    _match_decision()
    _succession()
    _upload_row()
    _facility_version()
    with op.batch_alter_table("upload_row") as batch:  # the two tables name each other
        batch.create_foreign_key(
            op.f("fk_upload_row_base_version_id_facility_version"),
            "facility_version",
            ["base_version_id"],
            ["id"],
            deferrable=True,
            initially="DEFERRED",
        )


def downgrade() -> None:
    with op.batch_alter_table("upload_row") as batch:
        batch.drop_constraint(
            op.f("fk_upload_row_base_version_id_facility_version"), type_="foreignkey"
        )
    for table in reversed(TABLES):
        op.drop_table(table)


def _audit_entry() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("rows_digest", sa.String(length=64), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("entry_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("entry_hash", name=op.f("uq_audit_entry_entry_hash")),
    )


def _code_counter() -> None:
    op.create_table(
        "code_counter",
        sa.Column("prefix", sa.String(length=24), nullable=False),
        sa.Column("last_serial", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("prefix", name=op.f("pk_code_counter")),
    )


def _upload() -> None:
    op.create_table(
        "upload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("file_size", sa.BigInteger(), nullable=False),
        sa.Column("department_code", sa.String(), nullable=False),
        sa.Column("submitted_by", sa.String(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("mode", sa.String(length=16), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.String(), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'submitted') = (decided_by IS NULL)", name=op.f("ck_upload_decided")
        ),
        sa.CheckConstraint(
            "status IN ('submitted', 'approved', 'rejected')", name=op.f("ck_upload_status")
        ),
        sa.CheckConstraint(
            '"rows" = created + updated + unchanged + rejected + held',
            name=op.f("ck_upload_rows_add_up"),
        ),
        sa.CheckConstraint(
            "decided_by IS NULL OR lower(decided_by) <> lower(submitted_by)",
            name=op.f("ck_upload_four_eyes"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
    )
    with op.batch_alter_table("upload") as batch:
        batch.create_index(batch.f("ix_upload_file_sha256"), ["file_sha256"], unique=False)


def _facility() -> None:
    op.create_table(
        "facility",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("issued_class_code", sa.String(length=3), nullable=False),
        sa.Column("issued_county_code", sa.String(length=6), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("audit_seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_seq"],
            ["audit_entry.seq"],
            name=op.f("fk_facility_audit_seq_audit_entry"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facility")),
        sa.UniqueConstraint("code", name=op.f("uq_facility_code")),
    )
    with op.batch_alter_table("facility") as batch:
        batch.create_index(batch.f("ix_facility_audit_seq"), ["audit_seq"], unique=False)


def _upload_finding() -> None:
    op.create_table(
        "upload_finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=True),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("severity", sa.String(length=8), nullable=False),
        sa.Column("element", sa.String(), nullable=True),
        sa.Column("column", sa.String(), nullable=True),
        sa.Column("value", sa.String(), nullable=True),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["upload.id"], name=op.f("fk_upload_finding_upload_id_upload")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload_finding")),
    )
    with op.batch_alter_table("upload_finding") as batch:
        batch.create_index(batch.f("ix_upload_finding_upload_id"), ["upload_id"], unique=False)


def _capability_value() -> None:
    op.create_table(
        "capability_value",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("facility_id", sa.Integer(), nullable=False),
        sa.Column("capability_code", sa.String(), nullable=False),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("audit_seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_seq"],
            ["audit_entry.seq"],
            name=op.f("fk_capability_value_audit_seq_audit_entry"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_capability_value_facility_id_facility")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capability_value")),
    )
    with op.batch_alter_table("capability_value") as batch:
        batch.create_index(batch.f("ix_capability_value_audit_seq"), ["audit_seq"], unique=False)
        batch.create_index(
            batch.f("ix_capability_value_capability_code"), ["capability_code"], unique=False
        )
        batch.create_index(
            "ix_capability_value_current", ["facility_id", "capability_code", "as_of"], unique=False
        )


def _identifier() -> None:
    op.create_table(
        "identifier",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("facility_id", sa.Integer(), nullable=False),
        sa.Column("scheme_code", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("audit_seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_seq"],
            ["audit_entry.seq"],
            name=op.f("fk_identifier_audit_seq_audit_entry"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_identifier_facility_id_facility")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identifier")),
    )
    with op.batch_alter_table("identifier") as batch:
        batch.create_index(batch.f("ix_identifier_audit_seq"), ["audit_seq"], unique=False)
        batch.create_index("ix_identifier_scheme_value", ["scheme_code", "value"], unique=False)
        batch.create_index(
            "uq_identifier_facility_id_scheme_code_value",
            ["facility_id", "scheme_code", "value"],
            unique=True,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )


def _match_decision() -> None:
    op.create_table(
        "match_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("row_key", sa.String(), nullable=False),
        sa.Column("facility_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=8), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_match_decision_facility_id_facility")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_decision")),
        sa.UniqueConstraint(
            "row_key", "facility_id", name=op.f("uq_match_decision_row_key_facility_id")
        ),
    )
    with op.batch_alter_table("match_decision") as batch:
        batch.create_index(batch.f("ix_match_decision_row_key"), ["row_key"], unique=False)


def _succession() -> None:
    op.create_table(
        "succession",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("predecessor_id", sa.Integer(), nullable=False),
        sa.Column("successor_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("audit_seq", sa.Integer(), nullable=False),
        sa.CheckConstraint("predecessor_id <> successor_id", name=op.f("ck_succession_not_itself")),
        sa.ForeignKeyConstraint(
            ["audit_seq"],
            ["audit_entry.seq"],
            name=op.f("fk_succession_audit_seq_audit_entry"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["predecessor_id"], ["facility.id"], name=op.f("fk_succession_predecessor_id_facility")
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["facility.id"], name=op.f("fk_succession_successor_id_facility")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_succession")),
    )
    with op.batch_alter_table("succession") as batch:
        batch.create_index(batch.f("ix_succession_audit_seq"), ["audit_seq"], unique=False)
        batch.create_index(
            batch.f("ix_succession_predecessor_id"), ["predecessor_id"], unique=False
        )
        batch.create_index(batch.f("ix_succession_successor_id"), ["successor_id"], unique=False)
        batch.create_index(
            "uq_succession_predecessor_id_successor_id",
            ["predecessor_id", "successor_id"],
            unique=True,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )


def _upload_row() -> None:
    op.create_table(
        "upload_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("raw", sa.JSON(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("facility_id", sa.Integer(), nullable=True),
        sa.Column("base_version_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_upload_row_facility_id_facility")
        ),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["upload.id"], name=op.f("fk_upload_row_upload_id_upload")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload_row")),
        sa.UniqueConstraint(
            "upload_id", "sheet", "row", name=op.f("uq_upload_row_upload_id_sheet_row")
        ),
    )
    with op.batch_alter_table("upload_row") as batch:
        batch.create_index(batch.f("ix_upload_row_upload_id"), ["upload_id"], unique=False)


def _facility_version() -> None:
    op.create_table(
        "facility_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("facility_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("audit_seq", sa.Integer(), nullable=False),
        sa.Column("upload_row_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("type_code", sa.String(length=5), nullable=False),
        sa.Column("class_code", sa.String(length=3), nullable=False),
        sa.Column("division_code", sa.String(length=12), nullable=False),
        sa.Column("county_code", sa.String(length=6), nullable=False),
        sa.Column("township_code", sa.String(length=9), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("datum", sa.String(), nullable=True),
        sa.Column("lon_2000", sa.Float(), nullable=True),
        sa.Column("lat_2000", sa.Float(), nullable=True),
        sa.Column("operator_name", sa.String(), nullable=True),
        sa.Column("operator_uscc", sa.String(length=18), nullable=True),
        sa.Column("ownership", sa.String(), nullable=True),
        sa.Column("department_code", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("floor_area", sa.Float(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("opening_hours", sa.String(), nullable=True),
        sa.Column("website", sa.String(), nullable=True),
        sa.Column("accessible", sa.String(), nullable=True),
        sa.Column("inclusive", sa.String(), nullable=True),
        sa.Column("grade", sa.String(), nullable=True),
        sa.Column("contact_name", sa.String(), nullable=True),
        sa.Column("contact_phone", sa.String(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "(longitude IS NULL) = (latitude IS NULL)", name=op.f("ck_facility_version_point")
        ),
        sa.CheckConstraint("valid_from < valid_to", name=op.f("ck_facility_version_period")),
        sa.ForeignKeyConstraint(
            ["audit_seq"],
            ["audit_entry.seq"],
            name=op.f("fk_facility_version_audit_seq_audit_entry"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_facility_version_facility_id_facility")
        ),
        sa.ForeignKeyConstraint(
            ["upload_row_id"],
            ["upload_row.id"],
            name=op.f("fk_facility_version_upload_row_id_upload_row"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facility_version")),
    )
    with op.batch_alter_table("facility_version") as batch:
        batch.create_index(batch.f("ix_facility_version_audit_seq"), ["audit_seq"], unique=False)
        batch.create_index(batch.f("ix_facility_version_class_code"), ["class_code"], unique=False)
        batch.create_index(
            "ix_facility_version_current",
            ["facility_id", "superseded_at", "valid_from"],
            unique=False,
        )
        batch.create_index(batch.f("ix_facility_version_name"), ["name"], unique=False)
        batch.create_index(
            batch.f("ix_facility_version_operator_uscc"), ["operator_uscc"], unique=False
        )
        batch.create_index(
            "ix_facility_version_place", ["county_code", "township_code"], unique=False
        )
        batch.create_index(batch.f("ix_facility_version_status"), ["status"], unique=False)
        batch.create_index(batch.f("ix_facility_version_type_code"), ["type_code"], unique=False)
        batch.create_index(
            batch.f("ix_facility_version_upload_row_id"), ["upload_row_id"], unique=False
        )
