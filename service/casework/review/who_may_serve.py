"""Who may be put on a register of experts: neither oneself, nor an administrator, nor an account that was given no role."""

from __future__ import annotations

from datetime import datetime

from service.casework.access.actor import ADMINISTRATOR, THREE_OFFICES, Actor
from service.casework.desk.desk import Desk
from service.casework.people.tell_person import tell_person
from service.casework.step.post import add_page_link
from service.domain.errors import NotAllowed
from service.domain.text import Text
from service.store import Transaction
from service.store.models import MembershipRow


def require_another_expert(actor: Actor, person_id: int) -> None:
    """Raise NotAllowed where somebody of the office would keep their own entry: a colleague must."""
    if person_id == actor.person_id:
        raise NotAllowed(
            Text(
                "本人的专家库信息不由本人办理，请由办公室其他人员办理。",
                "Nobody keeps their own entry in the register of experts: ask a colleague of the office.",
            )
        )


def require_may_serve(tx: Transaction, person_id: int, now: datetime) -> None:
    """Raise NotAllowed where an account that exists cannot be an expert's.

    So it is for administrators, and for an account that never held a role: its first one waits for a second
    administrator, or was refused, so that whoever opened the account would decide alone who it is.
    """
    if any(
        membership.role in (*THREE_OFFICES, ADMINISTRATOR) for membership in tx.memberships.list_valid(person_id, now)
    ):
        raise NotAllowed(
            Text(
                "此人现任管理员，管理员不能担任评审专家。请另选专家，或者先由管理员收回其管理员角色。",
                "That person is an administrator, who cannot be an expert: choose another, or let the office be taken"
                " from them first.",
            )
        )
    if not tx.memberships.select(person_id=person_id):
        raise NotAllowed(
            Text(
                "此账号的首个角色还没有经另一名管理员批准，不能列入专家库。请在管理员批准以后再办理。",
                "No second administrator has confirmed the first role of that account yet, so it cannot be put on the"
                " register: come back once one has.",
            )
        )


INVITED, DECLINED = "invited", "declined"
"""States of an entry that its person has not agreed to: it gives no role, and nobody draws it."""

_EVERYWHERE = "*"


def needs_consent(tx: Transaction, actor: Actor, jurisdiction: str, person_id: int) -> bool:
    """Return whether the account is one of another place too, of which ``actor`` is not the administrator as well."""
    return any(
        actor.holds(membership.jurisdiction, ADMINISTRATOR) is None
        for membership in tx.memberships.select(person_id=person_id)
        if not _is_local(tx, jurisdiction, membership)
    )


def ask_for_consent(desk: Desk, tx: Transaction, actor: Actor, person_id: int, city: str) -> None:
    """Tell the person, in the inbox and on every channel that reaches them, that an office asks for them."""
    subject = Text(f"{city}邀请您加入评审专家库", f"{city} asks you to join its register of experts")
    text = Text(
        f"{actor.name}代表{city}邀请您加入评审专家库。您同意以后才会被抽取。请登录后在“消息”页面答复。",
        f"{actor.name} asks you, for {city}, to join the register of experts. You are drawn only once you agree: sign in and"
        " answer on the page of your messages.",
    )
    tell_person(desk, tx, tx.people.get(person_id), subject, add_page_link(text, "/inbox"), "expert-invitation")


def _is_local(tx: Transaction, jurisdiction: str, membership: MembershipRow) -> bool:
    if membership.jurisdiction == _EVERYWHERE:
        return tx.bodies.is_within(membership.body_id, (jurisdiction,))
    return membership.jurisdiction == jurisdiction
