"""Organisations that ask for an account by themselves (自助注册): the public form, and the link to a first password.

Every answer is the same whether the organisation has an account or not: a stranger learns nothing.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from service.casework.access.actor import BUILT_IN, Actor
from service.casework.access.book.acting import describe_current_act
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.lists import Page, cut_page, read_lines
from service.casework.people.accounts.accounts import NewAccount, insert_account
from service.casework.people.accounts.profile import good_email, good_name, good_telephone
from service.casework.people.factors.password_throttle import keyed_hash
from service.casework.people.factors.passwords import hash_password, require_good_password
from service.casework.people.factors.sessions import token_mark
from service.casework.people.rights.seats import EVERYWHERE, NewSeat, grant_seat
from service.casework.people.tell_person import tell_person
from service.casework.public.throttle import REGISTER, TELEPHONES, TRACK, TooOften, count_attempt
from service.casework.reading.published import published
from service.casework.step.post import add_page_link, put
from service.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from service.domain.proof.signing import is_same_text
from service.domain.text import Text
from service.domain.values.identity_codes import valid_credit_code
from service.domain.values.typed_text import clean_code
from service.store import NewWork, Transaction
from service.store.models import BodyRow, MailRow, RegistrationRow, WorkItemRow

WORK = "registration"
"""Kind of the work that erases whom to reach."""
KEPT = timedelta(days=180)
"""How long telephone, e-mail and name of who asked are kept here."""
MOST_WAITING = 1000
VERIFIERS = ("authority", "office")
"""Kinds of bodies that verify."""


@dataclass(frozen=True, slots=True)
class Registration:
    """What an organisation enters; ``body_id`` is who is to verify it.

    ``acknowledged``: who asks has read what is said of personal data, and agrees.
    """

    jurisdiction: str
    body_id: int
    name: str
    code: str
    contact: str
    telephone: str
    email: str
    acknowledged: bool = False


@dataclass(frozen=True, slots=True)
class RegistrationForm:
    """Where one may register, and who may verify it there: number and name."""

    jurisdiction: str
    city: Text
    bodies: tuple[tuple[int, str], ...]


@guarded("registration.lodge")
def view_registration(desk: Desk, actor: Actor, jurisdiction: str) -> RegistrationForm:
    """Return what the form offers in a place; raises NotFound where nothing is published."""
    del actor
    with desk.store.read() as tx:
        packages = published(desk, tx).of(jurisdiction)
        if not packages:
            raise NotFound(Text("没有这个地方的评审办法。", "No regulation of that place is published."))
        bodies = tuple((row.id, row.name) for row in _list_verifiers(tx, jurisdiction))
        return RegistrationForm(jurisdiction, packages[0].jurisdiction.text, bodies)


@guarded("registration.lodge")
def register_organisation(desk: Desk, actor: Actor, registration: Registration, origin: str) -> None:
    """Keep a request until it is verified; ``origin`` is a hash of where it came from.

    The same request twice is kept once, without a word of it.

    Raises:
        TooOften: too many from one network within the hour, or too many wait in the place.
        Invalid: something is missing or cannot be.
    """
    del actor
    registration = _check_registration(registration)
    count_attempt(desk, REGISTER, origin)
    now = desk.clock.now()
    with desk.store.write() as tx:
        verifier = next(
            (row for row in _list_verifiers(tx, registration.jurisdiction) if row.id == registration.body_id), None
        )
        if verifier is None:
            raise Invalid(Text("请从列表中选择核实单位。", "Choose from the list who is to verify it."))
        tx.turns.take(f"registration {registration.jurisdiction} {registration.code}")
        waiting = tx.registrations.select(
            code=registration.code, jurisdiction=registration.jurisdiction, state="waiting"
        )
        if any(row.email.lower() == registration.email.lower() for row in waiting):
            return
        if tx.registrations.count_rows(jurisdiction=registration.jurisdiction, state="waiting") >= MOST_WAITING:
            raise TooOften(
                Text(
                    "目前待核实的注册过多，请改日再试或者直接联系办公室。", "Too many wait now: try again another day."
                )
            )
        number = tx.registrations.insert(
            RegistrationRow(
                jurisdiction=registration.jurisdiction,
                body_id=verifier.id,
                name=registration.name,
                code=registration.code,
                contact=registration.contact,
                telephone=registration.telephone,
                email=registration.email,
                at=now,
            )
        )
        tx.work.enqueue_many([NewWork(WORK, None, f"registration:{number}", {"registration": number}, now + KEPT)], now)
        _tell_verifiers(desk, tx, verifier, number, registration.name)


def _check_registration(registration: Registration) -> Registration:
    """Return what was entered on one line without blanks around it; raises Invalid where something is missing or cannot be."""
    name, code = " ".join(registration.name.split()), clean_code(registration.code)
    if not name or len(name) > 200:
        raise Invalid(Text("请填写单位全称（200字以内）。", "Enter the full name (up to 200 characters)."))
    if not valid_credit_code(code):
        raise Invalid(
            Text(
                "统一社会信用代码不对：须为18位，且最后一位与前面各位相符，也不能是公民身份号码，请对照营业执照核对。",
                "This is no valid credit code: it has 18 signs, the last of which checks the others, and is no identity number.",
            )
        )
    contact, email, telephone = (
        good_name(registration.contact, "contact"),
        good_email(registration.email),
        good_telephone(registration.telephone),
    )
    if not email or not telephone:
        raise Invalid(
            Text("请填写联系电话和邮箱，核实结果发到邮箱。", "Enter telephone and e-mail: the answer goes there.")
        )
    if not registration.acknowledged:
        raise Invalid(
            Text(
                "请先阅读“个人信息说明”，同意后再提交注册。",
                "Read what is said of personal data, and agree, before you register.",
            )
        )
    return replace(registration, name=name, code=code, contact=contact, email=email, telephone=telephone)


@dataclass(frozen=True, slots=True)
class FirstPassword:
    """The account whose first password a link sets."""

    login: str
    name: str


@guarded("registration.lodge")
def view_first_password(desk: Desk, actor: Actor, code: str, origin: str) -> FirstPassword:
    """Return whose password ``code`` of a link sets; raises NotFound for a code that is wrong, used or too old."""
    del actor
    count_attempt(desk, TRACK, origin)
    with desk.store.read() as tx:
        return _get_open_link(desk, tx, code)[1]


@guarded("registration.lodge")
def set_first_password(
    desk: Desk, actor: Actor, code: str, telephone: str, password: str, origin: str
) -> FirstPassword:
    """Set the password of a new account by its link, once.

    Who reads the mail alone cannot: ``telephone`` is the one that was given at the registration, and no mail says it.

    Raises:
        NotFound: the code is wrong, used or too old.
        Invalid: the telephone is another, or the password is too short or too simple.
        TooOften: after several other telephones for one link, until the hour is over.
    """
    del actor
    count_attempt(desk, TRACK, origin)
    with desk.store.read() as tx:
        row, whose = _get_open_link(desk, tx, code)
    _require_telephone(desk, row, telephone)
    require_good_password(password, whose.login)
    hashed = hash_password(password)
    with desk.store.write() as tx:
        if not tx.registrations.change_where({"link": link_hash(desk, code)}, link=None):
            raise _no_link()
        assert row.person_id is not None
        tx.people.change(row.person_id, password=hashed, password_set_at=desk.clock.now())
    return whose


def _require_telephone(desk: Desk, row: RegistrationRow, telephone: str) -> None:
    typed_digits, stored_digits = (_extract_digits(number_text) for number_text in (telephone, row.telephone))
    if stored_digits and is_same_text(typed_digits, stored_digits):
        return
    count_attempt(desk, TELEPHONES, keyed_hash(desk, f"telephone of registration {row.id}"))
    raise Invalid(
        Text(
            "联系电话与注册时填写的不一致，请核对后重新填写。已不记得的，请联系核实单位或者办公室重新发给密码。",
            "This is not the telephone that was given at the registration: check it and type it again. Who does not remember"
            " it asks who verified them, or the office, for a new password.",
        )
    )


def _extract_digits(telephone: str) -> str:
    """Return the digits of a number without the prefix of the country, however it is written."""
    digits = "".join(sign for sign in telephone if sign.isascii() and sign.isdigit())
    return digits.removeprefix("0086") if digits.startswith("0086") else digits.removeprefix("86")


def link_hash(desk: Desk, code: str) -> str:
    """Return the mark by which a link is found."""
    return token_mark(desk, "first password", code)


def _get_open_link(desk: Desk, tx: Transaction, code: str) -> tuple[RegistrationRow, FirstPassword]:
    row = tx.registrations.find(link=link_hash(desk, code))
    if row is None or row.person_id is None or row.link_until is None or row.link_until <= desk.clock.now():
        raise _no_link()
    person = tx.people.get(row.person_id)
    if not person.active or person.password is not None:
        raise _no_link()
    return row, FirstPassword(person.login, person.name)


def _no_link() -> NotFound:
    return NotFound(
        Text(
            "这个链接已经用过、已过期或者不完整。需要新密码的，请联系核实单位或者办公室。",
            "This link was used, is too old or incomplete: ask who verified you, or the office.",
        )
    )


def _list_verifiers(tx: Transaction, jurisdiction: str) -> list[BodyRow]:
    return [row for row in tx.bodies.list_active(jurisdiction) if row.kind in VERIFIERS]


def _tell_verifiers(desk: Desk, tx: Transaction, body: BodyRow, number: int, name: str) -> None:
    subject = Text(f"待核实注册：{name}", f"Registration to be verified: {name}")
    text = Text(
        f"“{name}”申请注册申报账号，请核实单位名称、统一社会信用代码和联系人后，在“组织注册”中同意或者退回。",
        f"“{name}” asks for an account: verify it under Registrations.",
    )
    for person in tx.people.people_of(body.id, desk.clock.now()):
        tell_person(desk, tx, person, subject, add_page_link(text, "/registrations"), f"registration:{number}:ask")


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


@guarded("registration.decide")
def list_registrations(desk: Desk, actor: Actor, after: int = 0) -> Page[RegistrationLine, int]:
    """Return what waits for the actor's bodies, of all of a place for its office, oldest first."""
    now = desk.clock.now()
    with desk.store.read() as tx:
        rows = tx.registrations.listed(*_verified_by(actor), after, PAGE + 1)
        page = cut_page(rows, lambda row: row.id, PAGE)
        names = tx.bodies.by_id({row.body_id for row in page.lines})
        return read_lines(page, (_build_line(tx, row, names[row.body_id].name, now) for row in page.lines))


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
        row = _get_waiting_registration(tx, actor, number)
        describe_current_act(row.name, place=row.jurisdiction)
        organisation = tx.bodies.find(jurisdiction=EVERYWHERE, key=row.code)
        if organisation is not None and _is_from_elsewhere(tx, organisation, row.jurisdiction):
            raise NotAllowed(
                Text(
                    f"“{organisation.name}”在其他辖区也有办件或者账号，须由全局管理员为其开通账号；请退回并说明，或者转告管理员。",
                    f"“{organisation.name}” acts in other places too: a global administrator opens its accounts.",
                )
            )
        body = organisation.id if organisation is not None else _new_body(tx, row)
        login, code = _free_login(tx, row.code), secrets.token_urlsafe(24)
        account = NewAccount(login, row.contact, "", row.email, row.telephone)
        person = insert_account(tx, account, None, now)
        grant_seat(tx, person, NewSeat(EVERYWHERE, _subject_role(desk, tx, row.jurisdiction), body), now)
        until = now + timedelta(days=LINK_DAYS)
        decided = {"state": "taken", "decided_at": now, "decided_by": actor.person_id}
        if not tx.registrations.decide(
            number, person_id=person, link=link_hash(desk, code), link_until=until, **decided
        ):
            raise _build_decided_conflict()
        link = f"{site}/register-organisation/password#{code}"
        sent = _send_mail(desk, tx, row, "账号已开通 / Your account is open", _format_welcome(row, login, link), person)
        if organisation is not None:
            _tell_colleagues(desk, tx, row, organisation, person)
        return Registered(login, sent)


