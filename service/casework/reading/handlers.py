"""Who handles a case: who oversees its place, and the people of bodies that are party to it or have tasks of it."""

from __future__ import annotations

from datetime import datetime

from service.casework.access.actor import OVERSEEING_KINDS
from service.store import RoleHolder, Transaction
from service.store.models import CaseRow


def handlers_of(tx: Transaction, case: CaseRow, now: datetime) -> list[RoleHolder]:
    """Return them by body, whom the case is about apart; a seat of each, so that one person may be there twice."""
    bodies = sorted(bodies_handling(tx, case))
    return tx.role_holders.seated(case.jurisdiction, sorted(OVERSEEING_KINDS), bodies, now)


def bodies_handling(tx: Transaction, case: CaseRow) -> set[int]:
    """Return the bodies that are party to a case or have tasks of it, whom it is about apart."""
    bodies = {body.id for group in tx.cases.parties(case.id).values() for body in group}
    bodies |= {task.body_id for task in tx.tasks.of_case(case.id) if task.body_id is not None}
    return bodies - ({case.subject_id} if case.subject_id is not None else set())
