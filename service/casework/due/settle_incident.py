"""Settle an incident: retry it or all of one cause, skip it, begin the case anew, hand it over."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Annotated, Any

from service.casework.access.actor import ADMINISTRATOR, DESIGNER, SYSTEM_ADMINISTRATOR, Actor, acting, office_role
from service.casework.access.book.acting import describe_current_act
from service.casework.access.guards import guarded
from service.casework.amendments.move_case import state_hash
from service.casework.amendments.move_plan import MovePlan, moved_parameters
from service.casework.ballots.box import CLOSED, OPEN
from service.casework.batches.run_chunk import CHUNK, build_batch_work, run_chunk
from service.casework.desk.desk import Desk
from service.casework.desk.jsonable import to_json_value
from service.casework.interventions.batch import DONE, REFUSED, NotedBatch
from service.casework.interventions.intervene import Done, InterventionAsked, apply_intervention, require_reason
from service.casework.interventions.kinds import RETRY
from service.casework.reading.published import published, version_name
from service.casework.step.case_state import Projection
from service.casework.step.decide import UNDECIDED
from service.casework.step.end_signs import end_signs_beside
from service.casework.step.end_what_hangs import settle_incidents
from service.casework.step.limits.days import NO_DUE_DATE
from service.casework.step.post import letter_rows, put
from service.casework.step.project import queue_parent_barriers
from service.casework.step.save import save_step
from service.casework.step.settle import settle_instance
from service.casework.step.standstill import STANDSTILL
from service.casework.step.step import Step, open_step
from service.casework.step.submission import select_routed_values
from service.casework.step.task_row import NO_ASSIGNEE, NO_BODY, NO_LIMIT
from service.catalog import Kind
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.text import Text, text_of
from service.domain.values.bounds import Named, RowId, ShortReason
from service.store import AuditEvent, NewWork, Stale, Transaction
from service.store.models import (
    START_FORM,
    CaseMoveRow,
    CaseRow,
    IncidentRow,
    InterventionBatchRow,
    PersonRow,
    TaskRow,
    WorkItemRow,
)
from service.store.queries.case_tree import APPOINTMENT, INCIDENT


def open_incident_of(tx: Transaction, actor: Actor, incident_id: int) -> IncidentRow:
    """Return an incident that is not settled yet; raises NotFound, NotAllowed for another place's, Conflict."""
    row = tx.incidents.get(incident_id)
    if not actor.administers(row.jurisdiction):
        raise NotAllowed(Text("异常由本辖区管理员处理。", "Only an administrator of the jurisdiction may do this."))
    if row.resolved_at is not None:
        raise Conflict(Text("这个异常已经处理。", "This incident is settled already."))
    case = tx.cases.titles([row.case_id])[row.case_id] if row.case_id is not None else ""
    describe_current_act("：".join(filter(None, (case, row.what["zh"]))), place=row.jurisdiction)
    return row


def note_settled(desk: Desk, tx: Transaction, actor: Actor, row: IncidentRow, action: str, text: str) -> None:
    """Write into the history of its case, if it has one, what was done about an incident."""
    if row.case_id is None:
        return
    tx.cases.lock(row.case_id)
    event = AuditEvent(desk.clock.now(), actor.name, action, text, actor.person_id, row.element, {"incident": row.id})
    tx.history.record(row.case_id, [event])


NOT_TRIED = Text(
    "这类异常没有可以重试的步骤，重试不会改变什么，异常仍然列着。请按处置办法改正；确实不再需要的，写明原因跳过。",
    "There is no step that could be tried again here: nothing was changed and the incident stays open. Do what its remedy "
    "says; where it does not matter any more, skip it with a reason.",
)
"""Why an incident that is neither about a step nor about background work is not settled by trying again."""
_TRIED = ("service", STANDSTILL, UNDECIDED)
_MISSING: Mapping[str, Callable[[TaskRow], bool]] = {
    NO_LIMIT: lambda task: task.due_at == NO_DUE_DATE,
    NO_ASSIGNEE: lambda task: task.assignee_id is None,
    NO_BODY: lambda task: task.body_id is None,
}
"""What a task lacks, by the kind of incident that says so."""
_OVER = ("done", "cancelled")


