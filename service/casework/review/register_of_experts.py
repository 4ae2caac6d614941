"""The register of experts (评审专家库): adding, changing, training, suspending, and what invited experts answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Annotated, Any

from service.casework.access.actor import ADMINISTRATOR, Actor
from service.casework.access.book.acting import describe_current_act
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.desk.jsonable import to_json_value
from service.casework.people.accounts.profile import good_email
from service.casework.review.drop_reviewer import drop_reviewer
from service.casework.review.expert_terms import ROLE, lawful_last_day
from service.casework.review.pool import EDUCATION
from service.casework.review.who_may_serve import (
    DECLINED,
    INVITED,
    ask_for_consent,
    needs_consent,
    require_another_expert,
    require_may_serve,
)
from service.casework.subjects.employers import find_employer_body
from service.domain.calendar import local_date
from service.domain.calendar.periods import TermPeriod
from service.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from service.domain.text import Text
from service.domain.values.bounds import Between, Example, Inside, Length, Name, Note, OneOf, Reason, Spread
from service.store import Transaction
from service.store.models import ExpertChangeRow, ExpertRow, MembershipRow, PersonRow, TrainingRow

_LOGIN = re.compile(r"[\w.@-]{3,80}")
_SEVERAL_SECTORS = re.compile(r"[/／|｜]|[一-鿿]\s+[一-鿿]")


@dataclass(frozen=True, slots=True)
class NewExpert:
    """A person to be put on the register; the account is made when ``login`` is new, without a password yet."""

    jurisdiction: Annotated[str, Length(1, 60)]
    login: Annotated[str, Length(1, 80)]
    name: Annotated[str, Length(1, 80)]
    employer: Name
    education: Annotated[str, OneOf(tuple(EDUCATION))]
    practising_since: Annotated[date, Example("2001-07-01")]
    sectors: tuple[str, ...] = ()
    qualifications: tuple[str, ...] = ()
    term_from: date | None = None
    term_until: date | None = None
    place: Note = ""
    email: Note = ""
    training: Inside[str] = ""
    trained_on: Inside[date | None] = None


@dataclass(frozen=True, slots=True)
class ExpertRecord:
    """What an entry says of an expert and may be changed, as it is on record; sent back unchanged it changes nothing.

    Without ``term_from`` it begins as it did, without ``term_until`` it lasts as long as the regulation allows.
    """

    version: Annotated[int, Between(0, 2**31)]
    employer: Name
    place: Note
    education: Annotated[str, OneOf(tuple(EDUCATION))]
    practising_since: Annotated[date, Example("2001-07-01")]
    sectors: tuple[str, ...]
    qualifications: tuple[str, ...]
    term_from: date | None
    term_until: date | None


RECORDED = tuple(each.name for each in fields(ExpertRecord) if each.name != "version")


def build_record(source: NewExpert | ExpertRow, version: int) -> ExpertRecord:
    """Return of an entry, or of what is to be entered, what may be changed."""
    return ExpertRecord(version, **{name: getattr(source, name) for name in RECORDED})


@guarded("experts.manage")
def add_expert(desk: Desk, actor: Actor, new: Spread[NewExpert]) -> int:
    """Put a person on the register, give them the role of an expert, and return the entry's id.

    Whose account is of another place is asked first: the entry waits, without role, until they agree.

    Raises:
        NotAllowed: the actor's office is of another jurisdiction, or the person may not serve (`require_may_serve`).
        Invalid: something is missing, a day cannot be, or the term is beyond the regulation's (`lawful_last_day`).
        Conflict: the person is on the register already.
    """
    require_office(actor, new.jurisdiction)
    now, today = desk.clock.now(), local_date(desk.clock.now())
    with desk.store.write() as tx:
        new = replace(new, term_until=require_expert_can_be(desk, tx, new))
        person, is_invited = _find_or_add_person(desk, tx, actor, new)
        if tx.experts.find(jurisdiction=new.jurisdiction, person_id=person) is not None:
            raise Conflict(Text(f"{new.name}已在专家库中。", f"{new.name} is on the register already."))
        ident = tx.experts.insert(
            ExpertRow(
                jurisdiction=new.jurisdiction,
                person_id=person,
                **_build_columns(tx, new, today),
                status=INVITED if is_invited else "active",
                status_reason="等待本人同意" if is_invited else "",
                created_at=now,
                changed_at=now,
            )
        )
        if new.trained_on is not None:
            tx.trainings.insert(
                TrainingRow(
                    expert_id=ident,
                    title=new.training or "评审员培训",
                    held_on=new.trained_on,
                )
            )
        words = (INVITED, "邀请入库，等待本人同意") if is_invited else ("added", "入库")
        note_change(desk, tx, actor, ident, *words, {"employer": new.employer})
        return ident


@guarded("experts.manage")
def change_expert(desk: Desk, actor: Actor, expert_id: int, record: Spread[ExpertRecord]) -> None:
    """Bring an entry up to date; what changed stays on record.

    It takes the whole record that GET gives: a field that is left out is refused, so that nothing is emptied unsaid.

    Raises:
        Stale: a concurrent change.
        Invalid: something is missing, a day cannot be, or the term is beyond the regulation's (`lawful_last_day`).
    """
    with desk.store.write() as tx:
        row = tx.experts.get(expert_id)
        require_office(actor, row.jurisdiction)
        require_another_expert(actor, row.person_id)
        values = {name: getattr(record, name) for name in RECORDED}
        new = NewExpert(row.jurisdiction, "", tx.people.get(row.person_id).name, **values)
        last = require_expert_can_be(desk, tx, new, row)
        columns = _build_columns(tx, replace(new, term_until=last), row.term_from)
        before = {name: getattr(row, name) for name, value in columns.items() if getattr(row, name) != value}
        if not before:
            return
        tx.experts.step(expert_id, record.version, **columns, changed_at=desk.clock.now())
        note_change(desk, tx, actor, expert_id, "changed", "修改信息", {"before": to_json_value(before)})


@guarded("experts.manage")
def train_expert(
    desk: Desk, actor: Actor, expert_id: int, title: str, held_on: date, hours: int | None, valid_until: date | None
) -> None:
    """Record a training; raises Invalid for one without name, in the future, or over before it was held."""
    _require_training_can_be(title, held_on, local_date(desk.clock.now()), valid_until)
    with desk.store.write() as tx:
        row = tx.experts.get(expert_id)
        require_office(actor, row.jurisdiction)
        require_another_expert(actor, row.person_id)
        tx.trainings.insert(
            TrainingRow(expert_id=expert_id, title=title.strip(), held_on=held_on, hours=hours, valid_until=valid_until)
        )
        note_change(desk, tx, actor, expert_id, "trained", f"培训：{title.strip()}", {"held_on": held_on.isoformat()})


@guarded("experts.manage")
def set_expert_status(
    desk: Desk,
    actor: Actor,
    expert_id: int,
    version: Annotated[int, Between(0, 2**31)],
    status: Annotated[str, OneOf(("active", "suspended", "disqualified"))],
    reason: Reason,
    until: date | None = None,
    scores: Annotated[str, OneOf(("drop", "keep"))] = "drop",
) -> int:
    """Suspend, disqualify or restore an expert with a reason; returns how many running cases that touched.

    A disqualified expert leaves every running panel of the register's jurisdiction; ``scores`` drop takes their sheets out of the results
    (which are recomputed), keep leaves them.

    Raises:
        Invalid: no reason, an unknown status, or a disqualification that the regulation gives to others.
        Stale: the entry was changed concurrently.
    """
    words = {"active": "恢复资格", "suspended": "暂停资格", "disqualified": "取消专家资格"}
    if status not in words or not reason.strip():
        raise Invalid(Text("请选择处理方式并写明原因。", "Choose what to do and say why."))
    with desk.store.write() as tx:
        row = tx.experts.get(expert_id)
        require_office(actor, row.jurisdiction)
        require_another_expert(actor, row.person_id)
        _require_agreed(row)
        if status == "disqualified" and is_disqualified_by_process(desk, tx, row.jurisdiction):
            raise Invalid(
                Text(
                    "取消资格须按办法规定的程序由有权的机构决定，在相应的办件中办理；此处可以暂停或者恢复。",
                    "Who the regulation names disqualifies, in the case for it; here you may suspend or restore.",
                )
            )
        tx.experts.step(
            expert_id,
            version,
            status=status,
            status_reason=reason.strip() if status != "active" else "",
            status_until=until if status != "active" else None,
            changed_at=desk.clock.now(),
        )
        data = {"reason": reason.strip(), "until": until.isoformat() if until else None, "scores": scores}
        note_change(desk, tx, actor, expert_id, status, f"{words[status]}：{reason.strip()}", data)
    if status != "disqualified":
        return 0
    return drop_reviewer(desk, actor, row.jurisdiction, row.person_id, reason.strip(), scores)


def is_disqualified_by_process(desk: Desk, tx: Transaction, jurisdiction: str) -> bool:
    """Return whether a regulation of ``jurisdiction`` has a procedure that strikes experts off."""
    return any(
        element.operation is not None and element.operation.operation == "experts.disqualify"
        for package in desk.packages.all_current(tx)
        if package.jurisdiction.id == jurisdiction
        for diagram in package.processes.values()
        for element in diagram.elements.values()
    )


def note_change(
    desk: Desk, tx: Transaction, actor: Actor, expert_id: int, action: str, text: str, data: Mapping[str, Any]
) -> None:
    """Add a line to the history of an entry."""
    entry = tx.experts.get(expert_id)
    describe_current_act(f"{tx.people.get(entry.person_id).name}：{text}", place=entry.jurisdiction)
    tx.expert_changes.insert(
        ExpertChangeRow(
            expert_id=expert_id,
            at=desk.clock.now(),
            actor=actor.name,
            person_id=actor.person_id,
            action=action,
            text=text,
            data=dict(data),
        )
    )


def may_keep_register(actor: Actor, jurisdiction: str) -> bool:
    """Return whether ``actor`` is of the office of ``jurisdiction``, or its administrator with all three offices."""
    return bool(actor.holds(jurisdiction, ADMINISTRATOR) or actor.in_office(jurisdiction))


def require_office(actor: Actor, jurisdiction: str) -> None:
    """Raise NotAllowed unless the register of ``jurisdiction`` is the actor's to keep."""
    if not may_keep_register(actor, jurisdiction):
        raise NotAllowed(
            Text("专家库由本辖区办公室管理。", "The register of experts is kept by the office of its own jurisdiction.")
        )


