"""A case started by another case's diagram: a supervision per winner, an objection's investigation."""

from __future__ import annotations

from service.casework.access.actor import SYSTEM
from service.casework.cases.begin import insert_case, run_from_start
from service.casework.cases.join_begun import join_begun
from service.casework.cases.partners import take_over
from service.casework.desk.desk import Desk
from service.casework.subjects.case_subjects import PARTNERS
from service.store.models import WorkItemRow


def start_child(desk: Desk, item: WorkItemRow) -> None:
    """Start the case that the item names below the item's case, in the commit that finishes the item.

    Where the item says so and one was begun alike, that one takes its facts while nobody has handled it, or goes first.
    """
    assert item.case_id is not None
    with desk.store.write() as tx:
        parent = tx.cases.lock(item.case_id)
        if join_begun(desk, tx, parent, item):
            return
        package = desk.packages.get(parent.definition, tx)
        info = package.process(str(item.payload["process"]))
        step = insert_case(desk, tx, package, info, parent, item.payload.get("subject"), SYSTEM)
        facts = dict(item.payload.get("facts") or {})
        partners = facts.pop(PARTNERS, None)
        step.set_facts(facts)
        if partners is not None:
            take_over(step, partners)
        run_from_start(step, info, {})
        tx.work.finish(item, desk.clock.now())
