"""The actor of a use case: a person with seats and recusals, or the system itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import starmap
from operator import attrgetter

from service.catalog import BodyKind, Package
from service.store import Acting, Transaction


def office_role(package: Package) -> str:
    """Return the role that the office of the jurisdiction holds first."""
    roles = [role for body in package.jurisdiction.bodies if body.kind is BodyKind.OFFICE for role in body.roles]
    return roles[0] if roles else "office"


ADMINISTRATOR = "administrator"
"""Built-in role: the three offices below in one person, of a jurisdiction (``*``: of all); for an office of one person."""

SYSTEM_ADMINISTRATOR = "system_administrator"
"""Built-in role: opens accounts, keeps the installation going, monitors and repairs cases (系统管理员)."""

SECURITY_ADMINISTRATOR = "security_administrator"
"""Built-in role: releases versions, decides policy, and rights together with a system administrator (安全管理员)."""

AUDIT_ADMINISTRATOR = "audit_administrator"
"""Built-in role: reads and verifies the book of acts, and nothing else (审计管理员)."""

THREE_OFFICES = (SYSTEM_ADMINISTRATOR, SECURITY_ADMINISTRATOR, AUDIT_ADMINISTRATOR)
"""The offices that exclude each other (三员分立): nobody holds two of them, wherever."""

DESIGNER = "designer"
"""Built-in role: draws the procedure of a jurisdiction (``*``: of all); sees no cases by it."""

_SYSTEM = frozenset({ADMINISTRATOR, SYSTEM_ADMINISTRATOR})
_SECURITY = frozenset({ADMINISTRATOR, SECURITY_ADMINISTRATOR})
_AUDIT = frozenset({ADMINISTRATOR, AUDIT_ADMINISTRATOR})
RULING = _SYSTEM | _SECURITY
"""Roles that ask for and decide on the rights of people."""

BUILT_IN = frozenset({ADMINISTRATOR, DESIGNER, *THREE_OFFICES})
"""Roles that no regulation names: they hold no tasks and are party to no case."""

APPLICANT_KINDS = frozenset({"organisation", "individual"})
OVERSEEING_KINDS = frozenset({"office", "supervisor", "government"})
"""Kinds of bodies whose people may look at every case of their jurisdiction."""


@dataclass(frozen=True, slots=True)
class Seat:
    """One membership: ``role`` in body ``body_id``; ``jurisdiction`` "*" holds everywhere.

    A lent one (委托代理) is that of person ``lender_id``, called ``lender``, ``until`` an instant; ``barred_body_ids`` are the
    organisations that this person is recused from.
    """

    jurisdiction: str
    role: str
    body_id: int
    body_key: str
    body_name: str
    body_kind: str
    lender_id: int | None = None
    lender: str = ""
    until: datetime | None = None
    barred_body_ids: frozenset[int] = frozenset()

    @property
    def lent(self) -> bool:
        """Whether the person stands in for another."""
        return self.lender_id is not None

    @property
    def in_office(self) -> bool:
        """Whether the seat is one of an award's office, held by a role of the regulation."""
        return self.body_kind == "office" and self.role not in BUILT_IN

    @property
    def oversees(self) -> bool:
        """Whether the seat lets its holder look at every case: an administrator's, or one of an overseeing body."""
        return self.administers or (self.role not in BUILT_IN and self.body_kind in OVERSEEING_KINDS)

    @property
    def administers(self) -> bool:
        """Whether its holder keeps the installation going and repairs cases."""
        return self.role in _SYSTEM

    @property
    def secures(self) -> bool:
        """Whether its holder releases versions and decides policy."""
        return self.role in _SECURITY

    @property
    def audits(self) -> bool:
        """Whether its holder reads the book of acts."""
        return self.role in _AUDIT

    def serves(self, jurisdiction: str) -> bool:
        """Return whether the seat holds in ``jurisdiction``."""
        return self.jurisdiction in ("*", jurisdiction)


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person; ``person_id`` None is the system (timers, messages) or a citizen without account.

    ``recused`` are the ids of the organisations the person is recused from, and those in whose place they stand;
    ``added`` are those of them that are only the latter's. ``by_provider``: an outside identity provider, and nothing
    that the person knows or has here, says that it is them. ``names_lender``: the name is already that of both.
    ``tied``: something on record may tie the person to an organisation.
    """

    person_id: int | None
    name: str
    seats: tuple[Seat, ...] = ()
    recused: frozenset[int] = frozenset()
    added: frozenset[int] = frozenset()
    by_provider: bool = False
    names_lender: bool = False
    tied: bool = False

    def holds(self, jurisdiction: str, role: str, body_id: int | None = None) -> Seat | None:
        """Return the seat by which the person holds ``role`` (of ``body_id``, when given) in ``jurisdiction``."""
        return next(
            (s for s in self.seats if s.role == role and s.serves(jurisdiction) and body_id in (None, s.body_id)), None
        )

    def in_office(self, jurisdiction: str) -> bool:
        """Return whether the person belongs to the office of an award of ``jurisdiction``."""
        return any(s.serves(jurisdiction) and s.in_office for s in self.seats)

    def administers(self, jurisdiction: str) -> bool:
        """Return whether the person keeps ``jurisdiction`` going: its system administrator."""
        return any(s.serves(jurisdiction) and s.administers for s in self.seats)

    def secures(self, jurisdiction: str) -> bool:
        """Return whether the person decides on versions and policy of ``jurisdiction``: its security administrator."""
        return any(s.serves(jurisdiction) and s.secures for s in self.seats)

    def rules(self, jurisdiction: str) -> Seat | None:
        """Return the seat by which the person asks for or decides on rights of people in ``jurisdiction``."""
        return next((s for s in self.seats if s.role in RULING and s.serves(jurisdiction)), None)

    def studies(self, jurisdiction: str) -> bool:
        """Return whether the person may study clauses, settings and versions of ``jurisdiction``."""
        return (
            self.oversees(jurisdiction) or self.secures(jurisdiction) or self.holds(jurisdiction, DESIGNER) is not None
        )

    def oversees(self, jurisdiction: str) -> bool:
        """Return whether the person may look at every case of ``jurisdiction``."""
        return any(s.serves(jurisdiction) and s.oversees for s in self.seats)

    @property
    def signed_in_id(self) -> int:
        """The row number of the person, where the guard lets nobody through without one."""
        assert self.person_id is not None
        return self.person_id

    @property
    def in_person(self) -> Actor:
        """Return the person without what they hold in place of others: votes and the like are nobody else's."""
        if not any(s.lent for s in self.seats):
            return self
        personal_seats = tuple(s for s in self.seats if not s.lent)
        return replace(self, seats=personal_seats, recused=self.recused - self.added, added=frozenset())

    def by(self, seat: Seat | None) -> Actor:
        """Return the actor as records name them who act by ``seat``: both names where it is lent, “李娜（代王建国）”."""
        if seat is None or not seat.lent or self.names_lender:
            return self
        return replace(self, name=f"{self.name}（代{seat.lender}）", names_lender=True)

    def in_whose_place(self, admits: Callable[[Actor], bool]) -> Actor:
        """Return the actor by both names where ``admits`` lets them in only by what they hold in place of another."""
        direct_actor = self.in_person
        if direct_actor is self or admits(direct_actor):
            return self
        lent = (s for s in self.seats if s.lent)
        return self.by(next((s for s in lent if admits(Actor(self.person_id, self.name, (s,)))), None))

    @property
    def body_ids(self) -> frozenset[int]:
        """Return the ids of every body the person belongs to."""
        return frozenset(s.body_id for s in self.seats)


SYSTEM = Actor(None, "系统")
"""The actor of timers, messages and everything else that no person does."""


def actor_of(acting_row: Acting) -> Actor:
    """Return the actor that a row of a person, their seats and their recusals make; without seats once deactivated.

    Whom somebody else must keep away from, their deputy must too, unless they could do the same without them.
    """
    person, seat_rows, recused, tied = acting_row
    seats = tuple(starmap(Seat, seat_rows)) if person.active else ()
    lent = tuple(filter(attrgetter("lent"), seats))
    every = recused.union(*_list_barred_bodies(seats, lent)) if lent else recused
    return Actor(person.id, person.name, seats, every, every - recused, tied=tied)


def _list_barred_bodies(seats: Sequence[Seat], lent: Sequence[Seat]) -> Iterator[frozenset[int]]:
    seat_keys = {(s.jurisdiction, s.role, s.body_id) for s in seats if not s.lent}
    return (s.barred_body_ids for s in lent if (s.jurisdiction, s.role, s.body_id) not in seat_keys)


def acting(tx: Transaction, person_id: int, now: datetime) -> Actor:
    """Return a person with what they hold ``now``; raises NotFound."""
    return actor_of(tx.sessions.acting(person_id, now))
