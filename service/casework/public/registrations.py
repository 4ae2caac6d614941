"""Organisations that ask for an account by themselves (自助注册): the public form, and the link to a first password.

Every answer is the same whether the organisation has an account or not: a stranger learns nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.people.accounts.profile import good_email, good_name, good_telephone
from service.casework.people.factors.password_throttle import keyed_hash
from service.casework.people.factors.passwords import demand_good_password, hash_password
from service.casework.people.factors.token_marks import token_mark
from service.casework.public.throttle import REGISTER, TELEPHONES, TRACK, TooOften, count_attempt
from service.casework.reading.published import published
from service.casework.step.post import put
from service.domain.errors import Invalid, NotFound
from service.domain.proof.same_text import is_same_text
from service.domain.text import Text
from service.domain.values.credit_code import valid_credit_code
from service.domain.values.typed_text import clean_code
from service.store import NewWork, Transaction
from service.store.models import BodyRow, MailRow, RegistrationRow

WORK = "registration"
"""Kind of the work that erases whom to reach."""
KEPT = timedelta(days=180)
"""How long telephone, e-mail and name of who asked are kept here."""
MOST_WAITING = 1000
MOST_ANSWERS = 60_000
"""Most characters of answers of a self-check that wait with a request."""
VERIFIERS = ("authority", "office")
"""Kinds of bodies that verify."""


@dataclass(frozen=True, slots=True)
class Registration:
    """What an organisation enters; ``body_id`` is who is to verify it.

    ``acknowledged``: who asks has read what is said of personal data, and agrees. ``answers`` of a self-check, as the
    page writes them, wait until the first password is set.
    """

    jurisdiction: str
    body_id: int
    name: str
    code: str
    contact: str
    telephone: str
    email: str
    acknowledged: bool = False
    answers: str = ""


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
        known = published(desk, tx).of(jurisdiction)
        if not known:
            raise NotFound(Text("没有这个地方的评审办法。", "No regulation of that place is published."))
        bodies = tuple((row.id, row.name) for row in _verifiers(tx, jurisdiction))
        return RegistrationForm(jurisdiction, known[0].jurisdiction.text, bodies)


@guarded("registration.lodge")
def register_organisation(desk: Desk, actor: Actor, asked: Registration, origin: str) -> None:
    """Keep a request until it is verified; ``origin`` is a hash of where it came from.

    The same request twice is kept once, without a word of it.

    Raises:
        TooOften: too many from one network within the hour, or too many wait in the place.
        Invalid: something is missing or cannot be.
    """
    del actor
    asked = _checked(asked)
    count_attempt(desk, REGISTER, origin)
    now = desk.clock.now()
    with desk.store.write() as tx:
        verifier = next((row for row in _verifiers(tx, asked.jurisdiction) if row.id == asked.body_id), None)
        if verifier is None:
            raise Invalid(Text("请从列表中选择核实单位。", "Choose from the list who is to verify it."))
        waiting = tx.registrations.waiting(asked.code, asked.jurisdiction)
        if any(row.email.lower() == asked.email.lower() for row in waiting):
            return
        if tx.registrations.count_waiting(asked.jurisdiction) >= MOST_WAITING:
            raise TooOften(
                Text(
                    "目前待核实的注册过多，请改日再试或者直接联系办公室。", "Too many wait now: try again another day."
                )
            )
        number = tx.registrations.add(
            RegistrationRow(
                jurisdiction=asked.jurisdiction,
                body_id=verifier.id,
                name=asked.name,
                code=asked.code,
                contact=asked.contact,
                telephone=asked.telephone,
                email=asked.email,
                answers=asked.answers,
                at=now,
            )
        )
        tx.work.enqueue_many([NewWork(WORK, None, f"registration:{number}", {"registration": number}, now + KEPT)], now)
        _tell_verifiers(desk, tx, verifier, number, asked.name)


def _checked(asked: Registration) -> Registration:
    """Return what was entered on one line without blanks around it; raises Invalid where something is missing or cannot be."""
    name, code = " ".join(asked.name.split()), clean_code(asked.code)
    if not name or len(name) > 200:
        raise Invalid(Text("请填写单位全称（200字以内）。", "Enter the full name (up to 200 characters)."))
    if not valid_credit_code(code):
        raise Invalid(
            Text(
                "统一社会信用代码不对：须为18位，且最后一位与前面各位相符，也不能是公民身份号码，请对照营业执照核对。",
                "This is no valid credit code: it has 18 signs, the last of which checks the others, and is no identity number.",
            )
        )
    contact, email, telephone = good_name(asked.contact), good_email(asked.email), good_telephone(asked.telephone)
    if not email or not telephone:
        raise Invalid(
            Text("请填写联系电话和邮箱，核实结果发到邮箱。", "Enter telephone and e-mail: the answer goes there.")
        )
    if len(asked.answers) > MOST_ANSWERS:
        raise Invalid(
            Text("自查的回答过长，请不带回答注册。", "The answers are too long: register without taking them along.")
        )
    if not asked.acknowledged:
        raise Invalid(
            Text(
                "请先阅读“个人信息说明”，同意后再提交注册。",
                "Read what is said of personal data, and agree, before you register.",
            )
        )
    return replace(asked, name=name, code=code, contact=contact, email=email, telephone=telephone)


@dataclass(frozen=True, slots=True)
class FirstPassword:
    """The account whose first password a link sets; ``answers`` of a self-check that came with the registration."""

    login: str
    name: str
    answers: str


@guarded("registration.lodge")
def view_first_password(desk: Desk, actor: Actor, code: str, origin: str) -> FirstPassword:
    """Return whose password ``code`` of a link sets; raises NotFound for a code that is wrong, used or too old."""
    del actor
    count_attempt(desk, TRACK, origin)
    with desk.store.read() as tx:
        return _linked(desk, tx, code)[1]


@guarded("registration.lodge")
def set_first_password(
    desk: Desk, actor: Actor, code: str, telephone: str, password: str, origin: str
) -> FirstPassword:
    """Set the password of a new account by its link, once; the answers that came with the registration are kept no more.

    Who reads the mail alone cannot: ``telephone`` is the one that was given at the registration, and no mail says it.

    Raises:
        NotFound: the code is wrong, used or too old.
        Invalid: the telephone is another, or the password is too short or too simple.
        TooOften: after several other telephones for one link, until the hour is over.
    """
    del actor
    count_attempt(desk, TRACK, origin)
    with desk.store.read() as tx:
        row, whose = _linked(desk, tx, code)
    _demand_telephone(desk, row, telephone)
    demand_good_password(password, whose.login)
    hashed = hash_password(password)
    with desk.store.write() as tx:
        if not tx.registrations.use_link(link_hash(desk, code)):
            raise _no_link()
        assert row.person_id is not None
        tx.people.update_person(row.person_id, password=hashed, password_set_at=desk.clock.now())
    return whose


def _demand_telephone(desk: Desk, row: RegistrationRow, telephone: str) -> None:
    given, kept = (_digits(one) for one in (telephone, row.telephone))
    if kept and is_same_text(given, kept):
        return
    count_attempt(desk, TELEPHONES, keyed_hash(desk, f"telephone of registration {row.id}"))
    raise Invalid(
        Text(
            "联系电话与注册时填写的不一致，请核对后重新填写。已不记得的，请联系核实单位或者办公室重新发给密码。",
            "This is not the telephone that was given at the registration: check it and type it again. Who does not remember"
            " it asks who verified them, or the office, for a new password.",
        )
    )


def _digits(telephone: str) -> str:
    """Return the digits of a number without the prefix of the country, however it is written."""
    found = "".join(sign for sign in telephone if sign.isascii() and sign.isdigit())
    return found.removeprefix("0086") if found.startswith("0086") else found.removeprefix("86")


def link_hash(desk: Desk, code: str) -> str:
    """Return the mark by which a link is found."""
    return token_mark(desk, "first password", code)


def _linked(desk: Desk, tx: Transaction, code: str) -> tuple[RegistrationRow, FirstPassword]:
    row = tx.registrations.by_link(link_hash(desk, code))
    if row is None or row.person_id is None or row.link_until is None or row.link_until <= desk.clock.now():
        raise _no_link()
    person = tx.people.person(row.person_id)
    if not person.active or person.password is not None:
        raise _no_link()
    return row, FirstPassword(person.login, person.name, row.answers)


def _no_link() -> NotFound:
    return NotFound(
        Text(
            "这个链接已经用过、已过期或者不完整。需要新密码的，请联系核实单位或者办公室。",
            "This link was used, is too old or incomplete: ask who verified you, or the office.",
        )
    )


def _verifiers(tx: Transaction, jurisdiction: str) -> list[BodyRow]:
    return [row for row in tx.people.bodies(jurisdiction) if row.kind in VERIFIERS]


def _tell_verifiers(desk: Desk, tx: Transaction, body: BodyRow, number: int, name: str) -> None:
    now = desk.clock.now()
    text = (
        f"“{name}”申请注册申报账号，请核实单位名称、统一社会信用代码和联系人后，在“组织注册”中同意或者退回。\n"
        f"“{name}” asks for an account: verify it under Registrations.\n/registrations"
    )
    rows = [
        MailRow(
            person_id=one.id,
            address=one.email,
            subject=f"待核实注册：{name}",
            text=text,
            effect_key=f"registration:{number}:ask:{one.id}",
            queued_at=now,
        )
        for one in tx.people.people_of(body.id, now)
    ]
    tx.work.enqueue_many(put(desk, tx, rows, now), now)