@guarded("registration.decide")
def refuse_registration(desk: Desk, actor: Actor, number: int, reason: str) -> Registered:
    """Refuse with a reason, which goes to the address given.

    Raises Invalid without a reason, NotAllowed where another body verifies it, Conflict when it was decided already.
    """
    reason_text, now = reason.strip(), desk.clock.now()
    if not reason_text or len(reason_text) > MOST_WORDS:
        raise Invalid(
            Text(f"请写明退回原因（{MOST_WORDS}字以内），对方据此更正。", "Say why: the other side works from it.")
        )
    with desk.store.write() as tx:
        row = _get_waiting_registration(tx, actor, number)
        describe_current_act(row.name, place=row.jurisdiction)
        decided = {
            "state": "refused",
            "decided_at": now,
            "decided_by": actor.person_id,
            "reason": reason_text,
            "answers": "",
        }
        if not tx.registrations.decide(number, **decided):
            raise _build_decided_conflict()
        text = (
            f"“{row.name}”的注册申请经核实未通过。原因：{reason_text}。更正后可以重新提交；有疑问请联系核实单位或者办公室。\n"
            f"The registration of “{row.name}” was refused: {reason_text}. You may correct it and send it again."
        )
        return Registered("", _send_mail(desk, tx, row, "注册申请未通过 / Your registration was refused", text, None))


