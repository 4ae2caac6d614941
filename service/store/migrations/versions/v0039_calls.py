"""The call activities that cases stand in and stood in, with their sums.

Revision: 0039, after 0036 (there are no 0037 and 0038).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.tallying import begin_tallying, end_tallying
from service.store.types import Instant, Key

revision = "0039"
down_revision = "0036"
branch_labels = None
depends_on = None

_NOTED = "version of the case whose call activities are on record"
_OPEN, _LEFT = sa.text("left_at is null"), sa.text("left_at is not null")


def upgrade() -> None:
    """Apply; what cases of before stand in is noted in the background once the program has started."""
    op.add_column("case_instance", sa.Column("calls_noted", sa.Integer, nullable=True, comment=_NOTED))
    op.create_table(
        "case_call",
        sa.Column("id", Key, nullable=False),
        sa.Column("case_id", Key, nullable=False),
        sa.Column("jurisdiction", sa.String(60), nullable=False),
        sa.Column("process_id", sa.String(120), nullable=False, comment="diagram the call activity stands on"),
        sa.Column("element", sa.String(120), nullable=False, comment="the call activity"),
        sa.Column("since", Instant, nullable=False),
        sa.Column("left_at", Instant, nullable=True, comment="empty: the case stands in it"),
        sa.PrimaryKeyConstraint("id", name="pk_case_call"),
        sa.ForeignKeyConstraint(["case_id"], ["case_instance.id"], name="fk_case_call_case_id"),
        comment="call activities that cases stand in and stood in, for the monitor",
    )
    op.create_index("ix_case_call_case", "case_call", ["case_id", "id"])
    for name, columns, where in (
        ("ix_case_call_at", ["process_id", "element", "case_id"], _OPEN),
        ("ix_case_call_standing", ["jurisdiction", "process_id", "element", "since"], _OPEN),
        ("ix_case_call_left", ["jurisdiction", "process_id", "left_at"], _LEFT),
    ):
        op.create_index(name, "case_call", columns, sqlite_where=where, postgresql_where=where)
    begin_tallying(op.get_bind(), ("call",))


def downgrade() -> None:
    """Undo."""
    end_tallying(op.get_bind(), ("call",))
    op.execute("DELETE FROM tally WHERE subject = 'call'")
    op.drop_table("case_call")
    op.drop_column("case_instance", "calls_noted")
