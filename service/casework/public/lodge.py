"""Lodge an objection without account: a child case of an application or a round, and a receipt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.access.secrets import IDENTITY, identity_files
from service.casework.cases.begin import insert_case, run_from_start, take_start_form
from service.casework.cases.start import Starter, require_start
from service.casework.desk.desk import Desk
from service.casework.public.receipts import code_hash, new_code
from service.casework.public.throttle import LODGE, count_attempt
from service.casework.reading.results import count_objection, find_contested_notice, is_contestable_notice
from service.casework.scope.record import objection_kinds
from service.casework.step.decide import reporting_undecided
from service.casework.step.step import Step
from service.casework.subjects.register_facts import applications_awarded
from service.catalog import Package, ProcessInfo
from service.catalog.award import PUBLIC
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.files.uploads import uploads_in
from service.domain.text import Text
from service.domain.values.bounds import Length, Named, PackageKey, RowId, Spread, Submission
from service.store import Transaction
from service.store.models import START_FORM, CaseRow, NoticeRow, ReceiptRow

_SENT_AGAIN = timedelta(minutes=30)


def require_target(
    tx: Transaction, package: Package, info: ProcessInfo, parent: CaseRow, notice: NoticeRow | None
) -> None:
    """Raise NotAllowed unless the public may lodge a case of ``info`` below ``parent``.

    An application must have been named in public: before that, applicants are confidential. One that won may be
    objected to while its announcement stands for objections.
    """
    fits = parent.process == info.parent and (notice is None or _is_notice_of_round(notice, parent))
    if not fits or parent.id not in {case.id for case in targets_at(tx, info, place_of(package, parent))}:
        raise NotAllowed(
            Text(
                "不能对这个对象提出异议：它没有公示，或者与所选的公示无关。请从公示页面进入。",
                "No objection can be lodged there: it was not made public or belongs to another notice. Start from the notice.",
            )
        )


def place_of(package: Package, case: CaseRow) -> int:
    """Return the topmost case of which ``case`` is part: itself, or the round it is below."""
    above = package.award.processes[case.process].parent
    return case.parent_id if above and case.parent_id is not None else case.id


def targets_at(tx: Transaction, info: ProcessInfo, place: int) -> list[CaseRow]:
    """Return the cases at ``place`` (a round) below which ``info`` may be lodged, by title.

    What is about the round itself, as the misuse of its titles, is lodged as long as one of these stands.
    """
    root = tx.cases.get(place)
    if info.parent == root.process:
        return [root] if root.status != "ended" or applications_awarded(tx, root) else []
    notices, below = tx.notices.select(case_id=place), tx.cases.select(parent_id=place, process=info.parent)
    live = [c for c in below if c.status != "ended"]
    posted = tx.notices.pick("case_id", case_id=[c.id for c in live], audience="public")
    named_cases = [c for c in _named_ones(tx, live, _collect_named_values(notices)) if c.id not in posted]
    return sorted(
        [*named_cases, *(c for c in live if c.id in posted), *_list_winners(tx, root, below, notices)],
        key=lambda c: c.title,
    )


def _list_winners(
    tx: Transaction, root: CaseRow, below: Sequence[CaseRow], notices: Iterable[NoticeRow]
) -> list[CaseRow]:
    """Return the applications that ended with an award and stand in a notice that now asks for objections to it."""
    named = _collect_named_values(n for n in notices if n.state == "running" and is_contestable_notice(n))
    ended = [c for c in below if c.status == "ended"]
    if not named or not ended:
        return []
    won = applications_awarded(tx, root)
    return _named_ones(tx, [c for c in ended if c.id in won], named)


def _named_ones(tx: Transaction, cases: Sequence[CaseRow], named: set[str]) -> list[CaseRow]:
    bodies = tx.bodies.by_id([c.subject_id for c in cases if c.subject_id is not None])
    return [c for c in cases if {c.title, bodies[c.subject_id].name if c.subject_id in bodies else c.title} & named]


def _is_notice_of_round(notice: NoticeRow, parent: CaseRow) -> bool:
    return notice.audience == "public" and notice.case_id in (parent.id, parent.parent_id)


def _collect_named_values(notices: Iterable[NoticeRow]) -> set[str]:
    entries = [e for n in notices if n.audience == "public" for e in (n.content or {}).get("entries", [])]
    return {str(value) for entry in entries if isinstance(entry, dict) for value in entry.values()}


PUBLIC_ACTOR = Actor(None, "公众")
"""Whoever acts without an account; names stand in the form, where they are protected."""


@dataclass(frozen=True, slots=True)
class Lodging:
    """Where to lodge: ``process`` of ``package`` below case ``parent``; ``notice`` is objected to, if any."""

    package: PackageKey
    process: Annotated[str, Length(1, 60)]
    parent: Annotated[RowId, Named("target")]
    notice: RowId | None = None


@dataclass(frozen=True, slots=True)
class LodgingReceipt:
    """The receipt of an objector: the code is shown once, only its hash is kept."""

    case_id: int
    number: str
    code: str
    at: datetime


@guarded("objection.lodge")
def lodge_publicly(
    desk: Desk, actor: Actor, lodging: Spread[Lodging], submission: Submission, origin: str, by_program: bool = False
) -> LodgingReceipt:
    """Start the case and return its receipt; ``origin`` is a hash of where the request came from.

    Raises:
        TooOften: the address lodged too much within the hour.
        NotAllowed: this kind of case is not open to the public, or its place is not public.
        Conflict: the start condition does not hold, or the same was lodged just before.
        FormInvalid: the start form breaks a rule; nothing is stored.
    """
    del actor  # anybody: who it is stands in the form
    count_attempt(desk, LODGE, origin)
    with reporting_undecided(desk), desk.store.write() as tx:
        parent = tx.cases.lock(lodging.parent)
        package = desk.packages.get(parent.definition, tx)
        info = public_process(package, lodging.process)
        notice = tx.notices.lock(lodging.notice) if lodging.notice is not None else None
        require_target(tx, package, info, parent, notice)
        require_start(desk, tx, package, info, parent, None, Starter(PUBLIC))
        step = insert_case(desk, tx, package, info, parent, None, PUBLIC_ACTOR)
        step.by_program = by_program
        require_anonymous_uploads(tx, submission)
        data = take_start_form(step, info, submission, None)
        _require_new(step, info, data)
        _mark_identity(step, info, data)
        run_from_start(step, info, data)
        if info.key in objection_kinds(package):
            notice = notice or find_contested_notice(tx, parent, step.today)
            count_objection(tx, notice if notice is not None and notice.state == "running" else None)
        return _build_receipt(step, notice)


def public_process(package: Package, key: str) -> ProcessInfo:
    """Return the kind of case ``key``; raises NotAllowed when it is not open to everybody."""
    info = package.process(key)
    if not info.public:
        raise NotAllowed(
            Text(
                f"“{info.name}”不能免登录提出，请登录后办理。",
                f"“{info.name_en or info.name}” needs an account: sign in.",
            )
        )
    return info


def require_anonymous_uploads(tx: Transaction, submission: Mapping[str, Any]) -> None:
    """Raise Invalid for files that were not uploaded without account, or belong to a case already."""
    for ident in uploads_in(dict(submission)):
        row = tx.uploads.get(ident)
        if row.person_id is None and row.case_id is not None:
            raise sent_before()
        if row.person_id is not None or row.case_id is not None or row.removed_at is not None:
            raise Invalid(
                Text(
                    "表单中有附件不是在本页上传的，请重新上传后再提交。",
                    "A file in the form was not uploaded on this page: upload it again and submit.",
                )
            )


def sent_before() -> Conflict:
    """Return what whoever sends the same page again is told."""
    return Conflict(
        Text(
            "这份材料刚才已经收到，不用再次提交。请用回执上的查询码查看；确要另行提出的，请修改内容并重新上传附件。",
            "This was received just before; do not send it again. Look it up by the code of your receipt; to lodge another, "
            "change what it says and upload its files anew.",
        )
    )


def _require_new(step: Step, info: ProcessInfo, data: Mapping[str, Any]) -> None:
    """Raise Conflict where the same was lodged just before: a page that was sent twice, or again from the history."""
    beside = step.tx.cases.select(parent_id=step.case.parent_id, process=info.key)
    recent = [c.id for c in beside if c.id != step.case.id and c.started_at > step.now - _SENT_AGAIN]
    if any(row.element == START_FORM and row.data == data for ident in recent for row in step.tx.forms.of_case(ident)):
        raise sent_before()


def _mark_identity(step: Step, info: ProcessInfo, data: Mapping[str, Any]) -> None:
    if info.start_form:
        form = step.desk.packages.form(step.package, info.start_form)
        step.tx.uploads.mark_secret(identity_files(form, data), IDENTITY)


def _build_receipt(step: Step, notice: NoticeRow | None) -> LodgingReceipt:
    code, case = new_code(step.desk.randomness), step.case
    number = case.number or str(case.id)
    step.tx.receipts.add(
        ReceiptRow(
            case_id=case.id,
            number=number,
            code_hash=code_hash(code),
            notice_id=notice.id if notice else None,
            issued_at=step.now,
        )
    )
    return LodgingReceipt(case.id, number, code, step.now)
