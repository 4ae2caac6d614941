"""Bytes that addresses sent without an account, and indexes of what was uploaded and not submitted.

Revision: 0031, after 0030.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_UNCLAIMED = sa.text("case_id is null and person_id is null and removed_at is null")


def upgrade() -> None:
    """Apply."""
    op.add_column("attempt", sa.Column("bytes", sa.BigInteger, nullable=True, comment="how many were sent"))
    op.create_index("ix_upload_sha256", "upload", ["sha256"])
    op.create_index(
        "ix_upload_unclaimed", "upload", ["id", "size"], sqlite_where=_UNCLAIMED, postgresql_where=_UNCLAIMED
    )


def downgrade() -> None:
    """Undo."""
    op.drop_index("ix_upload_unclaimed", "upload")
    op.drop_index("ix_upload_sha256", "upload")
    op.drop_column("attempt", "bytes")
