"""Everything that waits for time or for the outside."""

import sqlalchemy as sa

from service.store.tables.base import metadata, partial_index
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
    sa.Column("process_id", sa.String(120), comment="where on the diagram it waits, when it does"),
    sa.Column("element", sa.String(120)),
    sa.Column("payload", Json, nullable=False, default=dict),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("provisional", sa.Boolean, nullable=False, default=False, comment="never passes by time alone"),
    sa.Column(
        "state",
        sa.String(12),
        nullable=False,
        default="waiting",
        comment="waiting, running, done, dead, cancelled, held",
    ),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("lease_until", Instant),
    sa.Column("owner", sa.String(80)),
    sa.Column("dispatched_at", Instant),
    sa.Column("last_error", sa.Text),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("done_at", Instant),
    partial_index("ix_work_item_due", "due_at", "id", where="state = 'waiting'"),
    partial_index("ix_work_item_provisional", "id", where="provisional"),
    partial_index("ix_work_item_lease", "lease_until", where="state = 'running'"),
    partial_index(
        "ix_work_item_element", "process_id", "element", "case_id", where="state = 'waiting' and element is not null"
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
    sa.Column("documents", Json, nullable=False, default=list),
    sa.Column("effect_key", sa.String(200), nullable=False, unique=True),
    sa.Column("queued_at", Instant, nullable=False),
    sa.Column("sent_at", Instant),
    sa.Column("read_at", Instant),
    sa.Index("ix_mail_inbox", "person_id", "id"),
    partial_index("ix_mail_unread", "person_id", where="read_at is null"),
)

counter = sa.Table(
    "counter",
    metadata,
    sa.Column("name", sa.String(200), primary_key=True),
    sa.Column("value", sa.Integer, nullable=False),
    comment="numbers that are never given twice",
)
