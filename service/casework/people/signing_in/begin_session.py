"""Begin a session for who has proved themselves; its owner is told where it began in a place that is new to them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.book.acting import acting_by, aside, current_origin, tell
from service.casework.desk.desk import Desk
from service.casework.people.factors.known_devices import device_known
from service.casework.people.factors.password_throttle import keyed_hash
from service.casework.people.factors.sessions import current_device, open_session
from service.casework.people.place_of import place_of
from service.casework.people.tell_person import tell_person
from service.domain.calendar import CHINA
from service.store import Transaction
from service.store.models import PersonRow, PersonSettingRow

PLACES = "sign_in.places"
"""Under it stand the keyed hashes of addresses from which a person signed in, the last at the end."""

_MOST_PLACES = 20
_NEW = timedelta(days=30)
"""An account of this age that was never signed in to is new: its first sign-in is told to nobody."""


def begin_session(
    desk: Desk,
    person: PersonRow,
    how: str,
    hours: int,
    device: str | None,
    details: Mapping[str, Any] | None = None,
) -> str:
    """Begin a session of ``person`` and return its token; the book has ``how`` they signed in.

    ``device`` is the cookie of a browser in which people signed in before, None for a program, which has none.
    """
    with desk.store.read() as tx:
        place = place_of(tx, person.id, desk.clock.now())
    with acting_by("session.begin", Actor(person.id, person.name)):
        tell(f"登录：{person.login}{how}", place=place)
        token = open_session(desk, person.id, hours, details)
        with aside(), desk.store.write() as tx:
            _note_place(desk, tx, person, device)
    return token


def _note_place(desk: Desk, tx: Transaction, person: PersonRow, device: str | None) -> None:
    """Keep from where somebody signed in, and tell them where neither browser nor, of a program, address is known."""
    origin, now = current_origin(), desk.clock.now()
    mark = keyed_hash(desk, f"{origin}, from where {person.id} signs in")[:24]
    known = tx.preferences.chosen(person.id, PLACES)
    places = [one for one in known if one != mark] if isinstance(known, list) else []
    at_home = mark in (known or []) if device is None else bool(device_known(desk, person.id, device))
    if not at_home and (known is not None or now - person.created_at > _NEW):
        _tell(desk, tx, person, origin)
    value = [*places, mark][-_MOST_PLACES:]
    if value != known:
        tx.preferences.keep(PersonSettingRow(person_id=person.id, key=PLACES, value=value, at=now))


def _tell(desk: Desk, tx: Transaction, person: PersonRow, origin: str) -> None:
    when = f"{desk.clock.now().astimezone(CHINA):%Y-%m-%d %H:%M}"
    device = current_device()
    text = (
        f"您的账号（登录名 {person.login}）于 {when}（北京时间）在以前没有登录过的地方登录：{device or '未知设备'}，"
        f"网络地址 {origin or '未记录'}。是您本人的，不必理会。如果不是，请立即在“我的账号—登录的设备”中退出该登录，"
        "修改密码，并告诉办公室和监督机构。\n"
        f"Your account ({person.login}) was signed in to at {when} (China) in a place that is new: {device or 'unknown device'},"
        f" address {origin or 'not on record'}. If it was you, do nothing. If not, end that session at once under"
        " “My account – Where you are signed in”, change the password, and tell the office and the supervisors.\n"
        "/account/sessions"
    )
    tell_person(desk, tx, person, "在新的地方登录 / A sign-in from a new place", text, "new-place")
