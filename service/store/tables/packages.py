"""Published versions of process packages."""

import sqlalchemy as sa

from service.store.tables.base import metadata, partial_index
from service.store.types import Instant

definition = sa.Table(
    "definition",
    metadata,
    sa.Column("version", sa.String(64), primary_key=True, comment="hash of the closure"),
    sa.Column("package", sa.String(120), nullable=False, comment="jurisdiction/award"),
    sa.Column("base", sa.String(64), comment="the version that was current when this one was made"),
    sa.Column("content", sa.LargeBinary, nullable=False, comment="compressed files of the closure"),
    sa.Column("current", sa.Boolean, nullable=False, default=False),
    sa.Column("published_at", Instant, nullable=False),
    sa.Column("published_by", sa.String(200), nullable=False),
    partial_index("ix_definition_current", "package", where="current", unique=True),
    sa.Index("ix_definition_package", "package", "published_at"),
)
