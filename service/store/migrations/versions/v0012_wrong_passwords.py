"""Wrong passwords are counted in a table of their own, no longer as sessions without a person.

Revision: 0012, after 0011.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.types import Instant, Json

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_SESSION = sa.table(
    "session",
    sa.column("id", sa.String),
    sa.column("person_id", sa.Integer),
    sa.column("csrf", sa.String),
    sa.column("details", Json),
    sa.column("created_at", Instant),
    sa.column("seen_at", Instant),
    sa.column("expires_at", Instant),
)
_WRONG = sa.table(
    "wrong_password",
    sa.column("mark", sa.String),
    sa.column("count", sa.Integer),
    sa.column("last_at", Instant),
    sa.column("forget_at", Instant),
)
_COUNTED = sa.and_(_SESSION.c.person_id.is_(None), _SESSION.c.csrf == "")


def upgrade() -> None:
    """Apply; what was counted goes on counting."""
    table = op.create_table(
        "wrong_password",
        sa.Column("mark", sa.String(64), nullable=False, comment="keyed hash of the name or address"),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("last_at", Instant, nullable=False),
        sa.Column("forget_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("mark", name="pk_wrong_password"),
    )
    op.create_index("ix_wrong_password_forget_at", "wrong_password", ["forget_at"])
    rows = op.get_bind().execute(sa.select(_SESSION).where(_COUNTED)).all()
    counted = [
        {"mark": r.id, "count": r.details["wrong"], "last_at": r.seen_at, "forget_at": r.expires_at} for r in rows
    ]
    op.bulk_insert(table, counted)
    op.execute(sa.delete(_SESSION).where(_COUNTED))


def downgrade() -> None:
    """Undo."""
    rows = op.get_bind().execute(sa.select(_WRONG)).all()
    back = [
        {
            "id": r.mark,
            "person_id": None,
            "csrf": "",
            "details": {"wrong": r._mapping["count"]},
            "created_at": r.last_at,
            "seen_at": r.last_at,
            "expires_at": r.forget_at,
        }
        for r in rows
    ]
    op.bulk_insert(_SESSION, back)
    op.drop_table("wrong_password")
