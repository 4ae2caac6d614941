"""Verify an organisation that registered: open its account and mail a link, or refuse with a reason by mail."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.casework.access.actor import BUILT_IN, Actor
from service.casework.access.book.acting import tell
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.people.accounts.accounts import NewAccount, insert_account
from service.casework.people.rights.seats import EVERYWHERE, NewSeat, give
from service.casework.public.registrations import VERIFIERS, link_hash
from service.casework.reading.published import published
from service.casework.step.post import put
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.text import Text
from service.store import Transaction
from service.store.models import BodyRow, MailRow, RegistrationRow, WorkItemRow

PAGE = 50
MOST_WORDS = 500
LINK_DAYS = 7
"""How long the link to the first password opens."""


@dataclass(frozen=True, slots=True)
class Registered:
    """What became of a request: ``login`` of the new account ("" if refused), ``sent`` whether a channel carries mail."""

    login: str
    sent: bool


@dataclass(frozen=True, slots=True)
class RegistrationLine:
    """A request that waits; ``known`` is the name under which the organisation is registered already, "" if it is not.

    ``people`` counts who acts for it, ``elsewhere`` says that other places look after it too.
    """

    row: RegistrationRow
    verifier: str
    known: str
    people: int
    elsewhere: bool


@dataclass(frozen=True, slots=True)
class Registrations:
    """A page of requests; ``after`` continues it."""

    lines: tuple[RegistrationLine, ...]
    after: int | None


@guarded("registration.decide")
def list_registrations(desk: Desk, actor: Actor, after: int = 0) -> Registrations:
    """Return what waits for the actor's bodies, of all of a place for its office, oldest first."""
    now = desk.clock.now()
    with desk.store.read() as tx:
        rows = tx.registrations.listed(*_verified_by(actor), after, PAGE + 1)
        shown = rows[:PAGE]
        names = tx.people.bodies_by_id({row.body_id for row in shown})
        lines = tuple(_line(tx, row, names[row.body_id].name, now) for row in shown)
    return Registrations(lines, shown[-1].id if len(rows) > PAGE else None)


def waiting_registrations(tx: Transaction, actor: Actor) -> int:
    """Return how many requests wait for the actor's bodies, for its office all of a place: as many as the list has."""
    places, bodies = _verified_by(actor)
    return tx.registrations.count_listed(places, bodies) if places or bodies else 0


def _verified_by(actor: Actor) -> tuple[set[str], set[int]]:
    """Return the places whose office the actor belongs to, and the bodies for which they verify."""
    places = {s.jurisdiction for s in actor.seats if s.in_office}
    return places, {s.body_id for s in actor.seats if s.body_kind in VERIFIERS and s.role not in BUILT_IN}


@guarded("registration.decide")
def accept_registration(desk: Desk, actor: Actor, number: int, site: str) -> Registered:
    """Register the organisation, open an account for who asked, and mail a link to its first password.

    ``site`` is the address of the installation. Who acts for the organisation already is told.

    Raises:
        NotAllowed: another body verifies it, or other places look after the organisation too.
        Conflict: it was decided already.
    """
    now = desk.clock.now()
    with desk.store.write() as tx:
        row = _waiting(tx, actor, number)
        tell(row.name, place=row.jurisdiction)
        known = tx.people.body_by_key(EVERYWHERE, row.code)
        if known is not None and _elsewhere(tx, known, row.jurisdiction):
            raise NotAllowed(
                Text(
                    f"“{known.name}”在其他辖区也有办件或者账号，须由全局管理员为其开通账号；请退回并说明，或者转告管理员。",
                    f"“{known.name}” acts in other places too: a global administrator opens its accounts.",
                )
            )
        body = known.id if known is not None else _new_body(tx, row)
        login, code = _free_login(tx, row.code), secrets.token_urlsafe(24)
        account = NewAccount(login, row.contact, "", row.email, row.telephone)
        person = insert_account(tx, account, None, now)
        give(tx, person, NewSeat(EVERYWHERE, _subject_role(desk, tx, row.jurisdiction), body), now)
        until = now + timedelta(days=LINK_DAYS)
        decided = {"state": "taken", "decided_at": now, "decided_by": actor.person_id}
        if not tx.registrations.take(number, person, link_hash(desk, code), until, **decided):
            raise _decided()
        link = f"{site}/register-organisation/password#{code}"
        sent = _mail(desk, tx, row, "账号已开通 / Your account is open", _welcome(row, login, link), person)
        if known is not None:
            _tell_colleagues(desk, tx, row, known, person)
        return Registered(login, sent)


