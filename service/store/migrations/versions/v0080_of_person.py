"""What a person submitted, uploaded and noted is found by the person.

Revision: 0080, after 0079.
"""

from __future__ import annotations

from alembic import op

revision = "0080"
down_revision = "0079"
branch_labels = None
depends_on = None

_TABLES = ("form_result", "upload", "case_note")


def upgrade() -> None:
    """Apply."""
    for table in _TABLES:
        op.create_index(f"ix_{table}_person", table, ["person_id", "id"])


def downgrade() -> None:
    """Undo."""
    for table in _TABLES:
        op.drop_index(f"ix_{table}_person", table)
