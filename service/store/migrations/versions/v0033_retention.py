"""How long data are kept, and what was erased.

Revision: 0033, after 0032.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.types import Instant, Json, Key

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_ERASED = "when its time of keeping was over and it was erased"
_WITH_FILES = ("upload", "document", "archive")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "retention_rule",
        sa.Column("id", Key, nullable=False),
        sa.Column("jurisdiction", sa.String(60), nullable=False),
        sa.Column(
            "name", sa.String(40), nullable=False, comment="kind of case and class of data, such as winner.personal"
        ),
        sa.Column("years", sa.Integer, nullable=True, comment="after the round ended; empty: kept for good"),
        sa.Column("from_day", sa.Date, nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("person_id", Key, nullable=True),
        sa.Column("at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_retention_rule"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_retention_rule_person_id"),
    )
    op.create_index("ix_retention_rule_place", "retention_rule", ["jurisdiction", "name", "id"])
    op.create_table(
        "erasure",
        sa.Column("id", Key, nullable=False),
        sa.Column("case_id", Key, nullable=False),
        sa.Column("jurisdiction", sa.String(60), nullable=False),
        sa.Column("parts", Json, nullable=False, comment="classes of data: personal, secret, internal, sheets, mails"),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("person_id", Key, nullable=True),
        sa.Column("asked_at", Instant, nullable=False),
        sa.Column("state", sa.String(12), nullable=False, comment="waiting, erased, done, refused"),
        sa.Column("found", Json, nullable=False, comment="rows by table, events, files; of a refusal zh and en"),
        sa.Column("files", Json, nullable=False, comment="SHA-256 of files that are still to be dropped"),
        sa.Column("ended_at", Instant, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_erasure"),
        sa.ForeignKeyConstraint(["case_id"], ["case_instance.id"], name="fk_erasure_case_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_erasure_person_id"),
        comment="one row per case and confirmation; nothing of what was erased stands here",
    )
    op.create_index("ix_erasure_case_id", "erasure", ["case_id"])
    op.create_index("ix_erasure_place", "erasure", ["jurisdiction", "id"])
    for table in _WITH_FILES:
        op.add_column(table, sa.Column("erased_at", Instant, nullable=True, comment=_ERASED))


def downgrade() -> None:
    """Undo; the record of what was erased is lost, its entries in the histories stay."""
    for table in _WITH_FILES:
        op.drop_column(table, "erased_at")
    op.drop_table("erasure")
    op.drop_table("retention_rule")
