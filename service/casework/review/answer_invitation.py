"""The invitations to registers of experts of other places: a person lists their own, and agrees or declines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.review.consent import DECLINED, INVITED
from service.casework.review.expert_register import give_role, note_change
from service.casework.review.who_may_serve import demand_may_serve
from service.domain.calendar import local_date
from service.domain.errors import Conflict, NotFound
from service.domain.text import Text
from service.store import Transaction


@dataclass(frozen=True, slots=True)
class Invitation:
    """An entry that waits for its person: of which place, and with what the office wrote."""

    expert_id: int
    jurisdiction: str
    city: str
    employer: str
    sectors: tuple[str, ...]
    asked_at: datetime


@guarded("experts.consent")
def list_invitations(desk: Desk, actor: Actor) -> list[Invitation]:
    """Return the invitations that wait for the actor's answer, oldest first."""
    with desk.store.read() as tx:
        return waiting_invitations(desk, tx, actor)


def waiting_invitations(desk: Desk, tx: Transaction, actor: Actor) -> list[Invitation]:
    """Return the invitations that wait for the actor's answer, oldest first; one SQL statement where there is none."""
    rows = [r for r in tx.experts.entries_of(actor.person_id or 0) if r.status == INVITED]
    names = {p.jurisdiction.id: p.jurisdiction.name for p in desk.packages.all_current(tx)} if rows else {}
    return [
        Invitation(r.id, r.jurisdiction, names.get(r.jurisdiction, r.jurisdiction), r.employer, tuple(r.sectors), r.created_at)
        for r in rows
    ]  # fmt: skip


@guarded("experts.consent")
def answer_invitation(desk: Desk, actor: Actor, expert_id: int, *, accept: bool) -> None:
    """Agree, which gives the role of an expert, or decline; either stays in the history of the entry.

    Raises:
        NotFound: no invitation of the actor's.
        NotAllowed: who agrees became an administrator meanwhile.
        Conflict: it is answered already.
    """
    with desk.store.write() as tx:
        row = tx.experts.get(expert_id)
        if row.person_id != actor.person_id:
            raise NotFound(Text("没有给您的这份邀请。", "There is no such invitation for you."))
        if row.status != INVITED:
            raise Conflict(Text("这份邀请已经答复。", "This invitation is answered already."))
        now = desk.clock.now()
        tx.experts.update(
            expert_id,
            row.version,
            status="active" if accept else DECLINED,
            status_reason="" if accept else "本人谢绝",
            status_on=local_date(now),
            changed_at=now,
        )
        if accept:
            demand_may_serve(tx, row.person_id, now)
            give_role(desk, tx, row.jurisdiction, row.person_id)
        words = ("agreed", "本人同意入库") if accept else (DECLINED, "本人谢绝入库")
        note_change(desk, tx, actor, expert_id, *words, {})
