"""Members of bodies named in a package: installed in the directory on publication, read by forms and tasks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Any

from service.catalog.jurisdiction import Body, Jurisdiction, Member
from service.domain.calendar import CHINA, end_of_day
from service.domain.errors import Conflict
from service.domain.text import Text
from service.store import Transaction
from service.store.models import MembershipRow, PersonRow

_Seat = tuple[str, str, str, date | None, date | None]


def install_members(
    tx: Transaction, place: Jurisdiction, at: datetime, former_places: Sequence[Jurisdiction] = ()
) -> None:
    """Give every member named in the package the roles of their body, for the term it states.

    A seat that was ``former_places`` already with the same term is left alone: an administrator may have ended or prolonged it since.

    An account is made, without a password, where there is none. An account that exists is taken only if it bears the same
    name and belongs to this jurisdiction, by a seat, or by its login name where it has no seat anywhere: a package cannot
    put accounts of another city into its bodies, nor make one that another city's package would take for its own.

    Raises:
        Conflict: the login name belongs to another person.
    """
    former_seats = {seat for before in former_places for seat in _iterate_seats(before)}
    for body in place.bodies:
        row = tx.bodies.find(jurisdiction=place.id, key=body.id) if body.members else None
        for member in body.members if row is not None else ():
            person = _ensure_person(tx, place, member, at)
            for role in member.roles:
                if _build_seat(body, member, role) in former_seats:
                    continue
                tx.memberships.give(
                    MembershipRow(
                        person_id=person,
                        body_id=row.id if row else 0,
                        jurisdiction=place.id,
                        role=role,
                        since=datetime.combine(member.since, time(), CHINA) if member.since else at,
                        until=end_of_day(member.until) if member.until else None,
                    )
                )


def _iterate_seats(place: Jurisdiction) -> Iterator[_Seat]:
    for body in place.bodies:
        for member in body.members:
            yield from (_build_seat(body, member, role) for role in member.roles)


def _build_seat(body: Body, member: Member, role: str) -> _Seat:
    """Return what a package says of a seat: whose it is, with which body, as what, and for which term."""
    return body.id, member.login, role, member.since, member.until


def members_of(body: Body, people: dict[str, PersonRow]) -> list[dict[str, Any]]:
    """Return those whom the package names, as records and options of forms: ``value`` is the person's row number."""
    return [
        {
            "id": m.id,
            "person": person.id,
            "name": m.name,
            "title": m.title,
            "label": f"{m.name}（{m.title}）" if m.title else m.name,
            "value": str(person.id),
            "from": m.since.isoformat() if m.since else None,
            "until": m.until.isoformat() if m.until else None,
        }
        for m in body.members
        if (person := people.get(m.login)) is not None
    ]


def logins_of(bodies: Sequence[Body]) -> list[str]:
    """Return the login names of everybody whom a package names."""
    return [m.login for body in bodies for m in body.members]


def _ensure_person(tx: Transaction, place: Jurisdiction, member: Member, at: datetime) -> int:
    account = tx.people.by_login(member.login)
    if account is None:
        return tx.people.insert(
            PersonRow(
                login=member.login,
                name=member.name,
                created_at=at,
            )
        )
    place_ids = {seat.jurisdiction for seat in tx.memberships.select(person_id=account.id)}
    is_local = place.id in place_ids or (not place_ids and account.login.startswith(f"{place.id}."))
    if account.name != member.name or not is_local:
        raise Conflict(
            Text(
                f"成员“{member.name}”的登录名“{member.login}”已由别人或者别处的人使用。请核对“地方与奖项”中机构写名的成员（jurisdiction.yaml），"
                "或者换一个登录名；别处的人先由管理员给予本地的席位。",
                f"The login name “{member.login}” of member “{member.name}” belongs to another person, or to one of another place."
                " Look at the members named in “Place and award” (jurisdiction.yaml), or choose another; one of another place is given a seat here first.",
            )
        )
    return account.id
