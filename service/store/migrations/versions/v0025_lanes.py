"""Lanes of due work, indexes by which a lane and a case's turn are found, the installation, and Procrastinate's tables.

Revision: 0025, after 0024.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from service.store.types import Instant

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_WAITING = sa.text("state = 'waiting'")
_TURN = sa.text("lane in ('timers', 'cases') and state in ('waiting', 'running')")
_LANES = {
    "timers": "kind in ('timer', 'reminder', 'escalation', 'digest')",
    "documents": "kind = 'document'",
    "mail": "kind in ('mail', 'webhook')",
}


def upgrade() -> None:
    """Apply; a program of before that still runs beside this one leaves what it adds in the lane of cases."""
    op.add_column(
        "work_item",
        sa.Column(
            "lane", sa.String(12), nullable=False, server_default="cases", comment="timers, cases, documents, mail"
        ),
    )
    for lane, kinds in _LANES.items():
        op.execute(f"update work_item set lane = '{lane}' where {kinds} and state not in ('done', 'cancelled')")  # noqa: S608
    op.create_index(
        "ix_work_item_lane", "work_item", ["lane", "due_at", "id"], sqlite_where=_WAITING, postgresql_where=_WAITING
    )
    op.create_index(
        "ix_work_item_turn", "work_item", ["case_id", "due_at", "id"], sqlite_where=_TURN, postgresql_where=_TURN
    )
    op.create_table(
        "installation",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=True),
        sa.Column("files", sa.String(64), nullable=False, comment="the mark that the store of files bears"),
        sa.Column(
            "keys", sa.String(64), nullable=False, comment="the fingerprint of a secret in the folder of ballot keys"
        ),
        sa.Column("made_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_installation"),
    )
    if op.get_bind().dialect.name == "postgresql":
        _install_procrastinate()


def _install_procrastinate() -> None:
    """Install what the pinned version of the library ships; a later version brings a migration of its own."""
    from procrastinate.schema import SchemaManager

    driver: Any = op.get_bind().connection.driver_connection
    driver.execute(SchemaManager.get_schema())


_REMOVE = """
do $$
declare found record;
begin
  drop table if exists procrastinate_events, procrastinate_periodic_defers, procrastinate_jobs, procrastinate_workers cascade;
  for found in select oid::regprocedure as name from pg_proc
    where proname like 'procrastinate\\_%' and pronamespace = current_schema()::regnamespace
  loop
    execute 'drop function ' || found.name || ' cascade';
  end loop;
  drop type if exists procrastinate_job_to_defer_v1, procrastinate_job_event_type, procrastinate_job_status cascade;
end $$
"""


def downgrade() -> None:
    """Undo."""
    if op.get_bind().dialect.name == "postgresql":
        driver: Any = op.get_bind().connection.driver_connection
        driver.execute(_REMOVE)
    op.drop_table("installation")
    op.drop_index("ix_work_item_turn", "work_item")
    op.drop_index("ix_work_item_lane", "work_item")
    op.drop_column("work_item", "lane")
