"""The accounts of the three administrators: each is opened by its holder, through a link that the machine prints once."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.casework.access.actor import ADMINISTRATOR, SYSTEM_ADMINISTRATOR, THREE_OFFICES, Actor
from service.casework.access.book.acting import describe_current_act
from service.casework.access.guards import GUARDS, guarded
from service.casework.desk.desk import Desk
from service.casework.people.accounts.accounts import LoginTaken, NewAccount, insert_account, require_account_can_be
from service.casework.people.factors.passwords import hash_password, require_good_password
from service.casework.people.factors.sessions import token_mark
from service.casework.people.rights.seats import BUILT_IN_ROLES, EVERYWHERE, NewSeat, grant_seat
from service.domain.errors import Conflict, NotFound
from service.domain.text import Text
from service.domain.values.typed_text import clean_word
from service.store import Transaction
from service.store.models import OfficeLinkRow, PersonRow

LINK_OPENS = timedelta(days=7)
"""How long a link can be used."""


@dataclass(frozen=True, slots=True)
class Office:
    """One of the three offices of the whole installation: who holds it, with a fresh ``link`` where one was made.

    ``open_until``: nobody holds it, and a link that was told before opens it until then.
    """

    role: str
    title: Text
    holders: tuple[str, ...]
    link: str = ""
    open_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class OfficeInvitation:
    """What a link opens."""

    title: Text
    until: datetime


@guarded("offices.make")
def part_offices(desk: Desk, actor: Actor) -> Sequence[str]:
    """Let whoever holds all three offices be system administrator from now on; returns their names.

    Raises NotAllowed for who holds them in a city alone; so does `offer_offices`.
    """
    GUARDS["offices.make"].demand(actor, EVERYWHERE)
    now = desk.clock.now()
    with desk.store.read() as tx:
        if not tx.rights.holders(ADMINISTRATOR, now):
            return []
    with desk.store.write() as tx:
        rows = tx.rights.holders(ADMINISTRATOR, now)
        names = tx.people.named({row.person_id for row in rows})
        for row in rows:
            tx.memberships.change(row.id, until=now)
            role_ids = {m.role for m in tx.memberships.list_valid(row.person_id, now)}
            if role_ids.isdisjoint(set(THREE_OFFICES) - {SYSTEM_ADMINISTRATOR}):
                grant_seat(tx, row.person_id, NewSeat(row.jurisdiction, SYSTEM_ADMINISTRATOR, row.body_id), now)
        office_names, after = "、".join(sorted(set(names.values()))), {"role": SYSTEM_ADMINISTRATOR}
        describe_current_act(
            f"三员分立：{office_names}由管理员改任系统管理员",
            place=EVERYWHERE,
            before={"role": ADMINISTRATOR},
            after=after,
        )
    return sorted(set(names.values()))


@guarded("offices.make")
def offer_offices(desk: Desk, actor: Actor, site: str, wanted: Sequence[str] = ()) -> Sequence[Office]:
    """Return the three offices, with a new link for each that is ``wanted``, or that nobody holds and no link opens.

    ``site`` is the address of the installation. A link is told here once: the database keeps its keyed mark. One that was
    handed out goes on until its office is ``wanted``; then it is void.
    """
    GUARDS["offices.make"].demand(actor, EVERYWHERE)
    now = desk.clock.now()
    with desk.store.write() as tx:
        offices = []
        for role in THREE_OFFICES:
            rows = [row for row in tx.rights.holders(role, now) if row.jurisdiction == EVERYWHERE]
            names = tuple(tx.people.named({row.person_id for row in rows}).values())
            running = (
                tx.office_links.find("-id", role=role, used_at=None, until__gt=now)
                if not rows and role not in wanted
                else None
            )
            link = _create_offer(desk, tx, role, site) if role in wanted or not (rows or running) else ""
            offices.append(Office(role, BUILT_IN_ROLES[role], names, link, running.until if running else None))
        offered = "、".join(office.title.zh for office in offices if office.link)
        describe_current_act(f"发放一次性链接：{offered}" if offered else "查看三员由谁担任", place=EVERYWHERE)
    return offices


@guarded("offices.make")
def end_office(desk: Desk, actor: Actor, login: str) -> int:  # noqa: ARG001  the guard reads it
    """Take every administrator's office from whoever signs in as ``login``; returns how many. Raises NotFound."""
    now = desk.clock.now()
    with desk.store.write() as tx:
        person = _get_person(tx, login)
        memberships = [
            m for m in tx.memberships.list_valid(person.id, now) if m.role in (*THREE_OFFICES, ADMINISTRATOR)
        ]
        for row in memberships:
            tx.memberships.change(row.id, until=now)
        if memberships:
            describe_current_act(
                f"收回管理员职务：{person.name}",
                place=EVERYWHERE,
                before={"roles": sorted({m.role for m in memberships})},
            )
    return len(memberships)


