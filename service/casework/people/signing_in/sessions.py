"""Begin a session for who has proved themselves, and end one's own, one by one or all others at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.book.acting import acting_by, current_origin, describe_current_act, exclude_from_act
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.people.factors.password_throttle import keyed_hash
from service.casework.people.factors.sessions import (
    ADDRESS,
    DEVICE,
    current_device,
    find_device_name,
    open_session,
    token_hash,
)
from service.casework.people.place_of import place_of
from service.casework.people.tell_person import tell_person
from service.casework.step.post import add_page_link
from service.domain.calendar import CHINA
from service.domain.errors import NotFound
from service.domain.text import Text
from service.store import Transaction
from service.store.models import PersonRow, PersonSettingRow, SessionRow

PLACES = "sign_in.places"
"""Under it stand the keyed hashes of addresses from which a person signed in, the last at the end."""

_MOST_PLACES = 20
_NEW = timedelta(days=30)
"""An account of this age that was never signed in to is new: its first sign-in is told to nobody."""
MOST = 100
"""How many are listed, the last used first."""
_KEY = 16
"""Digits by which a session is named: none of its token, which nobody but its browser knows."""


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
        describe_current_act(f"登录：{person.login}{how}", place=place)
        token = open_session(desk, person.id, hours, details)
        with exclude_from_act(), desk.store.write() as tx:
            _note_place(desk, tx, person, device)
    return token


def _note_place(desk: Desk, tx: Transaction, person: PersonRow, device: str | None) -> None:
    """Keep from where somebody signed in, and tell them where neither browser nor, of a program, address is known."""
    origin, now = current_origin(), desk.clock.now()
    mark = keyed_hash(desk, f"{origin}, from where {person.id} signs in")[:24]
    place_marks = tx.preferences.chosen(person.id, PLACES)
    places = [place_mark for place_mark in place_marks if place_mark != mark] if isinstance(place_marks, list) else []
    at_home = mark in (place_marks or []) if device is None else bool(find_device_name(desk, person.id, device))
    if not at_home and (place_marks is not None or now - person.created_at > _NEW):
        _tell_new_place(desk, tx, person, origin)
    value = [*places, mark][-_MOST_PLACES:]
    if value != place_marks:
        tx.preferences.put(PersonSettingRow(person_id=person.id, key=PLACES, value=value, at=now))


def _tell_new_place(desk: Desk, tx: Transaction, person: PersonRow, origin: str) -> None:
    when = f"{desk.clock.now().astimezone(CHINA):%Y-%m-%d %H:%M}"
    device = current_device()
    text = Text(
        f"您的账号（登录名 {person.login}）于 {when}（北京时间）在以前没有登录过的地方登录：{device or '未知设备'}，"
        f"网络地址 {origin or '未记录'}。是您本人的，不必理会。如果不是，请立即在“我的账号—登录的设备”中退出该登录，"
        "修改密码，并告诉办公室和监督机构。",
        f"Your account ({person.login}) was signed in to at {when} (China) in a place that is new: {device or 'unknown device'},"
        f" address {origin or 'not on record'}. If it was you, do nothing. If not, end that session at once under"
        " “My account – Where you are signed in”, change the password, and tell the office and the supervisors.",
    )
    tell_person(
        desk,
        tx,
        person,
        Text("在新的地方登录", "A sign-in from a new place"),
        add_page_link(text, "/account/sessions"),
        "new-place",
    )


@dataclass(frozen=True, slots=True)
class OwnSession:
    """A place where somebody is signed in; ``key`` names it, ``current`` is the one that asks.

    ``device`` is browser and system by their own word, "" where nothing was said; ``address`` is the one it began from.
    ``used`` is exact to a minute, and None where the installation ends no idle sessions.
    """

    key: str
    device: str
    address: str
    since: datetime
    used: datetime | None
    ends: datetime
    current: bool


@dataclass(frozen=True, slots=True)
class OwnSessions:
    """The sessions of a person; ``more`` where there are others, used longer ago."""

    sessions: tuple[OwnSession, ...]
    more: bool


@guarded("session.end")
def list_actor_sessions(desk: Desk, actor: Actor, token: str) -> OwnSessions:
    """Return where the actor is signed in, the last used first; ``token`` is that of the session that asks."""
    with desk.store.read() as tx:
        rows = _list_sessions(desk, tx, actor)
    return OwnSessions(
        tuple(_read_session(desk, row, token_hash(desk, token)) for row in rows[:MOST]), len(rows) > MOST
    )


@guarded("session.end")
def end_actor_session(desk: Desk, actor: Actor, key: str) -> None:
    """End the session that `list_actor_sessions` calls ``key``; raises NotFound for one that is none of the actor's."""
    with desk.store.write() as tx:
        row = next((row for row in _list_sessions(desk, tx, actor) if row.id[:_KEY] == key), None)
        if row is None:
            raise NotFound(Text("这处登录已经退出。", "That session has ended already."))
        tx.sessions.delete(id=row.id)
        describe_current_act(f"退出一处登录：{row.details.get(DEVICE) or '未知设备'}")


@guarded("session.end")
def end_other_sessions(desk: Desk, actor: Actor, token: str) -> int:
    """End every session of the actor but that of ``token``; returns how many there were."""
    with desk.store.write() as tx:
        ended = tx.sessions.delete(person_id=actor.signed_in_id, id__ne=token_hash(desk, token))
        if ended:
            describe_current_act(f"退出其他 {ended} 处登录")
        return ended


def _list_sessions(desk: Desk, tx: Transaction, actor: Actor) -> list[SessionRow]:
    return tx.sessions.select(
        "-seen_at -id", limit=MOST + 1, person_id=actor.signed_in_id, expires_at__gt=desk.clock.now()
    )


def _read_session(desk: Desk, row: SessionRow, current_id: str) -> OwnSession:
    details = row.details
    return OwnSession(
        key=row.id[:_KEY],
        device=details.get(DEVICE, ""),
        address=details.get(ADDRESS, ""),
        since=row.created_at,
        used=row.seen_at if desk.premises.sign_in.idle is not None else None,
        ends=row.expires_at,
        current=row.id == current_id,
    )
