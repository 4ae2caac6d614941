"""Bodies, people, who belongs where, and their sessions."""

import sqlalchemy as sa

from service.store.tables.base import metadata
from service.store.types import Instant, Json, Key

body = sa.Table(
    "body",
    metadata,
    sa.Column("id", Key, primary_key=True),
    sa.Column("jurisdiction", sa.String(60), nullable=False, comment="* for organisations, which belong to none"),
    sa.Column(
        "key",
        sa.String(80),
        nullable=False,
        comment="id in jurisdiction.yaml; unified social credit code of an organisation",
    ),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("name_en", sa.String(300)),
    sa.Column("details", Json, nullable=False, default=dict, comment="address, area, telephone, former names …"),
    sa.Column("active", sa.Boolean, nullable=False, default=True),
    sa.UniqueConstraint("jurisdiction", "key"),
)

body_role = sa.Table(
    "body_role",
    metadata,
    sa.Column("jurisdiction", sa.String(60), primary_key=True),
    sa.Column("role", sa.String(60), primary_key=True),
    sa.Column("body_id", sa.ForeignKey("body.id"), primary_key=True, index=True),
    comment="roles that jurisdiction.yaml gives to a body",
)

person = sa.Table(
    "person",
    metadata,
    sa.Column("id", Key, primary_key=True),
    sa.Column("login", sa.String(80), nullable=False, unique=True),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("password", sa.String(200), comment="argon2 hash; empty: cannot sign in"),
    sa.Column("email", sa.String(200)),
    sa.Column("telephone", sa.String(40)),
    sa.Column("language", sa.String(2), nullable=False, default="zh"),
    sa.Column("active", sa.Boolean, nullable=False, default=True),
    sa.Column("created_at", Instant, nullable=False),
)

membership = sa.Table(
    "membership",
    metadata,
    sa.Column("id", Key, primary_key=True),
    sa.Column("person_id", sa.ForeignKey("person.id"), nullable=False),
    sa.Column("body_id", sa.ForeignKey("body.id"), nullable=False),
    sa.Column("jurisdiction", sa.String(60), nullable=False, comment="* where it holds everywhere"),
    sa.Column("role", sa.String(60), nullable=False),
    sa.Column("since", Instant, nullable=False),
    sa.Column("until", Instant),
    sa.UniqueConstraint("person_id", "body_id", "jurisdiction", "role"),
    sa.Index("ix_membership_body", "body_id"),
    sa.Index("ix_membership_role", "role", "body_id", "jurisdiction"),
)

session = sa.Table(
    "session",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True, comment="hash of the cookie's token"),
    sa.Column("person_id", sa.ForeignKey("person.id"), index=True),
    sa.Column("csrf", sa.String(64), nullable=False),
    sa.Column(
        "details", Json, nullable=False, default=dict, comment="chosen membership, language, messages to show once"
    ),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("seen_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False, index=True),
)
