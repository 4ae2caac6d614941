"""A note beside a case may answer another: the comment of its kind says so.

Revision: 0113, after 0112. A comment alone, which SQLite does not keep.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0113"
down_revision = "0112"
branch_labels = None
depends_on = None

BEFORE, NOW = "note, instruction, copy", "note, instruction, copy, answer"


def upgrade() -> None:
    """Apply."""
    _say(NOW, BEFORE)


def downgrade() -> None:
    """Undo."""
    _say(BEFORE, NOW)


def _say(words: str, before: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column(
            "case_note",
            "kind",
            comment=words,
            existing_comment=before,
            existing_type=sa.String(12),
            existing_nullable=False,
        )
