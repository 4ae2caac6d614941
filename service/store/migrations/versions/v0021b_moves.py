"""Moves of running cases to another version, with what undoes them.

Revision: 0021b, after 0021.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.types import Instant, Json, Key

revision = "0021b"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "move_batch",
        sa.Column("id", Key, nullable=False),
        sa.Column("package", sa.String(120), nullable=False, comment="jurisdiction/award"),
        sa.Column("target", sa.String(64), nullable=False),
        sa.Column("renames", Json, nullable=False, comment="process: {element before: element after}"),
        sa.Column(
            "choice", sa.String(12), nullable=False, comment="of cases that reached what changed: stay, end, restart"
        ),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("dry", sa.Boolean(), nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("begun_at", Instant, nullable=False),
        sa.Column("total", sa.Integer(), nullable=False, comment="cases under other versions when it began"),
        sa.Column("state", sa.String(12), nullable=False, comment="running, done, stopped"),
        sa.Column("ended_at", Instant, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_move_batch"),
        sa.ForeignKeyConstraint(["target"], ["definition.version"], name="fk_move_batch_target"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_move_batch_person_id"),
    )
    op.create_index("ix_move_batch_package", "move_batch", ["package", "id"])
    op.create_table(
        "case_move",
        sa.Column("id", Key, nullable=False),
        sa.Column(
            "mark", sa.String(80), nullable=False, comment="batch and case, so that a repeated chunk adds nothing"
        ),
        sa.Column("batch_id", Key, nullable=True),
        sa.Column("case_id", Key, nullable=False),
        sa.Column(
            "verdict",
            sa.String(12),
            nullable=False,
            comment="moved, stayed, ended, restarted; moves, stays … of a look",
        ),
        sa.Column("why", Json, nullable=False, comment="reasons in both languages"),
        sa.Column("from_version", sa.String(64), nullable=False),
        sa.Column("before", sa.LargeBinary(), nullable=True),
        sa.Column(
            "after",
            sa.String(64),
            nullable=False,
            comment="hash of the state that it left; another one cannot be undone",
        ),
        sa.Column("details", Json, nullable=False, comment="values, tasks and waits as they were"),
        sa.Column("at", Instant, nullable=False),
        sa.Column("undone_at", Instant, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_case_move"),
        sa.ForeignKeyConstraint(["batch_id"], ["move_batch.id"], name="fk_case_move_batch_id"),
        sa.ForeignKeyConstraint(["case_id"], ["case_instance.id"], name="fk_case_move_case_id"),
        sa.UniqueConstraint("mark", name="uq_case_move_mark"),
    )
    op.create_index("ix_case_move_case_id", "case_move", ["case_id"])
    op.create_index("ix_case_move_batch", "case_move", ["batch_id", "verdict", "id"])


def downgrade() -> None:
    """Undo; the record of moves is lost."""
    op.drop_table("case_move")
    op.drop_table("move_batch")
