"""The register: what people submitted, what was found, posted, issued and awarded."""

import sqlalchemy as sa

from service.store.tables.base import metadata, partial_index
from service.store.types import Instant, Json, Key

form_result = sa.Table(
    "form_result",
    metadata,
    sa.Column("id", Key, primary_key=True),
    sa.Column("case_id", sa.ForeignKey("case_instance.id"), nullable=False),
    sa.Column("task_id", sa.ForeignKey("task.id"), comment="empty: the form that started the case, or an action"),
    sa.Column("element", sa.String(120), nullable=False),
    sa.Column("form", sa.String(120), nullable=False),
    sa.Column("data", Json, nullable=False),
    sa.Column("body_id", sa.ForeignKey("body.id")),
    sa.Column("person_id", sa.ForeignKey("person.id")),
    sa.Column("at", Instant, nullable=False),
    sa.Column("taken_back_at", Instant),
    sa.Index("ix_form_result_case", "case_id", "id"),
    sa.Index("ix_form_result_task", "task_id"),
)

draft = sa.Table(
    "draft",
    metadata,
    sa.Column("task_id", sa.ForeignKey("task.id"), primary_key=True),
    sa.Column("person_id", sa.ForeignKey("person.id"), primary_key=True),
    sa.Column("data", Json, nullable=False),
    sa.Column("saved_at", Instant, nullable=False),
)

upload = sa.Table(
    "upload",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("case_id", sa.ForeignKey("case_instance.id"), index=True),
    sa.Column("task_id", sa.ForeignKey("task.id"), index=True),
    sa.Column("field", sa.String(200), nullable=False),
    sa.Column("name", sa.String(300), nullable=False),
    sa.Column("kind", sa.String(100), nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False, comment="name of the file in the file store"),
    sa.Column("secret", sa.String(20), comment="trade; quarantine: state secret suspected"),
    sa.Column("person_id", sa.ForeignKey("person.id")),
    sa.Column("at", Instant, nullable=False),
    sa.Column("removed_at", Instant),
)

finding = sa.Table(
    "finding",
    metadata,
    sa.Column("id", Key, primary_key=True),
    sa.Column("case_id", sa.ForeignKey("case_instance.id"), nullable=False, index=True),
    sa.Column("table", sa.String(120), nullable=False),
    sa.Column("ground", sa.String(120), nullable=False),
    sa.Column("result", sa.String(12), nullable=False, comment="met, not_met, unknown"),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("clauses", Json, nullable=False, default=list),
    sa.Column("decided_by", sa.String(20), nullable=False, comment="machine, attested, department"),
    sa.Column("supplied_by", sa.String(60), nullable=False),
    sa.Column(
        "details",
        Json,
        nullable=False,
        default=dict,
        comment="unknown facts, evidence, person and reason of an attestation",
    ),
    sa.Column("at", Instant, nullable=False),
    sa.Column("current", sa.Boolean, nullable=False, default=True),
)

notice = sa.Table(
    "notice",
    metadata,
    sa.Column("id", Key, primary_key=True),
    sa.Column("jurisdiction", sa.String(60), nullable=False),
    sa.Column("case_id", sa.ForeignKey("case_instance.id"), nullable=False, index=True),
    sa.Column("element", sa.String(120), nullable=False),
    sa.Column("kind", sa.String(60), nullable=False),
    sa.Column("audience", sa.String(12), nullable=False, default="public", comment="public, internal"),
    sa.Column("title", sa.String(300), nullable=False),
    sa.Column("content", Json, nullable=False, comment="text, entries, media, how to object: as posted"),
    sa.Column("fingerprint", sa.String(64), nullable=False, comment="SHA-256 of the snapshot"),
    sa.Column("clauses", Json, nullable=False, default=list),
    sa.Column("posted_at", Instant, nullable=False),
    sa.Column("posted_by", sa.ForeignKey("person.id")),
    sa.Column("first_day", sa.Date, nullable=False),
    sa.Column("last_day", sa.Date, nullable=False),
    sa.Column("ends_at", Instant, nullable=False),
    sa.Column("period", Json, nullable=False, comment="unit, length, reason zh and en, provisional"),
    sa.Column(
        "state", sa.String(20), nullable=False, default="running", comment="running, closed, corrected, recalled"
    ),
    sa.Column("closed_at", Instant),
    sa.Column("objections", sa.Integer, nullable=False, default=0),
    sa.Column("replaces_id", sa.ForeignKey("notice.id")),
    sa.Column("correction", Json, comment="what was corrected, why, of substance or not, by whom"),
    partial_index("ix_notice_public", "jurisdiction", "posted_at", "id", where="audience = 'public'"),
    partial_index("ix_notice_portal", "posted_at", "id", where="audience = 'public'"),
    partial_index("ix_notice_running", "posted_at", "id", where="audience = 'public' and state = 'running'"),
)

