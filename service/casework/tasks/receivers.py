"""Who may be given a task: colleagues of the holder, and where the diagram lets it, whoever holds its role elsewhere."""

from __future__ import annotations

from datetime import datetime

from service.casework.access.case_access import get_case_concerned
from service.casework.subjects.case_subjects import subject_ids
from service.catalog import Package
from service.domain.errors import Invalid
from service.domain.text import Text
from service.store import RoleHolder, Transaction
from service.store.models import CaseRow, TaskRow


def receivers_of(tx: Transaction, package: Package, task: TaskRow, now: datetime) -> list[RoleHolder]:
    """Return who may be given ``task``: of its body, and of every body with its role where ``transfer`` lets it.

    Those of its own body come first; who holds the role for several is there once.
    """
    if task.body_id is not None and why_colleagues_alone(package, task) is not None:
        people = tx.people.people_with(task.jurisdiction, task.role, task.body_id, now)
        return [RoleHolder(person.id, person.name, task.body_id, "") for person in people]
    role_holders = tx.role_holders.of_role(task.jurisdiction, task.role, now)
    first = sorted(role_holders, key=lambda holder: holder.body_id != task.body_id)
    return list({holder.person_id: holder for holder in reversed(first)}.values())[::-1]


def why_colleagues_alone(package: Package, task: TaskRow) -> Text | None:
    """Return why ``task`` goes to colleagues of its holder alone; None where it may go to another body."""
    role = package.jurisdiction.roles.get(task.role)
    if role is not None and role.subject:
        return Text("它由申报组织本单位办理", "it is the applicant's own to do")
    if package.element(task.process_id, task.element).properties.get("transfer") == "role":
        return None
    if len(package.jurisdiction.bodies_with(task.role)) < 2:
        return Text("没有其他单位承担这一职责", "no other body has this duty")
    return Text(
        "流程规定由这个单位办理，没有写明可以改由其他单位办理", "the procedure names this body for it and no other"
    )


def format_receiver_name(holder: RoleHolder) -> str:
    """Return a receiver with the body, where that is said."""
    return f"{holder.name}（{holder.body}）" if holder.body else holder.name


def require_not_recused_receiver(tx: Transaction, case: CaseRow, person_id: int, name: str, now: datetime) -> None:
    """Raise Invalid when somebody who is to get a task of ``case`` is recused from what it is about."""
    _, _, recused, _ = tx.sessions.acting(person_id, now)
    if recused and any(subject in recused for subject in subject_ids(get_case_concerned(tx, case))):
        raise Invalid(Text(f"{name}对这个办件已经回避。", f"{name} is recused from this case."))
