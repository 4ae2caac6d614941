"""Identities that people have at a provider of single sign-on.

Revision: 0078, after 0077.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.types import Instant, Json, Key

revision = "0078"
down_revision = "0077"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "outside_identity",
        sa.Column("mark", sa.String(64), nullable=False, comment="keyed hash of provider and subject"),
        sa.Column("provider", sa.String(200), nullable=False, comment="address of the provider"),
        sa.Column("name", sa.String(80), nullable=False, comment="as the provider calls them"),
        sa.Column("seen_at", Instant, nullable=False, comment="when they came from the provider last"),
        sa.Column(
            "code", sa.String(64), nullable=True, comment="keyed hash of what administrators link by; empty: linked"
        ),
        sa.Column("person_id", Key, nullable=True, comment="to whom it is linked; empty: nobody yet"),
        sa.Column(
            "seal",
            sa.String(64),
            nullable=False,
            comment="keyed hash of the link: whoever only writes this row links nobody",
        ),
        sa.Column("linked_at", Instant, nullable=True),
        sa.Column("given", Json, nullable=False, comment="roles by groups: [[row of membership, its since], …]"),
        sa.PrimaryKeyConstraint("mark", name="pk_outside_identity"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_outside_identity_person_id"),
        comment="people as a provider of single sign-on knows them",
    )
    op.create_index("ix_outside_identity_seen_at", "outside_identity", ["seen_at"])
    op.create_index("ix_outside_identity_person_id", "outside_identity", ["person_id"])
    op.create_index("ix_outside_identity_code", "outside_identity", ["code"], unique=True)


def downgrade() -> None:
    """Undo."""
    op.drop_table("outside_identity")
