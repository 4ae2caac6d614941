"""Sealed seasons: rounds published so that anybody can compute them again.

Revision: 0073, after 0072.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.types import Instant, Key

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None

_PUBLIC = sa.text("published_at is not null")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "sealed_season",
        sa.Column("id", Key, nullable=False),
        sa.Column("case_id", Key, nullable=False, comment="the round"),
        sa.Column("jurisdiction", sa.String(60), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False, comment="of the bundle, which lies in the store of files"),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column(
            "content",
            sa.String(64),
            nullable=False,
            comment="digest of what it tells, as it stands in the history of the round",
        ),
        sa.Column("key", sa.String(64), nullable=False, comment="public key that it is signed with"),
        sa.Column("sealed_at", Instant, nullable=False),
        sa.Column("sealed_by", Key, nullable=True),
        sa.Column("published_at", Instant, nullable=True),
        sa.Column("published_by", Key, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_sealed_season"),
        sa.ForeignKeyConstraint(["case_id"], ["case_instance.id"], name="fk_sealed_season_case_id"),
        sa.ForeignKeyConstraint(["sealed_by"], ["person.id"], name="fk_sealed_season_sealed_by"),
        sa.ForeignKeyConstraint(["published_by"], ["person.id"], name="fk_sealed_season_published_by"),
    )
    op.create_index("ix_sealed_season_case_id", "sealed_season", ["case_id"])
    op.create_index(
        "ix_sealed_season_public",
        "sealed_season",
        ["jurisdiction", "id"],
        sqlite_where=_PUBLIC,
        postgresql_where=_PUBLIC,
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("sealed_season")
