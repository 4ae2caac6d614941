"""What an organisation is told beside its own case: whom it asks, and where it applies anew."""

from __future__ import annotations

from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.desk.desk import Desk
from service.casework.queries.cases.start_options import StartOption, option_now
from service.casework.reading.contacts import Contact, contacts_of
from service.casework.reading.published import Published
from service.catalog import Package
from service.catalog.applications import is_application
from service.store import Transaction
from service.store.models import CaseRow


@dataclass(frozen=True, slots=True)
class OwnApplication:
    """``contact`` is whom to ask, as the city has set it; ``again`` where another case of this kind can begin instead of an ended one."""

    contact: Contact | None
    again: StartOption | None


def own_application(desk: Desk, tx: Transaction, actor: Actor, case: CaseRow, package: Package) -> OwnApplication:
    """Return what the organisation that ``case`` is about reads beside it."""
    contact = contacts_of(desk, tx, Published((package,)), None).get(case.jurisdiction)
    return OwnApplication(contact, _again(desk, tx, actor, case))


def _again(desk: Desk, tx: Transaction, actor: Actor, case: CaseRow) -> StartOption | None:
    if case.status != "ended" or case.parent_id is None:
        return None
    parent = tx.cases.get(case.parent_id)
    if parent.status != "running":
        return None
    package = desk.packages.get(parent.definition, tx)
    info = package.award.processes.get(case.process)
    if info is None or not is_application(package, info):
        return None
    return option_now(desk, tx, actor, package, info, parent)
