"""Whether somebody may act at all where a request leads: asked before it is said what is wrong with its fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import GUARDS, guarded
from service.casework.desk.desk import Desk
from service.casework.people.rights.first_people import jurisdiction_of
from service.store import Transaction

_Of = Callable[[Transaction, Any], str]

_JURISDICTION: Mapping[str, _Of] = {
    "jurisdiction": lambda _tx, name: str(name),
    "case_id": lambda tx, ident: tx.cases.get(ident).jurisdiction,
    "task_id": lambda tx, ident: tx.tasks.get(ident).jurisdiction,
    "notice_id": lambda tx, ident: tx.notices.get(ident).jurisdiction,
    "expert_id": lambda tx, ident: tx.experts.get(ident).jurisdiction,
    "package": lambda _tx, key: str(key).partition("/")[0],
    "draft": lambda tx, ident: jurisdiction_of(tx.package_drafts.brief(ident)),
}


@guarded("portal.view")
def require_place(desk: Desk, actor: Actor, action: str, place: Mapping[str, Any]) -> None:
    """Raise NotAllowed unless ``actor`` passes the guard of ``action`` where ``place`` leads; NotFound where nowhere.

    ``place`` are the values of an address by their names; those that lead to no jurisdiction are not looked at.
    """
    guard = GUARDS[action]
    for name in _JURISDICTION.keys() & place.keys():
        with desk.store.read() as tx:
            jurisdiction = _JURISDICTION[name](tx, place[name])
        if not guard.admits(Actor(None, "")):
            guard.demand(actor, jurisdiction)
