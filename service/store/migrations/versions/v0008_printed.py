"""The PDF of a document, kept beside its .docx.

Revision: 0008, after 0007.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("document", sa.Column("pdf_sha256", sa.String(64), comment="of the PDF; empty until printed"))
    op.add_column("document", sa.Column("pdf_size", sa.BigInteger))


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("document") as table:
        table.drop_column("pdf_size")
        table.drop_column("pdf_sha256")
