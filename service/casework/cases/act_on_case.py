"""Actions on a case outside its tasks: withdrawal, and others that a package declares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.casework.access.actor import Actor, Seat
from service.casework.access.case_access import NotPossibleNow, require_case, require_running
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.step.decide import Undecided, decide_condition, reporting_undecided
from service.casework.step.save import save_step
from service.casework.step.settle import settle_instance
from service.casework.step.step import Step, open_step
from service.casework.step.submission import checked, record, require_blank, select_routed_values
from service.catalog import Action
from service.domain.errors import NotAllowed, NotFound
from service.domain.text import Text
from service.domain.values.bounds import Submission


@guarded("case.act")
def act_on_case(
    desk: Desk, actor: Actor, case_id: int, action: str, submission: Submission, by_program: bool = False
) -> None:
    """Submit the form of ``action`` and send its message into the case.

    Raises:
        NotFound, NotAllowed: no such action, or not this person's.
        NotPossibleNow, CaseSuspended, CaseEnded: not now.
        FormInvalid: the form breaks a rule.
    """
    with reporting_undecided(desk), desk.store.write() as tx:
        step = open_step(desk, tx, case_id, actor)
        step.by_program = by_program
        require_case(actor, step.case, tx)
        require_running(step.case)
        info = action_of(step, action)
        seat = seat_for_action(step, info)
        if seat is None:
            raise NotAllowed(
                Text(f"“{info.name}”不由您的角色办理。", f"“{info.name_en or info.name}” is not for your role.")
            )
        if not is_action_possible(step, info):
            raise refused_now(info)
        step.actor = step.author = step.actor.by(seat)
        carry_out(step, action, info, seat.body_id, submission)


def seat_for_action(step: Step, info: Action) -> Seat | None:
    """Return the seat by which the actor may use ``info`` in this case."""
    for role in info.roles:
        role_info = step.package.jurisdiction.roles.get(role)
        body = (
            step.case.subject_id if role_info is not None and role_info.subject else step.projection.parties.get(role)
        )
        seat = step.actor.holds(step.case.jurisdiction, role, body)
        if seat is not None:
            return seat
    return None


def is_action_possible(step: Step, info: Action) -> bool:
    """Return whether the action's condition holds now; raises Undecided where it is neither true nor false."""
    if not info.condition:
        return True
    verdict = decide_condition(info.condition, step.scope, step.environment, step.desk.functions)
    if isinstance(verdict, bool):
        return verdict
    raise Undecided(step.case.id, info.id, info.text, verdict)


def is_offered(step: Step, info: Action) -> bool:
    """Return whether a page offers the action: also where nobody can say whether it is possible, so that who tries is told."""
    try:
        return is_action_possible(step, info)
    except Undecided:
        return True


def action_of(step: Step, name: str) -> Action:
    """Return action ``name`` of the case; raises NotFound."""
    info = step.package.award.actions.get(name)
    if info is None or info.process != step.case.process:
        raise NotFound(Text(f"此办件没有“{name}”这一操作。", f"This case has no action “{name}”."))
    return info


def refused_now(info: Action) -> NotPossibleNow:
    """Return what is said when an action is not possible now."""
    return NotPossibleNow(
        info.refusal
        or Text(
            f"目前不能{info.name}：规定的时间已过或条件不具备。",
            f"“{info.name_en or info.name}” is not possible now.",
        )
    )


def carry_out(step: Step, name: str, info: Action, body_id: int | None, submission: Mapping[str, Any]) -> None:
    """Record the form of ``info`` and send its message; raises FormInvalid, Conflict."""
    data: dict[str, Any] = {}
    if not info.form:
        require_blank(step, submission)
    else:
        submitted = checked(step, step.desk.packages.form(step.package, info.form), submission, {})
        record(step, info.form, name, submitted, task_id=None, body_id=body_id)
        data = submitted.values
    step.audit("action", f"{step.actor.name}：{info.name}", None, {"action": name})
    if not step.instance.deliver(info.message, select_routed_values(data, data)):
        raise NotPossibleNow(
            Text(
                f"流程目前所处的环节不接受“{info.name}”。",
                f"The procedure does not accept “{info.name_en or info.name}” where it stands now.",
            )
        )
    settle_instance(step)
    save_step(step)
