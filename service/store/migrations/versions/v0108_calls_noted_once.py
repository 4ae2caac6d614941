"""Call activities that were noted twice when their case moved to another version: once is left of each.

Revision: 0108, after 0107.
"""

from __future__ import annotations

from alembic import op

revision = "0108"
down_revision = "0107"
branch_labels = None
depends_on = None

_TWICE = (
    "DELETE FROM case_call WHERE left_at IS NULL AND EXISTS (SELECT 1 FROM case_call AS other"
    " WHERE other.case_id = case_call.case_id AND other.process_id = case_call.process_id"
    " AND other.element = case_call.element AND other.left_at IS NULL AND other.id < case_call.id)"
)
_ANEW = "UPDATE case_instance SET calls_noted = NULL WHERE status <> 'ended' AND id IN (SELECT case_id FROM case_move)"


def upgrade() -> None:
    """Apply; cases that were moved are brought in line in the background once the program has started."""
    op.execute(_TWICE)
    op.execute(_ANEW)


def downgrade() -> None:
    """Undo nothing: no program needs the second row."""