def require_expert_can_be(desk: Desk, tx: Transaction, new: NewExpert, row: ExpertRow | None = None) -> date | None:
    """Return the last day of the term of an expert to be entered, or changed where ``row`` is the entry before.

    Raises:
        Invalid: something is missing, an address or a day cannot be, or the term is beyond the regulation's.
    """
    today = local_date(desk.clock.now())
    if not new.name.strip() or not new.employer.strip() or new.education not in EDUCATION:
        raise Invalid(Text("请填写姓名、单位和学历。", "Enter name, employer and education."))
    good_email(new.email)
    for sector in new.sectors:
        if _SEVERAL_SECTORS.search(sector):
            raise Invalid(
                Text(
                    f"熟悉行业“{sector}”像是几个行业写在一起，请用顿号分开，例如“机械、化工”。",
                    f"“{sector}” looks like several sectors written together: separate them by “、”.",
                )
            )
    if new.practising_since > today:
        raise Invalid(Text("从事质量工作起始日不能晚于今天。", "Nobody practises since a day after today."))
    if new.trained_on is not None:
        _require_training_can_be(new.training or "评审员培训", new.trained_on, today, None)
    elif new.training.strip():
        raise Invalid(Text("填写了培训，请一并填写培训日期。", "A training needs the day it was held on."))
    if new.term_from is not None and new.term_until is not None and new.term_until < new.term_from:
        raise Invalid(Text("聘期截止日不能早于起始日。", "The term cannot end before it begins."))
    term = TermPeriod(new.term_from or (row.term_from if row is not None else today), new.term_until)
    return lawful_last_day(desk, tx, new.jurisdiction, new.name, term, row)


