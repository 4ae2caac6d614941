"""Apply an amendment to running cases: many in one request, each in a transaction of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.amendments.move_case import move_case
from service.casework.amendments.move_plan import MovePlan
from service.casework.desk.desk import Desk
from service.domain.errors import Invalid, LaurelError, NotFound
from service.domain.text import Text


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of one case: ``done``, or ``refusal`` says why it stays."""

    case_id: int
    done: MovePlan | None
    refusal: Text | None


@guarded("amendment.apply")
def apply_amendment(
    desk: Desk, actor: Actor, package_key: str, case_ids: Sequence[int], version: str, reason: str
) -> tuple[Applied, ...]:
    """Move ``case_ids`` to ``version``, the current one of the package, each in a transaction of its own.

    Parent cases come before child cases. A case that cannot move stays as it was and does not delay the others.
    Raises Invalid without cases or reason.
    """
    if not case_ids:
        raise Invalid(Text("请至少选择一件办件。", "Choose at least one case."))
    if not reason.strip():
        raise Invalid(Text("请写明理由，会记入每个办件的记录。", "Say why; the reason goes on record in every case."))
    return tuple(_one(desk, actor, package_key, ident, version, reason) for ident in sorted(set(case_ids)))


def _one(desk: Desk, actor: Actor, package_key: str, case_id: int, version: str, reason: str) -> Applied:
    try:
        with desk.store.read() as tx:
            case = tx.cases.get(case_id)
        if f"{case.jurisdiction}/{case.award}" != package_key:
            raise NotFound(Text("这个办件不属于该奖项。", "This case does not belong to that award."))
        return Applied(case_id, move_case(desk, actor, case_id, version, reason), None)
    except LaurelError as refusal:
        return Applied(case_id, None, refusal.message)
