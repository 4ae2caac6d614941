"""Sign in with login name and password, throttled against guessing."""

from __future__ import annotations

from datetime import timedelta

from service.casework.access.actor import Actor
from service.casework.access.book.enter import EVERYWHERE, enter_refused
from service.casework.access.sign_in_proof import GivenPasswordOver, require_unexpired_password
from service.casework.desk.desk import Desk
from service.casework.people.factors.codes import WrongCode, has_codes, require_code
from service.casework.people.factors.password_throttle import (
    ADDRESSES,
    address_mark,
    count_wrong,
    count_wrong_from_address,
    forgive_address,
    keyed_hash,
    require_not_throttled,
)
from service.casework.people.factors.passwords import password_matches
from service.casework.people.factors.sessions import BY_CODE, find_device_name
from service.casework.people.place_of import place_of
from service.casework.people.signing_in.sessions import begin_session
from service.domain.errors import LaurelError
from service.domain.proof.signing import is_same_text
from service.domain.text import Text
from service.domain.values.typed_text import clean_word
from service.store.models import PersonRow

_STEP = timedelta(minutes=5)
_LONGEST_NUMBER = 15
_CODE_REQUIRED = Text(
    "请输入手机验证器上的 6 位数字；手机不在手边的，输入一个恢复码。",
    "Type the six digits of your authenticator, or a recovery code where it is not at hand.",
)
_KEY_REQUIRED = Text(
    "请用通行密钥完成登录；不在手边的，输入一个恢复码。",
    "Finish signing in with your passkey, or type a recovery code where it is not at hand.",
)


class WrongPassword(LaurelError):
    """Login name and password do not belong together; it is not said which of the two is wrong."""

    code = "wrong_password"


class SecondFactorNeeded(LaurelError):
    """The password is right, and a code or a passkey has to follow within five minutes.

    ``ticket`` says so to `sign_in_with_code` and `sign_in_with_passkey`; ``by_code`` and ``by_key`` are what there is.
    """

    code = "second_factor_needed"

    def __init__(self, ticket: str, *, by_code: bool = True, by_key: bool = False) -> None:
        super().__init__(_CODE_REQUIRED if by_code else _KEY_REQUIRED)
        self.ticket, self.by_code, self.by_key = ticket, by_code, by_key


def sign_in(desk: Desk, login: str, password: str, hours: int, origin: str = "", device: str | None = None) -> str:
    """Begin a session for whoever knows ``password`` of ``login``; returns its token.

    ``origin`` tells addresses apart, "" for requests from the machine itself. ``device`` is the cookie by which a browser
    says that the person signed in there before (`known_devices`): what others guess does not hold it up. None: a program.

    Raises:
        WrongPassword: if the two do not belong together, or the account is closed.
        GivenPasswordOver: somebody else set the password, more than seven days ago.
        SecondFactorNeeded: the person signs in with a code, too.
        TooManyTries: after several wrong passwords for the name, or many from the address, until the pause is over.
    """
    login, now = clean_word(login), desk.clock.now()
    with desk.store.read() as tx:
        person = tx.people.by_login(login)
        device_name = find_device_name(desk, person.id, device or "") if person is not None else ""
        mark = keyed_hash(desk, f"wrong passwords of {login.lower()}{f' in {device_name}' if device_name else ''}")
        whence = address_mark(desk, origin) if origin and not device_name else ""
        require_not_throttled(tx, mark, now)
        if whence:
            require_not_throttled(tx, whence, now, ADDRESSES)
    # Hashing takes tens of milliseconds: no transaction is open meanwhile.
    is_active = person is not None and person.active
    matches = password_matches(person.password if person is not None and is_active else None, password)
    if not matches or person is None:
        count_wrong(desk, mark, now)
        if whence:
            count_wrong_from_address(desk, whence, login.lower(), now)
        _enter_wrong(desk, person)
        raise WrongPassword(
            Text(
                "登录名或密码不正确，请核对后重试。忘记密码请联系本单位或办公室管理员重置。",
                "Login name or password is wrong. If you forgot the password, ask an administrator to set a new one.",
            )
        )
    assert person is not None
    _require_in_time(desk, person)
    with desk.store.write() as tx:
        require_not_throttled(tx, mark, now)  # guesses sent at the same moment all came past the first look
        if whence:
            require_not_throttled(tx, whence, now, ADDRESSES)
            forgive_address(desk, tx, whence, login.lower(), now)
        tx.wrong_passwords.delete(mark=mark)
        by_code, by_key = has_codes(tx, person.id), bool(tx.passkeys.select(person_id=person.id))
    if by_code or by_key:
        raise SecondFactorNeeded(
            _build_ticket(desk, person, int((now + _STEP).timestamp())), by_code=by_code, by_key=by_key
        )
    return begin_session(desk, person, "", hours, device)


