"""Running cases and what they wait for."""

import sqlalchemy as sa

from service.store.tables.base import metadata
from service.store.types import Instant, Json, Key

case = sa.Table(
    "case_instance",
    metadata,
    sa.Column("id", Key, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False, comment="counts the steps; optimistic lock"),
    sa.Column("definition", sa.ForeignKey("definition.version"), nullable=False),
    sa.Column("jurisdiction", sa.String(60), nullable=False),
    sa.Column("award", sa.String(60), nullable=False),
    sa.Column("process", sa.String(60), nullable=False, comment="key under processes in award.yaml"),
    sa.Column("title", sa.String(300), nullable=False),
    sa.Column("number", sa.String(80)),
    sa.Column("parent_id", sa.ForeignKey("case_instance.id"), index=True),
    sa.Column("subject_id", sa.ForeignKey("body.id"), index=True, comment="organisation the case is about"),
    sa.Column("status", sa.String(20), nullable=False, comment="running, suspended, ended"),
    sa.Column("outcome", sa.String(60)),
    sa.Column("facts", Json, nullable=False),
    sa.Column("parameters", Json, nullable=False, comment="values frozen when the round opened"),
    sa.Column("state", sa.LargeBinary, nullable=False, comment="the engine's own, opaque"),
    sa.Column("audit_seq", sa.Integer, nullable=False, comment="number of the newest audit event"),
    sa.Column("audit_hash", sa.String(64), nullable=False, comment="its hash; the next one chains to it"),
    sa.Column("started_at", Instant, nullable=False),
    sa.Column("started_by", sa.Integer),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
    sa.Index(
        "ix_case_running",
        "jurisdiction",
        "process",
        "id",
        sqlite_where=sa.text("status <> 'ended'"),
        postgresql_where=sa.text("status <> 'ended'"),
    ),
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
    sa.Column("entry", sa.Integer, nullable=False, comment="counts how often this element waited in this case"),
    sa.Column("process_id", sa.String(120), nullable=False),
    sa.Column("element", sa.String(120), nullable=False),
    sa.Column("call_path", Json, nullable=False),
    sa.Column("kind", sa.String(20), nullable=False, comment="form, confirm_date"),
    sa.Column("title", sa.String(300), nullable=False),
    sa.Column("subject", sa.String(300), nullable=False, comment="name of the organisation or of the case"),
    sa.Column("jurisdiction", sa.String(60), nullable=False),
    sa.Column("role", sa.String(60), nullable=False),
    sa.Column("body_id", sa.ForeignKey("body.id"), comment="empty: every body with the role"),
    sa.Column("assignee_id", sa.ForeignKey("person.id")),
    sa.Column("form", sa.String(120)),
    sa.Column("clauses", Json, nullable=False),
    sa.Column("state", sa.String(12), nullable=False, comment="open, done, cancelled"),
    sa.Column("due_at", Instant, nullable=False, comment="far future when there is none"),
    sa.Column("due_reason", Json, comment="zh, en, last_day, provisional"),
    sa.Column("note", Json, comment="who sent it back, delegated it, and why"),
    sa.Column("opened_at", Instant, comment="first looked at by somebody of the role"),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("done_at", Instant),
    sa.Column("done_by", sa.ForeignKey("person.id")),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Index("ix_task_case", "case_id", "id"),
    sa.Index(
        "ix_task_role",
        "jurisdiction",
        "role",
        "body_id",
        "due_at",
        "id",
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    ),
    sa.Index(
        "ix_task_mine",
        "assignee_id",
        "due_at",
        "id",
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    ),
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
    sa.Index(
        "ix_inbox_waiting",
        "case_id",
        "id",
        sqlite_where=sa.text("caught_at is null"),
        postgresql_where=sa.text("caught_at is null"),
    ),
)
