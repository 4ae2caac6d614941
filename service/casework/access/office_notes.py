"""Who reads and writes what offices note beside a case: never its applicants, reviewers or the public; how long it may be."""

from __future__ import annotations

from service.casework.access.actor import DESIGNER, OVERSEEING_KINDS, Actor
from service.casework.access.case_access import demand_case, is_recused, may_view_case
from service.casework.subjects.case_subjects import subject_ids
from service.domain.errors import Invalid, NotAllowed
from service.domain.text import Text
from service.store import Transaction
from service.store.models import CaseRow

INSIDE = OVERSEEING_KINDS | {"authority", "department"}
"""Kinds of bodies whose people handle cases."""


MOST = 2000
"""Most characters of a note."""


def demand_length(said: str) -> None:
    """Raise Invalid for a note of more than `MOST` characters."""
    if len(said) > MOST:
        raise Invalid(
            Text(
                f"内容有{len(said)}个字，最多{MOST}个字，请缩短。",
                f"{len(said)} characters: at most {MOST}, make it shorter.",
            )
        )


def works_inside(actor: Actor, case: CaseRow) -> bool:
    """Return whether ``actor`` sits in a body that handles cases there, and in none that the case is about."""
    if is_recused(actor, case) or actor.body_ids & set(subject_ids(case)):
        return False
    return any(
        seat.serves(case.jurisdiction) and seat.role != DESIGNER and seat.body_kind in INSIDE for seat in actor.seats
    )


def may_read_notes(actor: Actor, case: CaseRow, tx: Transaction) -> bool:
    """Return whether ``actor`` may read and write notes of ``case``."""
    return works_inside(actor, case) and may_view_case(actor, case, tx)


def demand_notes(actor: Actor, case: CaseRow, tx: Transaction) -> None:
    """Raise NotAllowed unless ``actor`` may read and write notes of ``case``."""
    demand_case(actor, case, tx)
    if not works_inside(actor, case):
        raise NotAllowed(
            Text(
                "批注只供办理单位内部使用，您目前的角色不能查看或书写。",
                "Notes are for the bodies that handle the case; your present role may not read or write them.",
            )
        )
