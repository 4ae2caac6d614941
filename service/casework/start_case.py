"""Start a case: a round, an application, and whatever else a package declares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.casework.actor import APPLICANT_KINDS, Actor, Seat
from service.casework.blob import Projection, pack
from service.casework.desk import Desk
from service.casework.fill import compiled
from service.casework.guards import guarded
from service.casework.jsonable import jsonable
from service.casework.project import tell_parent_of_change
from service.casework.save import save_step
from service.casework.scope import RecordScope, case_facts
from service.casework.settle import settle
from service.casework.step import Step
from service.casework.submission import checked, record, routed
from service.catalog import Kind, Package, ProcessInfo
from service.domain.calendar import local_date
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.text import Text
from service.engine import Environment
from service.store import Transaction
from service.store.rows import CaseRow


@guarded("case.start")
def start_case(
    desk: Desk,
    actor: Actor,
    package_key: str,
    process: str,
    parent_id: int | None,
    submission: Mapping[str, Any],
    *,
    on_behalf_of: int | None = None,
) -> int:
    """Start ``process`` of package ``package_key`` and return the case's id.

    ``on_behalf_of`` is the organisation (body id) when staff enter an application brought on paper.
    A case below another keeps the version its parent runs under.

    Raises:
        NotAllowed: the person holds no role that starts the process.
        Conflict: the start condition does not hold (for example the window is closed), or the
            organisation already has a live case there.
        FormInvalid: the start form breaks a rule.
    """
    with desk.store.write() as tx:
        parent = tx.cases.lock(parent_id) if parent_id is not None else None
        package = desk.packages.get(parent.definition, tx) if parent else desk.packages.current(package_key, tx)
        info = package.award.processes[process]
        seat = _seat(actor, package, info)
        subject = _subject(tx, package, seat, on_behalf_of)
        _demand_start(desk, tx, package, info, parent, subject)
        step = _first_step(desk, tx, package, info, parent, subject, actor)
        data = _start_form(step, info, submission, seat)
        _run(step, info, data)
        return step.case.id


def _seat(actor: Actor, package: Package, info: ProcessInfo) -> Seat:
    for role in info.started_by:
        seat = actor.holds(package.jurisdiction.id, role)
        if seat is not None:
            return seat
    names = "、".join(package.jurisdiction.roles[r].name for r in info.started_by if r in package.jurisdiction.roles)
    raise NotAllowed(
        Text(
            f"“{info.name}”由{names}发起，您目前没有这个角色。",
            f"Only these roles start this: {', '.join(info.started_by)}.",
        )
    )


def _subject(tx: Transaction, package: Package, seat: Seat, on_behalf_of: int | None) -> int | None:
    role = package.jurisdiction.roles.get(seat.role)
    if role is not None and role.subject:
        return seat.body_id
    if on_behalf_of is not None and tx.people.body(on_behalf_of).kind not in APPLICANT_KINDS:
        raise Invalid(Text("只能为申报组织代为登记。", "Only an applicant organisation can be registered for."))
    return on_behalf_of


def _demand_start(
    desk: Desk, tx: Transaction, package: Package, info: ProcessInfo, parent: CaseRow | None, subject: int | None
) -> None:
    if info.parent and parent is None:
        raise Invalid(
            Text(f"“{info.name}”须在某一届之下发起。", f"“{info.process}” starts below a case of {info.parent}.")
        )
    if parent is not None and info.start_condition:
        jurisdiction = package.jurisdiction
        facts = {info.parent or "parent": case_facts(parent), "param": parent.parameters}
        env = Environment(
            desk.clock.now(), desk.calendar(jurisdiction.calendar), facts, jurisdiction.start_rule, jurisdiction.roll
        )
        scope = RecordScope(tx, package, parent, facts)
        if compiled(info.start_condition, desk.functions).evaluate(scope, env) is not True:
            raise Conflict(
                info.start_refusal or Text(f"目前不能发起“{info.name}”。", f"“{info.process}” cannot be started now.")
            )
    if info.one_per_subject and parent is not None and subject is not None:
        live = tx.cases.find_live(parent.id, info.key, subject)
        if live is not None:
            raise Conflict(
                Text(
                    f"贵单位本届已有办理中的“{live.title}”，请直接打开它。",
                    f"There is already a live case “{live.title}”: open that one.",
                )
            )


def _first_step(
    desk: Desk,
    tx: Transaction,
    package: Package,
    info: ProcessInfo,
    parent: CaseRow | None,
    subject: int | None,
    actor: Actor,
) -> Step:
    now = desk.clock.now()
    name = tx.people.body(subject).name if subject is not None else info.name
    parameters = parent.parameters if parent else jsonable(package.parameters_on(local_date(now)))
    ident = tx.cases.insert(
        definition=package.version,
        jurisdiction=package.jurisdiction.id,
        award=package.award.id,
        process=info.key,
        title=name,
        number=None,
        parent_id=parent.id if parent else None,
        subject_id=subject,
        status="running",
        outcome=None,
        facts={},
        parameters=parameters,
        state=pack(Projection(), b""),
        audit_seq=0,
        audit_hash="",
        started_at=now,
        started_by=actor.person_id,
        changed_at=now,
        ended_at=None,
    )
    tx.crash("case-inserted")
    return Step(desk, tx, tx.cases.get(ident), actor)


def _start_form(step: Step, info: ProcessInfo, submission: Mapping[str, Any], seat: Seat) -> dict[str, Any]:
    if not info.start_form:
        return {}
    form = step.desk.packages.form(step.package, info.start_form)
    data = checked(step, form, submission, {})
    record(step, info.start_form, "start", data, task_id=None, body_id=seat.body_id)
    step.set_facts({k: v for k, v in data.items() if k in info.facts})
    return data


def _run(step: Step, info: ProcessInfo, data: Mapping[str, Any]) -> None:
    start = next(iter(step.package.diagram(info.process).of(Kind.START)))
    keys = start.properties.get("routes", "")
    step.audit("started", f"发起“{info.name}”：{step.case.title}", start.id)
    step.instance = step.desk.engine.start(step.case.definition, info.process, routed(keys, data), step.environment)
    settle(step)
    if info.title:
        step.change(title=step.text(info.title))
    tell_parent_of_change(step)
    save_step(step)
