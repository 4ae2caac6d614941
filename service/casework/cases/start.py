"""Start a case: a round, an application, and whatever else a package declares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from service.casework.access.actor import APPLICANT_KINDS, SYSTEM, Actor, Seat
from service.casework.access.case_access import NotPossibleNow
from service.casework.access.guards import guarded
from service.casework.cases.begin import insert_case, join_begun, run_from_start, take_start_form
from service.casework.desk.desk import Desk
from service.casework.reading.results import count_objection, find_contested_notice, start_names
from service.casework.scope.record import (
    RecordScope,
    case_facts,
    case_views,
    child_facts,
    holding_kinds,
    objection_kinds,
)
from service.casework.step.decide import Undecided, decide_condition, reporting_undecided
from service.casework.step.fill import fill
from service.casework.step.submission import FormInvalid
from service.casework.subjects.case_subjects import applicant_problem, takes_individuals
from service.casework.subjects.register_facts import register_of, same_organisations
from service.catalog import Package, ProcessInfo
from service.catalog.parameters.counting import counting_of
from service.domain.calendar import local_date
from service.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from service.domain.forms import FieldError
from service.domain.text import Text
from service.domain.values.bounds import Default, Inside, Length, PackageKey, RowId, Submission
from service.domain.values.typed_text import clean_code
from service.engine import Environment
from service.store import Transaction
from service.store.models import CaseRow, WorkItemRow

_NO_LABEL = Text("", "")
_LONGEST = 200
"""Most characters of the name of an applicant."""


@dataclass(frozen=True, slots=True)
class PaperApplicant:
    """Who applies on paper, registered or not: ``kind`` is organisation or individual."""

    name: str
    code: str
    kind: str


class ApplicantRefused(FormInvalid):
    """Nobody can be registered for as was said; the start form was not looked at yet."""

    code = "applicant_refused"


@dataclass(frozen=True, slots=True)
class Starter:
    """Who starts a case, as its conditions read it: the role and the key of the body; the public has no body."""

    role: str
    body: str | None = None

    @property
    def names(self) -> dict[str, Any]:
        """Return what conditions call them."""
        return {"starter": self.role, "starter_body": self.body}


class LiveCase(Conflict):
    """The organisation has a live case of the kind there already, and is to go on with that one: `case_id`."""

    code = "live_case"

    def __init__(self, live: CaseRow) -> None:
        super().__init__(
            Text(
                f"本届已有办理中的“{live.title}”，请直接打开它。",
                f"There is already a live case “{live.title}”: open that one.",
            )
        )
        self.members = {"case_id": live.id}


@guarded("case.start")
def start_case(
    desk: Desk,
    actor: Actor,
    package_key: PackageKey,
    process: Annotated[str, Length(1, 60)],
    parent_id: Annotated[RowId | None, Default()],
    submission: Submission,
    *,
    on_behalf_of: RowId | None = None,
    applicant: Inside[PaperApplicant | None] = None,
    by_program: bool = False,
) -> int:
    """Start a case of the kind ``process`` of an award; returns its id.

    ``parent_id`` is the case above, needed of a kind that is offered below others.
    ``on_behalf_of`` is the organisation (body id) when staff enter an application brought on paper; ``applicant`` is who
    brought it where nobody is chosen: who is not registered yet is, and an account opened by that code later is theirs.
    A child case of another keeps the version its parent runs under.

    What stands in the way is said one after another: the role of who begins it, for whom it is begun, whether it may begin
    now or runs already, and last the form, with everything that is wrong in it.

    Raises:
        NotFound: the package has no such kind of case, or ``parent_id`` is a case of another award.
        NotAllowed: the person holds no role that starts the process.
        NotPossibleNow: the start condition does not hold (for example the window is closed).
        LiveCase: the organisation already has a live case there.
        ApplicantRefused: nobody is named for whom staff enter an application, or who is none that applies; who applies
            themselves names another; ``applicant`` lacks name or code, or they do not belong together.
        FormInvalid: the start form breaks a rule.
    """
    with reporting_undecided(desk), desk.store.write() as tx:
        parent = tx.cases.lock(parent_id) if parent_id is not None else None
        package, info = get_kind(desk, tx, package_key, process, parent)
        seat = _get_starter_seat(actor, package, info)
        actor = actor.by(seat)
        if applicant is not None and on_behalf_of is None:
            on_behalf_of = _register_applicant(desk, tx, package, info, applicant, submission)
        subject = _resolve_subject(tx, package, info, seat, on_behalf_of, submission)
        if info.same_subject and parent is not None:
            subject = _get_parent_subject(info, parent, seat, subject)
        require_start(desk, tx, package, info, parent, subject, Starter(seat.role, seat.body_key))
        step = insert_case(desk, tx, package, info, parent, subject, actor)
        step.by_program = by_program
        outside = start_names(tx, package, info, parent, seat.role)
        data = take_start_form(step, info, submission, seat.body_id, outside)
        run_from_start(step, info, data)
        if parent is not None and info.key in objection_kinds(package):
            day = date.fromisoformat(str(data.get("received_on") or step.today))
            count_objection(tx, find_contested_notice(tx, parent, day))
        return step.case.id


def _get_starter_seat(actor: Actor, package: Package, info: ProcessInfo) -> Seat:
    for role in info.started_by:
        seat = actor.holds(package.jurisdiction.id, role)
        if seat is not None:
            return seat
    raise NotAllowed(not_a_starter(package, info))


def not_a_starter(package: Package, info: ProcessInfo) -> Text:
    """Return the refusal that names who may start such a case, or that it begins by itself."""
    if not info.started_by:
        return Text(
            f"“{info.name}”由系统按流程自动发起，不能手工新建。",
            f"“{info.name_en or info.name}” begins by itself; nobody starts it by hand.",
        )
    roles = [package.jurisdiction.roles[r] for r in info.started_by if r in package.jurisdiction.roles]
    zh, en = "、".join(r.name for r in roles), ", ".join(r.name_en for r in roles)
    return Text(f"“{info.name}”由{zh}发起，您目前没有这个角色。", f"This is started by {en}; you hold no such role.")


def get_kind(
    desk: Desk, tx: Transaction, package_key: str, process: str, parent: CaseRow | None
) -> tuple[Package, ProcessInfo]:
    """Return the award of ``package_key``, in the version under which ``parent`` runs, and its kind of case; raises NotFound."""
    package = desk.packages.get(parent.definition, tx) if parent else desk.packages.current(package_key, tx)
    info = package.process(process)
    if parent is not None and (package.key, info.parent) != (package_key, parent.process):
        raise NotFound(
            Text(
                f"第{parent.id}号办件（{package.key}）之下没有“{package_key}”的“{info.name}”，请核对。",
                f"Below case {parent.id} of {package.key} there is no “{process}” of {package_key}: check both.",
            )
        )
    return package, info


def _resolve_subject(
    tx: Transaction,
    package: Package,
    info: ProcessInfo,
    seat: Seat,
    on_behalf_of: int | None,
    submission: Mapping[str, Any],
) -> int | None:
    role = package.jurisdiction.roles.get(seat.role)
    if role is not None and role.subject:
        if on_behalf_of not in (None, seat.body_id):
            raise _refuse_applicant(
                Text("只能为本组织发起，请去掉。", "You start for your own organisation: leave it out."), submission
            )
        return seat.body_id
    body = tx.bodies.find(id=on_behalf_of) if on_behalf_of is not None else None
    if body is None or body.kind not in APPLICANT_KINDS:
        if on_behalf_of is not None:
            wrong = Text("请从申报组织中选择。", "Choose an organisation that applies.")
            raise _refuse_applicant(wrong, submission)
        if info.one_per_subject and not info.same_subject:
            missing = Text("请写明代为登记的申报组织。", "Say for which organisation this is entered.")
            raise _refuse_applicant(missing, submission, refused=False)
    return on_behalf_of


def _refuse_applicant(text: Text, submission: Mapping[str, Any], *, refused: bool = True) -> ApplicantRefused:
    return ApplicantRefused([FieldError("on_behalf_of", _NO_LABEL, text, refused=refused)], submission)


def _register_applicant(
    desk: Desk,
    tx: Transaction,
    package: Package,
    info: ProcessInfo,
    applicant: PaperApplicant,
    submission: Mapping[str, Any],
) -> int:
    """Return who goes by the code of ``applicant``, registered now where nobody does; raises ApplicantRefused."""
    name, code = " ".join(applicant.name.split()), clean_code(applicant.code)
    individuals, today = takes_individuals(info), local_date(desk.clock.now())
    body = tx.bodies.find(jurisdiction="*", key=code) if code else None
    faults = {}
    if not name or len(name) > _LONGEST:
        faults["applicant_name"] = Text(
            f"请填写申报者全称，最多{_LONGEST}个字。", "Enter the full name of the applicant."
        )
    if not code:
        faults["applicant_code"] = Text(
            "没有登记过的申报者按代码登记，请填写。", "Who is not registered yet is registered by their code: enter it."
        )
    elif not faults or body is None:
        wrong = applicant_problem(body, name, code, applicant.kind, today, individuals=individuals)
        faults |= {"applicant_name" if body is not None else "applicant_code": wrong} if wrong is not None else {}
    if faults:
        sent = {"applicant_name": name, "applicant_code": code}
        errors = [FieldError(path, _NO_LABEL, text, refused=bool(sent[path])) for path, text in faults.items()]
        raise ApplicantRefused(errors, submission)
    if body is not None:
        return body.id
    return tx.bodies.upsert("*", code, kind=applicant.kind, name=name, registered_in=package.jurisdiction.id)


def _get_parent_subject(info: ProcessInfo, parent: CaseRow, seat: Seat, subject: int | None) -> int | None:
    """Return the organisation of the parent case; an organisation itself starts such a case in its own matter only."""
    if subject == seat.body_id and subject != parent.subject_id:
        raise NotAllowed(
            Text(
                f"这是其他组织的办件，只能在贵单位自己的办件中发起“{info.name}”。",
                "This case belongs to another organisation; start this below a case of your own.",
            )
        )
    return parent.subject_id


def why_barred(
    desk: Desk,
    tx: Transaction,
    package: Package,
    info: ProcessInfo,
    parent: CaseRow,
    subject: int | None,
    starter: Starter,
) -> Text | None:
    """Return why organisation ``subject`` may not start a case of this kind, by what is on record of it; None when it may."""
    if info.subject_condition is None or subject is None:
        return None
    names = (subject, *same_organisations(tx.bodies.get(subject)))
    ended = tx.cases.select(parent_id=parent.id, process=info.key, subject_id=names, status="ended")
    earlier = case_views(tx, ended, objection_kinds(package), holding_kinds(package))
    extra_facts = {
        **starter.names,
        "register": register_of(tx, [subject], parent),
        "earlier": [child_facts(view) for view in earlier],
    }
    if holds(desk, tx, package, info, parent, info.subject_condition, extra_facts):
        return None
    if info.subject_refusal is None:
        return Text(
            f"按登记的情况，贵单位不能发起“{info.name}”。",
            f"By what is on record, your organisation cannot start “{info.process}”.",
        )
    return _fill_refusal(desk, tx, package, info, parent, info.subject_refusal, extra_facts)


def holds(
    desk: Desk,
    tx: Transaction,
    package: Package,
    info: ProcessInfo,
    parent: CaseRow,
    condition: str | None,
    extra_facts: Mapping[str, Any],
) -> bool:
    """Return whether ``condition`` is true over the records of the parent case and what is ``extra_facts``; none always is.

    Raises Undecided where it is neither true nor false.
    """
    if not condition:
        return True
    scope, environment = _over_parent(desk, tx, package, info, parent, extra_facts)
    verdict = decide_condition(condition, scope, environment, desk.functions)
    if isinstance(verdict, bool):
        return verdict
    raise Undecided(parent.id, info.key, info.text, verdict)


def refusal_to_start(
    desk: Desk, tx: Transaction, package: Package, info: ProcessInfo, parent: CaseRow, starter: Starter
) -> Text | None:
    """Return what people read where the start condition does not hold, its braces filled as it was; None where it holds."""
    extra_facts = starter.names
    if holds(desk, tx, package, info, parent, info.start_condition, extra_facts):
        return None
    if info.start_refusal is None:
        return Text(f"目前不能发起“{info.name}”。", f"“{info.name_en or info.name}” cannot be started now.")
    return _fill_refusal(desk, tx, package, info, parent, info.start_refusal, extra_facts)


def _fill_refusal(
    desk: Desk,
    tx: Transaction,
    package: Package,
    info: ProcessInfo,
    parent: CaseRow,
    refusal: Text,
    extra_facts: Mapping[str, Any],
) -> Text:
    scope, environment = _over_parent(desk, tx, package, info, parent, extra_facts)
    zh, en = (fill(text, scope, desk.functions, environment) for text in (refusal.zh, refusal.en))
    return Text(zh, en)


def _over_parent(
    desk: Desk, tx: Transaction, package: Package, info: ProcessInfo, parent: CaseRow, extra_facts: Mapping[str, Any]
) -> tuple[RecordScope, Environment]:
    place = package.jurisdiction
    facts = {info.parent or "parent": case_facts(parent), "param": parent.parameters, **extra_facts}
    counting = counting_of(place, package.award.time_settings, parent.parameters)
    environment = Environment(desk.clock.now(), desk.calendar(place.calendar), facts, counting)
    return RecordScope(tx, package, parent, facts), environment


def require_start(
    desk: Desk,
    tx: Transaction,
    package: Package,
    info: ProcessInfo,
    parent: CaseRow | None,
    subject: int | None,
    starter: Starter,
) -> None:
    """Raise Invalid or Conflict unless a case of this kind may start there now; ``starter`` is who starts it."""
    if info.parent and parent is None:
        raise Invalid(
            Text(f"“{info.name}”须在某一届之下发起。", f"“{info.process}” starts below a case of {info.parent}.")
        )
    if parent is not None and (refusal := refusal_to_start(desk, tx, package, info, parent, starter)) is not None:
        raise NotPossibleNow(refusal)
    if parent is not None and (barred := why_barred(desk, tx, package, info, parent, subject, starter)) is not None:
        raise NotPossibleNow(barred)
    live = find_live_case(tx, info, parent, subject)
    if live is not None:
        raise LiveCase(live)


def find_live_case(tx: Transaction, info: ProcessInfo, parent: CaseRow | None, subject: int | None) -> CaseRow | None:
    """Return the case to go on with instead of another one; one that is decided bars none, whatever else runs in it."""
    if not info.one_per_subject or parent is None or subject is None:
        return None
    rows = tx.cases.select(parent_id=parent.id, process=info.key, subject_id=subject, status__ne="ended")
    return next((row for row in rows if row.facts.get("decided") is not True), None)


def start_child(desk: Desk, item: WorkItemRow) -> None:
    """Start the case that the item names below the item's case, in the commit that finishes the item.

    Where the item says so and one was begun alike, that one takes its facts while nobody has handled it, or goes first.
    """
    assert item.case_id is not None
    with desk.store.write() as tx:
        parent = tx.cases.lock(item.case_id)
        if join_begun(desk, tx, parent, item):
            return
        package = desk.packages.get(parent.definition, tx)
        info = package.process(str(item.payload["process"]))
        subject = item.payload.get("subject") or (parent.subject_id if info.same_subject else None)
        step = insert_case(desk, tx, package, info, parent, subject, SYSTEM)
        step.set_facts(dict(item.payload.get("facts") or {}))
        run_from_start(step, info, {})
        tx.work.finish(item, desk.clock.now())
