"""Where the cases stand that a search found: the step at which they wait, and the round they belong to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from service.casework.desk.desk import Desk
from service.casework.queries.cases.waiting_steps import waiting_steps
from service.domain.text import Text
from service.store import Transaction


@dataclass(frozen=True, slots=True)
class FoundStanding:
    """Where a case stands: the ``steps`` at which it waits, and the name of the round or case ``above``, "" without one."""

    case_id: int
    steps: tuple[Text, ...]
    above: str


def standing_of(desk: Desk, tx: Transaction, case_ids: Iterable[int]) -> tuple[FoundStanding, ...]:
    """Return where each of the cases stands, with as many statements for many of them as for one."""
    ids = set(case_ids)
    rows = tx.erasures.cases(ids) if ids else {}
    above = tx.cases.titles(sorted({row.parent_id for row in rows.values() if row.parent_id is not None}))
    steps = waiting_steps(desk, tx, rows)
    return tuple(
        FoundStanding(ident, steps.get(ident, ()), above.get(row.parent_id or 0, ""))
        for ident, row in sorted(rows.items())
    )