@guarded("registration.decide")
def list_undelivered(desk: Desk, actor: Actor) -> list[RegistrationRow]:
    """Return whose letter with the link was not delivered, of those that the actor verifies; no password is set yet."""
    with desk.store.read() as tx:
        return tx.registrations.list_undelivered(*_verified_by(actor))


@guarded("registration.decide")
def resend_link(desk: Desk, actor: Actor, number: int, email: str) -> None:
    """Send the letter with the link, which nobody got, to a corrected address; the link opens for its whole time again.

    Raises Invalid for what is no address, NotAllowed where another body verifies it, Conflict where nothing is to be sent.
    """
    address, now = good_email(email), desk.clock.now()
    if not address:
        raise Invalid(Text("请填写能收信的邮箱。", "Enter an address that takes mail."))
    with desk.store.write() as tx:
        row = _get_own_registration(tx, actor, number)
        describe_current_act(row.name, place=row.jurisdiction)
        if all(each.id != number for each in tx.registrations.list_undelivered(*_verified_by(actor))):
            raise Conflict(Text("这封邮件已经重发，或者密码已经设置。", "It was sent again, or the password is set."))
        assert row.person_id is not None
        tx.registrations.change(number, email=address, link_until=now + timedelta(days=LINK_DAYS))
        tx.people.change(row.person_id, email=address)
        item = tx.work.find(effect_key=f"{_build_effect_key(number)}:mail")
        assert item is not None
        tx.work.retry(item.id, now)
        tx.incidents.change_where({"work_item_id": item.id, "resolved_at": None}, queued_at=now)


