"""Skip what an incident is about, with a reason: only where nobody's decision and no party's right hangs on it."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.due.open_incidents import note_settled, open_incident_of
from service.casework.interventions.intervene import Done, InterventionAsked, demand_reason, intervene
from service.casework.step.settle import settle
from service.casework.step.step import Step
from service.domain.errors import Conflict, NotAllowed
from service.domain.text import Text
from service.domain.values.bounds import ShortReason
from service.store import Transaction
from service.store.models import IncidentRow

_LETTERS = ("mail", "reminder", "escalation", "digest", "webhook")
"""Kinds of background work that only tell somebody something."""
_TELLING = ("mail.send",)
"""Operations that do no more than that."""


@guarded("incident.skip")
def skip_incident(desk: Desk, actor: Actor, incident_id: int, reason: ShortReason) -> None:
    """Let what failed not be done; it goes on record, and the office is told.

    Raises:
        NotAllowed: it decides or records something, so that skipping it would act in a body's place.
        Invalid, Conflict: no reason, settled already.
    """
    given = demand_reason(reason)
    with desk.store.read() as tx:
        row = open_incident_of(tx, actor, incident_id)
        refusal = skip_refusal(tx, row)
    if refusal:
        raise NotAllowed(refusal)
    if row.kind == "service" and row.case_id is not None:
        _skip_step(desk, actor, row, given)
        return
    with desk.store.write() as tx:
        row = open_incident_of(tx, actor, incident_id)
        note_settled(desk, tx, actor, row, "skipped", f"{actor.name}跳过：{row.what['zh'].rstrip('。')}。原因：{given}")
        if row.work_item_id is not None:
            tx.work.cancel([tx.work.get(row.work_item_id).effect_key], desk.clock.now())
        tx.incidents.resolve(row.id, desk.clock.now(), actor.person_id, given[:300])


def skip_refusal(tx: Transaction, row: IncidentRow) -> Text | None:
    """Return why an incident cannot be skipped, None where it can."""
    if row.work_item_id is not None:
        kind = tx.work.get(row.work_item_id).kind
        if kind not in _LETTERS:
            return Text(
                "这项后台工作关系到期限、消息、文书或者表决，不能跳过；请排除原因后重试。",
                "A time limit, message, document or ballot hangs on it: remove the cause and retry.",
            )
    if row.kind == "standstill":
        return Text(
            "跳过以后办件仍然停在原处；请改正流程图，或者终止办件。",
            "The case would still stand there: correct the diagram, or terminate the case.",
        )
    if row.kind == "service" and not str(row.cause).startswith(tuple(f"service:{name}" for name in _TELLING)):
        return Text(
            "这一步要作出认定、记录或者公布，跳过等于代替有权机关；请更正数据或者流程后重试。",
            "This step finds, records or publishes something; skipping it would act in a body's place.",
        )
    return None


def _skip_step(desk: Desk, actor: Actor, row: IncidentRow, reason: ShortReason) -> None:
    assert row.case_id is not None

    def change(step: Step) -> Done:
        call = next((c for c in step.instance.service_calls() if c.id == row.engine_id), None)
        if call is None or call.operation not in _TELLING:
            raise Conflict(Text("这一步已经不在等待。", "This step does not wait any more."))
        step.tx.incidents.resolve(row.id, step.now, actor.person_id, reason[:300])
        step.instance.complete_service(call.id, {})
        settle(step)
        name = step.element(call.process_id, call.element_id).name or call.element_id
        return Done(Text(f"跳过“{name}”。", f"“{name}” was skipped."), element=call.element_id)

    intervene(desk, actor, row.case_id, InterventionAsked(reason), change)
