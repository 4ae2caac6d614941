"""Organisations that ask for an account by themselves.

Revision: 0058, after 0057.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.types import Instant, Key

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

_LINKED = sa.text("link is not null")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "registration",
        sa.Column("id", Key, nullable=False),
        sa.Column("jurisdiction", sa.String(60), nullable=False),
        sa.Column("body_id", Key, nullable=False, comment="who is to verify it"),
        sa.Column("name", sa.String(200), nullable=False, comment="of the organisation"),
        sa.Column("code", sa.String(20), nullable=False, comment="unified social credit code"),
        sa.Column("contact", sa.String(80), nullable=False, comment="who asks; empty once erased"),
        sa.Column("telephone", sa.String(40), nullable=False),
        sa.Column("email", sa.String(200), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("state", sa.String(12), nullable=False, comment="waiting, taken, refused, lapsed"),
        sa.Column("decided_at", Instant, nullable=True),
        sa.Column("decided_by", Key, nullable=True, comment="row of person"),
        sa.Column("reason", sa.Text, nullable=False, comment="why it was refused"),
        sa.Column("person_id", Key, nullable=True, comment="the account that was opened"),
        sa.Column(
            "link",
            sa.String(64),
            nullable=True,
            comment="hash of the link that sets the first password; empty once used",
        ),
        sa.Column("link_until", Instant, nullable=True),
        sa.Column("erased_at", Instant, nullable=True, comment="when contact, telephone and e-mail were erased"),
        sa.PrimaryKeyConstraint("id", name="pk_registration"),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name="fk_registration_body_id"),
        comment="organisations that ask for an account by themselves",
    )
    op.create_index("ix_registration_place", "registration", ["jurisdiction", "state", "id"])
    op.create_index("ix_registration_body", "registration", ["body_id", "state", "id"])
    op.create_index("ix_registration_code", "registration", ["code", "id"])
    op.create_index(
        "ix_registration_link",
        "registration",
        ["link"],
        unique=True,
        sqlite_where=_LINKED,
        postgresql_where=_LINKED,
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("registration")