class Retried(Enum):
    """What came of a retry: the incident is closed, its background work is queued again, or it failed again, which is false."""

    DONE = "done"
    QUEUED = "queued"
    FAILED = "failed"

    def __bool__(self) -> bool:
        """Return whether it did not fail again."""
        return self is not Retried.FAILED


@guarded("incident.retry")
def retry_incident(desk: Desk, actor: Actor, incident_id: int) -> Retried:
    """Try the failed service task of an incident again, or put its background work back into the queue; returns which.

    What is put back leaves its incident open until the work went well.

    Raises NotFound, NotAllowed, and Conflict where it is settled already or where there is nothing to try again.
    """
    with desk.store.write() as tx:
        row = open_incident_of(tx, actor, incident_id)
        if row.work_item_id is None:
            assert row.case_id is not None
            if not can_try(tx, row):
                raise Conflict(NOT_TRIED)
            return Retried.DONE if retry_services(desk, tx, actor, row.case_id, [row]) else Retried.FAILED
        if not put_back(desk, tx, actor, row):
            raise Stale
        called_off = tx.incidents.get(incident_id).resolved_at is not None
        return Retried.DONE if called_off else Retried.QUEUED


def can_try(tx: Transaction, row: IncidentRow) -> bool:
    """Return whether a retry can settle the incident of a case: it is about a step, or what it told of is over."""
    if row.kind in _TRIED:
        return True
    missing = _MISSING.get(row.kind)
    if missing is None or row.case_id is None:
        return False
    tasks = tx.tasks.open_of_case(row.case_id)
    return not any(task.engine_id == row.engine_id and missing(task) for task in tasks)


def put_back(desk: Desk, tx: Transaction, actor: Actor, row: IncidentRow) -> bool:
    """Let the work item of an incident be done again; returns False where it is at work, and changes nothing.

    The incident stays open, marked as queued, until the work goes well, and counts up where it does not; that of work which was called off
    has nothing left to wait for and is settled.
    """
    assert row.work_item_id is not None
    if row.case_id is not None:
        tx.cases.lock(row.case_id)  # before the item, as whoever does its work
    try:
        tx.work.retry(row.work_item_id, desk.clock.now())
        tx.incidents.change_where({"id": row.id, "queued_at": None}, queued_at=desk.clock.now())
    except Stale:
        if tx.work.get(row.work_item_id).state not in _OVER:
            return False
        tx.incidents.resolve(row.id, desk.clock.now())
    if row.case_id is not None:
        audit_event = AuditEvent(
            desk.clock.now(), actor.name, "retried", _describe_retry(actor, row), actor.person_id, row.element,
            {"incident": row.id},
        )  # fmt: skip
        tx.history.record(row.case_id, [audit_event])
    return True


def retry_services(desk: Desk, tx: Transaction, actor: Actor, case_id: int, rows: Sequence[IncidentRow]) -> bool:
    """Try the failed steps of a case again in one step; returns whether all of them went well now.

    The incident of one that did not stays open and counts up.
    """
    step = open_step(desk, tx, case_id, actor)
    for row in rows:
        step.audit("retried", _describe_retry(actor, row), row.element, {"incident": row.id})
    settle_instance(step)
    save_step(step)
    stopped = {call.id for call in step.instance.service_calls()}
    counts = {incident.id: incident.count for incident in tx.incidents.select(case_id=case_id)}
    vain = [row for row in rows if (row.engine_id in stopped if row.kind == "service" else counts[row.id] > row.count)]
    for row in rows:
        if row not in vain:
            tx.incidents.resolve(row.id, step.now)
    return not vain


def _describe_retry(actor: Actor, row: IncidentRow) -> str:
    return f"{actor.name}重试：{row.what['zh']}"


WORK = "retries"
"""Kind of the work item that retries the incidents of a chunk of cases."""

_AGAIN = Text("已重试，办件继续办理", "tried again: the case goes on")
_QUEUED = Text(
    "已重新排队，随即再办；办成以后异常自行消除", "put back into the queue; its incident closes once it went well"
)
_SETTLED = Text("已经没有这一原因的异常，没有重试。", "No incident of this cause is left there: nothing was tried.")
_FAILED = Text("重试后仍未成功，原因见异常处置中的说明。", "It failed again: the incident on the desk says why.")


