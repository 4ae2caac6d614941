"""The steps to which a task may be sent back, and where there is none, why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from service.casework.step.run_service_task import DECISION
from service.casework.step.step import Step
from service.domain.forms import Form
from service.domain.text import Text
from service.store.models import TaskRow


@dataclass(frozen=True, slots=True)
class EarlierStep:
    """A step to which a task may be sent back: the engine's number of what was done there, and its name.

    ``applicant`` is whether the organisation that the case is about does it, and so reads why it comes back; ``own``
    whether that is who sends it back: they correct what they wrote, and owe nobody a reason.
    """

    id: str
    name: str
    applicant: bool = False
    own: bool = False


@dataclass(frozen=True, slots=True)
class KeptHere:
    """Why a task goes back to no step; ``why`` has a place for the name of the element ``after`` which it comes."""

    why: Text
    after: str = ""

    def named(self, name: str) -> Text:
        """Return why, with ``name`` for that of the element."""
        return Text(self.why.zh.replace("%s", name), self.why.en.replace("%s", name))


def returnable_to(step: Step, task: TaskRow) -> str | None:
    """Return the engine id of the step before ``task`` to which it may be sent back, or None."""
    return next((earlier_step.id for earlier_step in steps_back(step, task)), None)


def steps_back(step: Step, task: TaskRow) -> tuple[EarlierStep, ...]:
    """Return the steps to which ``task`` may be sent back, nearest first; none where its diagram forbids it.

    Further than the nearest it goes as far as each step in between might itself be sent back to the one before it; a
    step that came round several times is offered as it was last.
    """
    steps_by_place: dict[tuple[object, ...], EarlierStep] = {}
    element = step.element(task.process_id, task.element)
    task_place = (task.process_id, tuple(task.call_path), task.element)
    for earlier in step.instance.earlier_person_tasks(task.engine_id, _build_undo_check(step)):
        if element.properties.get("send_back") == "no":
            break
        element = step.element(earlier.process_id, earlier.element_id)
        place = (earlier.process_id, earlier.call_path, earlier.element_id)
        if place not in steps_by_place and (place != task_place or not steps_by_place):
            does = step.package.role_of(element)
            role = step.package.jurisdiction.roles.get(does)
            applicant = role is not None and role.subject
            steps_by_place[place] = EarlierStep(
                earlier.id, element.name or element.id, applicant, applicant and does == task.role
            )
    return tuple(steps_by_place.values())


def go_back(step: Step, task: TaskRow, to: str) -> None:
    """Let the case go back from ``task`` to the step ``to`` of `steps_back`; what was done between is taken back."""
    for call in step.instance.passed(task.engine_id, to, _build_undo_check(step)):
        operation = step.desk.operations.get(call.operation)
        if operation is not None:
            step.running = f"{call.process_id}/{call.element_id}"
            operation.take_back(step.desk.services(step, call), call.parameters)
    step.running = None
    step.forget_records()
    step.instance.rewind(to)


def _build_undo_check(step: Step) -> Callable[[str], bool]:
    """Return the question whether an operation can be taken back: a table only computes, an operation says so itself."""
    operations = step.desk.operations
    return lambda name: name.startswith(DECISION) or (name in operations and operations[name].undo is not None)


def why_not_back(step: Step, task: TaskRow) -> KeptHere:
    """Return why ``task``, for which there are no `steps_back`, goes back to no step before it."""
    if step.element(task.process_id, task.element).properties.get("send_back") == "no":
        return KeptHere(Text("流程规定从这里不交回", "the procedure lets nothing go back from here"))
    barrier = step.instance.in_the_way(task.engine_id, _build_undo_check(step))
    if barrier is None:
        return KeptHere(Text("它是第一个办理环节", "it is the first step that somebody does"))
    name = step.element(barrier.process_id, barrier.element_id).name
    if not name or barrier.element_id == task.element:
        return KeptHere(Text("它与其他环节同时办理", "other steps are done beside it"))
    return KeptHere(Text("上一环节之后已办“%s”，不能收回", "“%s” has been done since the step before and stands"), name)


def instead_of_going_back(form: Form | None, may_ask: bool) -> Text:
    """Return what who does a task that does not go back can do instead: what its ``form`` offers, or to ask somebody."""
    if form is not None and form.asks_correction:
        return Text(
            "材料有缺的，请在表单中选择补正（以表单提供的选项为准）。",
            "Where something is missing, choose correction in the form, where it still offers that.",
        )
    if may_ask:
        return Text(
            "需要他人核对或者补充的，请用“加签、会签”。",
            "Where somebody is to check or add something, ask them to sign.",
        )
    return Text(
        "需要他人核对或者补充的，请按办理记录联系前面的办理人。",
        "Where somebody is to check or add something, ask who did the step before: see the history.",
    )
