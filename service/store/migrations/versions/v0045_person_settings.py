"""What people chose for themselves, and the orders of what they did and began.

Revision: 0045, after 0044.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.types import Instant, Json, Key

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

_DONE = sa.text("state = 'done'")


def upgrade() -> None:
    """Apply; nobody has chosen anything yet."""
    op.create_table(
        "person_setting",
        sa.Column("person_id", Key, nullable=False),
        sa.Column("key", sa.String(60), nullable=False, comment="what is chosen: tasks.views"),
        sa.Column("value", Json, nullable=False),
        sa.Column("at", Instant, nullable=False, comment="when it was chosen last"),
        sa.PrimaryKeyConstraint("person_id", "key", name="pk_person_setting"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_person_setting_person_id"),
        comment="what people chose for themselves, kept over sign-out",
    )
    op.create_index("ix_task_done_at", "task", ["done_by", "done_at", "id"], sqlite_where=_DONE, postgresql_where=_DONE)
    op.create_index("ix_case_started_by", "case_instance", ["started_by", "id"])


def downgrade() -> None:
    """Undo."""
    op.drop_index("ix_case_started_by", "case_instance")
    op.drop_index("ix_task_done_at", "task")
    op.drop_table("person_setting")
