"""Indexes for what is looked up by task, body, person and work item, and for booleans on SQLite.

Revision: 0003, after 0002.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_index("ix_definition_package", "definition", ["package", "published_at"])
    op.create_index("ix_membership_body", "membership", ["body_id"])
    op.create_index("ix_session_person_id", "session", ["person_id"])
    op.create_index("ix_form_result_task", "form_result", ["task_id"])
    _partial("ix_incident_work_item", "incident", "work_item_id", "resolved_at is null", "resolved_at is null")
    _partial("ix_work_item_provisional", "work_item", "id", "provisional = 1", "provisional")
    op.drop_index("ix_incident_open", "incident")
    _partial("ix_incident_open", "incident", "id", "resolved_at is null", "resolved_at is null")
    op.drop_index("ix_definition_current", "definition")
    _partial("ix_definition_current", "definition", "package", "current = 1", "current", unique=True)


def _partial(name: str, table: str, column: str, sqlite: str, postgresql: str, unique: bool = False) -> None:
    op.create_index(
        name,
        table,
        [column],
        unique=unique,
        sqlite_where=sa.text(sqlite),
        postgresql_where=sa.text(postgresql),
    )