@guarded("registration.decide")
def refuse_registration(desk: Desk, actor: Actor, number: int, reason: str) -> Registered:
    """Refuse with a reason, which goes to the address given.

    Raises Invalid without a reason, NotAllowed where another body verifies it, Conflict when it was decided already.
    """
    said, now = reason.strip(), desk.clock.now()
    if not said or len(said) > MOST_WORDS:
        raise Invalid(
            Text(f"请写明退回原因（{MOST_WORDS}字以内），对方据此更正。", "Say why: the other side works from it.")
        )
    with desk.store.write() as tx:
        row = _waiting(tx, actor, number)
        tell(row.name, place=row.jurisdiction)
        decided = {"state": "refused", "decided_at": now, "decided_by": actor.person_id, "reason": said, "answers": ""}
        if not tx.registrations.decide(number, **decided):
            raise _decided()
        text = (
            f"“{row.name}”的注册申请经核实未通过。原因：{said}。更正后可以重新提交；有疑问请联系核实单位或者办公室。\n"
            f"The registration of “{row.name}” was refused: {said}. You may correct it and send it again."
        )
        return Registered("", _mail(desk, tx, row, "注册申请未通过 / Your registration was refused", text, None))


def erase_registration(desk: Desk, item: WorkItemRow) -> None:
    """Erase whom to reach of a request whose time is over; what still waits has lapsed."""
    number = int(item.payload["registration"])
    now = desk.clock.now()
    with desk.store.write() as tx:
        tx.registrations.decide(number, state="lapsed", decided_at=now)
        tx.registrations.erase(number, now, [_key(number)])


def _waiting(tx: Transaction, actor: Actor, number: int) -> RegistrationRow:
    row = tx.registrations.get(number)
    office = actor.in_office(row.jurisdiction)
    own = any(s.body_id == row.body_id and s.role not in BUILT_IN for s in actor.seats)
    if not office and not own:
        raise NotAllowed(Text("这个注册申请由其他单位核实。", "Another body verifies this registration."))
    if row.state != "waiting":
        raise _decided()
    return row


def _decided() -> Conflict:
    return Conflict(Text("这个注册申请已经由他人处理。", "Somebody has decided on this registration already."))


def _line(tx: Transaction, row: RegistrationRow, verifier: str, now: datetime) -> RegistrationLine:
    known = tx.people.body_by_key(EVERYWHERE, row.code)
    people = len(tx.people.people_of(known.id, now)) if known is not None else 0
    elsewhere = known is not None and _elsewhere(tx, known, row.jurisdiction)
    return RegistrationLine(row, verifier, known.name if known is not None else "", people, elsewhere)


def _elsewhere(tx: Transaction, known: BodyRow, place: str) -> bool:
    return not tx.people.is_within(known.id, [place])


def _new_body(tx: Transaction, row: RegistrationRow) -> int:
    return tx.people.upsert_body(
        EVERYWHERE, row.code, kind="organisation", name=row.name, registered_in=row.jurisdiction
    )


def _free_login(tx: Transaction, code: str) -> str:
    names = [code.lower(), *(f"{code.lower()}-{n}" for n in range(2, 100))]
    taken = tx.people.by_logins(names)
    return next((name for name in names if name not in taken), f"{code.lower()}-{secrets.token_hex(4)}")


def _subject_role(desk: Desk, tx: Transaction, place: str) -> str:
    roles = published(desk, tx).of(place)[0].jurisdiction.roles.values()
    return next(role.id for role in roles if role.subject)


def _key(number: int) -> str:
    return f"registration:{number}:result"


def _welcome(row: RegistrationRow, login: str, link: str) -> str:
    return (
        f"“{row.name}”的注册已核实，账号已开通。登录名：{login}。请在{LINK_DAYS}天内打开以下链接设置密码"
        f"（只能用一次，请勿转发；设置时须填写注册时的联系电话）：\n{link}\n"
        f"“{row.name}” is verified. Login name: {login}. Set your password by the link above within {LINK_DAYS} days; it "
        "opens once, and asks for the telephone that was given at the registration."
    )


def _mail(desk: Desk, tx: Transaction, row: RegistrationRow, subject: str, text: str, person: int | None) -> bool:
    now = desk.clock.now()
    message = MailRow(
        person_id=person, address=row.email, subject=subject, text=text, effect_key=_key(row.id), queued_at=now
    )
    work = put(desk, tx, [message], now)
    tx.work.enqueue_many(work, now)
    return bool(work)


def _tell_colleagues(desk: Desk, tx: Transaction, row: RegistrationRow, known: BodyRow, person: int) -> None:
    now = desk.clock.now()
    text = (
        f"经核实，为“{known.name}”新开通了{row.contact}的账号。如果不是本单位申请的，请立即联系办公室。\n"
        f"An account for {row.contact} was opened for “{known.name}”. If your organisation did not ask for it, tell the "
        "office at once."
    )
    rows = [
        MailRow(
            person_id=one.id,
            address=one.email,
            subject="本单位新开通账号 / A new account of your organisation",
            text=text,
            effect_key=f"registration:{row.id}:colleague:{one.id}",
            queued_at=now,
        )
        for one in tx.people.people_of(known.id, now)
        if one.id != person
    ]
    tx.work.enqueue_many(put(desk, tx, rows, now), now)
