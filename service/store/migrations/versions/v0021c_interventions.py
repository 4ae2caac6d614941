"""Interventions over a selection of cases, and incidents that are grouped by cause, handed over and skipped.

Revision: 0021c, after 0021b.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.types import Instant, Json, Key

revision = "0021c"
down_revision = "0021b"
branch_labels = None
depends_on = None

_OPEN = sa.text("resolved_at is null")


def upgrade() -> None:
    """Apply."""
    _batches()
    texts = (
        ("cause", 200, "what incidents that one remedy settles have in common"),
        ("settled", 300, "how it was settled, where it was not by itself"),
        ("handed_note", 300, "what whoever hands it over says"),
    )
    for name, length, comment in texts:
        op.add_column(
            "incident", sa.Column(name, sa.String(length), nullable=False, server_default="", comment=comment)
        )
    op.add_column("incident", sa.Column("handed_to", sa.Integer(), nullable=True))
    op.execute("update incident set cause = kind || '/' || coalesce(element, '')")
    op.create_index(
        "ix_incident_cause", "incident", ["jurisdiction", "cause", "id"], sqlite_where=_OPEN, postgresql_where=_OPEN
    )


def _batches() -> None:
    op.create_table(
        "intervention_batch",
        sa.Column("id", Key, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("given", Json, nullable=False, comment="what this kind asks for"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("dry", sa.Boolean(), nullable=False),
        sa.Column("tried_id", sa.Integer(), nullable=True, comment="the batch that tried the same before"),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_intervention_batch"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_intervention_batch_person_id"),
    )
    op.create_index("ix_intervention_batch_person", "intervention_batch", ["person_id", "id"])
    op.create_table(
        "intervention_result",
        sa.Column("batch_id", Key, nullable=False),
        sa.Column("case_id", Key, nullable=False),
        sa.Column("state", sa.String(12), nullable=False, comment="waiting, done, refused"),
        sa.Column("said", Json, nullable=False, comment="zh, en: why it was refused; changes: what is otherwise"),
        sa.Column("at", Instant, nullable=True),
        sa.PrimaryKeyConstraint("batch_id", "case_id", name="pk_intervention_result"),
        sa.ForeignKeyConstraint(["batch_id"], ["intervention_batch.id"], name="fk_intervention_result_batch_id"),
        sa.ForeignKeyConstraint(["case_id"], ["case_instance.id"], name="fk_intervention_result_case_id"),
        comment="one row per case of a batch",
    )
    op.create_index("ix_intervention_result_state", "intervention_result", ["batch_id", "state"])


def downgrade() -> None:
    """Undo; batches and their results are lost."""
    op.drop_index("ix_incident_cause", "incident")
    for name in ("handed_to", "handed_note", "settled", "cause"):
        op.drop_column("incident", name)
    op.drop_table("intervention_result")
    op.drop_table("intervention_batch")
