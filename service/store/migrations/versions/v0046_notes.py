"""What people of offices write beside a case for each other.

Revision: 0046, after 0045.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.types import Instant, Key

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

_UNREAD = sa.text("read_at is null and removed_at is null")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "case_note",
        sa.Column("id", Key, nullable=False),
        sa.Column("case_id", Key, nullable=False),
        sa.Column("task_id", Key, nullable=True, comment="where it was written beside a task"),
        sa.Column("kind", sa.String(12), nullable=False, comment="note, instruction, copy"),
        sa.Column("person_id", Key, nullable=False, comment="who wrote it"),
        sa.Column("to_id", Key, nullable=True, comment="whom it is for; empty: whoever handles the case"),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("read_at", Instant, nullable=True, comment="when whom it is for said that it was read"),
        sa.Column("removed_at", Instant, nullable=True, comment="when its author took it back"),
        sa.PrimaryKeyConstraint("id", name="pk_case_note"),
        sa.ForeignKeyConstraint(["case_id"], ["case_instance.id"], name="fk_case_note_case_id"),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name="fk_case_note_task_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_case_note_person_id"),
        sa.ForeignKeyConstraint(["to_id"], ["person.id"], name="fk_case_note_to_id"),
        comment="what people of offices write beside a case for each other",
    )
    op.create_index("ix_case_note_case", "case_note", ["case_id", "id"])
    op.create_index("ix_case_note_unread", "case_note", ["to_id", "id"], sqlite_where=_UNREAD, postgresql_where=_UNREAD)


def downgrade() -> None:
    """Undo."""
    op.drop_table("case_note")
