"""Saves that wait for a choice, who looks at a draft, and what was done with drafts and versions.

Revision: 0014, after 0013.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.types import Instant, Json, Key

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "definition",
        sa.Column("draft_id", Key, nullable=True, comment="the draft of the studio that it was published from"),
    )
    op.create_table(
        "held_save",
        sa.Column("id", Key, nullable=False),
        sa.Column("draft_id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("path", sa.String(300), nullable=False),
        sa.Column("base", sa.LargeBinary, nullable=True, comment="compressed: what the editor had opened"),
        sa.Column("ours", sa.LargeBinary, nullable=True, comment="compressed: what was to be saved"),
        sa.Column("at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_held_save"),
        sa.ForeignKeyConstraint(["draft_id"], ["package_draft.id"], name="fk_held_save_draft_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_held_save_person_id"),
        sa.UniqueConstraint("draft_id", "person_id", "path", name="uq_held_save_draft_id_person_id_path"),
    )
    op.create_table(
        "draft_presence",
        sa.Column("id", Key, nullable=False),
        sa.Column("draft_id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("path", sa.String(300), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_draft_presence"),
        sa.ForeignKeyConstraint(["draft_id"], ["package_draft.id"], name="fk_draft_presence_draft_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_draft_presence_person_id"),
        sa.UniqueConstraint("draft_id", "person_id", name="uq_draft_presence_draft_id_person_id"),
    )
    op.create_table(
        "package_event",
        sa.Column("id", Key, nullable=False),
        sa.Column("package", sa.String(120), nullable=False, comment="jurisdiction/award"),
        sa.Column("seq", sa.Integer, nullable=False, comment="counts the events of a package"),
        sa.Column("draft_id", Key, nullable=True),
        sa.Column("at", Instant, nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("person_id", sa.Integer, nullable=True),
        sa.Column("action", sa.String(60), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("data", Json, nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_package_event"),
        sa.UniqueConstraint("package", "seq", name="uq_package_event_package_seq"),
        comment="append-only and chained",
    )


def downgrade() -> None:
    """Undo; held saves and the record of drafts are lost."""
    op.drop_table("package_event")
    op.drop_table("draft_presence")
    op.drop_table("held_save")
    op.drop_column("definition", "draft_id")
