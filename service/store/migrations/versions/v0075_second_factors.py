"""Second factors of sign-in: one-time codes by time, and recovery codes.

Revision: 0075, after 0074.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.types import Instant, Key

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "second_factor",
        sa.Column("person_id", Key, nullable=False),
        sa.Column("secret", sa.Text, nullable=True, comment="of the codes in force, encrypted; empty: none yet"),
        sa.Column("offered", sa.Text, nullable=True, comment="secret shown and not confirmed yet, encrypted"),
        sa.Column("since", Instant, nullable=True, comment="when the codes in force were confirmed"),
        sa.Column("last_step", sa.BigInteger, nullable=False, comment="period of 30 s of the last code taken"),
        sa.PrimaryKeyConstraint("person_id", name="pk_second_factor"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_second_factor_person_id"),
        comment="one-time codes that are asked for beside a password",
    )
    op.create_table(
        "recovery_code",
        sa.Column("mark", sa.String(64), nullable=False, comment="keyed hash of the code"),
        sa.Column("person_id", Key, nullable=False),
        sa.PrimaryKeyConstraint("mark", name="pk_recovery_code"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_recovery_code_person_id"),
        comment="codes that serve once each in place of a one-time code",
    )
    op.create_index("ix_recovery_code_person_id", "recovery_code", ["person_id"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("recovery_code")
    op.drop_table("second_factor")
