"""Sums of what waits, runs, began and ended, and indexes of tasks that the monitor counts.

Revision: 0026, after 0025.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.tallying import FIRST_COUNTED, begin_tallying, end_tallying
from service.store.types import Key

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_BALLOT = sa.text("state = 'open' and kind = 'ballot'")
_OTHER = sa.text("state = 'open' and kind <> 'ballot'")
_OPEN = sa.text("state = 'open'")
_TO_COME = sa.text("state in ('waiting', 'held')")
_DONE = sa.text("state = 'done'")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "tally",
        sa.Column("id", Key, nullable=False),
        sa.Column(
            "subject",
            sa.String(12),
            nullable=False,
            comment="task, ballot, message, timer, work, running, started, ended",
        ),
        sa.Column("jurisdiction", sa.String(60), nullable=False),
        sa.Column("award", sa.String(60), nullable=False),
        sa.Column("sort", sa.String(60), nullable=False, comment="kind of case: key under processes in award.yaml"),
        sa.Column("process_id", sa.String(120), nullable=False, comment="diagram, where something waits on one"),
        sa.Column("element", sa.String(120), nullable=False),
        sa.Column("role", sa.String(60), nullable=False),
        sa.Column(
            "day",
            sa.Date,
            nullable=True,
            comment="last day of a task; Monday of the week in which a case began or ended",
        ),
        sa.Column("n", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tally"),
        comment="sums kept by triggers",
    )
    op.create_index("ix_tally_subject", "tally", ["subject", "jurisdiction", "day"])
    op.create_index(
        "ix_task_due", "task", ["jurisdiction", "due_at", "id"], sqlite_where=_OTHER, postgresql_where=_OTHER
    )
    op.create_index(
        "ix_task_ballot", "task", ["role", "body_id", "jurisdiction"], sqlite_where=_BALLOT, postgresql_where=_BALLOT
    )
    op.create_index(
        "ix_task_stood", "task", ["jurisdiction", "process_id", "done_at"], sqlite_where=_DONE, postgresql_where=_DONE
    )
    standing = ["jurisdiction", "process_id", "element", "created_at", "due_at"]
    op.create_index("ix_task_standing", "task", standing, sqlite_where=_OPEN, postgresql_where=_OPEN)
    place = ["process_id", "element", "case_id"]
    op.create_index("ix_task_at", "task", place, sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.create_index("ix_subscription_at", "subscription", place)
    op.create_index("ix_work_item_at", "work_item", place, sqlite_where=_TO_COME, postgresql_where=_TO_COME)
    begin_tallying(op.get_bind(), FIRST_COUNTED)


def downgrade() -> None:
    """Undo."""
    end_tallying(op.get_bind(), FIRST_COUNTED)
    op.drop_index("ix_work_item_at", "work_item")
    op.drop_index("ix_subscription_at", "subscription")
    op.drop_index("ix_task_at", "task")
    op.drop_index("ix_task_standing", "task")
    op.drop_index("ix_task_stood", "task")
    op.drop_index("ix_task_ballot", "task")
    op.drop_index("ix_task_due", "task")
    op.drop_table("tally")
