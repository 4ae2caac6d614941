"""Read what people work on before they ask: the first page after a start is then as quick as any other."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from threading import Timer

from service.casework.desk.desk import Desk
from service.casework.studio.drafts.check_draft import known_problems
from service.casework.studio.drafts.draft_tree import offered_by, tree_of
from service.domain.errors import LaurelError

MOST = 3
"""So many drafts are read, those changed last; the others wait until somebody opens them."""
FIRST_VISITORS = 3.0
"""Seconds after the start that belong to whoever waited for it; checking drafts takes half of the processor."""
_LOG = logging.getLogger(__name__)


def read_ahead(desk: Desk) -> tuple[int, ...]:
    """Read the published packages and the drafts changed last; returns the drafts that could be read."""
    with desk.store.read() as tx:
        desk.packages.all_current(tx)
        drafts = [row.id for row in tx.package_drafts.alive()[:MOST]]
    return tuple(draft for draft in drafts if _read(desk, draft, check=False))


def check_ahead(desk: Desk, drafts: Iterable[int], after: float = FIRST_VISITORS) -> None:
    """Check drafts in a thread that begins so many seconds from now: the next check only looks at what changed."""
    checking = Timer(after, _check, (desk, drafts))
    checking.name, checking.daemon = "check-ahead", True
    checking.start()


def _check(desk: Desk, drafts: Iterable[int]) -> None:
    for draft in drafts:
        _read(desk, draft, check=True)


def _read(desk: Desk, draft: int, *, check: bool) -> bool:
    try:
        with desk.store.read() as tx:
            tree = tree_of(desk, tx, draft)
        offered_by(tree)
        if check:
            known_problems(desk, draft, tree)
    except LaurelError as error:  # whoever opens it is told
        _LOG.info("draft %s was not read at the start: %s", draft, error.message.en)
        return False
    return True
