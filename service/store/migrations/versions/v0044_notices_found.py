"""Notices found by their title and by the names of their list.

Revision: 0044, after 0043.
"""

from __future__ import annotations

import orjson
import sqlalchemy as sa
from alembic import op

from service.store.notice_words import listed_words
from service.store.searching import begin_searching, end_searching

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply; what was posted before is found from then on, too."""
    op.add_column("notice", sa.Column("listed", sa.Text, nullable=True, comment="names of its list, to find it by"))
    _list_all(op.get_bind())
    begin_searching(op.get_bind(), subjects=("notice",))


def _list_all(connection: sa.Connection) -> None:
    of_some = sa.text("SELECT id, content FROM notice WHERE id > :last ORDER BY id LIMIT 500")
    last = 0
    while rows := connection.execute(of_some, {"last": last}).all():
        last = rows[-1].id
        told = [{"row": row.id, "listed": listed_words(_content(row.content))} for row in rows]
        connection.execute(sa.text("UPDATE notice SET listed = :listed WHERE id = :row"), told)


def _content(stored: object) -> dict[str, object]:
    found = orjson.loads(stored) if isinstance(stored, (str, bytes)) else stored
    return found if isinstance(found, dict) else {}


def downgrade() -> None:
    """Undo."""
    end_searching(op.get_bind(), ("notice",))
    op.execute("DELETE FROM search_gram WHERE subject = 'notice'")
    op.drop_column("notice", "listed")