document = sa.Table(
    "document",
    metadata,
    sa.Column("id", Key, primary_key=True),
    sa.Column("jurisdiction", sa.String(60), nullable=False),
    sa.Column("case_id", sa.ForeignKey("case_instance.id"), nullable=False, index=True),
    sa.Column("template", sa.String(120), nullable=False),
    sa.Column("title", sa.String(300), nullable=False),
    sa.Column("number", sa.String(120)),
    sa.Column("content", Json, nullable=False, comment="the filled text, frozen when issued"),
    sa.Column("clauses", Json, nullable=False, default=list),
    sa.Column("recipients", Json, nullable=False, default=list, comment="roles of the case"),
    sa.Column("issued_at", Instant, nullable=False),
    sa.Column("issued_by", sa.ForeignKey("person.id")),
    sa.Column("sha256", sa.String(64), comment="of the .docx in the file store; empty until produced"),
    sa.Column("size", sa.BigInteger),
    sa.Column("produced_at", Instant),
    sa.Column("pdf_sha256", sa.String(64), comment="of the PDF; empty until printed"),
    sa.Column("pdf_size", sa.BigInteger),
    sa.UniqueConstraint("jurisdiction", "number"),
)

award_record = sa.Table(
    "award_record",
    metadata,
    sa.Column("id", Key, primary_key=True),
    sa.Column("jurisdiction", sa.String(60), nullable=False),
    sa.Column("award", sa.String(60), nullable=False),
    sa.Column("tier", sa.String(60), nullable=False),
    sa.Column("body_id", sa.ForeignKey("body.id"), nullable=False, index=True),
    sa.Column("round", sa.String(120), nullable=False),
    sa.Column("decided_on", sa.Date, nullable=False),
    sa.Column("number", sa.String(120)),
    sa.Column("details", Json, nullable=False, default=dict),
    sa.Column("revoked_on", sa.Date),
    sa.Index("ix_award_record_list", "jurisdiction", "decided_on", "id"),
    sa.Index("ix_award_record_portal", "decided_on", "id"),
)

award_holder = sa.Table(
    "award_holder",
    metadata,
    sa.Column("award_id", sa.ForeignKey("award_record.id"), primary_key=True),
    sa.Column("body_id", sa.ForeignKey("body.id"), primary_key=True, index=True),
    sa.Column("kind", sa.String(20), nullable=False, comment="partner, former"),
    sa.Column("until", sa.Date, comment="last day on which a former holder held it"),
    comment="organisations besides the one of award_record that hold an award, or held it",
)

sanction = sa.Table(
    "sanction",
    metadata,
    sa.Column("id", Key, primary_key=True),
    sa.Column("jurisdiction", sa.String(60), nullable=False),
    sa.Column("body_id", sa.ForeignKey("body.id"), nullable=False, index=True),
    sa.Column("ground", sa.String(60), nullable=False),
    sa.Column("effect", sa.String(60), nullable=False, comment="ban, revocation, …"),
    sa.Column("decided_on", sa.Date, nullable=False),
    sa.Column("from_day", sa.Date, nullable=False),
    sa.Column("last_day", sa.Date),
    sa.Column("clauses", Json, nullable=False, default=list),
    sa.Column("details", Json, nullable=False, default=dict),
    sa.Index("ix_sanction_list", "jurisdiction", "decided_on", "id"),
)
