"""Bodies, people, who holds which role for whom, registrations and preferences."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache, cached_property
from typing import Any, NamedTuple

import sqlalchemy as sa

from service.domain.values.typed_text import spellings_of
from service.store.models import BodyRoleRow, BodyRow, Json, MembershipRow, PersonRow, PersonSettingRow, RegistrationRow
from service.store.models.cases import case, case_party
from service.store.models.people import (
    body,
    body_role,
    membership,
    person,
    person_setting,
    registration,
    rights_request,
)
from service.store.models.work import mail
from service.store.queries.base import Repository, among, one, row_of, values_of
from service.store.queries.sign_in import SessionRepository
from service.store.searching import note_new, noted
from service.store.types import keys_of, text_of
from service.store.usual_statements import upsert

_BODY, _BY_KEY = one(body, "id"), one(body, "jurisdiction", "key")
_BODIES = sa.select(body).where(among(body.c.id, "ids"))
_IN_ORDER = sa.select(body).where(body.c.active).order_by(body.c.id)
_ACTIVE = _IN_ORDER.where(body.c.jurisdiction == sa.bindparam("jurisdiction"))
_ACTIVE_AMONG = _IN_ORDER.where(among(body.c.id, "ids"))
_OF_ROLE = one(body_role, "jurisdiction", "role")
PARTIES = (
    sa.select(case_party.c.role, *body.c)
    .join(body, body.c.id == case_party.c.body_id)
    .where(case_party.c.case_id == sa.bindparam("case"))
    .order_by(body.c.id)
)
"""The bodies of a case, with the role that each holds in it."""


@cache
def _upserting(dialect: str) -> sa.Executable:
    """Return the statement that adds a body or brings it up to date, and returns its number."""
    new = upsert(dialect, body)
    renewed = ("kind", "name", "name_en", "details", "active")
    changed = {column: new.excluded[column] for column in renewed}
    return new.on_conflict_do_update(index_elements=["jurisdiction", "key"], set_=changed).returning(body.c.id)


class BodyRepository(Repository):
    """The directory of bodies."""

    def body(self, body_id: int) -> BodyRow:
        """Return a body; raises NotFound."""
        return self._existing(BodyRow, ("单位", "body"), _BODY, body_id)

    def body_by_key(self, jurisdiction: str, key: str) -> BodyRow | None:
        """Return the body with this key of jurisdiction.yaml; organisations are in ``*`` under their credit code."""
        return self._first(BodyRow, _BY_KEY, jurisdiction=jurisdiction, key=key)

    def bodies_by_id(self, body_ids: Collection[int]) -> dict[int, BodyRow]:
        """Return bodies by row number."""
        if not body_ids:
            return {}
        found = self._all(BodyRow, _BODIES, ids=list(body_ids))
        return {row.id: row for row in found}

    def bodies(self, jurisdiction: str, role: str | None = None) -> list[BodyRow]:
        """Return the active bodies of a jurisdiction, or those that hold ``role`` in it, oldest first."""
        if role is None:
            return self._all(BodyRow, _ACTIVE, jurisdiction=jurisdiction)
        held = self._all(BodyRoleRow, _OF_ROLE, jurisdiction=jurisdiction, role=role)
        return self._all(BodyRow, _ACTIVE_AMONG, ids=sorted({row.body_id for row in held})) if held else []

    def upsert_body(
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
        before, statement = self.body_by_key(jurisdiction, key), _upserting(self._connection.dialect.name)
        if before is None:
            body_id = int(self._scalar(statement, **new))
            note_new(self._connection, body, [body_id], [BodyRow(**new)])
        else:
            with noted(self._connection, body, before.id, values):
                body_id = int(self._scalar(statement, **new))
        if roles is not None:
            self.hold_roles(body_id, jurisdiction, roles)
        return body_id

    def hold_roles(self, body_id: int, jurisdiction: str, roles: Collection[str]) -> None:
        """Let a body hold exactly these roles in a jurisdiction."""
        where = (body_role.c.body_id == body_id, body_role.c.jurisdiction == jurisdiction)
        self._connection.execute(sa.delete(body_role).where(*where))
        held = (BodyRoleRow(jurisdiction=jurisdiction, role=role, body_id=body_id) for role in sorted(set(roles)))
        self._put(body_role, [*held])


_WIDTH = len(membership.c)
_KEY = ("person_id", "body_id", "jurisdiction", "role")
_EVER = sa.select(membership).where(membership.c.person_id == sa.bindparam("person")).order_by(membership.c.id)


def holders_in(rows: Iterable[Sequence[Any]]) -> list[PersonRow]:
    """Return, each once, the people of rows that hold the columns of a membership and those of its person."""
    found = dict[int, PersonRow]()
    for row in rows:
        holder = row_of(PersonRow, person, row[_WIDTH:])
        found.setdefault(holder.id, holder)
    return [*found.values()]


class MembershipRepository(Repository):
    """What people hold, with its beginning and its end."""

    def memberships(self, person_id: int, now: datetime) -> list[MembershipRow]:
        """Return what a person holds at ``now``."""
        return self._all(MembershipRow, _MEMBERSHIPS, person=person_id, now=now)

    def memberships_of(self, person_ids: Collection[int], now: datetime) -> dict[int, list[MembershipRow]]:
        """Return what each of these people holds at ``now``."""
        held: dict[int, list[MembershipRow]] = {person_id: [] for person_id in person_ids}
        if held:
            for row in self._all(MembershipRow, _MEMBERSHIPS_OF, people=sorted(held), now=now):
                held[row.person_id].append(row)
        return held

    def ever_held(self, person_id: int) -> list[MembershipRow]:
        """Return what a person holds and what they held before, oldest first."""
        return self._all(MembershipRow, _EVER, person=person_id)

    def add_membership(self, row: MembershipRow) -> int:
        """Give a person a role for a body; the same again renews it."""
        new = self._upsert(membership).values(values_of(row))
        renewed = {"since": new.excluded.since, "until": new.excluded.until}
        statement = new.on_conflict_do_update(index_elements=[*_KEY], set_=renewed)
        ident = int(self._scalar(statement.returning(membership.c.id)))
        self._note_changed(membership, (ident,))
        return ident

    def end_membership(self, membership_id: int, at: datetime) -> None:
        """End a membership."""
        self._alter(membership, membership_id, {"until": at})

    def people_with(self, jurisdiction: str, role: str, body_id: int | None, now: datetime) -> list[PersonRow]:
        """Return the active people who hold ``role`` for a body at ``now`` (None: for any body of the jurisdiction)."""
        if body_id is None:
            return self._holders(_HOLDERS, place=jurisdiction, role=role, now=now)
        return self._holders(_HOLDERS_OF_BODY, place=jurisdiction, role=role, body=body_id, now=now)

    def people_of(self, body_id: int, now: datetime) -> list[PersonRow]:
        """Return the active people of a body, whatever they hold in it."""
        return self._holders(_MEMBERS, body=body_id, now=now)

    def _holders(self, statement: sa.Executable, **given: object) -> list[PersonRow]:
        return holders_in(self._told_rows(statement, **given))


def _active(*conditions: sa.ColumnElement[bool]) -> sa.Select[*tuple[Any, ...]]:
    """Return the statement for valid memberships that meet ``conditions`` with their people, if active, by person."""
    return (
        sa.select(*membership.c, *person.c)
        .join_from(membership, person, person.c.id == membership.c.person_id)
        .where(*conditions, *_VALID, person.c.active)
        .order_by(person.c.id)
    )


_NOW = sa.bindparam("now", type_=membership.c.since.type)
_VALID = (membership.c.since <= _NOW, sa.or_(membership.c.until.is_(None), membership.c.until > _NOW))
_MEMBERSHIPS = (
    sa.select(membership).where(membership.c.person_id == sa.bindparam("person"), *_VALID).order_by(membership.c.id)
)
_MEMBERSHIPS_OF = (
    sa.select(membership).where(among(membership.c.person_id, "people"), *_VALID).order_by(membership.c.id)
)
_ROLE, _MEMBERS_OF_BODY = membership.c.role == sa.bindparam("role"), membership.c.body_id == sa.bindparam("body")
_PLACE: sa.BindParameter[str] = sa.bindparam("place")
_HOLDERS = _active(_ROLE, membership.c.jurisdiction == _PLACE)
_HOLDERS_OF_BODY = _active(
    _ROLE, _MEMBERS_OF_BODY, sa.or_(membership.c.jurisdiction == _PLACE, membership.c.jurisdiction == "*")
)
_MEMBERS = _active(_MEMBERS_OF_BODY)


_PERSON = one(person, "id")
_NAMES = sa.select(person.c.id, person.c.name).where(among(person.c.id, "ids"))
_CALLED = sa.union_all(
    sa.select(sa.literal_column("0", sa.Integer), person.c.id, person.c.name).where(among(person.c.id, "people")),
    sa.select(sa.literal_column("1", sa.Integer), body.c.id, body.c.name).where(among(body.c.id, "bodies")),
)
_PEOPLE = sa.select(person).where(among(person.c.id, "ids"))
_NAMED = sa.select(body).where(body.c.jurisdiction == "*", among(body.c.name, "names")).order_by(body.c.id)


class PeopleRepository(MembershipRepository, BodyRepository):
    """Who there is and where they belong."""

    @cached_property
    def sessions(self) -> SessionRepository:
        """Their signed-in browsers."""
        return SessionRepository(self._connection)

    def person(self, person_id: int) -> PersonRow:
        """Return a person; raises NotFound."""
        return self._existing(PersonRow, ("人员", "person"), _PERSON, person_id)

    def by_login(self, login: str) -> PersonRow | None:
        """Return the person who signs in as ``login``, in capitals or not."""
        return self._first(PersonRow, sa.select(person).where(person.c.login == login.lower()))

    def by_logins(self, logins: Collection[str]) -> dict[str, PersonRow]:
        """Return the people who sign in by these names, in capitals or not, by the name as it was asked for."""
        if not logins:
            return {}
        statement = sa.select(person).where(person.c.login.in_([login.lower() for login in logins]))
        found = {row.login: row for row in self._all(PersonRow, statement)}
        return {login: found[login.lower()] for login in logins if login.lower() in found}

    def named(self, person_ids: Collection[int]) -> dict[int, str]:
        """Return the names of people, by id."""
        rows = self._read(_NAMES, {"ids": list(person_ids)}) if person_ids else ()
        return {row[0]: row[1] for row in rows}

    def called(self, person_ids: Collection[int], body_ids: Collection[int]) -> tuple[dict[int, str], dict[int, str]]:
        """Return the names of people and of bodies, by id, in one statement."""
        found: tuple[dict[int, str], dict[int, str]] = {}, {}
        if not person_ids and not body_ids:
            return found
        for row in self._told_rows(_CALLED, people=sorted(person_ids), bodies=sorted(body_ids)):
            values: tuple[Any, ...] = tuple(row)
            found[values[0]][values[1]] = values[2]
        return found

    def people(self, person_ids: Collection[int]) -> dict[int, PersonRow]:
        """Return people by row number."""
        if not person_ids:
            return {}
        found = self._all(PersonRow, _PEOPLE, ids=list(person_ids))
        return {row.id: row for row in found}

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
                sa.and_(membership.c.jurisdiction == "*", membership.c.body_id.in_(_within(places))),
            )
            asked = sa.select(rights_request.c.person_id).where(rights_request.c.place.in_(places))
            first = sa.and_(~sa.exists().where(membership.c.person_id == person.c.id), person.c.id.in_(asked))
            seated = person.c.id.in_(sa.select(membership.c.person_id).where(local))
            statement = statement.where(sa.or_(seated, first))
        return self._all(PersonRow, statement)

    def _reached_by(self, word: str) -> list[sa.ColumnElement[bool]]:
        keys, kept = keys_of(self._connection.dialect), (person.c.telephone, person.c.email)
        if keys is None:
            return [sa.func.lower(sa.type_coerce(c, sa.Text)).contains(word.lower(), autoescape=True) for c in kept]
        tokens = {c: keys.tokens_of(word.encode(), f"person.{c.name}") for c in kept}
        return [sa.type_coerce(c, sa.Text).in_([text_of(token) for token in tokens[c]]) for c in kept]

    def insert_person(self, row: PersonRow) -> int:
        """Add a person, whose login name is stored in small letters, and return the id."""
        return self._insert(person, replace(row, login=row.login.lower()))

    def update_person(self, person_id: int, **changes: object) -> None:
        """Change a person."""
        self._alter(person, person_id, changes)

    def bodies_of(self, jurisdictions: Collection[str]) -> list[BodyRow]:
        """Return the active bodies of several jurisdictions, oldest first."""
        if not jurisdictions:
            return []
        here = body.c.jurisdiction.in_(sorted(jurisdictions))
        return self._all(BodyRow, sa.select(body).where(body.c.active, here).order_by(body.c.id))

    def organisations_within(self, places: Collection[str] | None) -> list[BodyRow]:
        """Return the active organisations, oldest first; with ``places`` those that they alone look after."""
        statement = sa.select(body).where(body.c.active, body.c.jurisdiction == "*").order_by(body.c.id)
        found = statement if places is None else statement.where(body.c.id.in_(_within(places)))
        return self._all(BodyRow, found)

    def organisations_known_in(self, place: str) -> list[BodyRow]:
        """Return the active organisations with a case in ``place``, registered there, or looked after by it alone, oldest first."""
        acting = acts(body.c.id, case.c.jurisdiction == place)
        here = sa.or_(acting, body.c.registered_in == place, body.c.id.in_(_within([place])))
        where = (body.c.active, body.c.jurisdiction == "*", here)
        return self._all(BodyRow, sa.select(body).where(*where).order_by(body.c.id))

    def is_within(self, body_id: int, places: Collection[str]) -> bool:
        """Return whether an organisation is looked after by ``places`` alone; see `_within`."""
        return self._scalar(_within(places).where(body.c.id == body_id)) is not None

    def organisations_named(self, names: Collection[str]) -> list[BodyRow]:
        """Return the organisations (of no jurisdiction) that bear one of ``names`` now, brackets in either width, oldest first."""
        if not names:
            return []
        return self._all(BodyRow, _NAMED, names=sorted({spelling for name in names for spelling in spellings_of(name)}))

    def perhaps_doubled(self, kinds: Collection[str], after: int, limit: int) -> list[BodyRow]:
        """Return the next organisations above number ``after`` whose name another may have too or that once had others."""
        twin = body.alias("twin")
        same = sa.exists().where(twin.c.name == body.c.name, twin.c.jurisdiction == "*", twin.c.id != body.c.id)
        renamed = sa.cast(body.c.details, sa.Text).contains("former_names")
        bracketed = sa.or_(body.c.name.contains("("), body.c.name.contains("（"))  # perhaps in the other width
        where = (body.c.active, body.c.jurisdiction == "*", body.c.kind.in_(kinds), body.c.id > after)
        statement = sa.select(body).where(*where, sa.or_(same, renamed, bracketed)).order_by(body.c.id).limit(limit)
        return self._all(BodyRow, statement)


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
    held = sa.select(membership.c.id).join(body, body.c.id == membership.c.body_id)
    return sa.exists(held.where(membership.c.person_id == person.c.id, called))


def _within(places: Collection[str]) -> sa.Select[tuple[int]]:
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


_SEATS = (
    sa.select(
        membership.c.person_id,
        person.c.name,
        membership.c.body_id,
        sa.func.coalesce(body.c.name, ""),
        membership.c.role,
    )
    .join_from(membership, person, person.c.id == membership.c.person_id)
    .outerjoin(body, body.c.id == membership.c.body_id)
    .where(person.c.active, membership.c.since <= _NOW, sa.or_(membership.c.until.is_(None), membership.c.until > _NOW))
    .order_by(membership.c.body_id, person.c.id)
)
_HOLDING = _SEATS.where(membership.c.role == sa.bindparam("role"), membership.c.jurisdiction == _PLACE)
_LOCAL = sa.select(body.c.id).where(body.c.jurisdiction == _PLACE)
_SEATED = _SEATS.where(
    membership.c.body_id.in_(_LOCAL.where(sa.or_(among(body.c.kind, "kinds"), among(body.c.id, "bodies"))))
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
        return self._holders(_HOLDING, {"place": jurisdiction, "role": role, "now": now})

    def seated(
        self, jurisdiction: str, kinds: Collection[str], body_ids: Collection[int], now: datetime
    ) -> list[RoleHolder]:
        """Return the active people of a jurisdiction's bodies of these kinds, or with these numbers, by body."""
        given = {"place": jurisdiction, "kinds": list(kinds), "bodies": list(body_ids), "now": now}
        return self._holders(_SEATED, given)

    def _holders(self, statement: sa.Executable, given: Mapping[str, object]) -> list[RoleHolder]:
        return [RoleHolder._make(row) for row in self._connection.execute(statement, given)]


