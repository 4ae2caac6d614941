"""A forgotten password, set anew by its owner: a link to their address, and their own second factor."""

from __future__ import annotations

from datetime import timedelta

from service.casework.access.actor import Actor
from service.casework.access.book.acting import aside, tell
from service.casework.access.guards import guarded
from service.casework.access.sign_in_proof import is_one_time
from service.casework.desk.desk import Desk
from service.casework.people.factors.codes import demand_code, has_second_factor
from service.casework.people.factors.password_throttle import keyed_hash
from service.casework.people.factors.passwords import demand_good_password, hash_password
from service.casework.people.factors.sessions import device_known, token_mark
from service.casework.people.factors.tell import OwnChange, tell_of_means
from service.casework.people.place_of import place_of
from service.casework.people.tell_person import tell_address
from service.casework.public.throttle import (
    RECOVER,
    RECOVER_ALL,
    RECOVER_AT_HOME,
    TRACK,
    TooOften,
    count_attempt,
)
from service.domain.errors import NotFound
from service.domain.proof.signing import is_same_text
from service.domain.text import Text
from service.domain.values.typed_text import clean_word
from service.store.models import PersonRow

LASTS = timedelta(minutes=30)
_RECOVER = "password.recover"
_LONGEST_NUMBER = 15


def can_recover(desk: Desk) -> bool:
    """Return whether mail leaves this installation, so that a link reaches its reader."""
    return any(channel.name == "mail" and channel.leaves for channel in desk.channels)


@guarded(_RECOVER)
def ask_recovery(desk: Desk, actor: Actor, login: str, origin: str, site: str, device: str = "") -> None:
    """Mail a link to whoever signs in as ``login``, has an address and a second factor; of others nothing is said.

    ``origin`` is a hash of where it was asked, ``site`` the address of the installation, ``device`` the cookie by which a
    browser says who signed in there before. To whom a link was mailed within ten minutes no other one is, unless such a
    browser asks: the link holds for half an hour, so that strangers who ask again and again hold up nobody.

    Raises:
        TooOften: too many from one network, or in one browser, within the hour.
    """
    del actor
    with desk.store.read() as tx:
        person = tx.people.by_login(clean_word(login))
    known_as = device_known(desk, person.id, device) if person is not None else ""
    if known_as:
        _count(
            desk, RECOVER_AT_HOME, keyed_hash(desk, f"password of {clean_word(login).lower()} forgotten in {known_as}")
        )
    else:
        _count(desk, RECOVER, origin)
    with desk.store.read() as tx:
        able = person is not None and person.active and person.email and has_second_factor(tx, person.id)
    if not can_recover(desk) or person is None or not able:
        return
    if not known_as:
        try:
            _count(desk, RECOVER_ALL, keyed_hash(desk, f"password of {person.id} forgotten"))
        except TooOften:
            return
    _send_link(desk, person, site)


@guarded(_RECOVER)
def view_recovery(desk: Desk, actor: Actor, code: str, origin: str) -> str:
    """Return the login name of whose password a link sets; raises NotFound for one that is wrong, used or too old."""
    del actor
    _count(desk, TRACK, origin)
    return _linked(desk, code).login


@guarded(_RECOVER)
def recover_password(desk: Desk, actor: Actor, link: str, code: str, password: str, origin: str) -> str:
    """Set the password by the link and a one-time or recovery ``code``; every session ends. Returns the login name.

    Raises:
        NotFound: the link is wrong, used or too old.
        Invalid: the password is too short or too simple.
        WrongCode: the code is none of theirs, or was taken before.
        TooManyTries: after several wrong codes, until the pause is over.
    """
    _count(desk, TRACK, origin)
    person = _linked(desk, link)
    demand_good_password(password, person.login)
    demand_code(person, desk, code, _RECOVER, actor)
    hashed, now = hash_password(password), desk.clock.now()
    with desk.store.write() as tx:
        if tx.people.get(person.id).password != person.password:
            raise _no_link()
        owned = {"password_owned_at": now} if is_one_time(person) else {}
        tx.people.change(person.id, password=hashed, password_set_at=now, **owned)
        tx.sessions.delete(person_id=person.id)
        tell(f"凭第二验证方式找回密码：{person.login}", place=place_of(tx, person.id, now))
        tell_of_means(desk, tx, person.id, OwnChange.PASSWORD)
    return person.login


def _send_link(desk: Desk, person: PersonRow, site: str) -> None:
    until = int((desk.clock.now() + LASTS).timestamp())
    link = f"{site}/forgotten-password/new#{_code(desk, person, until)}"
    minutes = int(LASTS.total_seconds()) // 60
    text = (
        f"有人为账号 {person.login} 申请找回密码。如果是您本人，请在 {minutes} 分钟内打开以下链接，输入动态口令或恢复码，设置新密码：\n{link}\n"
        "如果不是您本人，不必理会：没有您的动态口令或恢复码，链接不起作用。\n"
        f"Somebody forgot the password of {person.login}. If it was you, open the link within {minutes} minutes and type a"
        " one-time or recovery code. If not, do nothing: without your codes the link is of no use."
    )
    with desk.store.write() as tx:
        tell(f"申请找回密码：{person.login}", place=place_of(tx, person.id, desk.clock.now()))
        subject = "找回密码 / Your password"
        tell_address(desk, tx, str(person.email), subject, text, f"recover:{person.id}")


def _count(desk: Desk, kind: str, whence: str) -> None:
    """Count an attempt; that is no part of the act that the book has."""
    with aside():
        count_attempt(desk, kind, whence)


def _code(desk: Desk, person: PersonRow, until: int) -> str:
    """Return what a link says: whose and until when, sealed together with the password that it ends with."""
    seal = token_mark(desk, "forgotten password", f"{person.id} until {until}: {person.password} {person.email}")
    return f"{person.id}.{until}.{seal}"


def _linked(desk: Desk, code: str) -> PersonRow:
    ident, _, rest = code.partition(".")
    until, _, _ = rest.partition(".")
    if all(part.isascii() and part.isdigit() and len(part) < _LONGEST_NUMBER for part in (ident, until)):
        with desk.store.read() as tx:
            person = tx.people.by_id({int(ident)}).get(int(ident))
        fresh = desk.clock.now().timestamp() <= int(until)
        if person is not None and person.active and fresh:  # noqa: SIM102  the seal is computed where it can be right
            if is_same_text(_code(desk, person, int(until)), code):
                return person
    raise _no_link()


def _no_link() -> NotFound:
    return NotFound(
        Text(
            "这个链接已经用过、已过期或者不完整，请在登录页重新申请找回密码。",
            "This link was used, is too old or incomplete: ask for another one on the page to sign in.",
        )
    )
