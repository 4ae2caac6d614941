"""Values of facts to search by, each kept once with its cases; organisations by name, drafts by number.

Revision: 0034, after 0033.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.fact_values import begin_finding, end_finding
from service.store.searching import begin_searching, end_searching
from service.store.types import Key

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_FINDABLE = "JSON: mark, name and text of each fact it is found by; empty: not noted yet"


def upgrade() -> None:
    """Apply; cases of before are noted in the background once the program has started."""
    op.add_column("case_instance", sa.Column("findable", sa.Text, nullable=True, comment=_FINDABLE))
    op.create_index(
        "ix_case_unnoted",
        "case_instance",
        ["id"],
        sqlite_where=sa.text("findable is null"),
        postgresql_where=sa.text("findable is null"),
    )
    op.create_table(
        "fact_value",
        sa.Column("id", Key, nullable=False),
        sa.Column("mark", sa.BigInteger, nullable=False, comment="of place, fact and text"),
        sa.Column("jurisdiction", sa.String(60), nullable=False),
        sa.Column("fact", sa.String(120), nullable=False),
        sa.Column("text", sa.Text, nullable=False, comment="in words, in both languages"),
        sa.PrimaryKeyConstraint("id", name="pk_fact_value"),
        comment="values of facts to search by, kept by triggers",
    )
    op.create_index("ix_fact_value_mark", "fact_value", ["mark"], unique=True)
    op.create_index("ix_fact_value_jurisdiction", "fact_value", ["jurisdiction"])
    op.create_table(
        "fact_value_case",
        sa.Column("value_id", Key, nullable=False),
        sa.Column("case_id", Key, nullable=False),
        sa.PrimaryKeyConstraint("value_id", "case_id", name="pk_fact_value_case"),
        comment="cases whose facts have a value, kept by triggers",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_body_name", "body", ["name", "id"])
    op.create_index("ix_package_draft_listed", "package_draft", ["state", "id"])
    begin_searching(op.get_bind(), subjects=("value",))
    begin_finding(op.get_bind())


def downgrade() -> None:
    """Undo."""
    end_finding(op.get_bind())
    end_searching(op.get_bind(), ("value",))
    op.execute("DELETE FROM search_gram WHERE subject = 'value'")
    op.drop_index("ix_package_draft_listed", "package_draft")
    op.drop_index("ix_body_name", "body")
    op.drop_table("fact_value_case")
    op.drop_table("fact_value")
    op.drop_index("ix_case_unnoted", "case_instance")
    op.drop_column("case_instance", "findable")