@dataclass(frozen=True, slots=True)
class BegunRetry:
    """What begins to be retried: ``incidents`` in all; ``batch`` goes over the cases, None where none is in a case.

    ``before`` where somebody had begun it, so that nothing was begun now.
    """

    incidents: int
    batch: int | None
    before: bool = False


@guarded("incident.retry")
def retry_alike(desk: Desk, actor: Actor, incident_id: int) -> BegunRetry:
    """Begin to retry every open incident of the jurisdiction that is like ``incident_id``.

    The second of two clicks gets the batch of the first.

    Raises NotFound, NotAllowed, and Conflict when it is settled already.
    """
    with desk.store.write() as tx:
        row = open_incident_of(tx, actor, incident_id)
        tx.turns.take(f"retries {row.jurisdiction} {row.cause}")
        inside, outside = tx.incidents.count_of_cause(row.jurisdiction, row.cause)
        if outside:
            now = desk.clock.now()
            first = {"jurisdiction": row.jurisdiction, "cause": row.cause, "person": actor.person_id or 0}
            tx.work.enqueue_many([_build_retry_work(first, f"{row.id}:{now.isoformat()}", now)], now)
        criteria = {"jurisdiction": row.jurisdiction, "cause": row.cause}
        begun = next(
            (
                running_batch.id
                for running_batch in tx.interventions.under_way(RETRY)
                if running_batch.given == criteria
            ),
            None,
        )
        if begun is not None or not inside:
            return BegunRetry(inside + outside, begun, before=begun is not None)
        return BegunRetry(inside + outside, _begin_batch(desk, tx, actor, row, criteria))


def retry_chunk(desk: Desk, item: WorkItemRow) -> None:
    """Retry the incidents of the next cases of a batch, or those outside of cases, and leave the work item that goes on."""
    if "batch" in item.payload:
        run_chunk(desk, item, _Retries())
    else:
        _put_back_some(desk, item)


def _build_retry_work(payload: dict[str, Any], key: str, now: datetime) -> NewWork:
    """Return the work item that puts back what failed outside of cases."""
    return NewWork(WORK, None, f"{WORK}:outside:{key}", payload, now)


def _put_back_some(desk: Desk, item: WorkItemRow) -> None:
    payload, now = dict(item.payload), desk.clock.now()
    with desk.store.write() as tx:
        tx.work.require_claimed(item)
        author = acting(tx, int(payload["person"]), now)
        rows: list[IncidentRow] = []
        if author.administers(payload["jurisdiction"]):
            rows = tx.incidents.select(
                "-id",
                after=payload.get("before"),
                limit=CHUNK,
                jurisdiction=payload["jurisdiction"],
                cause=payload["cause"],
                case_id=None,
                resolved_at=None,
            )
        for row in rows:
            put_back(desk, tx, author, row)
        if len(rows) == CHUNK:
            before = rows[-1].id
            tx.work.enqueue_many([_build_retry_work({**payload, "before": before}, f"{before}:{item.id}", now)], now)
        tx.work.finish(item, now)


class _Retries(NotedBatch):
    """How the incidents of one cause are retried, case by case."""

    work = WORK

    def change(self, desk: Desk, author: Actor, row: InterventionBatchRow, case_id: int, item: WorkItemRow) -> None:
        with desk.store.write() as tx:
            state, details = _retry_incidents(desk, tx, author, case_id, row.given["cause"])
            tx.work.require_claimed(item)
            tx.intervention_results.note(row.id, case_id, state, details, desk.clock.now())


