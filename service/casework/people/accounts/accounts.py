"""Administration of accounts: opening, closing, passwords, seats, registered applicants."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from service.casework.access.actor import ADMINISTRATOR, Actor
from service.casework.access.book.acting import describe_current_act
from service.casework.access.guards import guarded
from service.casework.access.sign_in_proof import has_temporary_password
from service.casework.desk.desk import Desk
from service.casework.people.accounts.profile import good_email, good_name, good_telephone
from service.casework.people.factors.password_throttle import require_not_throttled
from service.casework.people.factors.passwords import hash_password, require_good_password
from service.casework.people.factors.sessions import token_hash
from service.casework.people.factors.tell import OwnChange, tell_of_means
from service.casework.people.rights.people_shown import require_other_person
from service.casework.people.rights.rights import (
    RightsChange,
    RightsWish,
    build_password_origin,
    put_through,
    put_through_first,
    require_nothing_to_vote,
)
from service.casework.people.rights.seats import NewSeat, places_of, require_offered
from service.casework.people.signing_in.prove_again import present_mark, require_present_password
from service.domain.calendar import local_date
from service.domain.errors import Conflict, Invalid, LaurelError
from service.domain.forms.masking import masked
from service.domain.text import Text
from service.domain.values.bounds import Example, Inside, Length, Name, Spread
from service.domain.values.identity_codes import names_person, valid_identity_number
from service.domain.values.typed_text import clean_code, clean_phone, clean_word
from service.store import Transaction
from service.store.models import MembershipRow, PersonRow

_LOGIN = re.compile(r"[A-Za-z0-9._@-]{3,80}")
_CREDIT_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")


@dataclass(frozen=True, slots=True)
class NewAccount:
    """A person to be added; ``password`` is set by whoever adds them and changed by the person."""

    login: Annotated[str, Length(1, 80)]
    name: Annotated[str, Length(1, 80)]
    password: Name
    email: Annotated[str, Length(0, 200)] = ""
    telephone: Annotated[str, Length(0, 40)] = ""
    language: Inside[str] = "zh"


@guarded("people.manage")
def add_account(desk: Desk, actor: Actor, account: NewAccount, seat: NewSeat, reason: Inside[str] = "") -> int:
    """Add a person with a first seat and return the id; ``reason`` is for the second administrator, where one has to confirm.

    Raises:
        Invalid: the login name, the name or the password cannot be used.
        Conflict: the login name is taken.
        NotAllowed: the seat lies outside what the administrator administers.
    """
    require_all(
        lambda: _require_free_login(desk, account.login),
        lambda: require_account_can_be(account),
        lambda: require_good_password(account.password, account.login),
    )
    return _open_account(desk, actor, account, seat, hash_password(account.password), reason)


@guarded("people.manage")
def add_account_without_password(desk: Desk, actor: Actor, account: NewAccount, seat: NewSeat) -> int:
    """Add a person who cannot sign in until an administrator sets a one-time password; returns the id.

    Raises as `add_account` does.
    """
    require_account_can_be(account)
    return _open_account(desk, actor, account, seat, None)


class LoginTaken(Conflict):
    """Another account has the login name."""

    code = "login_taken"
    field = "login"

    def __init__(self, login: str) -> None:
        super().__init__(Text(f"登录名“{login}”已被使用，请换一个。", f"The login name {login!r} is taken."))


def require_all(*checks: Callable[[], object]) -> None:
    """Make every check; where some refuse, raise what the first says, with what the others say."""
    refused: list[LaurelError] = []
    for check in checks:
        try:
            check()
        except (Invalid, LoginTaken) as refusal:
            refused += [refusal, *refusal.also]
    if refused:
        refused[0].also = tuple(refused[1:])
        raise refused[0]


def _require_free_login(desk: Desk, login: str) -> None:
    with desk.store.read() as tx:
        if tx.people.by_login(clean_word(login)) is not None:
            raise LoginTaken(login)


def require_account_can_be(account: NewAccount) -> None:
    """Raise Invalid where the login name, name, address or telephone cannot be; it tells all of these."""
    require_all(
        lambda: _require_login(account.login),
        lambda: good_name(account.name),
        lambda: good_email(account.email),
        lambda: good_telephone(account.telephone),
    )


def _require_login(login: str) -> None:
    if not _LOGIN.fullmatch(clean_word(login)):
        raise Invalid(
            Text(
                "登录名须为 3 至 80 个字母、数字或 . _ @ - 符号，例如 wang.li 或手机号。",
                "A login name has 3 to 80 letters, digits or . _ @ -, such as wang.li or a telephone number.",
            ),
            field="login",
        )


def _open_account(
    desk: Desk, actor: Actor, account: NewAccount, seat: NewSeat, hashed: str | None, reason: str = ""
) -> int:
    with desk.store.write() as tx:
        require_offered(desk, tx, actor, seat)
        if tx.people.by_login(clean_word(account.login)) is not None:
            raise LoginTaken(account.login)
        now = desk.clock.now()
        ident = insert_account(tx, account, hashed, now)
        if hashed is not None:
            tx.people.change(ident, **build_password_origin(actor.person_id, now))
        number = put_through_first(desk, tx, actor, ident, seat, reason)
        seat_data = {"role": seat.role} if number is None else {"asked role": seat.role, "request": number}
        describe_current_act(
            f"开设账号：{account.name}（{clean_word(account.login)}）", place=seat.jurisdiction, after=seat_data
        )
        return ident


@guarded("rights.change")
def give_seat(desk: Desk, actor: Actor, person_id: int, seat: Spread[NewSeat], reason: Inside[str] = "") -> int | None:
    """Give a person a seat; raises NotFound, NotAllowed outside what the administrator administers.

    Where a second administrator has to confirm it, who reads the ``reason``, the number of the request is returned, else
    None; so below.
    """
    with desk.store.write() as tx:
        return put_through(desk, tx, actor, RightsWish(RightsChange.GIVE, person_id, seat=seat, reason=reason))


@guarded("rights.change")
def take_seat(desk: Desk, actor: Actor, person_id: int, membership_id: int, reason: Inside[str] = "") -> int | None:
    """End a role a person holds; open tasks claimed by them stay theirs until released or delegated."""
    with desk.store.write() as tx:
        memberships = {m.id: m for m in tx.memberships.list_valid(person_id, desk.clock.now())}.get(membership_id)
        seat = (
            NewSeat(memberships.jurisdiction, memberships.role, memberships.body_id)
            if memberships is not None
            else None
        )
        return put_through(
            desk,
            tx,
            actor,
            RightsWish(RightsChange.TAKE, person_id, seat=seat, membership=membership_id, reason=reason),
        )


@guarded("rights.change")
def set_active(desk: Desk, actor: Actor, person_id: int, active: bool, reason: Inside[str] = "") -> int | None:
    """Open or close an account; closing it ends every session at once, and takes one administrator alone.

    Raises Conflict where one would close that of a member who has a vote to cast in an open ballot.
    """
    if person_id == actor.person_id:
        raise Invalid(Text("不能停用自己的账号。", "You cannot close your own account."))
    with desk.store.write() as tx:
        wish = RightsWish(RightsChange.OPEN if active else RightsChange.CLOSE, person_id, reason=reason)
        number = put_through(desk, tx, actor, wish)
        if not active and number is None:
            require_nothing_to_vote(tx, person_id, desk.clock.now())
        return number


@guarded("rights.change")
def reset_password(desk: Desk, actor: Actor, person_id: int, password: str, reason: str = "") -> int | None:
    """Set a one-time password for a person who forgot theirs; every session of theirs ends, and they are told of it.

    It opens nothing but its change.

    One's own is changed by `change_password`, which asks for the present one.
    """
    require_other_person(actor, person_id)
    with desk.store.read() as tx:
        login = tx.people.get(person_id).login
    require_good_password(password, login)
    hashed = hash_password(password)
    with desk.store.write() as tx:
        return put_through(desk, tx, actor, RightsWish(RightsChange.PASSWORD, person_id, secret=hashed, reason=reason))


@guarded("password.change")
def change_password(desk: Desk, actor: Actor, old: str, new: str, keep_token: str) -> None:
    """Set the actor's own password; every session but that of ``keep_token`` ends.

    Raises:
        WrongPassword: ``old`` is not the present password.
        Invalid: ``new`` is too short or too simple.
        TooManyTries: after several wrong ones, until the pause is over: a session left open must not help to guess.
    """
    person, now = require_present_password(actor, desk, old, "password.change"), desk.clock.now()
    mark = present_mark(person.id, desk)
    require_good_password(new, person.login)
    _require_another(old, new)
    hashed = hash_password(new)
    with desk.store.write() as tx:
        require_not_throttled(tx, mark, now)  # guesses sent at the same moment all came past the first look
        owned = {"password_owned_at": now} if has_temporary_password(tx.people.get(person.id)) else {}
        tx.people.change(person.id, password=hashed, password_set_at=now, **owned)
        tx.sessions.delete(person_id=person.id, id__ne=token_hash(desk, keep_token))
        describe_current_act("修改本人密码")
        tell_of_means(desk, tx, person.id, OwnChange.PASSWORD)


@guarded("people.manage")
def add_applicant(
    desk: Desk,
    actor: Actor,
    name: Annotated[Name, Example("某某公司")],
    code: Annotated[str, Length(1, 40)],
    *,
    individual: bool = False,
) -> int:
    """Register an organisation or individual that may apply; returns the body's id.

    An organisation goes by its unified social credit code (GB 32100), an individual by the identity number (GB 11643).

    Raises:
        Invalid: no name, or a code that cannot be.
        Conflict: the code is registered.
    """
    name, code = " ".join(name.split()), clean_code(code)
    if not name or len(name) > 200:
        raise Invalid(
            Text("请填写全称（200 字以内）。", "Enter the full name (up to 200 characters)."), field="organisation"
        )
    _require_code(code, local_date(desk.clock.now()), individual=individual)
    with desk.store.write() as tx:
        if tx.bodies.find(jurisdiction="*", key=code) is not None:
            code_text = masked(code) if individual else code
            raise Conflict(Text(f"代码 {code_text} 已登记过。", f"The code {code_text} is registered already."))
        kind, place = "individual" if individual else "organisation", next(iter(places_of(actor) or ()), None)
        describe_current_act(f"登记申报主体：{name}", place=place)
        return tx.bodies.upsert("*", code, kind=kind, name=name, registered_in=place)


def _require_code(code: str, today: date, *, individual: bool) -> None:
    if individual and not valid_identity_number(code, today):
        raise Invalid(
            Text(
                "公民身份号码的位数、出生日期或校验位不对，请核对。",
                "This is no valid identity number: check its digits.",
            ),
            field="code",
        )
    if not individual and (not _CREDIT_CODE.fullmatch(code) or names_person(code)):
        raise Invalid(
            Text(
                "统一社会信用代码须为 18 位数字和大写字母（不含 I、O、S、V、Z），不能是公民身份号码。",
                "A credit code has 18 digits and capital letters, and is no identity number.",
            ),
            field="code",
        )


def _require_another(old: str, new: str) -> None:
    if old == new:
        raise Invalid(
            Text("新密码不能与现密码相同，请换一个。", "The new password is the present one: choose another.")
        )


def insert_account(tx: Transaction, account: NewAccount, hashed: str | None, now: datetime) -> int:
    """Insert the row of a person whose password is ``hashed`` (None: cannot sign in); returns the id."""
    return tx.people.insert(
        PersonRow(
            login=clean_word(account.login),
            name=good_name(account.name),
            password=hashed,
            email=clean_word(account.email) or None,
            telephone=clean_phone(account.telephone) or None,
            language=account.language,
            created_at=now,
        )
    )


@guarded("offices.make")
def add_first_administrator(desk: Desk, actor: Actor, account: NewAccount, role: str = ADMINISTRATOR) -> int:  # noqa: ARG001  the guard reads the actor
    """Open an account that administers every jurisdiction, as ``role``; returns its id.

    Raises:
        Invalid: the password is too short or too simple.
        Conflict: the login name is taken.
    """
    require_good_password(account.password, account.login)
    hashed, now = hash_password(account.password), desk.clock.now()
    with desk.store.write() as tx:
        if tx.people.by_login(account.login) is not None:
            raise LoginTaken(account.login)
        body = tx.bodies.upsert("*", "administration", kind="agency", name="系统管理", name_en="Administration")
        ident = insert_account(tx, account, hashed, now)
        tx.memberships.give(MembershipRow(person_id=ident, body_id=body, jurisdiction="*", role=role, since=now))
        describe_current_act(f"开设首个管理员账号：{account.name}（{account.login}）", place="*", after={"role": role})
        return ident
