"""Receipts of what anybody may lodge without an account, and how often somebody tried."""

import sqlalchemy as sa

from service.store.tables.base import metadata
from service.store.types import Instant, Key

receipt = sa.Table(
    "receipt",
    metadata,
    sa.Column("case_id", sa.ForeignKey("case_instance.id"), primary_key=True),
    sa.Column("number", sa.String(120), nullable=False),
    sa.Column("code_hash", sa.String(64), nullable=False, unique=True, comment="SHA-256 of the code on the receipt"),
    sa.Column("notice_id", sa.ForeignKey("notice.id"), comment="the notice that was objected to"),
    sa.Column("issued_at", Instant, nullable=False),
    comment="what an objector without account holds in hand; the code itself is never stored",
)

attempt = sa.Table(
    "attempt",
    metadata,
    sa.Column("id", Key, primary_key=True),
    sa.Column("kind", sa.String(20), nullable=False, comment="lodge, upload, track"),
    sa.Column("origin", sa.String(64), nullable=False, comment="keyed hash of the address it came from"),
    sa.Column("at", Instant, nullable=False),
    sa.Index("ix_attempt_origin", "origin", "kind", "at"),
    comment="limits what one address may do without an account; rows older than two days mean nothing",
)
