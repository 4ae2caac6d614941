"""Who may be put on a register of experts: neither oneself, nor an administrator, nor an account that was given no role."""

from __future__ import annotations

from datetime import datetime

from service.casework.access.actor import ADMINISTRATOR, THREE_OFFICES, Actor
from service.domain.errors import NotAllowed
from service.domain.text import Text
from service.store import Transaction


def demand_another_expert(actor: Actor, person_id: int) -> None:
    """Raise NotAllowed where somebody of the office would keep their own entry: a colleague must."""
    if person_id == actor.person_id:
        raise NotAllowed(
            Text(
                "本人的专家库信息不由本人办理，请由办公室其他人员办理。",
                "Nobody keeps their own entry in the register of experts: ask a colleague of the office.",
            )
        )


def demand_may_serve(tx: Transaction, person_id: int, now: datetime) -> None:
    """Raise NotAllowed where an account that exists cannot be an expert's.

    So it is for administrators, and for an account that never held a role: its first one waits for a second
    administrator, or was refused, so that whoever opened the account would decide alone who it is.
    """
    if any(held.role in (*THREE_OFFICES, ADMINISTRATOR) for held in tx.people.memberships(person_id, now)):
        raise NotAllowed(
            Text(
                "此人现任管理员，管理员不能担任评审专家。请另选专家，或者先由管理员收回其管理员角色。",
                "That person is an administrator, who cannot be an expert: choose another, or let the office be taken"
                " from them first.",
            )
        )
    if not tx.people.ever_held(person_id):
        raise NotAllowed(
            Text(
                "此账号的首个角色还没有经另一名管理员批准，不能列入专家库。请在管理员批准以后再办理。",
                "No second administrator has confirmed the first role of that account yet, so it cannot be put on the"
                " register: come back once one has.",
            )
        )
