"""The seats an administrator may give: one list for what the page offers and what the use case accepts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated

from service.casework.access.actor import (
    ADMINISTRATOR,
    APPLICANT_KINDS,
    AUDIT_ADMINISTRATOR,
    BUILT_IN,
    DESIGNER,
    RULING,
    SECURITY_ADMINISTRATOR,
    SYSTEM_ADMINISTRATOR,
    Actor,
    Seat,
)
from service.casework.desk.desk import Desk
from service.casework.reading.published import Published, published, select_rights_places
from service.casework.reading.terms_of_office import TermOfOffice, term_of_office
from service.domain.calendar import end_of_day, local_date
from service.domain.calendar.clock import format_full_day
from service.domain.calendar.periods import TermPeriod
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.text import Text
from service.domain.values.bounds import Length, RowId
from service.store import Transaction
from service.store.models import BodyRow, MembershipRow

EVERYWHERE = "*"
"""Stands for a jurisdiction in the seats of organisations, which apply anywhere, and of global administrators."""


@dataclass(frozen=True, slots=True)
class NewSeat:
    """A role to be held: ``jurisdiction`` "*" for organisations, which apply anywhere."""

    jurisdiction: Annotated[str, Length(1, 60)]
    role: Annotated[str, Length(1, 60)]
    body_id: RowId


def grant_seat(
    tx: Transaction, person_id: int, seat: NewSeat | Seat, since: datetime, until: datetime | None = None
) -> None:
    """Let a person hold ``seat`` from ``since`` on, with ``until`` for a term alone."""
    tx.memberships.give(
        MembershipRow(
            person_id=person_id,
            body_id=seat.body_id,
            jurisdiction=seat.jurisdiction,
            role=seat.role,
            since=since,
            until=until,
        )
    )


APPLICANT = "申报组织"
"""How lists call the role of whoever applies: regulations name it each in its own way."""


@dataclass(frozen=True, slots=True)
class SeatChoice:
    """A seat that can be given, and how lists name it: the place ("" for applicants, who apply anywhere), role, body."""

    seat: NewSeat
    place: str
    role: str
    body: str

    @property
    def label(self) -> str:
        """The seat in one line."""
        return " · ".join(part for part in (self.place, self.role, self.body) if part)

    @property
    def value(self) -> str:
        """The seat as forms send it: "jurisdiction/role/body id"."""
        return f"{self.seat.jurisdiction}/{self.seat.role}/{self.seat.body_id}"


BUILT_IN_ROLES = {
    ADMINISTRATOR: Text("管理员", "Administrator"),
    DESIGNER: Text("流程设计人员", "Designer"),
    SYSTEM_ADMINISTRATOR: Text("系统管理员", "System administrator"),
    SECURITY_ADMINISTRATOR: Text("安全管理员", "Security administrator"),
    AUDIT_ADMINISTRATOR: Text("审计管理员", "Audit administrator"),
}
"""Names of the roles that no regulation names."""


def seat_choices(tx: Transaction, actor: Actor, publications: Published) -> Iterator[SeatChoice]:
    """Yield the seats ``actor`` may give: of the cities they administer, and of the organisations they look after."""
    places = select_rights_places(actor, publications.jurisdictions())
    standing = tx.bodies.select(jurisdiction=places, active=True)
    for place in places:
        city = publications.of(place)[0].jurisdiction
        rows = {b.key: b for b in standing if b.jurisdiction == place}
        for role in (r for r in city.roles.values() if not r.subject):
            for body in (rows[b.id] for b in city.bodies_with(role.id) if b.id in rows):
                yield SeatChoice(NewSeat(place, role.id, body.id), city.name, role.name, body.name)
        for body in (b for b in rows.values() if b.kind == "office"):
            for built_in in _list_grantable_roles(actor, place):
                title = BUILT_IN_ROLES[built_in].zh
                yield SeatChoice(NewSeat(place, built_in, body.id), city.name, title, body.name)
    for body in tx.bodies.organisations_within(places_of(actor)):
        for subject in _subject_roles(publications) if body.kind in APPLICANT_KINDS else ():
            yield SeatChoice(NewSeat(EVERYWHERE, subject, body.id), "", APPLICANT, body.name)


def require_offered(desk: Desk, tx: Transaction, actor: Actor, seat: NewSeat) -> None:
    """Raise unless ``seat`` is one of those that `seat_choices` offers ``actor``.

    Raises:
        NotAllowed: the seat lies in a jurisdiction, or with an organisation, that ``actor`` does not administer.
        Invalid: the body does not hold that role there.
    """
    publications, body = published(desk, tx), tx.bodies.get(seat.body_id)
    if seat.jurisdiction == EVERYWHERE:
        require_looks_after(tx, actor, body)
        offered = body.active and body.kind in APPLICANT_KINDS and seat.role in _subject_roles(publications)
    else:
        require_administers(actor, seat.jurisdiction)
        offered = body.jurisdiction == seat.jurisdiction and body.active and is_role_of_body(publications, seat, body)
        if seat.role in BUILT_IN and seat.role not in _list_grantable_roles(actor, seat.jurisdiction):
            raise _not_theirs_to_give(seat.role)
    if not offered:
        raise Invalid(
            Text(
                f"“{body.name}”不属于所选辖区，或者在那里不担任这一角色，请从列表中重新选择。",
                f"“{body.name}” does not belong there or does not hold that role: choose again from the list.",
            )
        )


def _list_grantable_roles(actor: Actor, place: str) -> tuple[str, ...]:
    """Return the roles of the program that ``actor`` may give in ``place``: nobody gives what they lack.

    Of three administrators the system's and the security's hold theirs between them, and both are needed; the audit's
    is held by neither, so that it is given on the machine alone.
    """
    if actor.holds(place, ADMINISTRATOR):
        return (ADMINISTRATOR, DESIGNER)
    return (DESIGNER, SYSTEM_ADMINISTRATOR, SECURITY_ADMINISTRATOR) if actor.rules(place) else ()


def _not_theirs_to_give(role: str) -> NotAllowed:
    name = BUILT_IN_ROLES[role]
    return NotAllowed(
        Text(
            f"您没有“{name.zh}”的权限，不能授予他人。审计管理员只能在服务器上用 laurel administrator 设立。",
            f"You do not hold “{name.en}” and cannot give it. An audit administrator is made on the machine alone, by"
            " laurel administrator.",
        )
    )


def require_administers(actor: Actor, jurisdiction: str) -> None:
    """Raise NotAllowed unless ``actor`` rules over the people of ``jurisdiction`` ("*": of everything)."""
    if actor.rules(jurisdiction) is None:
        raise NotAllowed(Text("只能管理本辖区的人员与角色。", "You can manage people of your own jurisdiction only."))


def require_looks_after(tx: Transaction, actor: Actor, body: BodyRow) -> None:
    """Raise NotAllowed unless an organisation is looked after by jurisdictions that ``actor`` administers alone."""
    if body.jurisdiction != EVERYWHERE or body.kind not in APPLICANT_KINDS:
        require_administers(actor, body.jurisdiction)
        return
    places = places_of(actor)
    if places is not None and (not places or not tx.bodies.is_within(body.id, places)):
        raise NotAllowed(
            Text(
                f"“{body.name}”在其他辖区有办件，或者不是由本辖区登记的，其账号由全局管理员管理。",
                f"“{body.name}” has cases in other jurisdictions or was not registered here: a global administrator "
                "manages its accounts.",
            )
        )


def places_of(actor: Actor) -> tuple[str, ...] | None:
    """Return the jurisdictions over whose people ``actor`` rules, None for a global administrator: all."""
    return places_where(actor, lambda seat: seat.role in RULING)


def places_where(actor: Actor, serves: Callable[[Seat], bool]) -> tuple[str, ...] | None:
    """Return the jurisdictions of those seats of ``actor`` that ``serves`` takes, None where one holds everywhere: all."""
    places = {seat.jurisdiction for seat in actor.seats if serves(seat)}
    return None if EVERYWHERE in places else tuple(sorted(places))


def _subject_roles(publications: Published) -> tuple[str, ...]:
    """Return the roles that applicants hold, once each."""
    role_ids = (role.id for p in publications.packages for role in p.jurisdiction.roles.values() if role.subject)
    return tuple(dict.fromkeys(role_ids))


def is_role_of_body(publications: Published, seat: NewSeat, body: BodyRow) -> bool:
    """Return whether a role is one that ``body`` holds, by the regulation or as an office's role of the program."""
    if seat.role in BUILT_IN:
        return body.kind == "office"
    city = next((p.jurisdiction for p in publications.of(seat.jurisdiction)), None)
    role = city.roles.get(seat.role) if city else None
    return (
        city is not None
        and role is not None
        and not role.subject
        and any(b.id == body.key for b in city.bodies_with(role.id))
    )


