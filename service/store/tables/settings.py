"""What cities chose where their regulation leaves a choice."""

import sqlalchemy as sa

from service.store.tables.base import metadata
from service.store.types import Instant, Json, Key

setting = sa.Table(
    "setting",
    metadata,
    sa.Column("id", Key, primary_key=True),
    sa.Column("package", sa.String(120), nullable=False, comment="jurisdiction/award"),
    sa.Column("seq", sa.Integer, nullable=False, comment="counts the changes of a package"),
    sa.Column("parameter", sa.String(120), nullable=False),
    sa.Column("since", sa.Date, nullable=False, comment="first day on which the value holds"),
    sa.Column("value", Json, nullable=False, comment="{value: …}, so that null is a value too"),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("actor", sa.String(200), nullable=False),
    sa.Column("person_id", sa.Integer),
    sa.Column("previous", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.UniqueConstraint("package", "seq"),
    comment="append-only and chained; the newest change of a day holds for that day",
)
