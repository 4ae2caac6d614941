"""What can be chosen for each intervention in one case, and why not what cannot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.case_access import require_may_handle
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.interventions.change_due import limit_refusal, timer_refusal
from service.casework.interventions.halt import PASSED, passed_label, passed_limits
from service.casework.interventions.intervene import require_administrator
from service.casework.interventions.kinds import INTERVENTIONS, InterventionKind
from service.casework.interventions.send_message import event_name, message_refusal
from service.casework.interventions.set_value import MASK, fact_word, value_refusal
from service.casework.interventions.tasks import list_task_receivers, require_no_bodys, target_of
from service.casework.reading.case_loading import open_read_only
from service.casework.step.facts import hidden_facts
from service.casework.step.fill import in_words, timer_label
from service.casework.step.limits.days import last_day_before, last_day_of
from service.casework.step.step import Step
from service.catalog.scenarios.scenario_terms import terms_of
from service.domain.errors import Conflict, NotAllowed
from service.domain.text import Text
from service.domain.values.bounds import CaseStatus
from service.engine import MessageWait
from service.store.models import TaskRow


@dataclass(frozen=True, slots=True)
class Offered:
    """One thing to choose; ``refusal`` says why it cannot be."""

    value: str
    label: str
    refusal: Text | None = None


@dataclass(frozen=True, slots=True)
class InterventionPage:
    """What an administrator may do to a case now; ``offered`` by the kind of what is chosen."""

    case_id: int
    title: str
    status: CaseStatus
    kinds: tuple[InterventionKind, ...]
    offered: Mapping[str, tuple[Offered, ...]]


@guarded("case.intervene")
def view_interventions(desk: Desk, actor: Actor, case_id: int) -> InterventionPage:
    """Return what can be done to a case; raises NotFound, NotAllowed for who does not administer it."""
    with desk.store.read() as tx:
        case = tx.cases.get(case_id)
        require_administrator(actor, case.jurisdiction)
        require_may_handle(tx, actor, case)
        step = open_read_only(desk, tx, case, actor)
        offered = _list_offers(step) if case.status != "ended" else {}
    return InterventionPage(case_id, case.title, case.status, _list_possible_kinds(case.status), offered)


def _list_possible_kinds(status: str) -> tuple[InterventionKind, ...]:
    """Return the kinds that a case of this status admits."""
    if status == "ended":
        return ()
    without = {"running": ("resume",), "suspended": ("suspend", "restart", "move_back", "message")}[status]
    return tuple(kind for kind in INTERVENTIONS.values() if kind.id not in without)


def _list_offers(step: Step) -> dict[str, tuple[Offered, ...]]:
    rows = step.tx.tasks.open_of_case(step.case.id)
    tasks = tuple(Offered(f"{row.id}", _format_task_title(step, row), _find_task_refusal(row)) for row in rows)
    claimed = {f"{row.id}" for row in rows if row.assignee_id is not None}
    people = {p.id: p.name for row in rows if _find_task_refusal(row) is None for p in list_task_receivers(step, row)}
    return {
        "task": tasks,
        "back": tuple(
            Offered(task_offer.value, task_offer.label, task_offer.refusal or _find_back_refusal(step, row))
            for task_offer, row in zip(tasks, rows, strict=True)
        ),
        "claimed": tuple(each for each in tasks if each.value in claimed),
        "person": tuple(Offered(f"{ident}", name) for ident, name in people.items()),
        "limit": (*_task_limits(step, rows), *_list_timer_offers(step)),
        "message": _list_message_offers(step),
        PASSED: _list_passed_limits(step),
        "fact": tuple(
            Offered(name, _format_fact(step, name), value_refusal(step, name))
            for name in step.package.process(step.case.process).facts
        ),
    }


def _find_task_refusal(row: TaskRow) -> Text | None:
    try:
        require_no_bodys(row)
    except NotAllowed as refused:
        return refused.message
    return None


def _find_back_refusal(step: Step, row: TaskRow) -> Text | None:
    """Return why a task cannot be moved back, as `move_token` would refuse it."""
    try:
        target_of(step, row)
    except (Conflict, NotAllowed) as refused:
        return refused.message
    return None


def _format_task_title(step: Step, row: TaskRow) -> str:
    names = step.tx.people.named({row.assignee_id}) if row.assignee_id is not None else {}
    role = step.package.jurisdiction.roles.get(row.role)
    return f"{row.title}（{names.get(row.assignee_id or 0) or (role.name if role else row.role)}）"


def _task_limits(step: Step, rows: list[TaskRow]) -> tuple[Offered, ...]:
    limited = [row for row in rows if row.due_at.year < 9999 and row.kind == "form"]
    return tuple(
        Offered(f"task:{row.id}", f"{row.title}（{_format_last_day(row)}）", limit_refusal(step, f"task:{row.id}"))
        for row in limited
    )


def _format_last_day(row: TaskRow) -> str:
    return in_words(last_day_of(row.due_at, row.due_reason))


def _list_timer_offers(step: Step) -> tuple[Offered, ...]:
    return tuple(
        Offered(
            f"timer:{timer.id}",
            f"{timer_label(step.package, timer)}（{in_words(last_day_before(timer.due))}）",
            timer_refusal(step, timer),
        )
        for timer in sorted(step.instance.timers(), key=lambda t: t.due)
    )


def _list_passed_limits(step: Step) -> tuple[Offered, ...]:
    groups = passed_limits(step) if step.case.status == "suspended" else ()
    return tuple(
        Offered(
            group.timers[0].ident.removeprefix("timer:"), f"{passed_label(group)}（{in_words(group.last_day)}届满）"
        )
        for group in groups
    )


def _list_message_offers(step: Step) -> tuple[Offered, ...]:
    waits = {wait.name: wait for wait in step.instance.message_waits()}
    return tuple(Offered(name, event_name(step.package, wait), _of_message(step, wait)) for name, wait in waits.items())


def _of_message(step: Step, wait: MessageWait) -> Text | None:
    return message_refusal(step, wait)


def _format_fact(step: Step, name: str) -> str:
    """Return what a fact is called, with its value where nobody marked that as personal."""
    value, called = step.facts.get(name), fact_word(step.package, name)
    if value in (None, ""):
        return f"{called}（空）"
    hidden = name in hidden_facts(step.package)
    return f"{called}（{MASK if hidden else terms_of(step.package).word(value, name).zh}）"
