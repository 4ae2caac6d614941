"""Receipts and attempts of people without account.

Revision: 0005, after 0004.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.types import Instant, Key

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "receipt",
        sa.Column("case_id", Key, nullable=False),
        sa.Column("number", sa.String(length=120), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False, comment="SHA-256 of the code on the receipt"),
        sa.Column("notice_id", Key, nullable=True, comment="the notice that was objected to"),
        sa.Column("issued_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_instance.id"], name=op.f("fk_receipt_case_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_receipt_notice_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_receipt")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_receipt_code_hash")),
        comment="what an objector without account holds in hand; the code itself is never stored",
    )
    op.create_table(
        "attempt",
        sa.Column("id", Key, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False, comment="lodge, upload, track"),
        sa.Column("origin", sa.String(length=64), nullable=False, comment="keyed hash of the address it came from"),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        comment="limits what one address may do without an account; rows older than two days mean nothing",
    )
    op.create_index("ix_attempt_origin", "attempt", ["origin", "kind", "at"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("attempt")
    op.drop_table("receipt")
