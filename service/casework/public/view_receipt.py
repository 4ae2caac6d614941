"""The page of a receipt: the state of the objection, the replies, and what the holder may do now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO

from service.casework.access.actor import Actor
from service.casework.access.case_access import require_running
from service.casework.access.guards import guarded
from service.casework.cases.act_on_case import action_of, carry_out, is_action_possible, is_offered, refused_now
from service.casework.desk.desk import Desk
from service.casework.documents.produce_document import ensure_document_pdf
from service.casework.public.lodge import PUBLIC_ACTOR, require_anonymous_uploads
from service.casework.public.receipts import receipt_of
from service.casework.public.throttle import LODGE, TRACK, count_attempt
from service.casework.reading.case_loading import open_read_only
from service.casework.reading.case_summary import outcome_name
from service.casework.reading.contacts import Contact, contacts_of
from service.casework.reading.published import Published
from service.casework.reading.submissions import ERASED_FILE
from service.casework.step.decide import reporting_undecided
from service.casework.step.fill import form_settings
from service.casework.step.limits.days import NO_DUE_DATE, last_day_of
from service.casework.step.step import Step, open_step
from service.catalog import Package
from service.catalog.award import PUBLIC
from service.domain.calendar import local_date
from service.domain.errors import NotAllowed, NotFound, NotReady
from service.domain.forms import Form
from service.domain.output.composed_document import plain_text
from service.domain.text import Text
from service.domain.values.bounds import ReceiptCode, Submission
from service.store import Transaction
from service.store.models import DocumentRow

OBJECTOR = "objector"
"""The recipient of documents that only the holder of the receipt gets."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A document addressed to the objector, as issued."""

    id: int
    title: str
    number: str | None
    paragraphs: tuple[str, ...]
    signature: str
    issued_at: datetime
    ready: bool


@dataclass(frozen=True, slots=True)
class PublicAction:
    """What the holder may do now, with its form."""

    id: str
    name: Text
    consequence: str
    form: Form | None


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """An objection as its receipt shows it; nothing in it reveals the objector.

    ``due``: the last day of what is done now; ``late``: it is over. ``contact`` is whom to ask.
    """

    number: str
    city: Text
    office: str
    award: Text
    kind: Text
    about: str
    notice: str
    received_at: datetime
    running: bool
    stage: str
    due: date | None
    late: bool
    outcome: str
    replies: tuple[Reply, ...]
    actions: tuple[PublicAction, ...]
    package: Package
    today: date
    settings: Mapping[str, Any]
    contact: Contact | None


@guarded("objection.track")
def view_receipt(desk: Desk, actor: Actor, code: ReceiptCode, origin: str) -> ReceiptView:
    """Return where the objection of receipt ``code`` stands.

    Raises:
        NotFound: no receipt has this code.
        TooOften: too many wrong codes came from ``origin`` within the hour.
    """
    del actor
    _count_wrong(desk, code, origin)
    with desk.store.read() as tx:
        receipt = receipt_of(tx, code)
        step = open_read_only(desk, tx, tx.cases.get(receipt.case_id), PUBLIC_ACTOR)
        case, package = step.case, step.package
        stage, due = _read_stage(tx, step)
        notice = tx.notices.get(receipt.notice_id) if receipt.notice_id is not None else None
        return ReceiptView(
            number=receipt.number,
            city=package.jurisdiction.text,
            office=next((body.name for body in package.jurisdiction.bodies if body.kind == "office"), ""),
            award=package.award.text,
            kind=package.process(case.process).text,
            about=tx.cases.get(case.parent_id).title if case.parent_id is not None else "",
            notice=notice.title if notice else "",
            received_at=receipt.issued_at,
            running=case.status != "ended",
            stage=stage,
            due=due if case.status == "running" else None,
            late=due is not None and due < local_date(step.now),
            outcome=outcome_name(package, case),
            replies=tuple(_build_reply(d) for d in tx.documents.select(case_id=case.id) if OBJECTOR in d.recipients),
            actions=tuple(_list_actions(step)) if case.status == "running" else (),
            package=package,
            today=local_date(step.now),
            settings=form_settings(package, case.parameters),
            contact=contacts_of(desk, tx, Published((package,)), None).get(case.jurisdiction),
        )


