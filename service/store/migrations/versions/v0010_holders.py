"""Awards held together, and those that passed to another organisation.

Revision: 0010, after 0009.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.types import Key

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "award_holder",
        sa.Column("award_id", Key, nullable=False),
        sa.Column("body_id", Key, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False, comment="partner, former"),
        sa.Column("until", sa.Date(), nullable=True, comment="last day on which a former holder held it"),
        sa.ForeignKeyConstraint(["award_id"], ["award_record.id"], name=op.f("fk_award_holder_award_id")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_award_holder_body_id")),
        sa.PrimaryKeyConstraint("award_id", "body_id", name=op.f("pk_award_holder")),
        comment="organisations besides the one of award_record that hold an award, or held it",
    )
    op.create_index(op.f("ix_award_holder_body_id"), "award_holder", ["body_id"])


def downgrade() -> None:
    """Undo."""
    op.drop_index(op.f("ix_award_holder_body_id"), table_name="award_holder")
    op.drop_table("award_holder")
