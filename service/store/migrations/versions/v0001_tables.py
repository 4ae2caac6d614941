"""All tables of the first release.

Revision: 0001, the first.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.types import Instant, Json, Key

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "body",
        sa.Column("id", Key, nullable=False),
        sa.Column(
            "jurisdiction", sa.String(length=60), nullable=False, comment="* for organisations, which belong to none"
        ),
        sa.Column(
            "key",
            sa.String(length=80),
            nullable=False,
            comment="id in jurisdiction.yaml; unified social credit code of an organisation",
        ),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=300), nullable=True),
        sa.Column("details", Json, nullable=False, comment="address, area, telephone, former names …"),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body")),
        sa.UniqueConstraint("jurisdiction", "key", name=op.f("uq_body_jurisdiction_key")),
    )
    op.create_table(
        "counter",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counter")),
        comment="numbers that are never given twice",
    )
    op.create_table(
        "definition",
        sa.Column("version", sa.String(length=64), nullable=False, comment="hash of the closure"),
        sa.Column("package", sa.String(length=120), nullable=False, comment="jurisdiction/award"),
        sa.Column(
            "base", sa.String(length=64), nullable=True, comment="the version that was current when this one was made"
        ),
        sa.Column("content", sa.LargeBinary(), nullable=False, comment="compressed files of the closure"),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("published_at", Instant(), nullable=False),
        sa.Column("published_by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_definition")),
    )
    op.create_index(
        "ix_definition_current",
        "definition",
        ["package"],
        unique=True,
        sqlite_where=sa.text("current"),
        postgresql_where=sa.text("current"),
    )
    op.create_table(
        "person",
        sa.Column("id", Key, nullable=False),
        sa.Column("login", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("password", sa.String(length=200), nullable=True, comment="argon2 hash; empty: cannot sign in"),
        sa.Column("email", sa.String(length=200), nullable=True),
        sa.Column("telephone", sa.String(length=40), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("login", name=op.f("uq_person_login")),
    )
    op.create_table(
        "award_record",
        sa.Column("id", Key, nullable=False),
        sa.Column("jurisdiction", sa.String(length=60), nullable=False),
        sa.Column("award", sa.String(length=60), nullable=False),
        sa.Column("tier", sa.String(length=60), nullable=False),
        sa.Column("body_id", Key, nullable=False),
        sa.Column("round", sa.String(length=120), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("number", sa.String(length=120), nullable=True),
        sa.Column("details", Json, nullable=False),
        sa.Column("revoked_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_award_record_body_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_record")),
    )
    op.create_index(op.f("ix_award_record_body_id"), "award_record", ["body_id"], unique=False)
    op.create_index("ix_award_record_list", "award_record", ["jurisdiction", "decided_on", "id"], unique=False)
    op.create_index("ix_award_record_portal", "award_record", ["decided_on", "id"], unique=False)
    op.create_table(
        "body_role",
        sa.Column("jurisdiction", sa.String(length=60), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("body_id", Key, nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_body_role_body_id")),
        sa.PrimaryKeyConstraint("jurisdiction", "role", "body_id", name=op.f("pk_body_role")),
        comment="roles that jurisdiction.yaml gives to a body",
    )
    op.create_index(op.f("ix_body_role_body_id"), "body_role", ["body_id"], unique=False)
    op.create_table(
        "case_instance",
        sa.Column("id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="counts the steps; optimistic lock"),
        sa.Column("definition", sa.String(length=64), nullable=False),
        sa.Column("jurisdiction", sa.String(length=60), nullable=False),
        sa.Column("award", sa.String(length=60), nullable=False),
        sa.Column("process", sa.String(length=60), nullable=False, comment="key under processes in award.yaml"),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=True),
        sa.Column("parent_id", Key, nullable=True),
        sa.Column("subject_id", Key, nullable=True, comment="organisation the case is about"),
        sa.Column("status", sa.String(length=20), nullable=False, comment="running, suspended, ended"),
        sa.Column("outcome", sa.String(length=60), nullable=True),
        sa.Column("facts", Json, nullable=False),
        sa.Column("parameters", Json, nullable=False, comment="values frozen when the round opened"),
        sa.Column("state", sa.LargeBinary(), nullable=False, comment="the engine's own, opaque"),
        sa.Column("audit_seq", sa.Integer(), nullable=False, comment="number of the newest audit event"),
        sa.Column("audit_hash", sa.String(length=64), nullable=False, comment="its hash; the next one chains to it"),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("started_by", sa.Integer(), nullable=True),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["definition"], ["definition.version"], name=op.f("fk_case_instance_definition")),
        sa.ForeignKeyConstraint(["parent_id"], ["case_instance.id"], name=op.f("fk_case_instance_parent_id")),
        sa.ForeignKeyConstraint(["subject_id"], ["body.id"], name=op.f("fk_case_instance_subject_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_instance")),
    )
    op.create_index(op.f("ix_case_instance_subject_id"), "case_instance", ["subject_id"], unique=False)
    op.create_index("ix_case_listed", "case_instance", ["jurisdiction", "id"], unique=False)
    op.create_index(
        "ix_case_live",
        "case_instance",
        ["parent_id", "process", "subject_id"],
        unique=False,
        sqlite_where=sa.text("status <> 'ended'"),
        postgresql_where=sa.text("status <> 'ended'"),
    )
    op.create_index("ix_case_parent", "case_instance", ["parent_id", "id"], unique=False)
    op.create_index(
        "ix_case_running",
        "case_instance",
        ["jurisdiction", "process", "id"],
        unique=False,
        sqlite_where=sa.text("status <> 'ended'"),
        postgresql_where=sa.text("status <> 'ended'"),
    )
    op.create_table(
        "membership",
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("body_id", Key, nullable=False),
        sa.Column("jurisdiction", sa.String(length=60), nullable=False, comment="* where it holds everywhere"),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("until", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_membership_body_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_membership_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint(
            "person_id",
            "body_id",
            "jurisdiction",
            "role",
            name=op.f("uq_membership_person_id_body_id_jurisdiction_role"),
        ),
    )
    op.create_index("ix_membership_role", "membership", ["role", "body_id", "jurisdiction"], unique=False)
    op.create_table(
        "sanction",
        sa.Column("id", Key, nullable=False),
        sa.Column("jurisdiction", sa.String(length=60), nullable=False),
        sa.Column("body_id", Key, nullable=False),
        sa.Column("ground", sa.String(length=60), nullable=False),
        sa.Column("effect", sa.String(length=60), nullable=False, comment="ban, revocation, …"),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("clauses", Json, nullable=False),
        sa.Column("details", Json, nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_sanction_body_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sanction")),
    )
    op.create_index(op.f("ix_sanction_body_id"), "sanction", ["body_id"], unique=False)
    op.create_table(
        "session",
        sa.Column("id", sa.String(length=64), nullable=False, comment="hash of the cookie's token"),
        sa.Column("person_id", Key, nullable=True),
        sa.Column("csrf", sa.String(length=64), nullable=False),
        sa.Column("details", Json, nullable=False, comment="chosen membership, language, messages to show once"),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_session_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
    )
    op.create_index(op.f("ix_session_expires_at"), "session", ["expires_at"], unique=False)
    op.create_table(
        "audit",
        sa.Column("id", Key, nullable=False),
        sa.Column("case_id", Key, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False, comment="who, in words; system where nobody"),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("element", sa.String(length=120), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("data", Json, nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_instance.id"], name=op.f("fk_audit_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sa.UniqueConstraint("case_id", "seq", name=op.f("uq_audit_case_id_seq")),
    )
    op.create_table(
        "case_party",
        sa.Column("case_id", Key, nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("body_id", Key, nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_case_party_body_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case_instance.id"], name=op.f("fk_case_party_case_id")),
        sa.PrimaryKeyConstraint("case_id", "role", "body_id", name=op.f("pk_case_party")),
    )
    op.create_index("ix_case_party_body", "case_party", ["body_id", "role", "case_id"], unique=False)
    op.create_table(
        "document",
        sa.Column("id", Key, nullable=False),
        sa.Column("jurisdiction", sa.String(length=60), nullable=False),
        sa.Column("case_id", Key, nullable=False),
        sa.Column("template", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("number", sa.String(length=120), nullable=True),
        sa.Column("content", Json, nullable=False, comment="the filled text, frozen when issued"),
        sa.Column("clauses", Json, nullable=False),
        sa.Column("recipients", Json, nullable=False, comment="roles of the case"),
        sa.Column("issued_at", Instant(), nullable=False),
        sa.Column("issued_by", Key, nullable=True),
        sa.Column(
            "sha256",
            sa.String(length=64),
            nullable=True,
            comment="of the .docx in the file store; empty until produced",
        ),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("produced_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_instance.id"], name=op.f("fk_document_case_id")),
        sa.ForeignKeyConstraint(["issued_by"], ["person.id"], name=op.f("fk_document_issued_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("jurisdiction", "number", name=op.f("uq_document_jurisdiction_number")),
    )
    op.create_index(op.f("ix_document_case_id"), "document", ["case_id"], unique=False)
    op.create_table(
        "finding",
        sa.Column("id", Key, nullable=False),
        sa.Column("case_id", Key, nullable=False),
        sa.Column("table", sa.String(length=120), nullable=False),
        sa.Column("ground", sa.String(length=120), nullable=False),
        sa.Column("result", sa.String(length=12), nullable=False, comment="met, not_met, unknown"),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("clauses", Json, nullable=False),
        sa.Column("decided_by", sa.String(length=20), nullable=False, comment="machine, attested, department"),
        sa.Column("supplied_by", sa.String(length=60), nullable=False),
        sa.Column(
            "details", Json, nullable=False, comment="unknown facts, evidence, person and reason of an attestation"
        ),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_instance.id"], name=op.f("fk_finding_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
    )
    op.create_index(op.f("ix_finding_case_id"), "finding", ["case_id"], unique=False)
    op.create_table(
        "inbox",
        sa.Column("id", Key, nullable=False),
        sa.Column("case_id", Key, nullable=False),
        sa.Column("message", sa.String(length=120), nullable=False),
        sa.Column("payload", Json, nullable=False),
        sa.Column("effect_key", sa.String(length=200), nullable=False),
        sa.Column("arrived_at", Instant(), nullable=False),
        sa.Column("caught_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_instance.id"], name=op.f("fk_inbox_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("effect_key", name=op.f("uq_inbox_effect_key")),
    )
    op.create_index(
        "ix_inbox_waiting",
        "inbox",
        ["case_id", "id"],
        unique=False,
        sqlite_where=sa.text("caught_at is null"),
        postgresql_where=sa.text("caught_at is null"),
    )
    op.create_table(
        "incident",
        sa.Column("id", Key, nullable=False),
        sa.Column("jurisdiction", sa.String(length=60), nullable=False),
        sa.Column("case_id", Key, nullable=True),
        sa.Column("work_item_id", Key, nullable=True),
        sa.Column("engine_id", sa.String(length=36), nullable=True),
        sa.Column("element", sa.String(length=120), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("what", Json, nullable=False, comment="zh, en: what happened"),
        sa.Column("consequence", Json, nullable=False, comment="zh, en: what it holds up"),
        sa.Column("remedy", Json, nullable=False, comment="zh, en: what to do"),
        sa.Column("detail", sa.Text(), nullable=False, comment="for the programmer"),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("resolved_at", Instant(), nullable=True),
        sa.Column("resolved_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_instance.id"], name=op.f("fk_incident_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    op.create_index(op.f("ix_incident_case_id"), "incident", ["case_id"], unique=False)
    op.create_index(
        "ix_incident_open",
        "incident",
        ["jurisdiction", "id"],
        unique=False,
        sqlite_where=sa.text("resolved_at is null"),
        postgresql_where=sa.text("resolved_at is null"),
    )
    op.create_table(
        "mail",
        sa.Column("id", Key, nullable=False),
        sa.Column("case_id", Key, nullable=True),
        sa.Column("person_id", Key, nullable=True, comment="inbox it also stands in"),
        sa.Column("address", sa.String(length=200), nullable=True, comment="empty: inbox only"),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("documents", Json, nullable=False),
        sa.Column("effect_key", sa.String(length=200), nullable=False),
        sa.Column("queued_at", Instant(), nullable=False),
        sa.Column("sent_at", Instant(), nullable=True),
        sa.Column("read_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_instance.id"], name=op.f("fk_mail_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mail_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint("effect_key", name=op.f("uq_mail_effect_key")),
    )
    op.create_index(op.f("ix_mail_case_id"), "mail", ["case_id"], unique=False)
    op.create_index("ix_mail_inbox", "mail", ["person_id", "id"], unique=False)
    op.create_index(
        "ix_mail_unread",
        "mail",
        ["person_id"],
        unique=False,
        sqlite_where=sa.text("read_at is null"),
        postgresql_where=sa.text("read_at is null"),
    )
    op.create_table(
        "notice",
        sa.Column("id", Key, nullable=False),
        sa.Column("jurisdiction", sa.String(length=60), nullable=False),
        sa.Column("case_id", Key, nullable=False),
        sa.Column("element", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("audience", sa.String(length=12), nullable=False, comment="public, internal"),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("content", Json, nullable=False, comment="text, entries, media, how to object: as posted"),
        sa.Column("fingerprint", sa.String(length=64), nullable=False, comment="SHA-256 of the snapshot"),
        sa.Column("clauses", Json, nullable=False),
        sa.Column("posted_at", Instant(), nullable=False),
        sa.Column("posted_by", Key, nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("period", Json, nullable=False, comment="unit, length, reason zh and en, provisional"),
        sa.Column("state", sa.String(length=20), nullable=False, comment="running, closed, corrected, recalled"),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.Column("objections", sa.Integer(), nullable=False),
        sa.Column("replaces_id", Key, nullable=True),
        sa.Column("correction", Json, nullable=True, comment="what was corrected, why, of substance or not, by whom"),
        sa.ForeignKeyConstraint(["case_id"], ["case_instance.id"], name=op.f("fk_notice_case_id")),
        sa.ForeignKeyConstraint(["posted_by"], ["person.id"], name=op.f("fk_notice_posted_by")),
        sa.ForeignKeyConstraint(["replaces_id"], ["notice.id"], name=op.f("fk_notice_replaces_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index(op.f("ix_notice_case_id"), "notice", ["case_id"], unique=False)
    op.create_index(
        "ix_notice_portal",
        "notice",
        ["posted_at", "id"],
        unique=False,
        sqlite_where=sa.text("audience = 'public'"),
        postgresql_where=sa.text("audience = 'public'"),
    )
    op.create_index(
        "ix_notice_public",
        "notice",
        ["jurisdiction", "posted_at", "id"],
        unique=False,
        sqlite_where=sa.text("audience = 'public'"),
        postgresql_where=sa.text("audience = 'public'"),
    )
    op.create_index(
        "ix_notice_running",
        "notice",
        ["posted_at", "id"],
        unique=False,
        sqlite_where=sa.text("audience = 'public' and state = 'running'"),
        postgresql_where=sa.text("audience = 'public' and state = 'running'"),
    )
    op.create_table(
        "subscription",
        sa.Column("case_id", Key, nullable=False),
        sa.Column("engine_id", sa.String(length=36), nullable=False),
        sa.Column("process_id", sa.String(length=120), nullable=False),
        sa.Column("element", sa.String(length=120), nullable=False),
        sa.Column("message", sa.String(length=120), nullable=False),
        sa.Column("barrier", sa.Text(), nullable=True, comment="FEEL; caught as soon as it is true"),
        sa.ForeignKeyConstraint(["case_id"], ["case_instance.id"], name=op.f("fk_subscription_case_id")),
        sa.PrimaryKeyConstraint("case_id", "engine_id", name=op.f("pk_subscription")),
    )
    op.create_table(
        "task",
        sa.Column("id", Key, nullable=False),
        sa.Column("case_id", Key, nullable=False),
        sa.Column("engine_id", sa.String(length=36), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False, comment="counts how often this element waited in this case"),
        sa.Column("process_id", sa.String(length=120), nullable=False),
        sa.Column("element", sa.String(length=120), nullable=False),
        sa.Column("call_path", Json, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False, comment="form, confirm_date"),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False, comment="name of the organisation or of the case"),
        sa.Column("jurisdiction", sa.String(length=60), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("body_id", Key, nullable=True, comment="empty: every body with the role"),
        sa.Column("assignee_id", Key, nullable=True),
        sa.Column("form", sa.String(length=120), nullable=True),
        sa.Column("clauses", Json, nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False, comment="open, done, cancelled"),
        sa.Column("due_at", Instant(), nullable=False, comment="far future when there is none"),
        sa.Column("due_reason", Json, nullable=True, comment="zh, en, last_day, provisional"),
        sa.Column("note", Json, nullable=True, comment="who sent it back, delegated it, and why"),
        sa.Column("opened_at", Instant(), nullable=True, comment="first looked at by somebody of the role"),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("done_at", Instant(), nullable=True),
        sa.Column("done_by", Key, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["assignee_id"], ["person.id"], name=op.f("fk_task_assignee_id")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_task_body_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case_instance.id"], name=op.f("fk_task_case_id")),
        sa.ForeignKeyConstraint(["done_by"], ["person.id"], name=op.f("fk_task_done_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    op.create_index("ix_task_case", "task", ["case_id", "id"], unique=False)
    op.create_index(
        "ix_task_done",
        "task",
        ["done_by", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'done'"),
        postgresql_where=sa.text("state = 'done'"),
    )
    op.create_index(
        "ix_task_element",
        "task",
        ["jurisdiction", "process_id", "element"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "ix_task_jurisdiction",
        "task",
        ["jurisdiction", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "ix_task_mine",
        "task",
        ["assignee_id", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "ix_task_role",
        "task",
        ["jurisdiction", "role", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "ix_task_seat",
        "task",
        ["role", "body_id", "jurisdiction", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "visit",
        sa.Column("id", Key, nullable=False),
        sa.Column("case_id", Key, nullable=False),
        sa.Column("process_id", sa.String(length=120), nullable=False),
        sa.Column("element", sa.String(length=120), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_instance.id"], name=op.f("fk_visit_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
        comment="elements a case has passed, for diagrams, stages and scenarios",
    )
    op.create_index(op.f("ix_visit_case_id"), "visit", ["case_id"], unique=False)
    op.create_table(
        "work_item",
        sa.Column("id", Key, nullable=False),
        sa.Column(
            "kind",
            sa.String(length=40),
            nullable=False,
            comment="timer, message, barrier, serve, document, mail, reminder",
        ),
        sa.Column("case_id", Key, nullable=True),
        sa.Column("effect_key", sa.String(length=200), nullable=False, comment="names the effect, never the attempt"),
        sa.Column(
            "process_id", sa.String(length=120), nullable=True, comment="where on the diagram it waits, when it does"
        ),
        sa.Column("element", sa.String(length=120), nullable=True),
        sa.Column("payload", Json, nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False, comment="never passes by time alone"),
        sa.Column(
            "state", sa.String(length=12), nullable=False, comment="waiting, running, done, dead, cancelled, held"
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", Instant(), nullable=True),
        sa.Column("owner", sa.String(length=80), nullable=True),
        sa.Column("dispatched_at", Instant(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("done_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_instance.id"], name=op.f("fk_work_item_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_item")),
        sa.UniqueConstraint("effect_key", name=op.f("uq_work_item_effect_key")),
    )
    op.create_index(op.f("ix_work_item_case_id"), "work_item", ["case_id"], unique=False)
    op.create_index(
        "ix_work_item_due",
        "work_item",
        ["due_at", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "ix_work_item_element",
        "work_item",
        ["process_id", "element", "case_id"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting' and element is not null"),
        postgresql_where=sa.text("state = 'waiting' and element is not null"),
    )
    op.create_index(
        "ix_work_item_lease",
        "work_item",
        ["lease_until"],
        unique=False,
        sqlite_where=sa.text("state = 'running'"),
        postgresql_where=sa.text("state = 'running'"),
    )
    op.create_table(
        "draft",
        sa.Column("task_id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("data", Json, nullable=False),
        sa.Column("saved_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_draft_person_id")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_draft_task_id")),
        sa.PrimaryKeyConstraint("task_id", "person_id", name=op.f("pk_draft")),
    )
    op.create_table(
        "form_result",
        sa.Column("id", Key, nullable=False),
        sa.Column("case_id", Key, nullable=False),
        sa.Column("task_id", Key, nullable=True, comment="empty: the form that started the case, or an action"),
        sa.Column("element", sa.String(length=120), nullable=False),
        sa.Column("form", sa.String(length=120), nullable=False),
        sa.Column("data", Json, nullable=False),
        sa.Column("body_id", Key, nullable=True),
        sa.Column("person_id", Key, nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("taken_back_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_form_result_body_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case_instance.id"], name=op.f("fk_form_result_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_form_result_person_id")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_form_result_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_result")),
    )
    op.create_index("ix_form_result_case", "form_result", ["case_id", "id"], unique=False)
    op.create_table(
        "upload",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", Key, nullable=True),
        sa.Column("task_id", Key, nullable=True),
        sa.Column("field", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(length=100), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False, comment="name of the file in the file store"),
        sa.Column("secret", sa.String(length=20), nullable=True, comment="trade; quarantine: state secret suspected"),
        sa.Column("person_id", Key, nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("removed_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_instance.id"], name=op.f("fk_upload_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_upload_person_id")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_upload_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
    )
    op.create_index(op.f("ix_upload_case_id"), "upload", ["case_id"], unique=False)
    op.create_index(op.f("ix_upload_task_id"), "upload", ["task_id"], unique=False)
