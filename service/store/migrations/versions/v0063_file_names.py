"""Files of cases found by their names.

Revision: 0063, after 0061.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.file_names import begin_naming, end_naming
from service.store.searching import begin_searching, end_searching
from service.store.types import Key

revision = "0063"
down_revision = "0061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply; what was handed in before is found from then on, too."""
    op.create_table(
        "file_name",
        sa.Column("id", Key, nullable=False),
        sa.Column("upload_id", sa.String(36), nullable=False),
        sa.Column("case_id", Key, nullable=False),
        sa.Column("jurisdiction", sa.String(60), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_file_name"),
        comment="names of files of cases to search by, kept by triggers",
    )
    op.create_index("ix_file_name_upload_id", "file_name", ["upload_id"], unique=True)
    begin_searching(op.get_bind(), subjects=("file",))
    begin_naming(op.get_bind())


def downgrade() -> None:
    """Undo."""
    end_naming(op.get_bind())
    end_searching(op.get_bind(), ("file",))
    op.execute("DELETE FROM search_gram WHERE subject = 'file'")
    op.drop_table("file_name")
