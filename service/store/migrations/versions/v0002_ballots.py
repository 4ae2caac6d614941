"""Ballots: rolls, urns, recusals and results.

Revision: 0002, after 0001.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.types import Instant, Json, Key

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "ballot",
        sa.Column("id", Key, nullable=False),
        sa.Column("case_id", Key, nullable=False),
        sa.Column("jurisdiction", sa.String(length=60), nullable=False),
        sa.Column("box", sa.String(length=32), nullable=False, comment="name under which its keys are kept"),
        sa.Column("previous_id", Key, nullable=True, comment="the ballot before it in its series"),
        sa.Column("process_id", sa.String(length=120), nullable=False),
        sa.Column("element", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("clauses", Json, nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False, comment="whose members vote"),
        sa.Column("units", sa.Boolean(), nullable=False, comment="units vote, not persons"),
        sa.Column("teller_role", sa.String(length=60), nullable=False, comment="who enters papers of the hall"),
        sa.Column("rules", Json, nullable=False, comment="the parameters as frozen at the opening"),
        sa.Column("candidates", Json, nullable=False, comment="in the order drawn at the opening"),
        sa.Column("agenda", Json, nullable=False, comment="what this ballot asks and what earlier ones settled"),
        sa.Column("after", Json, nullable=True, comment="what stands after the count"),
        sa.Column("state", sa.String(length=12), nullable=False, comment="open, closed, counted, void"),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("closes_at", Instant(), nullable=True, comment="empty: when all have voted"),
        sa.Column("issued", sa.Integer(), nullable=False, comment="papers issued"),
        sa.Column("cast", sa.Integer(), nullable=False, comment="papers handed in; that is all anybody may see"),
        sa.Column(
            "urn",
            sa.LargeBinary(),
            nullable=True,
            comment="encrypted, of fixed size; empty once counted, and in open ballots",
        ),
        sa.Column("key_name", sa.String(length=32), nullable=True, comment="name of the key the urn is under"),
        sa.Column(
            "old_key", sa.String(length=32), nullable=True, comment="name of the key before it, which must be gone"
        ),
        sa.Column("public_key", sa.String(length=64), nullable=False, comment="checks receipts"),
        sa.Column(
            "sheet",
            sa.LargeBinary(),
            nullable=True,
            comment="first teller's tally of the hall, encrypted, until the second agrees",
        ),
        sa.Column("sheet_by", Key, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_instance.id"], name=op.f("fk_ballot_case_id")),
        sa.ForeignKeyConstraint(["previous_id"], ["ballot.id"], name=op.f("fk_ballot_previous_id")),
        sa.ForeignKeyConstraint(["sheet_by"], ["person.id"], name=op.f("fk_ballot_sheet_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot")),
        sa.UniqueConstraint("box", name=op.f("uq_ballot_box")),
    )
    op.create_index(op.f("ix_ballot_case_id"), "ballot", ["case_id"], unique=False)
    op.create_table(
        "ballot_recusal",
        sa.Column("ballot_id", Key, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="place on the roll"),
        sa.Column("candidate", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("declared", sa.Boolean(), nullable=False, comment="by the member; otherwise found in the records"),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"], name=op.f("fk_ballot_recusal_ballot_id")),
        sa.PrimaryKeyConstraint("ballot_id", "number", "candidate", name=op.f("pk_ballot_recusal")),
    )
    op.create_table(
        "ballot_result",
        sa.Column("ballot_id", Key, nullable=False),
        sa.Column("outcome", Json, nullable=False),
        sa.Column("record", Json, nullable=False, comment="everything needed to repeat the count"),
        sa.Column(
            "fingerprint", sa.String(length=64), nullable=False, comment="of the record; also in the case's history"
        ),
        sa.Column("counted_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"], name=op.f("fk_ballot_result_ballot_id")),
        sa.PrimaryKeyConstraint("ballot_id", name=op.f("pk_ballot_result")),
    )
    op.create_table(
        "ballot_roll",
        sa.Column("ballot_id", Key, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="place on the roll, from 1"),
        sa.Column("person_id", Key, nullable=True, comment="empty where units vote"),
        sa.Column("body_id", Key, nullable=True, comment="the unit that votes"),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("state", sa.Integer(), nullable=False, comment="0 not voted, 1 on screen, 2 in the hall"),
        sa.Column("task_id", Key, nullable=True),
        sa.Column("open_paper", Json, nullable=True, comment="only in open ballots, which are voted by name"),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"], name=op.f("fk_ballot_roll_ballot_id")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_ballot_roll_body_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_ballot_roll_person_id")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_ballot_roll_task_id")),
        sa.PrimaryKeyConstraint("ballot_id", "number", name=op.f("pk_ballot_roll")),
    )
