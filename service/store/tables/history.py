"""What happened, and what went wrong."""

import sqlalchemy as sa

from service.store.tables.base import metadata, partial_index
from service.store.types import Instant, Json, Key

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", Key, primary_key=True),
    sa.Column("case_id", sa.ForeignKey("case_instance.id"), nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("actor", sa.String(200), nullable=False, comment="who, in words; system where nobody"),
    sa.Column("person_id", sa.Integer),
    sa.Column("action", sa.String(60), nullable=False),
    sa.Column("element", sa.String(120)),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("data", Json, nullable=False, default=dict),
    sa.Column("previous", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.UniqueConstraint("case_id", "seq"),
)

incident = sa.Table(
    "incident",
    metadata,
    sa.Column("id", Key, primary_key=True),
    sa.Column("jurisdiction", sa.String(60), nullable=False),
    sa.Column("case_id", sa.ForeignKey("case_instance.id"), index=True),
    sa.Column("work_item_id", Key),
    sa.Column("engine_id", sa.String(36)),
    sa.Column("element", sa.String(120)),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("what", Json, nullable=False, comment="zh, en: what happened"),
    sa.Column("consequence", Json, nullable=False, comment="zh, en: what it holds up"),
    sa.Column("remedy", Json, nullable=False, comment="zh, en: what to do"),
    sa.Column("detail", sa.Text, nullable=False, default="", comment="for the programmer"),
    sa.Column("since", Instant, nullable=False),
    sa.Column("count", sa.Integer, nullable=False, default=1),
    sa.Column("resolved_at", Instant),
    sa.Column("resolved_by", sa.Integer),
    partial_index("ix_incident_work_item", "work_item_id", where="resolved_at is null"),
    partial_index("ix_incident_open", "id", where="resolved_at is null"),
)
