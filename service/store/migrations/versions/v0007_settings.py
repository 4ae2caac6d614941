"""What cities chose where their regulation leaves a choice.

Revision: 0007, after 0006.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.types import Instant, Json, Key

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "setting",
        sa.Column("id", Key, nullable=False),
        sa.Column("package", sa.String(length=120), nullable=False, comment="jurisdiction/award"),
        sa.Column("seq", sa.Integer(), nullable=False, comment="counts the changes of a package"),
        sa.Column("parameter", sa.String(length=120), nullable=False),
        sa.Column("since", sa.Date(), nullable=False, comment="first day on which the value holds"),
        sa.Column("value", Json, nullable=False, comment="{value: …}, so that null is a value too"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting")),
        sa.UniqueConstraint("package", "seq", name=op.f("uq_setting_package_seq")),
        comment="append-only and chained; the newest change of a day holds for that day",
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("setting")
