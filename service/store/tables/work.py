"""Everything that waits for time or for the outside."""

import sqlalchemy as sa

from service.store.tables.base import metadata
from service.store.types import Instant, Json, Key

work_item = sa.Table(
    "work_item",
    metadata,
    sa.Column("id", Key, primary_key=True),
    sa.Column(
        "kind", sa.String(40), nullable=False, comment="timer, message, barrier, serve, document, mail, reminder"
    ),
    sa.Column("case_id", sa.ForeignKey("case_instance.id"), index=True),
    sa.Column("effect_key", sa.String(200), nullable=False, unique=True, comment="names the effect, never the attempt"),
    sa.Column("payload", Json, nullable=False),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("provisional", sa.Boolean, nullable=False, comment="never passes by time alone"),
    sa.Column("state", sa.String(12), nullable=False, comment="waiting, running, done, dead, cancelled, held"),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("lease_until", Instant),
    sa.Column("owner", sa.String(80)),
    sa.Column("dispatched_at", Instant),
    sa.Column("last_error", sa.Text),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("done_at", Instant),
    sa.Index(
        "ix_work_item_due",
        "due_at",
        "id",
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    ),
    sa.Index(
        "ix_work_item_lease",
        "lease_until",
        sqlite_where=sa.text("state = 'running'"),
        postgresql_where=sa.text("state = 'running'"),
    ),
)

mail = sa.Table(
    "mail",
    metadata,
    sa.Column("id", Key, primary_key=True),
    sa.Column("case_id", sa.ForeignKey("case_instance.id"), index=True),
    sa.Column("person_id", sa.ForeignKey("person.id"), comment="inbox it also stands in"),
    sa.Column("address", sa.String(200), comment="empty: inbox only"),
    sa.Column("subject", sa.String(300), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("documents", Json, nullable=False),
    sa.Column("effect_key", sa.String(200), nullable=False, unique=True),
    sa.Column("queued_at", Instant, nullable=False),
    sa.Column("sent_at", Instant),
    sa.Column("read_at", Instant),
    sa.Index("ix_mail_inbox", "person_id", "id"),
)

counter = sa.Table(
    "counter",
    metadata,
    sa.Column("name", sa.String(200), primary_key=True),
    sa.Column("value", sa.Integer, nullable=False),
    comment="numbers that are never given twice",
)
