"""Changes of rights that take two administrators, and links to the accounts of the three offices.

Revision: 0074, after 0073.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.types import Instant, Key

revision = "0074"
down_revision = "0073"
branch_labels = None
depends_on = None

_WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "rights_request",
        sa.Column("id", Key, nullable=False),
        sa.Column("kind", sa.String(12), nullable=False, comment="give, take, password, open, close"),
        sa.Column("person_id", Key, nullable=False, comment="whose rights change"),
        sa.Column("place", sa.String(60), nullable=False, comment="where it is decided; * for the installation"),
        sa.Column("jurisdiction", sa.String(60), nullable=False, comment="of the role"),
        sa.Column("role", sa.String(60), nullable=False),
        sa.Column("body_id", Key, nullable=True, comment="of the role: row of body"),
        sa.Column("membership_id", Key, nullable=True, comment="the role to be taken: row of membership"),
        sa.Column("secret", sa.Text, nullable=True, comment="hash of the password to be set; empty once decided"),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("asked_by", Key, nullable=False, comment="row of person"),
        sa.Column("asked_role", sa.String(60), nullable=False, comment="the office of who asks"),
        sa.Column("asked_at", Instant, nullable=False),
        sa.Column("until", Instant, nullable=False, comment="after it nothing is decided any more"),
        sa.Column("state", sa.String(12), nullable=False, comment="waiting, confirmed, refused, withdrawn"),
        sa.Column("decided_by", Key, nullable=True, comment="row of person"),
        sa.Column("decided_role", sa.String(60), nullable=False),
        sa.Column("decided_at", Instant, nullable=True),
        sa.Column("answer", sa.Text, nullable=False, comment="why it was refused"),
        sa.PrimaryKeyConstraint("id", name="pk_rights_request"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_rights_request_person_id"),
        comment="changes of rights that take two administrators",
    )
    op.create_index("ix_rights_request_place", "rights_request", ["place", "id"])
    op.create_index("ix_rights_request_person", "rights_request", ["person_id", "id"])
    op.create_index(
        "ix_rights_request_waiting", "rights_request", ["place", "id"],
        sqlite_where=_WAITING, postgresql_where=_WAITING,
    )  # fmt: skip
    op.create_index(
        "ix_rights_request_until", "rights_request", ["until"], sqlite_where=_WAITING, postgresql_where=_WAITING
    )
    op.create_table(
        "office_link",
        sa.Column("id", Key, nullable=False),
        sa.Column("role", sa.String(60), nullable=False, comment="the office"),
        sa.Column("token", sa.String(64), nullable=False, comment="hash of what stands in the link"),
        sa.Column("made_at", Instant, nullable=False),
        sa.Column("until", Instant, nullable=False),
        sa.Column("used_at", Instant, nullable=True),
        sa.Column("person_id", Key, nullable=True, comment="the account that it opened"),
        sa.PrimaryKeyConstraint("id", name="pk_office_link"),
        comment="links that open the accounts of the three administrators",
    )
    op.create_index("ix_office_link_role", "office_link", ["role", "id"])
    op.create_index("uq_office_link_token", "office_link", ["token"], unique=True)


def downgrade() -> None:
    """Undo."""
    op.drop_table("office_link")
    op.drop_table("rights_request")