def _retry_incidents(
    desk: Desk, tx: Transaction, author: Actor, case_id: int, cause: str
) -> tuple[str, dict[str, object]]:
    incidents = [
        incident
        for incident in tx.incidents.select(case_id=case_id)
        if incident.cause == cause and incident.resolved_at is None
    ]
    if not incidents:
        return REFUSED, dict(_SETTLED.as_json())
    work = [incident for incident in incidents if incident.work_item_id is not None]
    steps = [incident for incident in incidents if incident.work_item_id is None]
    put = [incident for incident in work if put_back(desk, tx, author, incident)]
    tried = [incident for incident in steps if can_try(tx, incident)]
    if tried and not retry_services(desk, tx, author, case_id, tried):
        return REFUSED, dict(_FAILED.as_json())
    if len(tried) < len(steps):
        return REFUSED, dict(NOT_TRIED.as_json())
    lines = [*([_AGAIN] if steps else []), *([_QUEUED] if put else [])]
    return (DONE, {"changes": [line.as_json() for line in lines]}) if lines else (REFUSED, dict(_SETTLED.as_json()))


def _begin_batch(desk: Desk, tx: Transaction, actor: Actor, row: IncidentRow, criteria: Mapping[str, str]) -> int:
    now, what = desk.clock.now(), str(row.what.get("zh", ""))
    begun = InterventionBatchRow(
        kind=RETRY, given=dict(criteria), reason=what, dry=False, person_id=actor.person_id or 0, at=now
    )
    alike = {"jurisdiction": row.jurisdiction, "cause": row.cause, "resolved_at": None}
    batch = tx.interventions.begin(begun, sorted(tx.incidents.pick("case_id", **alike, case_id__ne=None)))
    tx.work.enqueue_many([build_batch_work(WORK, batch, 0, now)], now)
    return batch


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
    reason_text = require_reason(reason)
    with desk.store.read() as tx:
        row = open_incident_of(tx, actor, incident_id)
        refusal = skip_refusal(tx, row)
    if refusal:
        raise NotAllowed(refusal)
    if row.kind == "service" and row.case_id is not None:
        _skip_step(desk, actor, row, reason_text)
        return
    with desk.store.write() as tx:
        row = open_incident_of(tx, actor, incident_id)
        note_settled(
            desk, tx, actor, row, "skipped", f"{actor.name}跳过：{row.what['zh'].rstrip('。')}。原因：{reason_text}"
        )
        if row.work_item_id is not None:
            tx.work.cancel([tx.work.get(row.work_item_id).effect_key], desk.clock.now())
        tx.incidents.resolve(row.id, desk.clock.now(), reason_text[:300])


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

    def skip_call(step: Step) -> Done:
        call = next((c for c in step.instance.service_calls() if c.id == row.engine_id), None)
        if call is None or call.operation not in _TELLING:
            raise Conflict(Text("这一步已经不在等待。", "This step does not wait any more."))
        step.tx.incidents.resolve(row.id, step.now, reason[:300])
        step.instance.complete_service(call.id, {})
        settle_instance(step)
        name = step.element(call.process_id, call.element_id).name or call.element_id
        return Done(Text(f"跳过“{name}”。", f"“{name}” was skipped."), element=call.element_id)

    apply_intervention(desk, actor, row.case_id, InterventionAsked(reason), skip_call)


LONGEST = 300


@guarded("incident.hand_over")
def hand_over_incident(
    desk: Desk,
    actor: Actor,
    incident_id: int,
    person_id: Annotated[RowId, Named("person")],
    message: ShortReason,
) -> str:
    """Tell ``person_id`` to take care of an incident, which stays open; returns their name.

    Raises:
        Invalid: no message, or somebody who is neither of the office nor draws or administers the place.
        NotAllowed, Conflict: another place's, or settled already.
    """
    message_text = message.strip()
    if not message_text or len(message_text) > LONGEST:
        raise Invalid(Text(f"请写明移交事项，{LONGEST}字以内。", f"Say what is to be done, in {LONGEST} characters."))
    with desk.store.write() as tx:
        row = open_incident_of(tx, actor, incident_id)
        to = next((p for p in receivers_of(desk, tx, row.jurisdiction) if p.id == person_id), None)
        if to is None:
            raise Invalid(
                Text(
                    "只能移交给本辖区的办公室人员、流程设计人员或者管理员。",
                    "Hand it to somebody of the office, a designer or an administrator of the place.",
                )
            )
        now = desk.clock.now()
        note_settled(desk, tx, actor, row, "handed_over", f"{actor.name}将异常移交{to.name}：{message_text}")
        tx.incidents.change(row.id, handed_to=to.id, handed_note=message_text)
        key = f"mail:{row.case_id or 0}:handed:{row.id}:{now.isoformat()}"
        rows = letter_rows(
            [to], row.case_id, key, _format_subject(row), _format_handover(row, message_text, actor.name), now
        )
        tx.work.enqueue_many(put(desk, tx, rows, now), now)
    return to.name


