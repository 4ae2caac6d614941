"""Whose consent it takes to be put on a register of experts: an account of another place is not an office's to draw from."""

from __future__ import annotations

from service.casework.access.actor import ADMINISTRATOR, Actor
from service.casework.desk.desk import Desk
from service.casework.step.post import put
from service.store import Transaction
from service.store.models import MailRow, MembershipRow

INVITED, DECLINED = "invited", "declined"
"""States of an entry that its person has not agreed to: it gives no role, and nobody draws it."""

_EVERYWHERE = "*"


def needs_consent(tx: Transaction, actor: Actor, jurisdiction: str, person_id: int) -> bool:
    """Return whether the account is one of another place too, of which ``actor`` is not the administrator as well."""
    return any(
        actor.holds(held.jurisdiction, ADMINISTRATOR) is None
        for held in tx.people.ever_held(person_id)
        if not _of_here(tx, jurisdiction, held)
    )


def ask_for_consent(desk: Desk, tx: Transaction, actor: Actor, person_id: int, city: str) -> None:
    """Tell the person, in the inbox and on every channel that reaches them, that an office asks for them."""
    now, person = desk.clock.now(), tx.people.person(person_id)
    row = MailRow(
        person_id=person_id,
        address=person.email,
        subject=f"{city}邀请您加入评审专家库 / {city} asks you to join its register of experts",
        text=(
            f"{actor.name}代表{city}邀请您加入评审专家库。同意之前不会抽取您，也不给您任何角色。请登录后在“消息”页面答复。\n"
            f"{actor.name} asks you, for {city}, to join the register of experts. Nothing holds until you agree: sign in"
            " and answer on the page of your messages.\n/inbox"
        ),
        effect_key=f"expert-invitation:{person_id}:{now.isoformat()}",
        queued_at=now,
    )
    tx.work.enqueue_many(put(desk, tx, [row], now), now)


def _of_here(tx: Transaction, jurisdiction: str, held: MembershipRow) -> bool:
    if held.jurisdiction == _EVERYWHERE:
        return tx.people.is_within(held.body_id, (jurisdiction,))
    return held.jurisdiction == jurisdiction
