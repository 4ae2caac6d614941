"""Archives of finished rounds.

Revision: 0028, after 0027.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.types import Instant, Json, Key

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "archive",
        sa.Column("id", Key, nullable=False),
        sa.Column("case_id", Key, nullable=False, comment="the round"),
        sa.Column("jurisdiction", sa.String(60), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("full", sa.Boolean, nullable=False, comment="with personal data, uploaded files included"),
        sa.Column("purpose", sa.String(300), nullable=False, comment="what the archive is for"),
        sa.Column("cases", sa.Integer, nullable=False, comment="how many cases it holds"),
        sa.Column("begun_at", Instant, nullable=False),
        sa.Column("begun_by", Key, nullable=True),
        sa.Column("sealed_at", Instant, nullable=True),
        sa.Column("seal", sa.String(64), nullable=True, comment="SHA-256 of the manifest"),
        sa.PrimaryKeyConstraint("id", name="pk_archive"),
        sa.ForeignKeyConstraint(["case_id"], ["case_instance.id"], name="fk_archive_case_id"),
        sa.ForeignKeyConstraint(["begun_by"], ["person.id"], name="fk_archive_begun_by"),
    )
    op.create_index("ix_archive_case_id", "archive", ["case_id"])
    op.create_index("ix_archive_sealed_at", "archive", ["sealed_at"])
    op.create_table(
        "archive_part",
        sa.Column("archive_id", Key, nullable=False),
        sa.Column("place", Key, nullable=False, comment="the case; 0: what stands at the top"),
        sa.Column(
            "files", Json, nullable=False, comment="path, sha256, size of each file, which lies in the store of files"
        ),
        sa.Column("left_out", Json, nullable=False, comment="path, sha256, why: what is not in it"),
        sa.Column("head", Json, nullable=False, comment="number, title, seq and hash of the newest event"),
        sa.PrimaryKeyConstraint("archive_id", "place", name="pk_archive_part"),
        sa.ForeignKeyConstraint(["archive_id"], ["archive.id"], name="fk_archive_part_archive_id"),
    )


def downgrade() -> None:
    """Undo; the record of archives is lost."""
    op.drop_table("archive_part")
    op.drop_table("archive")
