"""Whether somebody has colleagues: who is alone in an organisation has nobody to share work with."""

from __future__ import annotations

from datetime import datetime

from service.casework.access.actor import APPLICANT_KINDS, Actor
from service.store import Transaction


def bodies_alone(tx: Transaction, actor: Actor, now: datetime) -> frozenset[int]:
    """Return those organisations of ``actor`` that have nobody else; offices are not asked about."""
    outside = {seat.body_id for seat in actor.seats if seat.body_kind in APPLICANT_KINDS and not seat.lent}
    return frozenset(
        body
        for body in outside
        if body is not None and all(member.id == actor.person_id for member in tx.people.people_of(body, now))
    )
