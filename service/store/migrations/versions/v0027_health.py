"""Limits that an installation is watched by, alarms, and an index of work that was given up.

Revision: 0027, after 0026.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.types import Instant, Json, Key

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_DEAD = sa.text("state = 'dead'")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "health_limits",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("values", Json, nullable=False, comment="limits by name, and who is told"),
        sa.Column("changed_at", Instant, nullable=False),
        sa.Column("changed_by", Key, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_health_limits"),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name="fk_health_limits_changed_by"),
    )
    op.create_table(
        "alarm",
        sa.Column("name", sa.String(60), nullable=False, comment="the check"),
        sa.Column("level", sa.Integer, nullable=False, comment="0 fine, 1 warning, 2 fault"),
        sa.Column(
            "told",
            sa.Integer,
            nullable=False,
            comment="the level that people were told, 0 once they were told that it is over",
        ),
        sa.Column("what", Json, nullable=False, comment="zh, en: what is checked"),
        sa.Column("found", Json, nullable=False, comment="zh, en: what was found when the level changed"),
        sa.Column("since", Instant, nullable=False, comment="since when the level is this"),
        sa.Column(
            "telling_until",
            Instant,
            nullable=True,
            comment="a process is telling people, or waits before it tries again",
        ),
        sa.Column("trouble", sa.Text, nullable=False, comment="why people could not be told"),
        sa.PrimaryKeyConstraint("name", name="pk_alarm"),
    )
    op.create_index("ix_work_item_dead", "work_item", ["id"], sqlite_where=_DEAD, postgresql_where=_DEAD)


def downgrade() -> None:
    """Undo."""
    op.drop_index("ix_work_item_dead", "work_item")
    op.drop_table("alarm")
    op.drop_table("health_limits")