_RENEWED_IN = timedelta(days=92)
_INSTANT = timedelta(microseconds=1)
"""A seat ends before the instant on record, which is the beginning of the next day."""


def seat_term(desk: Desk, tx: Transaction, person_id: int, seat: NewSeat) -> tuple[datetime, datetime | None]:
    """Return since when a person holds ``seat`` that is given now, and until when; None where its role has no term.

    A seat that is given again while the term before runs, or before a whole term has passed since, is one of several in a
    row: it goes on from the first of them (so the row of the person tells how many), and ends one term later.

    Raises:
        Invalid: there were as many terms in a row as there may be; with the article.
        Conflict: the present term has more than three months to go.
    """
    now = desk.clock.now()
    office = term_of_office(desk, tx, seat.jurisdiction, seat.role, local_date(now))
    if office is None:
        return now, None
    membership = _find_membership(tx, person_id, seat)
    terms = _list_terms(membership, office) if membership is not None else ()
    first = local_date(now)
    runs_until = terms[-1].last or office.length.last_day(terms[-1].first) if terms else None
    if runs_until is not None and runs_until >= first:  # the one that runs is served first
        _require_nearly_over(tx.people.get(person_id).name, office, runs_until, first)
        first = runs_until + timedelta(days=1)
    term = TermPeriod(first, office.length.last_day(first))
    office.demand(tx.people.get(person_id).name, term, terms)
    in_a_row = bool(terms) and office.length.in_a_row(term, terms) > 1
    since = membership.since if membership is not None and in_a_row else now
    assert term.last is not None
    return since, end_of_day(term.last)


