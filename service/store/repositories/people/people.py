"""Bodies, people, memberships."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from service.store.encrypted import keys_of, text_of
from service.store.repositories.base import among, one
from service.store.repositories.people.bodies import BodyRepository
from service.store.repositories.people.memberships import MembershipRepository
from service.store.repositories.people.sessions import SessionRepository
from service.store.rows import BodyRow, PersonRow
from service.store.rows.cases import case, case_party
from service.store.rows.people import body, membership, person
from service.store.rows.rights import rights_request

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
        """Return the person who signs in as ``login``."""
        return self._first(PersonRow, sa.select(person).where(person.c.login == login))

    def by_logins(self, logins: Collection[str]) -> dict[str, PersonRow]:
        """Return the people who sign in by these names."""
        if not logins:
            return {}
        statement = sa.select(person).where(person.c.login.in_(list(logins)))
        return {row.login: row for row in self._all(PersonRow, statement)}

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
        said = (person.c.name, person.c.login)
        for each in text.split():
            named = [sa.func.lower(column).contains(each.lower(), autoescape=True) for column in said]
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
        """Add a person and return the id."""
        return self._insert(person, row)

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
        """Return the organisations (of no jurisdiction) that bear one of ``names`` now, oldest first."""
        if not names:
            return []
        return self._all(BodyRow, _NAMED, names=sorted(names))

    def perhaps_doubled(self, kinds: Collection[str], after: int, limit: int) -> list[BodyRow]:
        """Return the next organisations above number ``after`` whose name another has too or that once had others."""
        twin = body.alias("twin")
        same = sa.exists().where(twin.c.name == body.c.name, twin.c.jurisdiction == "*", twin.c.id != body.c.id)
        renamed = sa.cast(body.c.details, sa.Text).contains("former_names")
        where = (body.c.active, body.c.jurisdiction == "*", body.c.kind.in_(kinds), body.c.id > after)
        statement = sa.select(body).where(*where, sa.or_(same, renamed)).order_by(body.c.id).limit(limit)
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
