"""Passkeys (WebAuthn), and the challenges that were answered.

Revision: 0076, after 0075.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.types import Instant, Key

revision = "0076"
down_revision = "0075"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "passkey",
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("credential", sa.Text, nullable=False, comment="id that the authenticator gave it, base64url"),
        sa.Column("public_key", sa.Text, nullable=False, comment="COSE key, base64url"),
        sa.Column(
            "seal",
            sa.String(64),
            nullable=False,
            comment="keyed hash of person, id and public key: rows written by others open nothing",
        ),
        sa.Column(
            "counter",
            sa.BigInteger,
            nullable=False,
            comment="of signatures, as the authenticator said last; 0: it does not count",
        ),
        sa.Column("name", sa.String(80), nullable=False, comment="as its owner calls it"),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("used_at", Instant, nullable=True, comment="last sign-in"),
        sa.PrimaryKeyConstraint("id", name="pk_passkey"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_passkey_person_id"),
        comment="public keys of people who sign in with a device of theirs",
    )
    op.create_index("ix_passkey_person_id", "passkey", ["person_id"])
    op.create_index("ix_passkey_credential", "passkey", ["credential"], unique=True)
    op.create_table(
        "answered_challenge",
        sa.Column("mark", sa.String(64), nullable=False, comment="hash of the challenge"),
        sa.Column("until", Instant, nullable=False, comment="after it the challenge is over by itself"),
        sa.PrimaryKeyConstraint("mark", name="pk_answered_challenge"),
        comment="challenges of passkeys that were answered, while they last",
    )
    op.create_index("ix_answered_challenge_until", "answered_challenge", ["until"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("answered_challenge")
    op.drop_table("passkey")