def _require_training_can_be(title: str, training_day: date, today: date, valid_until: date | None) -> None:
    if not title.strip() or training_day > today:
        raise Invalid(Text("请填写培训名称和已举行的日期。", "Give the training's name and the day it was held."))
    if valid_until is not None and valid_until < training_day:
        raise Invalid(Text("培训有效期不能早于举行日期。", "A training cannot lapse before it was held."))


def _build_columns(tx: Transaction, new: NewExpert, today: date) -> dict[str, Any]:
    return {
        "employer": new.employer.strip(),
        "employer_id": find_employer_body(tx, new.employer),
        "place": new.place.strip(),
        "education": new.education,
        "practising_since": new.practising_since,
        "sectors": [s.strip() for s in new.sectors if s.strip()],
        "qualifications": [q.strip() for q in new.qualifications if q.strip()],
        "term_from": new.term_from or today,
        "term_until": new.term_until,
    }


def _find_or_add_person(desk: Desk, tx: Transaction, actor: Actor, new: NewExpert) -> tuple[int, bool]:
    """Return the person of ``new.login``, added when new, and whether they were asked instead of given the role."""
    account = tx.people.by_login(new.login.strip())
    if account is not None and account.name != new.name.strip():
        raise Conflict(
            Text(
                f"登录名“{new.login}”已由另一姓名的人使用，请核对姓名或换一个登录名。",
                f"The login name {new.login!r} belongs to a person of another name: check the name or choose another.",
            )
        )
    if account is None and not _LOGIN.fullmatch(new.login.strip()):
        raise Invalid(Text("登录名须为3至80个字符。", "A login name has 3 to 80 characters."))
    if account is not None:
        require_another_expert(actor, account.id)
        require_may_serve(tx, account.id, desk.clock.now())
    if account is not None and needs_consent(tx, actor, new.jurisdiction, account.id):
        if tx.experts.find(jurisdiction=new.jurisdiction, person_id=account.id) is None:
            ask_for_consent(desk, tx, actor, account.id, _get_city_name(desk, tx, new.jurisdiction))
        return account.id, True
    person = account.id if account else _add_person(desk, tx, new)
    give_role(desk, tx, new.jurisdiction, person)
    return person, False


