"""Who set a password that is not of its owner's making, and what became of it; where an organisation was registered.

Revision: 0029, after 0028.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.types import Instant, Key

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_COLUMNS = (
    ("password_given_at", Instant, "when somebody else set the password last"),
    ("password_given_by", Key, "who did: row of person"),
    ("password_owned_at", Instant, "when its owner changed it after that"),
    ("password_confirmed_at", Instant, "when a second person saw that the owner has the account"),
    ("password_confirmed_by", Key, "who saw it: row of person"),
)


def upgrade() -> None:
    """Apply."""
    for name, kind, comment in _COLUMNS:
        op.add_column("person", sa.Column(name, kind, nullable=True, comment=comment))
    registered = "of an organisation: where its account was asked for first"
    op.add_column("body", sa.Column("registered_in", sa.String(60), nullable=True, comment=registered))


def downgrade() -> None:
    """Undo."""
    op.drop_column("body", "registered_in")
    for name, _, _ in reversed(_COLUMNS):
        op.drop_column("person", name)
