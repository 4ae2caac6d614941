"""Replies of other bodies that came on paper (书面答复): entered for them while their task waits, noted as late after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from service.casework.access.actor import Actor, Seat
from service.casework.access.case_access import is_free, require_case, require_running
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.reading.case_loading import open_read_only
from service.casework.reading.notes import NOTE
from service.casework.reading.signs import last_day
from service.casework.step.fill import form_settings
from service.casework.step.history import append_case_event, build_task_citation
from service.casework.step.limits.paper_entry import find_closed_day
from service.casework.step.step import Step
from service.casework.step.submission import FormInvalid, checked, record
from service.casework.tasks.claim import assign_task
from service.casework.tasks.complete import complete_within
from service.casework.tasks.prefill import first_values
from service.catalog import Package
from service.domain.calendar import local_date
from service.domain.calendar.clock import format_full_day
from service.domain.calendar.remaining import remaining
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.files.uploads import FILE_KEYS, uploads_in
from service.domain.forms import FieldError, Form
from service.domain.forms.model import Input, InputType
from service.domain.signatures import SENT
from service.domain.text import Text
from service.domain.values.bounds import Submission
from service.store import Transaction
from service.store.models import CaseNoteRow, TaskRow

MOST_WORDS = 1000
RECEIVED_ON, WORDS, SCAN = "received_on", "words", "scan"
"""The fields of its page beside the form of the task."""
DEFENCE = "statement_of_defence"
"""The form of a defence: one that came in time is heard though it is entered late, until something was decided."""
_NO_LABEL = Text("", "")
_SCAN_MISSING = Text("请上传盖章的书面答复扫描件。", "Add the scan of the stamped reply.")
_NO_LENDER = 0
"""No person: who enters a paper stands in for the body."""


@dataclass(frozen=True, slots=True)
class PaperReply:
    """The page on which a reply is entered; ``form`` is that of the task, None once it waits no more: then it is late.

    ``last_day`` is that of the reply, None without a limit; ``since`` the day on which it was asked for; ``heard`` says
    that what came by then counts even now.
    """

    task_id: int
    case_id: int
    case_title: str
    title: str
    body: str
    form: Form | None
    package: Package
    today: date
    since: date
    last_day: date | None
    first: Mapping[str, Any]
    settings: Mapping[str, Any]
    heard: bool


@guarded("task.enter_paper")
def view_paper_reply(desk: Desk, actor: Actor, task_id: int) -> PaperReply:
    """Return what is to be filled in; raises NotFound, NotAllowed, and Conflict where the body has replied itself."""
    with desk.store.read() as tx:
        task = tx.tasks.get(task_id)
        step = open_read_only(desk, tx, tx.cases.get(task.case_id), actor)
        seat = _require_paper(tx, step, actor, task)
        form = _form_on_paper(step, task.form) if task.form and task.state == "open" else None
        return PaperReply(
            task_id,
            task.case_id,
            step.case.title,
            task.title,
            seat.body_name,
            form,
            step.package,
            step.today,
            _find_first_day(step, task),
            last_day(task),
            first_values(step, task) if form else {},
            form_settings(step.package, step.case.parameters),
            _may_be_heard(tx, task),
        )


@guarded("task.enter_paper")
def enter_paper_reply(desk: Desk, actor: Actor, task_id: int, received_on: date | None, submission: Submission) -> None:
    """Complete the task as its body wrote on paper, of which a scan is in the ``submission``.

    Raises:
        NotAllowed, Conflict: as `view_paper_reply`, or the task waits no more.
        FormInvalid: the form breaks a rule or lacks the scan, or it cannot have come on ``received_on``.
    """
    with desk.store.write() as tx:
        task = tx.tasks.get(task_id)
        step = open_read_only(desk, tx, tx.cases.get(task.case_id), actor)
        seat = _require_paper(tx, step, actor, task)
        errors = _faults_of_day(step, task, received_on)
        try:
            if task.form:
                checked(step, _form_on_paper(step, task.form), submission, first_values(step, task))
        except FormInvalid as invalid:
            errors += invalid.errors
        if errors or received_on is None:
            raise FormInvalid(errors, submission)
        if not uploads_in(dict(submission)):
            raise Invalid(_SCAN_MISSING)
        for_body = replace(actor, seats=(*actor.seats, seat))
        if not is_free(for_body, task):  # who had claimed it may have forgotten: the paper is the body's own word
            assign_task(desk, tx, for_body.by(seat), task, None, f"收到书面答复，放回“{task.title}”")
            task = tx.tasks.get(task_id)
        complete_within(desk, tx, for_body, task_id, task.version, lambda _first: submission, received_on=received_on)
        text = f"{for_body.by(seat).name}录入书面答复：{_describe_receipt(step, task, received_on)}"
        append_case_event(
            desk, tx, task.case_id, for_body.by(seat), "noted", text, task.element, build_task_citation(task)
        )


@guarded("task.enter_paper")
def note_late_reply(
    desk: Desk, actor: Actor, task_id: int, received_on: date | None, words: str, upload_id: str
) -> None:
    """Note beside the case a reply that came when nobody waited for it any more; what was decided stays.

    A defence that came in time is recorded as well, for whoever decides.

    Raises:
        NotAllowed, Conflict: as `view_paper_reply`, or the task still waits.
        FormInvalid: no scan, no words or too many, or a day on which it cannot have come.
    """
    opinion = words.strip()
    with desk.store.write() as tx:
        task = tx.tasks.get(task_id)
        case = tx.cases.lock(task.case_id)
        step = open_read_only(desk, tx, case, actor)
        seat = _require_paper(tx, step, actor, task)
        if task.state == "open":
            raise Conflict(
                Text("这项答复还在期限内，请按表单录入。", "This reply is still waited for: enter its form.")
            )
        errors = _faults_of_day(step, task, received_on)
        limit = last_day(task)
        in_time = received_on is not None and limit is not None and received_on <= limit and _may_be_heard(tx, task)
        if not upload_id or (not in_time and tx.uploads.claim([upload_id], case.id, task.id, actor.person_id) != 1):
            errors.append(FieldError(SCAN, _NO_LABEL, _SCAN_MISSING, refused=bool(upload_id)))
        if not 0 < len(opinion) <= MOST_WORDS:
            fault = Text(f"请摘录答复的意见，最多{MOST_WORDS}个字。", f"Say what it says, in {MOST_WORDS} characters.")
            errors.append(FieldError(WORDS, _NO_LABEL, fault, refused=bool(opinion)))
        if errors or received_on is None:
            raise FormInvalid(errors, {})
        if in_time:
            defence = {"statement": opinion, "proof": [dict.fromkeys(FILE_KEYS, "") | {"id": upload_id}]}
            given = checked(step, _form_on_paper(step, DEFENCE), defence, {})
            record(step, DEFENCE, task.element, given, task_id=task.id, body_id=seat.body_id)
        effect = "在期限内，作出决定时一并考虑" if in_time else "不改变已经办理的环节"
        text = f"{seat.body_name}对“{task.title}”的书面答复：{_describe_receipt(step, task, received_on)}，{effect}"
        row = CaseNoteRow(
            case_id=case.id,
            task_id=task.id,
            kind=NOTE,
            person_id=actor.signed_in_id,
            words=f"{text}。意见：{opinion}",
            at=step.now,
        )
        tx.case_notes.insert(row)
        append_case_event(desk, tx, case.id, actor, "noted", text, task.element, build_task_citation(task))


def _form_on_paper(step: Step, name: str) -> Form:
    """Return a form as it is filled in from a paper: its first file is the scan, and must be there."""
    form = step.desk.packages.form(step.package, name)
    scan = next((node for node in form.nodes if isinstance(node, Input) and node.type is InputType.UPLOAD), None)
    if not isinstance(scan, Input):
        return form
    return replace(form, nodes=tuple(replace(scan, required=True) if node is scan else node for node in form.nodes))


def _may_be_heard(tx: Transaction, task: TaskRow) -> bool:
    """Return whether what came in time still counts: it is a defence, and nothing was done in the case since."""
    later = tx.tasks.select(case_id=task.case_id, state="done", created_at__ge=task.created_at)
    return task.form == DEFENCE and task.state != "open" and not any(each.id > task.id for each in later)


def paper_tasks(step: Step, actor: Actor, tasks: Sequence[TaskRow]) -> list[TaskRow]:
    """Return those of ``tasks`` for which the actor may enter a reply, of each body and step the last."""
    last = {(t.process_id, t.element, t.body_id): t for t in tasks if t.body_id is not None and not t.personal}
    return [
        task
        for task in last.values()
        if task.state != "done" and not _is_being_signed(task) and _may_enter(step, actor, task)
    ]


def _is_being_signed(task: TaskRow) -> bool:
    """Return whether the body has sent its reply to be signed."""
    return task.state == "open" and task.signs_open == SENT


def _may_enter(step: Step, actor: Actor, task: TaskRow) -> bool:
    roles = step.package.element(task.process_id, task.element).properties.get("paper", "").split()
    return any(actor.holds(task.jurisdiction, role, step.projection.parties.get(role)) for role in roles)


def _require_paper(tx: Transaction, step: Step, actor: Actor, task: TaskRow) -> Seat:
    """Return the seat of the body that replies, which the actor takes for this paper alone."""
    require_case(actor, step.case, tx)
    require_running(step.case)
    if task.body_id is None or task.personal or not _may_enter(step, actor, task):
        raise NotAllowed(Text("这项待办不能由您代录书面答复。", "A paper reply to this task is not yours to enter."))
    if task.state == "done":
        raise Conflict(Text(f"“{task.title}”已经答复。", f"“{task.title}” was replied to already."))
    if _is_being_signed(task):
        raise Conflict(
            Text(
                f"“{task.title}”已由该单位填写送会签，由其答复。确需代录的，请其先撤回会签。",
                f"The body has sent its reply to “{task.title}” to be signed; to enter a paper, let that be withdrawn first.",
            )
        )
    body = tx.bodies.get(task.body_id)
    return Seat(task.jurisdiction, task.role, body.id, body.key, body.name, body.kind, _NO_LENDER, body.name)


def _faults_of_day(step: Step, task: TaskRow, received_on: date | None) -> list[FieldError]:
    """Return what is wrong with the day on which a reply is said to have come."""
    since = _find_first_day(step, task)
    if received_on is None:
        fault = Text("请填写收到日期，写成 2026-06-05 的样子。", "Enter the day on which it came, like 2026-06-05.")
    elif not since <= received_on <= step.today:
        fault = Text(
            f"收到日期应在{format_full_day(since).zh}（交办之日）至今天之间。",
            f"The day on which it came lies between {since}, when it was given to them, and today.",
        )
    elif task.state == "open" and (closed := find_closed_day(step, task, received_on)) is not None:
        fault = Text(
            f"期限到{format_full_day(closed).zh}为止，这一天收到的已经逾期；流程按期满继续以后再登记为逾期答复。",
            f"The limit ended on {format_full_day(closed).en}: what came that day is late; note it once the case has gone on.",
        )
    else:
        return []
    return [FieldError(RECEIVED_ON, _NO_LABEL, fault, refused=received_on is not None)]


def _find_first_day(step: Step, task: TaskRow) -> date:
    """Return since when a reply may have come: since it was asked for, or any day of the case where its limit was over by then."""
    since, limit = local_date(task.created_at), last_day(task)
    return local_date(step.case.started_at) if limit is not None and limit < since else since


def _describe_receipt(step: Step, task: TaskRow, received_on: date) -> str:
    """Return when it came, and how late that was."""
    receipt, limit = f"{format_full_day(received_on).zh}收到", last_day(task)
    if limit is None or received_on <= limit:
        return receipt
    days = remaining(step.desk.calendar(step.package.jurisdiction.calendar), received_on, limit).days
    late = f"逾期{days}个工作日" if days else f"逾期{(received_on - limit).days}天，其间没有工作日"
    return f"{receipt}，期限为{format_full_day(limit).zh}，{late}"
