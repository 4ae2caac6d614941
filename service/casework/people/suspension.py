"""Suspension of staff (暂停工作) while their conduct is examined: they hold no role meanwhile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from service.casework.people.end_deputies import end_where_left
from service.casework.step.step import Step
from service.store.rows import MembershipRow


def suspend_person(step: Step, person: int) -> list[dict[str, Any]]:
    """Take every role that a person holds in the jurisdiction of the step's case, from the next request on.

    What they had claimed stays theirs on record; other holders of the role do it. Returns what was taken.
    """
    held = [m for m in step.tx.people.memberships(person, step.now) if m.jurisdiction == step.case.jurisdiction]
    for row in held:
        step.tx.people.end_membership(row.id, step.now)
    if held:
        end_where_left(step.desk, step.tx, person)
    roles = step.package.jurisdiction.roles
    named = "、".join(roles[row.role].name if row.role in roles else row.role for row in held) or "无"
    step.audit("suspension", f"暂停{step.tx.people.person(person).name}的工作（{named}）", None, {"person": person})
    return [{"body": row.body_id, "role": row.role} for row in held]


def reinstate_person(step: Step, person: int, seats: Sequence[Mapping[str, Any]]) -> None:
    """Give a person back the roles that were taken."""
    for seat in seats:
        step.tx.people.add_membership(
            MembershipRow(
                person_id=person,
                body_id=int(seat["body"]),
                jurisdiction=step.case.jurisdiction,
                role=str(seat["role"]),
                since=step.now,
            )
        )
    step.audit("suspension", f"恢复{step.tx.people.person(person).name}的工作", None, {"person": person})