def _format_subject(row: IncidentRow) -> Text:
    """Return the number alone: a designer learns by it of no organisation."""
    return Text(f"异常移交（编号 {row.id}）", f"An incident is handed to you (number {row.id})")


def _format_handover(row: IncidentRow, message_text: str, by: str) -> Text:
    remedy = text_of(row.remedy)
    where, where_en = "", ""
    if row.case_id is not None:
        where = f"，办件 {row.case_id}，环节 {row.element or '—'}"
        where_en = f", case {row.case_id}, step {row.element or '—'}"
    return Text(
        f"{message_text}\n怎么办：{remedy.zh}\n（{by}移交{where}）",
        f"{message_text}\nWhat to do: {remedy.en}\n(handed over by {by}{where_en})",
    )


def receivers_of(desk: Desk, tx: Transaction, jurisdiction: str) -> Sequence[PersonRow]:
    """Return to whom an incident of a place may be handed over: its office, its designers and its administrators."""
    packages = published(desk, tx).of(jurisdiction)
    roles = dict.fromkeys(
        [*(office_role(package) for package in packages), DESIGNER, ADMINISTRATOR, SYSTEM_ADMINISTRATOR]
    )
    now = desk.clock.now()
    receivers = [p for role in roles for p in tx.people.people_with(jurisdiction, role, None, now)]
    return list({p.id: p for p in receivers}.values())


_RESTART_TEXT = Text("办件按新版本重新开始", "the case begins anew by another version")


def require_alone(tx: Transaction, case: CaseRow) -> None:
    """Raise Conflict where others depend on how the case stands: cases below it, an open ballot, a running notice."""
    below = any(child.status != "ended" for child in tx.cases.select(parent_id=case.id))
    voting = any(ballot.state in (OPEN, CLOSED) for ballot in tx.ballots.select(case_id=case.id))
    posted = any(notice.state == "running" for notice in tx.notices.select(case_id=case.id))
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
    require_alone(tx, case)
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
    name = version_name(tx, target.key, target.version).zh
    step.audit("restarted_on", f"改按{name}重新开始办理：{reason}", None, {"from": case.definition})
    info = target.process(case.process)
    start = next(iter(target.diagram(info.process).of(Kind.START)))
    sent = [row for row in step.submissions() if row.element == START_FORM]
    data = dict(sent[-1].data) if sent else {}
    step.instance = desk.engine.start(
        target.version, info.process, select_routed_values(start.routes, data), step.environment
    )
    settle_instance(step)
    queue_parent_barriers(step)
    save_step(step)
    return CaseMoveRow(
        mark=mark, case_id=case.id, verdict="restarted", from_version=case.definition, after=state_hash(tx, case.id),
        details=to_json_value({"parameters": dict(case.parameters)}), at=step.now,
    )  # fmt: skip


def _call_off(step: Step) -> None:
    tx, case = step.tx, step.case.id
    tasks = [task.id for task in tx.tasks.open_of_case(case)]
    tx.tasks.cancel(tasks, step.now)
    end_signs_beside(step, tasks)
    waiting = [w.effect_key for w in tx.work.of_case(case) if w.kind in ("timer", "reminder", "escalation")]
    tx.work.cancel(waiting, step.now)
    tx.calls.leave(
        case, [(row.process_id, row.element) for row in tx.calls.select(case_id=case, left_at=None)], step.now
    )
    tx.cases.replace_subscriptions(case, [], [row.engine_id for row in tx.subscriptions.select(case_id=case)])
    hanging = tx.hanging.on_case(case)
    settle_incidents(step, hanging.get(INCIDENT, ()))
    if hanging.get(APPOINTMENT):
        step.desk.endings[APPOINTMENT](step, hanging[APPOINTMENT], _RESTART_TEXT)
