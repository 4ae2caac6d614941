"""Sign in with login name and password, throttled against guessing."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.book.acting import acting_by, tell
from service.casework.access.book.enter import EVERYWHERE, enter_refused
from service.casework.desk.desk import Desk
from service.casework.people.password_throttle import (
    address_mark,
    count_wrong,
    count_wrong_from_address,
    demand_address_not_throttled,
    demand_not_throttled,
    keyed_hash,
)
from service.casework.people.passwords import password_matches
from service.casework.people.place_of import place_of
from service.casework.people.sessions import open_session
from service.domain.errors import LaurelError
from service.domain.text import Text
from service.store.rows import PersonRow


class WrongPassword(LaurelError):
    """Login name and password do not belong together; it is not said which of the two is wrong."""

    code = "wrong_password"


def sign_in(desk: Desk, login: str, password: str, hours: int, origin: str = "") -> str:
    """Begin a session for whoever knows ``password`` of ``login``; returns its token.

    ``origin`` tells addresses apart, "" for requests from the machine itself.

    Raises:
        WrongPassword: if the two do not belong together, or the account is closed.
        TooManyTries: after several wrong passwords for the name, or many from the address, until the pause is over.
    """
    login, now = login.strip(), desk.clock.now()
    mark = keyed_hash(desk, f"wrong passwords of {login.lower()}")
    whence = address_mark(desk, origin) if origin else ""
    with desk.store.read() as tx:
        demand_not_throttled(tx, mark, now)
        if whence:
            demand_address_not_throttled(tx, whence, now)
        person = tx.people.by_login(login)
    # Hashing takes tens of milliseconds: no transaction is open meanwhile.
    known = person is not None and person.active
    if not password_matches(person.password if person is not None and known else None, password):
        count_wrong(desk, mark, now)
        if whence:
            count_wrong_from_address(desk, whence, now)
        _enter_wrong(desk, person)
        raise WrongPassword(
            Text(
                "登录名或密码不正确，请核对后重试。忘记密码请联系本单位或办公室管理员重置。",
                "Login name or password is wrong. If you forgot the password, ask an administrator to set a new one.",
            )
        )
    assert person is not None
    with desk.store.write() as tx:
        demand_not_throttled(tx, mark, now)  # guesses sent at the same moment all came past the first look
        if whence:
            demand_address_not_throttled(tx, whence, now)
        tx.people.sessions.forget_wrong_passwords(mark)
    with acting_by("session.begin", Actor(person.id, person.name)):
        tell(f"登录：{person.login}", place=_place(desk, person.id))
        return open_session(desk, person.id, hours)


def _enter_wrong(desk: Desk, person: PersonRow | None) -> None:
    """Enter a failure: by the account's name where there is one, else without what was typed, which may be a password."""
    who = Actor(None, "未登录")
    place = _place(desk, person.id) if person is not None else EVERYWHERE
    about = f"登录名：{person.login}" if person is not None else "没有这个登录名"
    with desk.store.write() as tx:
        enter_refused(tx, "session.begin", who, desk.clock.now(), WrongPassword.code, about=about, place=place)


def _place(desk: Desk, person_id: int) -> str:
    with desk.store.read() as tx:
        return place_of(tx, person_id, desk.clock.now())