_ONE, _BY_LINK = one(registration, "id"), one(registration, "link")
_WAITING = registration.c.state == "waiting"
_SAME = sa.select(registration).where(
    registration.c.code == sa.bindparam("code"),
    registration.c.jurisdiction == sa.bindparam("place"),
    _WAITING,
)
_MANY = sa.select(sa.func.count()).where(registration.c.jurisdiction == sa.bindparam("place"), _WAITING)
_OF_OFFICE = among(registration.c.jurisdiction, "places")
_REGISTRATIONS_OF_BODY = among(registration.c.body_id, "bodies")
_AFTER = registration.c.id > sa.bindparam("after")
_OPEN = sa.union(
    sa.select(registration.c.id).where(_OF_OFFICE, _WAITING, _AFTER),
    sa.select(registration.c.id).where(_REGISTRATIONS_OF_BODY, _WAITING, _AFTER),
)
_LISTED = (
    sa.select(registration).where(registration.c.id.in_(_OPEN)).order_by(registration.c.id).limit(sa.bindparam("most"))
)
_COUNTED = sa.select(sa.func.count()).select_from(_OPEN.subquery())


class RegistrationRepository(Repository):
    """Requests for accounts."""

    def add(self, row: RegistrationRow) -> int:
        """Write one down and return its number."""
        return self._insert(registration, row)

    def get(self, number: int) -> RegistrationRow:
        """Return one; raises NotFound."""
        return self._existing(RegistrationRow, ("注册申请", "registration"), _ONE, number)

    def by_link(self, link: str) -> RegistrationRow | None:
        """Return the one whose link has this mark and was not used."""
        return self._first(RegistrationRow, _BY_LINK, link=link)

    def waiting(self, code: str, jurisdiction: str) -> list[RegistrationRow]:
        """Return what waits for this credit code in a place."""
        return self._all(RegistrationRow, _SAME, code=code, place=jurisdiction)

    def count_waiting(self, jurisdiction: str) -> int:
        """Return how many wait in a place."""
        return int(self._scalar(_MANY, place=jurisdiction))

    def listed(self, places: Collection[str], bodies: Collection[int], after: int, most: int) -> list[RegistrationRow]:
        """Return what waits in these places or for these bodies, oldest first; ``after`` is the last of the page before."""
        given = {"places": sorted(places), "bodies": sorted(bodies), "after": after, "most": most}
        return self._all(RegistrationRow, _LISTED, **given)

    def count_listed(self, places: Collection[str], bodies: Collection[int]) -> int:
        """Return how many `listed` has on all its pages."""
        return int(self._scalar(_COUNTED, places=sorted(places), bodies=sorted(bodies), after=0))

    def take(self, number: int, person_id: int, link: str, link_until: datetime, **changes: object) -> bool:
        """Note the account that was opened for one that waits, and the link to its first password; as `decide` returns."""
        return self.decide(number, person_id=person_id, link=link, link_until=link_until, **changes)

    def decide(self, number: int, **changes: object) -> bool:
        """Note what became of one that waits; False where somebody else was faster."""
        statement = sa.update(registration).where(registration.c.id == number, _WAITING).values(changes)
        return self._change(statement) == 1

    def use_link(self, link: str) -> bool:
        """Let the link open nothing any more; False where it was used already."""
        used = sa.update(registration).where(registration.c.link == link).values(link=None, answers="")
        return self._change(used) == 1

    def erase(self, number: int, at: datetime, keys: Collection[str]) -> None:
        """Erase whom and where to reach, the reason, the answers taken along, and the mails under these effect keys."""
        erased = {
            "contact": "",
            "telephone": "",
            "email": "",
            "reason": "",
            "link": None,
            "answers": "",
            "erased_at": at,
        }
        self._alter(registration, number, erased)
        self._change(sa.delete(mail).where(mail.c.effect_key.in_(list(keys))))


_OF_PEOPLE = sa.select(person_setting.c.person_id, person_setting.c.value).where(
    among(person_setting.c.person_id, "people"), person_setting.c.key == sa.bindparam("key")
)


class PreferenceRepository(Repository):
    """One JSON value for each person and key."""

    def chosen(self, person_id: int, key: str) -> Json:
        """Return what the person chose under ``key``, None where they never did."""
        return self.of_people([person_id], key).get(person_id)

    def of_people(self, people: Collection[int], key: str) -> dict[int, Json]:
        """Return what each of the people chose under ``key``, by person; who chose nothing is left out."""
        return {row[0]: row[1] for row in self._told_rows(_OF_PEOPLE, people=sorted(people), key=key)}

    def keep(self, row: PersonSettingRow) -> None:
        """Let ``row`` be what the person chose under its key."""
        given = {"person_id": row.person_id, "key": row.key, "value": row.value, "at": row.at}
        self._connection.execute(_keeping(self._connection.dialect.name), given)


@cache
def _keeping(dialect: str) -> sa.Executable:
    new = upsert(dialect, person_setting)
    return new.on_conflict_do_update(
        index_elements=["person_id", "key"], set_={"value": new.excluded.value, "at": new.excluded.at}
    )
