"""Drafts of packages, and the files that a published version was made from.

Revision: 0013, after 0012.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.types import Instant, Json, Key

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply; versions published before keep no sources: a draft of them begins with what was filled from patterns."""
    op.add_column(
        "definition",
        sa.Column(
            "sources",
            sa.LargeBinary,
            nullable=True,
            comment="compressed files it was made from, patterns unfilled, scenarios included",
        ),
    )
    op.create_table(
        "package_draft",
        sa.Column("id", Key, nullable=False),
        sa.Column("package", sa.String(120), nullable=False, comment="jurisdiction/award"),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column(
            "base",
            sa.String(64),
            nullable=True,
            comment="the version it was opened from; empty for a package never published",
        ),
        sa.Column("sources", sa.LargeBinary, nullable=False, comment="compressed files of the tree it was opened from"),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("author", sa.String(200), nullable=False),
        sa.Column("shared", sa.Boolean, nullable=False, comment="others than the author see it"),
        sa.Column("state", sa.String(20), nullable=False, comment="open, review, approved, published, discarded"),
        sa.Column("revision", sa.Integer, nullable=False, comment="the number of its newest change"),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("changed_at", Instant, nullable=False),
        sa.Column("details", Json, nullable=True, comment="the review: who, when, what they said"),
        sa.PrimaryKeyConstraint("id", name="pk_package_draft"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_package_draft_person_id"),
    )
    op.create_index("ix_package_draft_state", "package_draft", ["state", "package"])
    op.create_table(
        "draft_revision",
        sa.Column("id", Key, nullable=False),
        sa.Column("draft_id", Key, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False, comment="counts the changes of a draft"),
        sa.Column("path", sa.String(300), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=True, comment="compressed"),
        sa.Column(
            "hash", sa.String(64), nullable=False, comment="SHA-256 of the content; empty where the file was removed"
        ),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("author", sa.String(200), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("note", sa.String(300), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_draft_revision"),
        sa.ForeignKeyConstraint(["draft_id"], ["package_draft.id"], name="fk_draft_revision_draft_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_draft_revision_person_id"),
        sa.UniqueConstraint("draft_id", "revision", name="uq_draft_revision_draft_id_revision"),
        comment="append-only; the newest change of a path is what the draft holds",
    )
    op.create_index("ix_draft_revision_path", "draft_revision", ["draft_id", "path", "revision"])


def downgrade() -> None:
    """Undo; drafts are lost."""
    op.drop_table("draft_revision")
    op.drop_table("package_draft")
    op.drop_column("definition", "sources")
