"""Pages of files that people sent, and what people note for themselves at them.

Revision: 0059, after 0058.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.types import Instant, Json, Key

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply; pages are drawn when somebody first looks at them."""
    op.create_table(
        "paged_file",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("pages", sa.Integer, nullable=False, comment="how many there are; 0 where none can be shown"),
        sa.Column("why", Json, nullable=True, comment="why none can be shown: zh and en"),
        sa.Column("source", sa.String(64), nullable=True, comment="the PDF of an Office file, in the file store"),
        sa.Column("made_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_paged_file"),
        comment="files of which pages were asked for",
    )
    op.create_table(
        "file_page",
        sa.Column("sha256", sa.String(64), nullable=False, comment="the file of which it is a page"),
        sa.Column("page", sa.Integer, nullable=False, comment="counted from 1"),
        sa.Column("kind", sa.String(100), nullable=False, comment="media type of the picture"),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column(
            "picture",
            sa.String(64),
            nullable=True,
            comment="name of the picture in the file store; empty where there is none",
        ),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("sha256", "page", name="pk_file_page"),
        comment="pages of files that people sent, as pictures with their text",
    )
    op.create_index("ix_file_page_picture", "file_page", ["picture"])
    op.create_table(
        "page_note",
        sa.Column("id", Key, nullable=False),
        sa.Column("case_id", Key, nullable=False),
        sa.Column("upload_id", sa.String(36), nullable=False),
        sa.Column("page", sa.Integer, nullable=False),
        sa.Column("quote", sa.Text, nullable=False, comment="the passage; empty where it is about the page"),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("person_id", Key, nullable=False, comment="who wrote it and reads it"),
        sa.Column("at", Instant, nullable=False),
        sa.Column("removed_at", Instant, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_page_note"),
        sa.ForeignKeyConstraint(["case_id"], ["case_instance.id"], name="fk_page_note_case_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_page_note_person_id"),
        comment="what people noted for themselves at pages of files",
    )
    op.create_index("ix_page_note_own", "page_note", ["person_id", "case_id", "id"])
    op.create_index("ix_page_note_case", "page_note", ["case_id"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("page_note")
    op.drop_table("file_page")
    op.drop_table("paged_file")
