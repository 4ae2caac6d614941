"""Bodies, people, who holds which role for whom, registrations and preferences."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from service.domain.values.typed_text import spellings_of
from service.store.connections.database import build_upsert
from service.store.models import BodyRoleRow, BodyRow, Json, MembershipRow, PersonRow, PersonSettingRow, RegistrationRow
from service.store.models.cases import case, case_party
from service.store.models.people import body, body_role, membership, person, registration, rights_request
from service.store.models.work import mail, work_item
from service.store.queries.base import Repository, values_of
from service.store.queries.rows import Rows
from service.store.searching import index_row_changes, note_new
from service.store.types import keys_of, text_of


class BodyRepository(Rows[BodyRow]):
    """The directory of bodies; organisations are in ``*`` under their credit code."""

    def list_active(self, jurisdiction: str, role: str | None = None) -> list[BodyRow]:
        """Return the active bodies of a jurisdiction, or those that hold ``role`` in it, oldest first."""
        if role is None:
            return self.select(jurisdiction=jurisdiction, active=True)
        holding = sa.select(body).join(body_role, body_role.c.body_id == body.c.id).where(body.c.active)
        holding = holding.where(body_role.c.jurisdiction == jurisdiction, body_role.c.role == role)
        return self._all(BodyRow, holding.order_by(body.c.id))

    def upsert(
        self,
        jurisdiction: str,
        key: str,
        *,
        kind: str,
        name: str,
        name_en: str | None = None,
        details: Mapping[str, Json] | None = None,
        active: bool = True,
        roles: Collection[str] | None = None,
        registered_in: str | None = None,
    ) -> int:
        """Add a body or bring it up to date, with the roles it holds in its jurisdiction (None: as they are).

        ``registered_in`` is kept of a new one only.
        """
        values = {"kind": kind, "name": name, "name_en": name_en, "details": dict(details or {}), "active": active}
        new: dict[str, Any] = {"jurisdiction": jurisdiction, "key": key, "registered_in": registered_in, **values}
        added = build_upsert(self._connection, body).values(new)
        renewed = {column: added.excluded[column] for column in values}
        statement = added.on_conflict_do_update(index_elements=["jurisdiction", "key"], set_=renewed)
        before = self.find(jurisdiction=jurisdiction, key=key)
        with nullcontext() if before is None else index_row_changes(self._connection, body, before.id, values):
            body_id = int(self._scalar(statement.returning(body.c.id)))
        if before is None:
            note_new(self._connection, body, [body_id], [BodyRow(**new)])
        if roles is not None:
            self._hold_roles(body_id, jurisdiction, roles)
        return body_id

    def _hold_roles(self, body_id: int, jurisdiction: str, roles: Collection[str]) -> None:
        where = (body_role.c.body_id == body_id, body_role.c.jurisdiction == jurisdiction)
        self._change(sa.delete(body_role).where(*where))
        role_rows = (BodyRoleRow(jurisdiction=jurisdiction, role=role, body_id=body_id) for role in sorted(set(roles)))
        self._put(body_role, [*role_rows])

    def organisations_within(self, places: Collection[str] | None) -> list[BodyRow]:
        """Return the active organisations, oldest first; with ``places`` those that they alone look after."""
        statement = sa.select(body).where(body.c.active, body.c.jurisdiction == "*").order_by(body.c.id)
        query = statement if places is None else statement.where(body.c.id.in_(_select_within(places)))
        return self._all(BodyRow, query)

    def list_organisations_in(self, place: str) -> list[BodyRow]:
        """Return the active organisations with a case in ``place``, registered there, or looked after by it alone, oldest first."""
        acting = acts(body.c.id, case.c.jurisdiction == place)
        place_condition = sa.or_(acting, body.c.registered_in == place, body.c.id.in_(_select_within([place])))
        where = (body.c.active, body.c.jurisdiction == "*", place_condition)
        return self._all(BodyRow, sa.select(body).where(*where).order_by(body.c.id))

    def is_within(self, body_id: int, places: Collection[str]) -> bool:
        """Return whether an organisation is looked after by ``places`` alone; see `_within`."""
        return self._scalar(_select_within(places).where(body.c.id == body_id)) is not None

    def organisations_named(self, names: Collection[str]) -> list[BodyRow]:
        """Return the organisations (of no jurisdiction) that bear one of ``names`` now, brackets in either width, oldest first."""
        if not names:
            return []
        spellings = {spelling for name in names for spelling in spellings_of(name)}
        return self.select(jurisdiction="*", name=spellings)

    def perhaps_doubled(self, kinds: Collection[str], after: int, limit: int) -> list[BodyRow]:
        """Return the next organisations above number ``after`` whose name another may have too or that once had others."""
        twin = body.alias("twin")
        same = sa.exists().where(twin.c.name == body.c.name, twin.c.jurisdiction == "*", twin.c.id != body.c.id)
        renamed = sa.cast(body.c.details, sa.Text).contains("former_names")
        bracketed = sa.or_(body.c.name.contains("("), body.c.name.contains("（"))  # perhaps in the other width
        where = (body.c.active, body.c.jurisdiction == "*", body.c.kind.in_(kinds), body.c.id > after)
        statement = sa.select(body).where(*where, sa.or_(same, renamed, bracketed)).order_by(body.c.id).limit(limit)
        return self._all(BodyRow, statement)


def is_valid_at(seats: sa.FromClause, now: datetime | sa.BindParameter[datetime]) -> sa.ColumnElement[bool]:
    """Return the condition that what somebody holds by a row of ``seats`` has begun and has not ended at ``now``."""
    return sa.and_(seats.c.since <= now, sa.or_(seats.c.until.is_(None), seats.c.until > now))


class MembershipRepository(Rows[MembershipRow]):
    """What people hold, with its beginning and its end."""

    def list_valid(self, person_id: int, now: datetime) -> list[MembershipRow]:
        """Return what a person holds at ``now``."""
        return self.list_valid_of([person_id], now)[person_id]

    def list_valid_of(self, person_ids: Collection[int], now: datetime) -> dict[int, list[MembershipRow]]:
        """Return what each of these people holds at ``now``."""
        memberships: dict[int, list[MembershipRow]] = {person_id: [] for person_id in person_ids}
        theirs = sa.select(membership).where(membership.c.person_id.in_(person_ids), is_valid_at(membership, now))
        for row in self._all(MembershipRow, theirs.order_by(membership.c.id)) if memberships else ():
            memberships[row.person_id].append(row)
        return memberships

    def give(self, row: MembershipRow) -> int:
        """Give a person a role for a body; the same again renews it."""
        new = build_upsert(self._connection, membership).values(values_of(row))
        renewed = {"since": new.excluded.since, "until": new.excluded.until}
        key = ("person_id", "body_id", "jurisdiction", "role")
        statement = new.on_conflict_do_update(index_elements=key, set_=renewed)
        ident = int(self._scalar(statement.returning(membership.c.id)))
        self._note_changed(membership, (ident,))
        return ident


class PeopleRepository(Rows[PersonRow]):
    """Who there is and where they belong."""

    def by_login(self, login: str) -> PersonRow | None:
        """Return the person who signs in as ``login``, in capitals or not."""
        return self.find(login=login.lower())

    def by_logins(self, logins: Collection[str]) -> dict[str, PersonRow]:
        """Return the people who sign in by these names, in capitals or not, by the name as it was asked for."""
        people = {row.login: row for row in self.select(login=[login.lower() for login in logins])}
        return {login: people[login.lower()] for login in logins if login.lower() in people}

    def named(self, person_ids: Collection[int]) -> dict[int, str]:
        """Return the names of people, by id."""
        return self.called(person_ids, ())[0]

    def called(self, person_ids: Collection[int], body_ids: Collection[int]) -> tuple[dict[int, str], dict[int, str]]:
        """Return the names of people and of bodies, by id, in one statement."""
        names: tuple[dict[int, str], dict[int, str]] = {}, {}
        if not person_ids and not body_ids:
            return names
        asked = ((person, person_ids), (body, body_ids))
        named = (
            sa.select(sa.literal(kind), table.c.id, table.c.name).where(table.c.id.in_(ids))
            for kind, (table, ids) in enumerate(asked)
            if ids
        )
        for kind, ident, name in self._connection.execute(sa.union_all(*named)):
            names[kind][ident] = name
        return names

    def everybody(
        self,
        after: int = 0,
        limit: int = 100,
        places: Collection[str] | None = None,
        text: str = "",
        body_id: int | None = None,
    ) -> list[PersonRow]:
        """Return people by id; ``after`` is the last id of the page before, ``body_id`` a body for which they hold or held something.

        With ``places`` who holds or held something there, is of an organisation of theirs alone, or is first asked for there;
        with ``text`` only those with each of its words in their names or that of a body of theirs, or it in telephone or e-mail (encrypted: the whole).
        """
        statement = sa.select(person).where(person.c.id > after).order_by(person.c.id).limit(limit)
        columns = (person.c.name, person.c.login)
        for each in text.split():
            named = [sa.func.lower(column).contains(each.lower(), autoescape=True) for column in columns]
            statement = statement.where(sa.or_(*named, *self._reached_by(each), _of_body(each)))
        if body_id is not None:
            statement = statement.where(
                person.c.id.in_(sa.select(membership.c.person_id).where(membership.c.body_id == body_id))
            )
        if places is not None:
            local = sa.or_(
                membership.c.jurisdiction.in_(places),
                sa.and_(membership.c.jurisdiction == "*", membership.c.body_id.in_(_select_within(places))),
            )
            requesters = sa.select(rights_request.c.person_id).where(rights_request.c.place.in_(places))
            first = sa.and_(~sa.exists().where(membership.c.person_id == person.c.id), person.c.id.in_(requesters))
            seated = person.c.id.in_(sa.select(membership.c.person_id).where(local))
            statement = statement.where(sa.or_(seated, first))
        return self._all(PersonRow, statement)

    def _reached_by(self, word: str) -> list[sa.ColumnElement[bool]]:
        keys, contact_columns = keys_of(self._connection.dialect), (person.c.telephone, person.c.email)
        if keys is None:
            return [
                sa.func.lower(sa.type_coerce(c, sa.Text)).contains(word.lower(), autoescape=True)
                for c in contact_columns
            ]
        tokens = {c: keys.tokens_of(word.encode(), f"person.{c.name}") for c in contact_columns}
        return [sa.type_coerce(c, sa.Text).in_([text_of(token) for token in tokens[c]]) for c in contact_columns]

    def insert(self, row: PersonRow) -> int:
        """Add a person, whose login name is stored in small letters, and return the id."""
        return super().insert(replace(row, login=row.login.lower()))

    def people_with(self, jurisdiction: str, role: str, body_id: int | None, now: datetime) -> list[PersonRow]:
        """Return the active people who hold ``role`` for a body at ``now`` (None: for any body of the jurisdiction)."""
        statement = _WITH_ROLE if body_id is None else _WITH_ROLE_IN_BODY
        return self._all(PersonRow, statement, now=now, place=jurisdiction, role=role, body_id=body_id)

    def people_of(self, body_id: int, now: datetime) -> list[PersonRow]:
        """Return the active people of a body, whatever they hold in it."""
        return self._all(PersonRow, _IN_BODY, now=now, body_id=body_id)


def holds_role(
    jurisdiction: str | sa.BindParameter[str],
    role: str | sa.BindParameter[str],
    body_id: int | sa.BindParameter[int] | None,
) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the conditions that a membership is one of ``role`` for a body (None: for any body of the jurisdiction)."""
    here, is_role = membership.c.jurisdiction == jurisdiction, membership.c.role == role
    if body_id is None:
        return is_role, here
    return is_role, membership.c.body_id == body_id, sa.or_(here, membership.c.jurisdiction == "*")


