"""People with what they hold, as lists of them name it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.casework.desk.desk import Desk
from service.casework.people.rights.seats import BUILT_IN_ROLES, EVERYWHERE
from service.casework.reading.published import Published
from service.domain.text import Text
from service.store import Transaction
from service.store.models import BodyRow, MembershipRow, PersonRow


@dataclass(frozen=True, slots=True)
class HeldSeat:
    """A seat of a person."""

    id: int
    jurisdiction: str
    role: str
    role_name: Text
    body: str

    @property
    def everywhere(self) -> bool:
        """Whether it holds in all places; an applicant's does too, but is that of one organisation."""
        return self.jurisdiction == EVERYWHERE and self.role in BUILT_IN_ROLES


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person with their seats; who has no password yet may not sign in."""

    id: int
    login: str
    name: str
    email: str
    telephone: str
    active: bool
    may_sign_in: bool
    seats: tuple[HeldSeat, ...]


def lines_of(desk: Desk, tx: Transaction, known: Published, rows: Sequence[PersonRow]) -> tuple[PersonLine, ...]:
    """Return people with what they hold now; two statements, however many they are."""
    held = tx.people.memberships_of([row.id for row in rows], desk.clock.now())
    bodies = tx.people.bodies_by_id({m.body_id for ms in held.values() for m in ms})
    roles = {(p.jurisdiction.id, r.id): r.text for p in known.packages for r in p.jurisdiction.roles.values()}
    return tuple(_line(row, held[row.id], bodies, roles) for row in rows)


def _line(
    row: PersonRow, held: list[MembershipRow], bodies: dict[int, BodyRow], roles: dict[tuple[str, str], Text]
) -> PersonLine:
    seats = tuple(
        HeldSeat(m.id, m.jurisdiction, m.role, _role_name(roles, m.jurisdiction, m.role), bodies[m.body_id].name)
        for m in held
        if m.body_id in bodies
    )
    return PersonLine(
        row.id,
        row.login,
        row.name,
        row.email or "",
        row.telephone or "",
        row.active,
        row.active and row.password is not None,
        seats,
    )


def _role_name(roles: dict[tuple[str, str], Text], jurisdiction: str, role: str) -> Text:
    if role in BUILT_IN_ROLES:
        return BUILT_IN_ROLES[role]
    named = roles.get((jurisdiction, role)) or next((n for (_, r), n in roles.items() if r == role), None)
    return named or Text(role, role)
