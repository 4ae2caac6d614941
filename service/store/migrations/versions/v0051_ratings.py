"""How applicants found the handling of their case, and what was answered.

Revision: 0051, after 0046.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.types import Instant, Json, Key

revision = "0051"
down_revision = "0046"
branch_labels = None
depends_on = None

_WAITING = sa.text("reply_by is not null and answered_at is null")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "rating",
        sa.Column("case_id", Key, nullable=False, autoincrement=False),
        sa.Column("jurisdiction", sa.String(60), nullable=False),
        sa.Column("body_id", Key, nullable=False, comment="the organisation that rates"),
        sa.Column("person_id", Key, nullable=False, comment="who rated for it"),
        sa.Column("grade", sa.Integer, nullable=False, comment="1 very dissatisfied to 5 very satisfied"),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("reply_by", sa.Date, nullable=True, comment="last day of the office's answer; empty: none is due"),
        sa.Column("reason", Json, nullable=True, comment="zh, en, provisional: how that day was counted"),
        sa.Column("answer", sa.Text, nullable=True, comment="what the office answered"),
        sa.Column("answered_at", Instant, nullable=True),
        sa.Column("answered_by", Key, nullable=True),
        sa.PrimaryKeyConstraint("case_id", name="pk_rating"),
        sa.ForeignKeyConstraint(["case_id"], ["case_instance.id"], name="fk_rating_case_id"),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name="fk_rating_body_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_rating_person_id"),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name="fk_rating_answered_by"),
        comment="how applicants found the handling of their case, and what was answered",
    )
    op.create_index("ix_rating_listed", "rating", ["jurisdiction", "at", "case_id"])
    op.create_index(
        "ix_rating_waiting",
        "rating",
        ["jurisdiction", "reply_by", "case_id"],
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("rating")