def tell_undelivered(desk: Desk, tx: Transaction, effect_key: str) -> None:
    """Tell who opened an account that its link was not delivered, if the mail with this key is that letter."""
    number = effect_key.removeprefix("registration:").removesuffix(":result")
    row = tx.registrations.find(id=int(number)) if effect_key == f"registration:{number}:result" else None
    if row is None or row.person_id is None or row.decided_by is None:
        return
    subject = Text(f"设置密码的邮件没有送达：{row.name}", f"The link to a password was not delivered: {row.name}")
    text = Text(
        f"发给“{row.name}”的设置密码链接被对方邮件服务器拒收。请按注册时的电话问清能收信的邮箱，在“组织注册”中改正后重发。",
        f"The mail server refused the link for “{row.name}”. Ask by telephone for an address that takes mail, correct it"
        " under Registrations and send the link again.",
    )
    decider = tx.people.get(row.decided_by)
    tell_person(desk, tx, decider, subject, add_page_link(text, "/registrations"), f"registration:{number}:undelivered")


def erase_registration(desk: Desk, item: WorkItemRow) -> None:
    """Erase whom to reach of a request whose time is over; what still waits has lapsed."""
    number = int(item.payload["registration"])
    now = desk.clock.now()
    with desk.store.write() as tx:
        tx.registrations.decide(number, state="lapsed", decided_at=now)
        tx.registrations.erase(number, now, [_build_effect_key(number)])


