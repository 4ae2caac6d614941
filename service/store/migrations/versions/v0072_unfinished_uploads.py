"""Files that arrive piece by piece.

Revision: 0072, after 0071.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.types import Instant, Json, Key

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None

_PUBLIC = sa.text("person_id is null and upload_id is null")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "unfinished_upload",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("person_id", Key, nullable=True, comment="empty: without an account; whoever has the id goes on"),
        sa.Column("task_id", Key, nullable=True, comment="empty: for a form that starts a case, or an action"),
        sa.Column("field", sa.String(200), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False, comment="of the whole file"),
        sa.Column("received", sa.BigInteger, nullable=False),
        sa.Column("pieces", Json, nullable=False, comment="each with sha256 and stamp in the file store, and its size"),
        sa.Column("max_bytes", sa.BigInteger, nullable=False),
        sa.Column("accept", Json, nullable=False),
        sa.Column("upload_id", sa.String(36), nullable=True, comment="the upload it became"),
        sa.Column("at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_unfinished_upload"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_unfinished_upload_person_id"),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name="fk_unfinished_upload_task_id"),
    )
    op.create_index("ix_unfinished_upload_person_id", "unfinished_upload", ["person_id"])
    op.create_index(
        "ix_unfinished_upload_public",
        "unfinished_upload",
        ["id", "size"],
        sqlite_where=_PUBLIC,
        postgresql_where=_PUBLIC,
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("unfinished_upload")