def sign_in_with_code(
    desk: Desk, ticket: str, code: str, hours: int, origin: str = "", device: str | None = None
) -> str:
    """Begin a session for whoever showed the password, to which ``ticket`` testifies, and knows a code.

    Raises:
        WrongPassword: the ticket is too old, or the password was changed meanwhile: sign in anew.
        WrongCode: the code is wrong or was used.
        TooManyTries: after several wrong codes, or many wrong tries from the address, until the pause is over.
    """
    now, person = desk.clock.now(), person_of_ticket(ticket, desk)
    whence = address_mark(desk, origin) if origin and not find_device_name(desk, person.id, device or "") else ""
    if whence:
        with desk.store.read() as tx:
            require_not_throttled(tx, whence, now, ADDRESSES)
    try:
        by_phone = require_code(person, desk, code, "session.begin", Actor(None, "未登录"))
    except WrongCode:
        if whence:
            count_wrong_from_address(desk, whence, person.login.lower(), now)
        raise
    how = "（动态口令）" if by_phone else "（恢复码）"
    return begin_session(desk, person, how, hours, device, {BY_CODE: True})


def _build_ticket(desk: Desk, person: PersonRow, until: int) -> str:
    """Return the proof that the password of ``person`` was shown; it ends with the password."""
    return f"{person.id}.{until}.{keyed_hash(desk, f'second step of {person.id} until {until}: {person.password}')}"


def person_of_ticket(ticket: str, desk: Desk) -> PersonRow:
    """Return whose password was shown; raises WrongPassword where that was too long ago, or the ticket is made up."""
    ident, _, rest = ticket.partition(".")
    until, _, _ = rest.partition(".")
    if all(part.isascii() and part.isdigit() and len(part) < _LONGEST_NUMBER for part in (ident, until)):
        with desk.store.read() as tx:
            person = tx.people.by_id({int(ident)}).get(int(ident))
        fresh = desk.clock.now().timestamp() <= int(until)
        if person is not None and person.active and fresh:  # noqa: SIM102  the hash is computed where it can be right
            if is_same_text(_build_ticket(desk, person, int(until)), ticket):
                return person
    raise WrongPassword(
        Text(
            "登录超过 5 分钟没有完成，请重新输入密码。",
            "Signing in was not finished within five minutes: type the password again.",
        )
    )


def _require_in_time(desk: Desk, person: PersonRow) -> None:
    """Raise GivenPasswordOver for a password that somebody else set too long ago, and enter that it was shown."""
    try:
        require_unexpired_password(person, desk.clock.now())
    except GivenPasswordOver as over:
        _enter_wrong(desk, person, over.code)
        raise


def _enter_wrong(desk: Desk, person: PersonRow | None, code: str = WrongPassword.code) -> None:
    """Enter a failure: by the account's name where there is one, else without what was typed, which may be a password."""
    who = Actor(None, "未登录")
    place = _get_place(desk, person.id) if person is not None else EVERYWHERE
    about = f"登录名：{person.login}" if person is not None else "没有这个登录名"
    with desk.store.write() as tx:
        enter_refused(tx, "session.begin", who, desk.clock.now(), code, about=about, place=place)


def _get_place(desk: Desk, person_id: int) -> str:
    with desk.store.read() as tx:
        return place_of(tx, person_id, desk.clock.now())