def _get_waiting_registration(tx: Transaction, actor: Actor, number: int) -> RegistrationRow:
    row = _get_own_registration(tx, actor, number)
    if row.state != "waiting":
        raise _build_decided_conflict()
    return row


def _get_own_registration(tx: Transaction, actor: Actor, number: int) -> RegistrationRow:
    row = tx.registrations.get(number)
    office = actor.in_office(row.jurisdiction)
    is_verifier = any(s.body_id == row.body_id and s.role not in BUILT_IN for s in actor.seats)
    if not office and not is_verifier:
        raise NotAllowed(Text("这个注册申请由其他单位核实。", "Another body verifies this registration."))
    return row


def _build_decided_conflict() -> Conflict:
    return Conflict(Text("这个注册申请已经由他人处理。", "Somebody has decided on this registration already."))


def _build_line(tx: Transaction, row: RegistrationRow, verifier: str, now: datetime) -> RegistrationLine:
    body = tx.bodies.find(jurisdiction=EVERYWHERE, key=row.code)
    people = len(tx.people.people_of(body.id, now)) if body is not None else 0
    elsewhere = body is not None and _is_from_elsewhere(tx, body, row.jurisdiction)
    return RegistrationLine(row, verifier, body.name if body is not None else "", people, elsewhere)


def _is_from_elsewhere(tx: Transaction, body: BodyRow, place: str) -> bool:
    return not tx.bodies.is_within(body.id, [place])


def _new_body(tx: Transaction, row: RegistrationRow) -> int:
    return tx.bodies.upsert(EVERYWHERE, row.code, kind="organisation", name=row.name, registered_in=row.jurisdiction)


def _free_login(tx: Transaction, code: str) -> str:
    names = [code.lower(), *(f"{code.lower()}-{n}" for n in range(2, 100))]
    taken = tx.people.by_logins(names)
    return next((name for name in names if name not in taken), f"{code.lower()}-{secrets.token_hex(4)}")


def _subject_role(desk: Desk, tx: Transaction, place: str) -> str:
    roles = published(desk, tx).of(place)[0].jurisdiction.roles.values()
    return next(role.id for role in roles if role.subject)


def _build_effect_key(number: int) -> str:
    return f"registration:{number}:result"


def _format_welcome(row: RegistrationRow, login: str, link: str) -> str:
    return (
        f"“{row.name}”的注册已核实，账号已开通。登录名：{login}。请在{LINK_DAYS}天内打开以下链接设置密码"
        f"（只能用一次，请勿转发；设置时须填写注册时的联系电话）：\n{link}\n"
        f"“{row.name}” is verified. Login name: {login}. Set your password by the link above within {LINK_DAYS} days; it "
        "opens once, and asks for the telephone that was given at the registration."
    )


def _send_mail(desk: Desk, tx: Transaction, row: RegistrationRow, subject: str, text: str, person: int | None) -> bool:
    now = desk.clock.now()
    message = MailRow(
        person_id=person,
        address=row.email,
        subject=subject,
        text=text,
        effect_key=_build_effect_key(row.id),
        queued_at=now,
    )
    work = put(desk, tx, [message], now)
    tx.work.enqueue_many(work, now)
    return bool(work)


def _tell_colleagues(desk: Desk, tx: Transaction, row: RegistrationRow, body: BodyRow, person: int) -> None:
    subject = Text("本单位新开通账号", "A new account of your organisation")
    text = Text(
        f"经核实，为“{body.name}”新开通了{row.contact}的账号。如果不是本单位申请的，请立即联系办公室。",
        f"An account for {row.contact} was opened for “{body.name}”. If your organisation did not ask for it, tell the "
        "office at once.",
    )
    for colleague in tx.people.people_of(body.id, desk.clock.now()):
        if colleague.id != person:
            tell_person(desk, tx, colleague, subject, text, f"registration:{row.id}:colleague")
