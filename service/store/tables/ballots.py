"""Ballots (表决): the roll, the urn, what was recused, and what was counted.

Nothing here ties a paper to a voter: the urn is one block per ballot, rewritten as a whole at every
cast, and the roll is written when the ballot opens, so that a mark changes a row and never adds one.
No time of a mark is kept.
"""

import sqlalchemy as sa

from service.store.tables.base import metadata
from service.store.types import Instant, Json, Key

ballot = sa.Table(
    "ballot",
    metadata,
    sa.Column("id", Key, primary_key=True),
    sa.Column("case_id", sa.ForeignKey("case_instance.id"), nullable=False, index=True),
    sa.Column("jurisdiction", sa.String(60), nullable=False),
    sa.Column("box", sa.String(32), nullable=False, unique=True, comment="name under which its keys are kept"),
    sa.Column("previous_id", sa.ForeignKey("ballot.id"), comment="the ballot before it in its series"),
    sa.Column("process_id", sa.String(120), nullable=False),
    sa.Column("element", sa.String(120), nullable=False),
    sa.Column("title", sa.String(300), nullable=False),
    sa.Column("clauses", Json, nullable=False, default=list),
    sa.Column("role", sa.String(60), nullable=False, comment="whose members vote"),
    sa.Column("units", sa.Boolean, nullable=False, default=False, comment="units vote, not persons"),
    sa.Column("teller_role", sa.String(60), nullable=False, comment="who enters papers of the hall"),
    sa.Column("rules", Json, nullable=False, comment="the parameters as frozen at the opening"),
    sa.Column("candidates", Json, nullable=False, comment="in the order drawn at the opening"),
    sa.Column("agenda", Json, nullable=False, comment="what this ballot asks and what earlier ones settled"),
    sa.Column("after", Json, comment="what stands after the count"),
    sa.Column("state", sa.String(12), nullable=False, default="open", comment="open, closed, counted, void"),
    sa.Column("opened_at", Instant, nullable=False),
    sa.Column("closes_at", Instant, comment="empty: when all have voted"),
    sa.Column("issued", sa.Integer, nullable=False, comment="papers issued"),
    sa.Column("cast", sa.Integer, nullable=False, default=0, comment="papers handed in; that is all anybody may see"),
    sa.Column("urn", sa.LargeBinary, comment="encrypted, of fixed size; empty once counted, and in open ballots"),
    sa.Column("key_name", sa.String(32), comment="name of the key the urn is under"),
    sa.Column("old_key", sa.String(32), comment="name of the key before it, which must be gone"),
    sa.Column("public_key", sa.String(64), nullable=False, comment="checks receipts"),
    sa.Column("sheet", sa.LargeBinary, comment="first teller's tally of the hall, encrypted, until the second agrees"),
    sa.Column("sheet_by", sa.ForeignKey("person.id")),
)

ballot_roll = sa.Table(
    "ballot_roll",
    metadata,
    sa.Column("ballot_id", sa.ForeignKey("ballot.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, comment="place on the roll, from 1"),
    sa.Column("person_id", sa.ForeignKey("person.id"), comment="empty where units vote"),
    sa.Column("body_id", sa.ForeignKey("body.id"), comment="the unit that votes"),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("weight", sa.Integer, nullable=False),
    sa.Column("state", sa.Integer, nullable=False, default=0, comment="0 not voted, 1 on screen, 2 in the hall"),
    sa.Column("task_id", sa.ForeignKey("task.id")),
    sa.Column("open_paper", Json, comment="only in open ballots, which are voted by name"),
)

ballot_recusal = sa.Table(
    "ballot_recusal",
    metadata,
    sa.Column("ballot_id", sa.ForeignKey("ballot.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, comment="place on the roll"),
    sa.Column("candidate", sa.String(80), primary_key=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("declared", sa.Boolean, nullable=False, comment="by the member; otherwise found in the records"),
)

ballot_result = sa.Table(
    "ballot_result",
    metadata,
    sa.Column("ballot_id", sa.ForeignKey("ballot.id"), primary_key=True),
    sa.Column("outcome", Json, nullable=False),
    sa.Column("record", Json, nullable=False, comment="everything needed to repeat the count"),
    sa.Column("fingerprint", sa.String(64), nullable=False, comment="of the record; also in the case's history"),
    sa.Column("counted_at", Instant, nullable=False),
)