@guarded("objection.track")
def open_reply(
    desk: Desk, actor: Actor, code: str, document: int, origin: str, *, pdf: bool = False
) -> tuple[DocumentRow, BinaryIO]:
    """Return the .docx (or the PDF) of a reply to the holder of ``code``; raises NotFound for any other document."""
    del actor
    _count_wrong(desk, code, origin)
    with desk.store.read() as tx:
        receipt = receipt_of(tx, code)
        row = next((d for d in tx.documents.select(case_id=receipt.case_id) if d.id == document), None)
    if row is not None and OBJECTOR in row.recipients and row.erased_at is not None:
        raise NotFound(ERASED_FILE)
    if row is None or OBJECTOR not in row.recipients:
        raise NotFound(Text("没有这份答复。", "There is no such reply."))
    if row.sha256 is None:
        raise NotReady
    if pdf:
        row = ensure_document_pdf(desk, row)
        return row, desk.store.files.open(row.pdf_sha256 or "")
    return row, desk.store.files.open(row.sha256 or "")


def _count_wrong(desk: Desk, code: str, origin: str) -> None:
    """Count a wrong code; holders of a receipt may look as often as they like."""
    with desk.store.read() as tx:
        try:
            receipt_of(tx, code)
        except NotFound:
            wrong = True
        else:
            wrong = False
    if wrong:
        count_attempt(desk, TRACK, origin)


def _read_stage(tx: Transaction, step: Step) -> tuple[str, date | None]:
    """Return the steps that the case waits at, as drawn and not as titled for staff, and the last day of the first."""
    tasks = [task for task in tx.tasks.open_of_case(step.case.id) if task.kind == "form"]
    days = [last_day_of(task.due_at, task.due_reason) for task in tasks if task.due_at != NO_DUE_DATE]
    waiting = [(task.process_id, task.element) for task in tasks]
    waiting += [(w.process_id, w.element) for w in tx.subscriptions.select(case_id=step.case.id)]
    names = [step.element(process, element).name for process, element in waiting]
    return "、".join(dict.fromkeys(name for name in names if name)), min(days, default=None)


def _list_actions(step: Step) -> list[PublicAction]:
    return [
        PublicAction(
            info.id,
            info.text,
            info.consequence,
            step.desk.packages.form(step.package, info.form) if info.form else None,
        )
        for info in step.package.award.actions.values()
        if info.process == step.case.process and PUBLIC in info.roles and is_offered(step, info)
    ]


def _build_reply(row: DocumentRow) -> Reply:
    content: Mapping[str, Any] = row.content
    return Reply(
        row.id,
        row.title,
        content.get("number"),
        tuple(plain_text(p) for p in content.get("paragraphs", ())),
        str(content.get("signature") or ""),
        row.issued_at,
        row.sha256 is not None,
    )


@guarded("objection.lodge")
def act_publicly(
    desk: Desk,
    actor: Actor,
    code: ReceiptCode,
    action: str,
    submission: Submission,
    origin: str,
    by_program: bool = False,
) -> None:
    """Submit the form of a public ``action`` for the case that ``code`` opens.

    Raises:
        TooOften, NotFound: too many attempts; no receipt has this code, or there is no such action.
        NotAllowed, Conflict: not open to the public, or not possible now.
        FormInvalid: the form breaks a rule.
    """
    del actor
    count_attempt(desk, LODGE, origin)
    with reporting_undecided(desk), desk.store.write() as tx:
        step = open_step(desk, tx, receipt_of(tx, code).case_id, PUBLIC_ACTOR)
        step.by_program = by_program
        require_running(step.case)
        info = action_of(step, action)
        if PUBLIC not in info.roles:
            raise NotAllowed(
                Text(f"“{info.name}”不由异议人办理。", f"“{info.name_en or info.name}” is not for the objector.")
            )
        if not is_action_possible(step, info):
            raise refused_now(info)
        require_anonymous_uploads(tx, submission)
        carry_out(step, action, info, None, submission)
