"""The tables of the first release, where every installation begins.

Revision: 0001, the first. An empty database gets today's tables at once (`service.store.migrations.upgrade`), so nothing
is run here; later revisions change what an installation has.
"""

from __future__ import annotations

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing comes before it."""


def downgrade() -> None:
    """Nothing comes before it."""