def give_role(desk: Desk, tx: Transaction, jurisdiction: str, person_id: int) -> None:
    """Let a person hold the role of experts in ``jurisdiction``."""
    role, body = _get_expert_seat(desk, tx, jurisdiction)
    tx.memberships.give(
        MembershipRow(person_id=person_id, body_id=body, jurisdiction=jurisdiction, role=role, since=desk.clock.now())
    )


def _get_city_name(desk: Desk, tx: Transaction, jurisdiction: str) -> str:
    city_names = (p.jurisdiction.name for p in desk.packages.all_current(tx) if p.jurisdiction.id == jurisdiction)
    return next(city_names, jurisdiction)


def _require_agreed(row: ExpertRow) -> None:
    if row.status in (INVITED, DECLINED):
        raise Conflict(
            Text(
                "本人还没有同意入库（或者已经谢绝），不能变更其资格状态。",
                "The person has not agreed to be on the register, or declined: there is no status to change.",
            )
        )


def _add_person(desk: Desk, tx: Transaction, new: NewExpert) -> int:
    return tx.people.insert(
        PersonRow(
            login=new.login.strip(),
            name=new.name.strip(),
            email=good_email(new.email) or None,
            created_at=desk.clock.now(),
        )
    )


def _get_expert_seat(desk: Desk, tx: Transaction, jurisdiction: str) -> tuple[str, int]:
    """Return the role of experts and the body that holds it in ``jurisdiction``; raises Invalid when none does."""
    for package in desk.packages.all_current(tx):
        if package.jurisdiction.id == jurisdiction:
            role = package.jurisdiction.bind(ROLE)
            for body in package.jurisdiction.bodies_with(role):
                row = tx.bodies.find(jurisdiction=jurisdiction, key=body.id)
                if row is not None:
                    return role, row.id
    raise Invalid(
        Text(
            "本辖区没有担任“评审专家”角色的单位，请在“地方与奖项”的机构中补上（jurisdiction.yaml）。",
            "No body of the jurisdiction holds the role of experts: add one to the bodies on the page “Place and award” (jurisdiction.yaml).",
        )
    )


@dataclass(frozen=True, slots=True)
class Invitation:
    """An entry that waits for its person: of which place, and with what the office wrote."""

    expert_id: int
    jurisdiction: str
    city: str
    employer: str
    sectors: tuple[str, ...]
    asked_at: datetime


@guarded("experts.consent")
def list_invitations(desk: Desk, actor: Actor) -> list[Invitation]:
    """Return the invitations that wait for the actor's answer, oldest first."""
    with desk.store.read() as tx:
        return waiting_invitations(desk, tx, actor)


def waiting_invitations(desk: Desk, tx: Transaction, actor: Actor) -> list[Invitation]:
    """Return the invitations that wait for the actor's answer, oldest first; one SQL statement where there is none."""
    rows = [r for r in tx.experts.select(person_id=actor.person_id or 0) if r.status == INVITED]
    names = {p.jurisdiction.id: p.jurisdiction.name for p in desk.packages.all_current(tx)} if rows else {}
    return [
        Invitation(r.id, r.jurisdiction, names.get(r.jurisdiction, r.jurisdiction), r.employer, tuple(r.sectors), r.created_at)
        for r in rows
    ]  # fmt: skip


@guarded("experts.consent")
def answer_invitation(desk: Desk, actor: Actor, expert_id: int, *, accept: bool) -> None:
    """Agree, which gives the role of an expert, or decline; either stays in the history of the entry.

    Raises:
        NotFound: no invitation of the actor's.
        NotAllowed: who agrees became an administrator meanwhile.
        Conflict: it is answered already.
    """
    with desk.store.write() as tx:
        row = tx.experts.get(expert_id)
        if row.person_id != actor.person_id:
            raise NotFound(Text("没有给您的这份邀请。", "There is no such invitation for you."))
        if row.status != INVITED:
            raise Conflict(Text("这份邀请已经答复。", "This invitation is answered already."))
        now = desk.clock.now()
        tx.experts.step(
            expert_id,
            row.version,
            status="active" if accept else DECLINED,
            status_reason="" if accept else "本人谢绝",
            changed_at=now,
        )
        if accept:
            require_may_serve(tx, row.person_id, now)
            give_role(desk, tx, row.jurisdiction, row.person_id)
        words = ("agreed", "本人同意入库") if accept else (DECLINED, "本人谢绝入库")
        note_change(desk, tx, actor, expert_id, *words, {})
