"""Signatures beside tasks, and what is for a person in their order.

Revision: 0057, after 0056.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.types import Instant, Json, Key

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

_OPEN = sa.text("state = 'open'")
_THERE = sa.text("removed_at is null")
_WAITS = "before, after, sent: signatures it waits for; closed: no more"


def upgrade() -> None:
    """Apply; no task waits for a signature."""
    op.add_column("task", sa.Column("signs_open", sa.String(12), nullable=True, comment=_WAITS))
    op.create_table(
        "sign_ask",
        sa.Column("id", Key, nullable=False),
        sa.Column("case_id", Key, nullable=False),
        sa.Column("task_id", Key, nullable=False),
        sa.Column("kind", sa.String(12), nullable=False, comment="before, after: when they sign"),
        sa.Column("mode", sa.String(12), nullable=False, comment="all, share, first: who decides"),
        sa.Column("needed", sa.Integer, nullable=False, comment="how many must agree"),
        sa.Column("person_id", Key, nullable=False, comment="who asked"),
        sa.Column("words", sa.Text, nullable=False, comment="what is asked"),
        sa.Column("at", Instant, nullable=False),
        sa.Column(
            "state",
            sa.String(12),
            nullable=False,
            comment="open, agreed, refused, withdrawn, passed: submitted without them",
        ),
        sa.Column("ended_at", Instant, nullable=True),
        sa.Column("data", Json, nullable=True, comment="what was submitted and goes through when they have signed"),
        sa.Column("sent_by", Key, nullable=True, comment="who submitted that"),
        sa.Column("sent_at", Instant, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_sign_ask"),
        sa.ForeignKeyConstraint(["case_id"], ["case_instance.id"], name="fk_sign_ask_case_id"),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name="fk_sign_ask_task_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_sign_ask_person_id"),
        sa.ForeignKeyConstraint(["sent_by"], ["person.id"], name="fk_sign_ask_sent_by"),
        comment="signatures asked for beside tasks",
    )
    op.create_index("ix_sign_ask_task", "sign_ask", ["task_id", "id"])
    _signs()
    op.create_index("ix_case_note_to", "case_note", ["to_id", "id"], sqlite_where=_THERE, postgresql_where=_THERE)


def _signs() -> None:
    op.create_table(
        "task_sign",
        sa.Column("id", Key, nullable=False),
        sa.Column("ask_id", Key, nullable=False),
        sa.Column("case_id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False, comment="who signs"),
        sa.Column(
            "state",
            sa.String(12),
            nullable=False,
            comment="waiting: not told yet; open, agree, disagree; dropped: needed no more",
        ),
        sa.Column("words", sa.Text, nullable=False, comment="what they wrote"),
        sa.Column("at", Instant, nullable=True, comment="when they said it"),
        sa.PrimaryKeyConstraint("id", name="pk_task_sign"),
        sa.ForeignKeyConstraint(["ask_id"], ["sign_ask.id"], name="fk_task_sign_ask_id"),
        sa.ForeignKeyConstraint(["case_id"], ["case_instance.id"], name="fk_task_sign_case_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_task_sign_person_id"),
        comment="who is asked to sign beside a task",
    )
    op.create_index("ix_task_sign_ask", "task_sign", ["ask_id", "id"])
    op.create_index("ix_task_sign_person", "task_sign", ["person_id", "id"])
    op.create_index("ix_task_sign_open", "task_sign", ["person_id", "id"], sqlite_where=_OPEN, postgresql_where=_OPEN)


def downgrade() -> None:
    """Undo."""
    op.drop_index("ix_case_note_to", "case_note")
    op.drop_table("task_sign")
    op.drop_table("sign_ask")
    op.drop_column("task", "signs_open")