@guarded("offices.make")
def join_offices(desk: Desk, actor: Actor, login: str) -> str:  # noqa: ARG001  the guard reads it
    """Let whoever signs in as ``login`` hold all three offices; returns their name.

    Others who hold an office keep it. Raises NotFound, and Conflict where the account is closed.
    """
    now = desk.clock.now()
    with desk.store.write() as tx:
        person = _get_person(tx, login)
        if not person.active:
            raise Conflict(Text(f"账号“{login}”已停用。", f"The account {login!r} is closed."))
        memberships = [m for m in tx.memberships.list_valid(person.id, now) if m.jurisdiction == EVERYWHERE]
        office_seats = [m for m in memberships if m.role in THREE_OFFICES]
        for row in office_seats:
            tx.memberships.change(row.id, until=now)
        if all(m.role != ADMINISTRATOR for m in memberships):
            grant_seat(tx, person.id, NewSeat(EVERYWHERE, ADMINISTRATOR, _ensure_administration(tx)), now)
        roles = {"roles": sorted(m.role for m in office_seats)}
        describe_current_act(f"三员合一：{person.name}", place=EVERYWHERE, before=roles, after={"role": ADMINISTRATOR})
    return person.name


@guarded("office.take")
def view_office_link(desk: Desk, actor: Actor, code: str) -> OfficeInvitation:  # noqa: ARG001  the guard reads it
    """Return what a link opens; raises NotFound for one that is wrong, used or too old."""
    with desk.store.read() as tx:
        row = _get_open_link(desk, tx, code)
    return OfficeInvitation(BUILT_IN_ROLES[row.role], row.until)


@guarded("office.take")
def take_office(desk: Desk, actor: Actor, code: str, account: NewAccount) -> str:  # noqa: ARG001  the guard reads it
    """Open the account of an administrator by its link, once, with a password of their own; returns the login name.

    Raises:
        NotFound: the link is wrong, used or too old.
        Invalid: login name, name, address or password cannot be.
        Conflict: the login name is taken.
    """
    now = desk.clock.now()
    with desk.store.read() as tx:
        _get_open_link(desk, tx, code)
    require_account_can_be(account)
    require_good_password(account.password, account.login)
    hashed = hash_password(account.password)
    with desk.store.write() as tx:
        row = _get_open_link(desk, tx, code)
        if tx.people.by_login(clean_word(account.login)) is not None:
            raise LoginTaken(account.login)
        ident = insert_account(tx, account, hashed, now)
        if not tx.office_links.change_where({"id": row.id, "used_at": None}, used_at=now, person_id=ident):
            raise _no_link()
        grant_seat(tx, ident, NewSeat(EVERYWHERE, row.role, _ensure_administration(tx)), now)
        title = BUILT_IN_ROLES[row.role].zh
        describe_current_act(
            f"开设{title}账号：{account.name}（{clean_word(account.login)}）",
            place=EVERYWHERE,
            after={"role": row.role},
        )
    return clean_word(account.login)


def _get_person(tx: Transaction, login: str) -> PersonRow:
    person = tx.people.by_login(login)
    if person is None:
        raise NotFound(Text(f"没有登录名“{login}”。", f"There is no login name {login!r}."))
    return person


def _ensure_administration(tx: Transaction) -> int:
    return tx.bodies.upsert(EVERYWHERE, "administration", kind="agency", name="系统管理", name_en="Administration")


def _create_offer(desk: Desk, tx: Transaction, role: str, site: str) -> str:
    code, now = secrets.token_urlsafe(24), desk.clock.now()
    tx.office_links.offer(OfficeLinkRow(role=role, token=_hash_code(desk, code), made_at=now, until=now + LINK_OPENS))
    return f"{site}/administrator-account#{code}"


def _get_open_link(desk: Desk, tx: Transaction, code: str) -> OfficeLinkRow:
    row = tx.office_links.find(token=_hash_code(desk, code))
    if row is None or row.used_at is not None or row.until <= desk.clock.now():
        raise _no_link()
    return row


def _hash_code(desk: Desk, code: str) -> str:
    return token_mark(desk, "administrator's account", code)


def _no_link() -> NotFound:
    return NotFound(
        Text(
            "这个链接已经用过、已过期或者不完整。请在服务器上用 laurel administrator 重新取得。",
            "This link was used, is too old or incomplete: get a new one on the machine by laurel administrator.",
        )
    )
