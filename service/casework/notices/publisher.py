"""The publisher of a notice: the body that signs, corrects and recalls it."""

from __future__ import annotations

from typing import Any

from service.casework.access.actor import APPLICANT_KINDS, BUILT_IN, Actor, Seat
from service.casework.access.guards import GUARDS
from service.domain.errors import NotAllowed
from service.domain.text import Text
from service.store.models import NoticeRow

SPEAKING_KINDS = frozenset({"authority"}) | APPLICANT_KINDS
"""Kinds of bodies that post notices in their own name; everything else is posted by the office."""

BY_ITS_PUBLISHER = Text(
    "公示由发布单位或者办公室更正、收回。",
    "A notice is corrected or recalled by the body that posted it, or by the office.",
)


def signed_by(actor: Actor, jurisdiction: str) -> dict[str, Any]:
    """Return the issuer named on a notice that ``actor`` has posted; nothing when the office posts it."""
    own = (s for s in actor.seats if s.serves(jurisdiction) and s.role not in BUILT_IN)
    seat = next((s for s in own if s.body_kind in SPEAKING_KINDS), None)
    return {} if seat is None else {"issuer": seat.body_name, "issuer_body": seat.body_id}


def publishes(actor: Actor, row: NoticeRow) -> bool:
    """Return whether ``actor`` may correct or recall the notice: its own body's, any as the office or administrator."""
    issuer = (row.content or {}).get("issuer_body")
    return GUARDS["notice.correct"].admits(actor) and any(_may(seat, issuer) for seat in _serving(actor, row))


def _may(seat: Seat, issuer: object) -> bool:
    own = seat.in_office or (seat.role not in BUILT_IN and seat.body_id == issuer)
    return own or seat.administers


def demand_publisher(actor: Actor, row: NoticeRow) -> None:
    """Raise NotAllowed unless ``actor`` may act for the body that posted the notice."""
    if not publishes(actor, row):
        raise NotAllowed(BY_ITS_PUBLISHER)


def _serving(actor: Actor, row: NoticeRow) -> tuple[Seat, ...]:
    return tuple(s for s in actor.seats if s.serves(row.jurisdiction))
