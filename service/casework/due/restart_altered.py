"""Begin a case anew on another version, where what it has reached was altered and the administrator decided so."""

from __future__ import annotations

from dataclasses import replace

from service.casework.access.actor import Actor
from service.casework.amendments.move_case import state_hash
from service.casework.amendments.move_plan import MovePlan
from service.casework.amendments.reach import moved_parameters
from service.casework.ballots.box import CLOSED, OPEN
from service.casework.desk.desk import Desk
from service.casework.desk.jsonable import jsonable
from service.casework.step.case_state import Projection
from service.casework.step.end_signs import end_signs_beside
from service.casework.step.end_what_hangs import settle_incidents
from service.casework.step.project import queue_parent_barriers
from service.casework.step.save import save_step
from service.casework.step.settle import settle
from service.casework.step.step import Step
from service.casework.step.submission import routed
from service.catalog import Kind
from service.domain.errors import Conflict
from service.domain.text import Text
from service.store import Transaction
from service.store.models import START_FORM, CaseMoveRow, CaseRow
from service.store.queries.case_tree import APPOINTMENT, INCIDENT

_ANEW = Text("办件按新版本重新开始", "the case begins anew by another version")


def demand_alone(tx: Transaction, case: CaseRow) -> None:
    """Raise Conflict where others depend on how the case stands: cases below it, an open ballot, a running notice."""
    below = any(child.status != "ended" for child in tx.cases.children(case.id))
    voting = any(ballot.state in (OPEN, CLOSED) for ballot in tx.ballots.of_case(case.id))
    posted = any(notice.state == "running" for notice in tx.notices.of_case(case.id))
    if below or voting or posted:
        raise Conflict(
            Text(
                "其下还有在办办件、未计票的表决或者正在公示，不能重新开始或者终止，保留原版本。",
                "Cases below it, a ballot or a notice still run: it is neither begun anew nor ended, and stays.",
            )
        )


def restart_on(desk: Desk, tx: Transaction, actor: Actor, plan: MovePlan, reason: str, mark: str) -> CaseMoveRow:
    """Begin the locked case of a plan anew with what was sent at its start; its documents and history stay.

    What it waited for is called off, visits to come too, and incidents of its steps are settled. Raises Conflict where others depend on it.
    """
    case, target = plan.case, plan.target
    demand_alone(tx, case)
    before = desk.packages.get(case.definition, tx)
    step = Step(desk, tx, case, actor)
    parameters = moved_parameters(tx, before, target, case, step.today)
    parties, entries = step.projection.parties, step.projection.entries
    step = Step(desk, tx, replace(case, definition=target.version, parameters=parameters), actor)
    step.stored = case
    _call_off(step)
    step.calls_before = {}
    step.projection = Projection(parties=parties, entries=entries)
    step.change(definition=target.version, parameters=parameters)
    step.audit("restarted_on", f"改按{target.version[:8]}版重新开始办理：{reason}", None, {"from": case.definition})
    info = target.process(case.process)
    start = next(iter(target.diagram(info.process).of(Kind.START)))
    sent = [row for row in step.submissions() if row.element == START_FORM]
    data = dict(sent[-1].data) if sent else {}
    step.instance = desk.engine.start(target.version, info.process, routed(start.routes, data), step.environment)
    settle(step)
    queue_parent_barriers(step)
    save_step(step)
    return CaseMoveRow(
        mark=mark, case_id=case.id, verdict="restarted", from_version=case.definition, after=state_hash(tx, case.id),
        details=jsonable({"parameters": dict(case.parameters)}), at=step.now,
    )  # fmt: skip


def _call_off(step: Step) -> None:
    tx, case = step.tx, step.case.id
    tasks = [task.id for task in tx.tasks.open_of_case(case)]
    tx.tasks.cancel(tasks, step.now)
    end_signs_beside(step, tasks)
    waiting = [w.effect_key for w in tx.work.of_case(case) if w.kind in ("timer", "reminder", "escalation")]
    tx.work.cancel(waiting, step.now)
    tx.calls.leave(case, [(row.process_id, row.element) for row in tx.calls.open_of_case(case)], step.now)
    tx.cases.replace_subscriptions(case, [], [row.engine_id for row in tx.cases.subscriptions(case)])
    hanging = tx.hanging.on_case(case)
    settle_incidents(step, hanging.get(INCIDENT, ()))
    if hanging.get(APPOINTMENT):
        step.desk.endings[APPOINTMENT](step, hanging[APPOINTMENT], _ANEW)
