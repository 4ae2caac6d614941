"""Running cases and what they wait for."""

import sqlalchemy as sa

from service.store.tables.base import metadata, partial_index
from service.store.types import NEVER, Instant, Json, Key, Settled

case = sa.Table(
    "case_instance",
    metadata,
    sa.Column("id", Key, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False, default=1, comment="counts the steps; optimistic lock"),
    sa.Column("definition", sa.ForeignKey("definition.version"), nullable=False),
    sa.Column("jurisdiction", sa.String(60), nullable=False),
    sa.Column("award", sa.String(60), nullable=False),
    sa.Column("process", sa.String(60), nullable=False, comment="key under processes in award.yaml"),
    sa.Column("title", sa.String(300), nullable=False),
    sa.Column("number", sa.String(80)),
    sa.Column("parent_id", sa.ForeignKey("case_instance.id")),
    sa.Column("subject_id", sa.ForeignKey("body.id"), index=True, comment="organisation the case is about"),
    sa.Column("status", sa.String(20), nullable=False, default="running", comment="running, suspended, ended"),
    sa.Column("outcome", sa.String(60)),
    sa.Column("facts", Json, nullable=False, default=dict),
    sa.Column("parameters", Settled, nullable=False, default=dict, comment="values frozen when the round opened"),
    sa.Column("state", sa.LargeBinary, nullable=False, comment="the engine's own, opaque"),
    sa.Column("audit_seq", sa.Integer, nullable=False, default=0, comment="number of the newest audit event"),
    sa.Column("audit_hash", sa.String(64), nullable=False, default="", comment="its hash; the next one chains to it"),
    sa.Column("started_at", Instant, nullable=False),
    sa.Column("started_by", sa.Integer),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
    sa.Index("ix_case_parent", "parent_id", "id"),
    sa.Index("ix_case_listed", "jurisdiction", "id"),
    partial_index("ix_case_live", "parent_id", "process", "subject_id", where="status <> 'ended'"),
    partial_index("ix_case_running", "jurisdiction", "process", "id", where="status <> 'ended'"),
)

case_party = sa.Table(
    "case_party",
    metadata,
    sa.Column("case_id", sa.ForeignKey("case_instance.id"), primary_key=True),
    sa.Column("role", sa.String(60), primary_key=True),
    sa.Column("body_id", sa.ForeignKey("body.id"), primary_key=True),
    sa.Index("ix_case_party_body", "body_id", "role", "case_id"),
)

task = sa.Table(
    "task",
    metadata,
    sa.Column("id", Key, primary_key=True),
    sa.Column("case_id", sa.ForeignKey("case_instance.id"), nullable=False),
    sa.Column("engine_id", sa.String(36), nullable=False),
    sa.Column(
        "entry", sa.Integer, nullable=False, default=1, comment="counts how often this element waited in this case"
    ),
    sa.Column("process_id", sa.String(120), nullable=False),
    sa.Column("element", sa.String(120), nullable=False),
    sa.Column("call_path", Json, nullable=False, default=list),
    sa.Column("kind", sa.String(20), nullable=False, default="form", comment="form, confirm_date"),
    sa.Column("title", sa.String(300), nullable=False),
    sa.Column("subject", sa.String(300), nullable=False, comment="name of the organisation or of the case"),
    sa.Column("jurisdiction", sa.String(60), nullable=False),
    sa.Column("role", sa.String(60), nullable=False),
    sa.Column("body_id", sa.ForeignKey("body.id"), comment="empty: every body with the role"),
    sa.Column("assignee_id", sa.ForeignKey("person.id")),
    sa.Column("form", sa.String(120)),
    sa.Column("clauses", Json, nullable=False, default=list),
    sa.Column("state", sa.String(12), nullable=False, default="open", comment="open, done, cancelled"),
    sa.Column("due_at", Instant, nullable=False, default=NEVER, comment="far future when there is none"),
    sa.Column("due_reason", Json, comment="zh, en, last_day, provisional"),
    sa.Column("note", Json, comment="who sent it back, delegated it, and why"),
    sa.Column("opened_at", Instant, comment="first looked at by somebody of the role"),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("done_at", Instant),
    sa.Column("done_by", sa.ForeignKey("person.id")),
    sa.Column("version", sa.Integer, nullable=False, default=1),
    sa.Column(
        "personal",
        sa.Boolean,
        nullable=False,
        default=False,
        server_default=sa.false(),
        comment="for the assignee alone: nobody else of the role sees it, it cannot be handed on",
    ),
    sa.Index("ix_task_case", "case_id", "id"),
    # One order for every list (due_at, id); one index for each way into it.
    partial_index("ix_task_seat", "role", "body_id", "jurisdiction", "due_at", "id", where="state = 'open'"),
    partial_index("ix_task_role", "jurisdiction", "role", "due_at", "id", where="state = 'open'"),
    partial_index("ix_task_jurisdiction", "jurisdiction", "due_at", "id", where="state = 'open'"),
    partial_index("ix_task_mine", "assignee_id", "due_at", "id", where="state = 'open'"),
    partial_index("ix_task_element", "jurisdiction", "process_id", "element", where="state = 'open'"),
    partial_index("ix_task_done", "done_by", "due_at", "id", where="state = 'done'"),
)

visit = sa.Table(
    "visit",
    metadata,
    sa.Column("id", Key, primary_key=True),
    sa.Column("case_id", sa.ForeignKey("case_instance.id"), nullable=False, index=True),
    sa.Column("process_id", sa.String(120), nullable=False),
    sa.Column("element", sa.String(120), nullable=False),
    sa.Column("at", Instant, nullable=False),
    comment="elements a case has passed, for diagrams, stages and scenarios",
)

subscription = sa.Table(
    "subscription",
    metadata,
    sa.Column("case_id", sa.ForeignKey("case_instance.id"), primary_key=True),
    sa.Column("engine_id", sa.String(36), primary_key=True),
    sa.Column("process_id", sa.String(120), nullable=False),
    sa.Column("element", sa.String(120), nullable=False),
    sa.Column("message", sa.String(120), nullable=False),
    sa.Column("barrier", sa.Text, comment="FEEL; caught as soon as it is true"),
)

inbox = sa.Table(
    "inbox",
    metadata,
    sa.Column("id", Key, primary_key=True),
    sa.Column("case_id", sa.ForeignKey("case_instance.id"), nullable=False),
    sa.Column("message", sa.String(120), nullable=False),
    sa.Column("payload", Json, nullable=False),
    sa.Column("effect_key", sa.String(200), nullable=False, unique=True),
    sa.Column("arrived_at", Instant, nullable=False),
    sa.Column("caught_at", Instant),
    partial_index("ix_inbox_waiting", "case_id", "id", where="caught_at is null"),
)