def _require_nearly_over(name: str, office: TermOfOffice, last: date, today: date) -> None:
    """Raise Conflict where a seat would be given once more long before its term is over, as by a second click."""
    if last - today > _RENEWED_IN:
        raise Conflict(
            Text(
                f"{name}正在担任“{office.role.zh}”，任期到{format_full_day(last).zh}。届满前三个月内才能续任。",
                f"{name} is “{office.role.en}” until {format_full_day(last).en}: it is given again in the last three months.",
            )
        )


def _find_membership(tx: Transaction, person_id: int, seat: NewSeat) -> MembershipRow | None:
    seat_key = (seat.jurisdiction, seat.role, seat.body_id)
    return next(
        (m for m in tx.memberships.select(person_id=person_id) if (m.jurisdiction, m.role, m.body_id) == seat_key), None
    )


def _list_terms(membership: MembershipRow, office: TermOfOffice) -> tuple[TermPeriod, ...]:
    """Return the terms that a seat has lasted: whole ones from its first day on, the last one as long as it was.

    A seat from before the regulation set a term has no end: one term, which is as many as it turns out to be long.
    """
    first = local_date(membership.since)
    if membership.until is None:
        return (TermPeriod(first, None),)
    last, terms = local_date(membership.until - _INSTANT), list[TermPeriod]()
    while first <= last:
        end = office.length.last_day(first)
        terms.append(TermPeriod(first, min(end, last)))
        first = end + timedelta(days=1)
    return tuple(terms)
