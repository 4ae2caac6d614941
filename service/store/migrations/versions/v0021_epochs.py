"""Epochs: each restore of a backup begins one.

Revision: 0021, after 0018.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.types import Instant, Json, Key

revision = "0021"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "epoch",
        sa.Column("id", Key, nullable=False),
        sa.Column(
            "saved_at",
            Instant,
            nullable=False,
            comment="when the backup was made: what was done between this and the beginning is not on record",
        ),
        sa.Column("begun_at", Instant, nullable=False),
        sa.Column("cause", sa.String(300), nullable=False, comment="what was restored, and why"),
        sa.Column(
            "found", Json, nullable=False, comment="numbers that skipped ahead, ballots made void, how many cases"
        ),
        sa.Column("released_at", Instant, nullable=True),
        sa.Column("released_by", Key, nullable=True),
        sa.Column("reason", sa.String(300), nullable=False, comment="what was checked before it was released"),
        sa.PrimaryKeyConstraint("id", name="pk_epoch"),
        sa.ForeignKeyConstraint(["released_by"], ["person.id"], name="fk_epoch_released_by"),
    )
    op.create_index("ix_epoch_released_at", "epoch", ["released_at"])


def downgrade() -> None:
    """Undo; the record of restores is lost."""
    op.drop_table("epoch")