def _select_active(*where: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Return the statement for the active people who hold now that for which the conditions hold."""
    now = sa.bindparam("now", type_=membership.c.since.type)
    holders = sa.select(membership.c.person_id).where(*where, is_valid_at(membership, now))
    return sa.select(person).where(person.c.id.in_(holders), person.c.active).order_by(person.c.id)


_BODY_ID: sa.BindParameter[int] = sa.bindparam("body_id")
_SEAT: tuple[sa.BindParameter[str], sa.BindParameter[str]] = sa.bindparam("place"), sa.bindparam("role")
_IN_BODY = _select_active(membership.c.body_id == _BODY_ID)
_WITH_ROLE, _WITH_ROLE_IN_BODY = (_select_active(*holds_role(*_SEAT, held_by)) for held_by in (None, _BODY_ID))


def acts(organisation: sa.ColumnElement[int], where: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Return the condition that a case for which ``where`` holds is about ``organisation``, or that it is party to one.

    Asked for one organisation at a time, by the indexes of both: the cases are never read as a whole.
    """
    about = sa.select(case.c.id).where(case.c.subject_id == organisation, where)
    joined = sa.select(case_party.c.case_id).join(case, case.c.id == case_party.c.case_id)
    return sa.or_(sa.exists(about), sa.exists(joined.where(case_party.c.body_id == organisation, where)))


def _of_body(word: str) -> sa.ColumnElement[bool]:
    """Return the condition for who holds or held something in a body with ``word`` in its name."""
    called = sa.func.lower(body.c.name).contains(word.lower(), autoescape=True)
    memberships = sa.select(membership.c.id).join(body, body.c.id == membership.c.body_id)
    return sa.exists(memberships.where(membership.c.person_id == person.c.id, called))


def _select_within(places: Collection[str]) -> sa.Select[tuple[int]]:
    """Return the statement for the organisations that applicants act for and ``places`` alone look after.

    None of their cases lies elsewhere, and they have one there, or were registered there; who was registered by nobody
    knows whom and acts nowhere is anybody's until somebody may sign in for it.
    """
    nobody = sa.and_(body.c.registered_in.is_(None), sa.not_(sa.exists().where(membership.c.body_id == body.c.id)))
    return sa.select(body.c.id).where(
        body.c.jurisdiction == "*",
        body.c.kind.in_(("organisation", "individual")),
        sa.not_(acts(body.c.id, case.c.jurisdiction.not_in(places))),
        sa.or_(body.c.registered_in.in_(places), acts(body.c.id, case.c.jurisdiction.in_(places)), nobody),
    )


class RoleHolder(NamedTuple):
    """Somebody who holds a role, and the body for which."""

    person_id: int
    name: str
    body_id: int | None
    body: str
    role: str = ""


class RoleHolderRepository(Repository):
    """People by what they hold."""

    def of_role(self, jurisdiction: str, role: str, now: datetime) -> list[RoleHolder]:
        """Return the active people who hold ``role`` in a jurisdiction at ``now``, each with the bodies for which."""
        return self._holders(now, *holds_role(jurisdiction, role, None))

    def seated(
        self, jurisdiction: str, kinds: Collection[str], body_ids: Collection[int], now: datetime
    ) -> list[RoleHolder]:
        """Return the active people of a jurisdiction's bodies of these kinds, or with these numbers, by body."""
        chosen = sa.or_(body.c.kind.in_(kinds), body.c.id.in_(body_ids))
        return self._holders(now, body.c.jurisdiction == jurisdiction, chosen)

    def _holders(self, now: datetime, *where: sa.ColumnElement[bool]) -> list[RoleHolder]:
        m = membership.c
        statement = (
            sa.select(m.person_id, person.c.name, m.body_id, body.c.name, m.role)
            .join_from(membership, person, person.c.id == m.person_id)
            .join(body, body.c.id == m.body_id)
            .where(person.c.active, is_valid_at(membership, now), *where)
        )
        return [RoleHolder._make(row) for row in self._connection.execute(statement.order_by(m.body_id, person.c.id))]


class RegistrationRepository(Rows[RegistrationRow]):
    """Requests for accounts."""

    def listed(self, places: Collection[str], bodies: Collection[int], after: int, most: int) -> list[RegistrationRow]:
        """Return what waits in these places or for these bodies, oldest first; ``after`` is the last of the page before."""
        waiting = sa.select(registration).where(_waits_for(places, bodies), registration.c.id > after)
        return self._all(RegistrationRow, waiting.order_by(registration.c.id).limit(most))

    def count_listed(self, places: Collection[str], bodies: Collection[int]) -> int:
        """Return how many `listed` has on all its pages."""
        return int(self._scalar(sa.select(sa.func.count()).where(_waits_for(places, bodies))))

    def list_undelivered(self, places: Collection[str], bodies: Collection[int]) -> list[RegistrationRow]:
        """Return those taken whose letter with the link was given up, oldest first; no password is set yet."""
        key = sa.literal("registration:") + sa.cast(registration.c.id, sa.Text) + ":result:mail"
        given_up = sa.exists().where(work_item.c.state == "dead", work_item.c.effect_key == key)
        without = sa.exists().where(
            person.c.id == registration.c.person_id, person.c.active, person.c.password.is_(None)
        )
        open_link = (registration.c.state == "taken", registration.c.link.is_not(None))
        rows = sa.select(registration).where(*open_link, _is_verified_by(places, bodies), given_up, without)
        return self._all(RegistrationRow, rows.order_by(registration.c.id))

    def decide(self, number: int, **changes: object) -> bool:
        """Note what became of one that waits; False where somebody else was faster."""
        return self.change_where({"id": number, "state": "waiting"}, **changes) == 1

    def erase(self, number: int, at: datetime, keys: Collection[str]) -> None:
        """Erase whom and where to reach, the reason, and the mails under these effect keys."""
        empty = dict.fromkeys(("contact", "telephone", "email", "reason"), "")
        self.change(number, **empty, link=None, erased_at=at)
        self._change(sa.delete(mail).where(mail.c.effect_key.in_(list(keys))))


def _waits_for(places: Collection[str], bodies: Collection[int]) -> sa.ColumnElement[bool]:
    return sa.and_(registration.c.state == "waiting", _is_verified_by(places, bodies))


def _is_verified_by(places: Collection[str], bodies: Collection[int]) -> sa.ColumnElement[bool]:
    return sa.or_(registration.c.jurisdiction.in_(places), registration.c.body_id.in_(bodies))


class PreferenceRepository(Rows[PersonSettingRow]):
    """One JSON value for each person and key."""

    def chosen(self, person_id: int, key: str) -> Json:
        """Return what the person chose under ``key``, None where they never did."""
        row = self.find(person_id=person_id, key=key)
        return row.value if row is not None else None
