"""The book of acts: what people did beside cases, chained by kind.

Revision: 0070, after 0063.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.types import Instant, Json, Key

revision = "0070"
down_revision = "0063"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "act",
        sa.Column("id", Key, nullable=False),
        sa.Column("chain", sa.String(20), nullable=False, comment="the kind of act"),
        sa.Column("seq", sa.Integer, nullable=False, comment="counts the acts of a chain"),
        sa.Column("at", Instant, nullable=False),
        sa.Column("jurisdiction", sa.String(60), nullable=False, comment="where; * for the installation"),
        sa.Column("actor", sa.String(200), nullable=False, comment="who, in words; system where nobody"),
        sa.Column("person_id", sa.Integer, nullable=True),
        sa.Column(
            "origin", sa.String(80), nullable=False, comment="address of the request, or the account of the machine"
        ),
        sa.Column("action", sa.String(60), nullable=False, comment="action of the guard"),
        sa.Column("about", sa.String(300), nullable=False, comment="whom or what it concerns, in words"),
        sa.Column("outcome", sa.String(40), nullable=False, comment="done, or the code of the refusal"),
        sa.Column("data", Json, nullable=False, comment="before, after, reason, ground"),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_act"),
        sa.UniqueConstraint("chain", "seq", name="uq_act_chain_seq"),
        comment="append-only",
    )
    op.create_index("ix_act_place", "act", ["jurisdiction", "id"])
    op.create_index("ix_act_person", "act", ["person_id", "id"])
    op.create_table(
        "act_head",
        sa.Column("chain", sa.String(20), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("chain", name="pk_act_head"),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("act_head")
    op.drop_table("act")
