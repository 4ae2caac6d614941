"""Roles by the groups of an outside provider: what the machine's file names, given at sign-in and ended when the group is."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from service.casework.access.actor import BUILT_IN, Actor
from service.casework.access.book.acting import acting_by, tell
from service.casework.desk.desk import Desk
from service.casework.people.place_of import place_of
from service.casework.people.rights.deputies import end_where_left
from service.casework.people.rights.rights import demand_one_office
from service.casework.people.rights.seats import NewSeat, give, held_by
from service.casework.reading.published import Published, published
from service.domain.errors import NotAllowed
from service.store import Transaction
from service.store.models import BodyRow, MembershipRow, OutsideIdentityRow

WATCHING = "supervisor"
"""Kind of the bodies that watch over the others: two administrators alone give their roles."""


def apply_groups(desk: Desk, person_id: int, row: OutsideIdentityRow, groups: Collection[str]) -> None:
    """Give a person the roles that their groups stand for, and end those that other groups gave before.

    What two administrators gave stays, and what the file does not name is never touched. A role given so opens no
    ballot (`given_by_groups`). It is entered in the book where something changed.
    """
    now = desk.clock.now()
    with desk.store.read() as tx:
        name = tx.people.get(person_id).name
        wanted, known = _wanted(tx, desk, groups), published(desk, tx)
        if not wanted and not row.given:
            return
    with acting_by("identity.keep", Actor(person_id, name)), desk.store.write() as tx:
        held = {m.id: m for m in tx.memberships.list_valid(person_id, now)}
        kept = {i: since for i, since in row.given if i in held and held[i].since.isoformat() == since}
        over = [held[i] for i in kept if _seat(held[i]) not in {seat for seat, _ in wanted}]
        for one in over:
            tx.memberships.change(one.id, until=now)
        if over:
            end_where_left(desk, tx, person_id)
        there = {_seat(m) for m in held.values()} - {_seat(m) for m in over}
        fresh = [pair for pair in wanted if pair[0] not in there]
        given, withheld = _give(tx, known, person_id, fresh, now)
        still = [[i, since] for i, since in kept.items() if i not in {one.id for one in over}]
        new = [[m.id, m.since.isoformat()] for m in tx.memberships.list_valid(person_id, now) if _seat(m) in given]
        tx.outside_identities.change_where(
            {"mark": row.mark}, seen_at=now, given=[list(seat) for seat in [*still, *new]]
        )
        if over or given or withheld:
            tell(
                f"按统一身份认证的组变更角色：{name}",
                place=place_of(tx, person_id, now),
                before={"roles": sorted(m.role for m in over)} if over else {},
                after={
                    **({"roles": sorted(seat.role for seat in given)} if given else {}),
                    **({"left to administrators": sorted(withheld)} if withheld else {}),
                },
            )


def _wanted(tx: Transaction, desk: Desk, groups: Collection[str]) -> list[tuple[NewSeat, BodyRow]]:
    found: Iterator[tuple[str, str, BodyRow | None]] = (
        (one.jurisdiction, one.role, tx.bodies.find(jurisdiction=one.jurisdiction, key=one.body))
        for one in desk.group_roles
        if one.group in groups
    )
    return [(NewSeat(place, role, body.id), body) for place, role, body in found if body is not None and body.active]


def _give(
    tx: Transaction, known: Published, person_id: int, fresh: list[tuple[NewSeat, BodyRow]], now: datetime
) -> tuple[set[NewSeat], list[str]]:
    """Give what can be given; returns that, and the roles that only administrators give."""
    given, withheld = set[NewSeat](), list[str]()
    for seat, body in fresh:
        try:
            demand_one_office(tx, person_id, seat.role, now)
        except NotAllowed:
            withheld.append(seat.role)
            continue
        if body.kind == WATCHING or not (seat.role in BUILT_IN or held_by(known, seat, body)):
            withheld.append(seat.role)
            continue
        give(tx, person_id, seat, now)
        given.add(seat)
    return given, withheld


def _seat(held: MembershipRow) -> NewSeat:
    return NewSeat(held.jurisdiction, held.role, held.body_id)
