"""Suspension of staff (暂停工作) while their conduct is examined: they hold no role meanwhile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from service.casework.access.actor import BUILT_IN
from service.casework.people.rights.deputies import end_invalid_deputies
from service.casework.step.step import Step
from service.domain.errors import Invalid
from service.domain.text import Text
from service.store import AuditEvent
from service.store.models import AuditRow, MembershipRow


def suspend_person(step: Step, person: int) -> list[dict[str, Any]]:
    """Take every role that a person holds in the jurisdiction of the step's case, from the next request on.

    What they had claimed goes back to their body. Administrators' and designers' roles are none of a procedure's and
    stay. Returns what was taken.
    """
    local_memberships = [
        m for m in step.tx.memberships.list_valid(person, step.now) if m.jurisdiction == step.case.jurisdiction
    ]
    suspendable = [m for m in local_memberships if m.role not in BUILT_IN]
    for row in suspendable:
        step.tx.memberships.change(row.id, until=step.now)
    if suspendable:
        end_invalid_deputies(step.desk, step.tx, person, step=step)
    roles = step.package.jurisdiction.roles
    named = "、".join(roles[row.role].name if row.role in roles else row.role for row in suspendable) or "无"
    exception_note = "；管理员、流程设计人员的角色不由办件暂停" if len(suspendable) < len(local_memberships) else ""
    step.audit(
        "suspension",
        f"暂停{step.tx.people.get(person).name}的工作（{named}{exception_note}）",
        None,
        {"person": person},
    )
    return [
        {"body": row.body_id, "role": row.role, **({"until": row.until.isoformat()} if row.until else {})}
        for row in suspendable
    ]


def reinstate_person(step: Step, person: int, seats: Sequence[Mapping[str, Any]]) -> None:
    """Give a person back the roles that this case took and nobody gave or ended since; a term ends when it would have.

    Raises:
        Invalid: one that this case did not take: new roles are given by administrators alone.
    """
    taken = _collect_suspended_roles(step, person)
    for seat in seats:
        body, role = int(seat["body"]), str(seat["role"])
        if (body, role) not in taken or role in BUILT_IN:
            raise _not_taken(step.tx.people.get(person).name, role)
        step.tx.memberships.give(
            MembershipRow(
                person_id=person,
                body_id=body,
                jurisdiction=step.case.jurisdiction,
                role=role,
                since=step.now,
                until=datetime.fromisoformat(str(seat["until"])) if seat.get("until") else None,
            )
        )
    step.audit("suspension", f"恢复{step.tx.people.get(person).name}的工作", None, {"person": person})


def _collect_suspended_roles(step: Step, person: int) -> set[tuple[int, str]]:
    """Return body and role of what ended at the instants at which the history of the case tells of a suspension."""
    events: list[AuditRow | AuditEvent] = [*step.tx.history.select(case_id=step.case.id), *step.pending.events]
    at = {event.at for event in events if event.action == "suspension" and event.data.get("person") == person}
    ended = (
        m
        for m in step.tx.memberships.select(person_id=person)
        if m.jurisdiction == step.case.jurisdiction and m.until in at
    )
    return {(m.body_id, m.role) for m in ended}


def _not_taken(name: str, role: str) -> Invalid:
    return Invalid(
        Text(
            f"不能恢复{name}的角色“{role}”：恢复工作只能交还本办件暂停时收回的角色。管理员、流程设计人员和其他新角色由管理员授予。",
            f"{name} does not get the role {role!r}: a case gives back only what it took when it suspended them."
            " Administrators give any other.",
        )
    )
