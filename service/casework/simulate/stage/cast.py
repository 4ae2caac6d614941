"""The people of a scenario, created when they are first named."""

from __future__ import annotations

from dataclasses import replace

from service.casework.access.actor import Actor, Seat, acting
from service.casework.desk.desk import Desk
from service.casework.people.rights.seats import grant_seat
from service.casework.simulate.scenarios.scenario import Scenario, ScenarioMistake
from service.catalog import Body, Package
from service.domain.text import Text
from service.store import Transaction
from service.store.models import PersonRow


class Cast:
    """People by the word after ``as``: a role, ``role@body``, a body's id, or an organisation's nickname."""

    def __init__(self, desk: Desk, package: Package, scenario: Scenario) -> None:
        self._desk, self._package, self._scenario = desk, package, scenario
        self._actors: dict[str, Actor] = {}
        self.organisations = {nick: self._ensure_organisation(nick) for nick in scenario.organisations}

    def actor(self, word: str) -> Actor:
        """Return the person called ``word``; raises ScenarioMistake when it names no person."""
        if word not in self._actors:
            self._actors[word] = self._make(word)
        return self._refresh_actor(self._actors[word])

    def person(self, ident: int) -> Actor:
        """Return a person by row number, with their present seats."""
        now = self._desk.clock.now()
        with self._desk.store.read() as tx:
            return acting(tx, ident, now)

    def acting_for(self, tx: Transaction, body: int, role: str) -> Actor | None:
        """Return the person installed as ``role`` for a body, None where there is none."""
        listed = (actor for word, actor in self._actors.items() if "#" in word and actor.person_id is not None)
        named = next((a for a in listed if any(s.body_id == body and s.role == role for s in a.seats)), None)
        if named is None:
            return None
        away = tx.recusals.pick("body_id", person_id=named.person_id or 0, lifted_at=None)
        return replace(named, recused=frozenset(away))

    def acts(self, word: str) -> bool:
        """Return whether a person called ``word`` has acted already."""
        return word in self._actors

    def words(self) -> tuple[str, ...]:
        """Return the words by which people have been named so far."""
        return tuple(self._actors)

    def word_of(self, person: int) -> str | None:
        """Return what a person is called, by row number; None where nobody named them yet."""
        return next((word for word, actor in self._actors.items() if actor.person_id == person), None)

    def introduce(self, word: str, actor: Actor) -> None:
        """Let ``actor`` be called ``word`` from now on."""
        self._actors[word] = actor

    def members_of(self, role: str) -> tuple[str, ...]:
        """Return what the members of ``role`` are called who are on the list so far."""
        return tuple(word for word in self._actors if word.startswith(f"{role}#"))

    def _refresh_actor(self, actor: Actor) -> Actor:
        """Return ``actor`` with the roles and recusals of this moment, as a new request would find them."""
        if actor.person_id is None:
            return actor
        now = self.person(actor.person_id)
        return replace(actor, seats=now.seats, recused=now.recused, tied=now.tied)

    def _make(self, word: str) -> Actor:
        if word in self.organisations:
            return self._make_applicant(word)
        if word == "administrator":
            return self._make_person(
                word, [Seat("*", "administrator", self._get_office_id(), "office", "管理员", "office")]
            )
        named = next((m for b in self._package.jurisdiction.bodies for m in b.members if word in (m.id, m.name)), None)
        if named is not None:
            with self._desk.store.read() as tx:
                listed = tx.people.by_logins([named.login])[named.login]
            return self.person(listed.id)
        role, _, body = word.partition("@")
        acting_body = self._body(role, body)
        with self._desk.store.read() as tx:
            row = tx.bodies.find(jurisdiction=self._package.jurisdiction.id, key=acting_body.id)
        assert row is not None
        seats = [Seat(row.jurisdiction, r, row.id, row.key, row.name, row.kind) for r in acting_body.roles]
        return self._make_person(word, seats)

    def _body(self, role: str, body: str) -> Body:
        role_id, numbered, _ = role.partition("#")
        if numbered:
            member_names = "、".join(self.members_of(role_id))
            raise ScenarioMistake(
                Text(
                    f"{self._scenario.file}：没有叫“{role}”的成员。"
                    + (
                        f"这时有 {member_names}。"
                        if member_names
                        else f"先用 members: {{role: {role_id}, count: …}} 列入。"
                    ),
                    f"{self._scenario.file}: no member is called “{role}”. "
                    + (
                        f"There are {member_names} by now."
                        if member_names
                        else f"Put them on the list by members: {{role: {role_id}, count: …}}."
                    ),
                )
            )
        bound = self._package.jurisdiction.bindings.get(role, role)
        bodies = [
            b for b in self._package.jurisdiction.bodies
            if (b.id == body if body else bound in b.roles or b.id == role)
        ]  # fmt: skip
        if not bodies:
            member_names = "、".join(b.id for b in self._package.jurisdiction.bodies)
            raise ScenarioMistake(
                Text(
                    f"{self._scenario.file}：没有人物“{role}{body and '@' + body}”。可用角色名、“角色@单位”（{member_names}）或申报组织的代称。",
                    f"{self._scenario.file}: nobody is called “{role}{body and '@' + body}”: "
                    f"write a role, ROLE@BODY ({member_names}) or the nickname of an organisation.",
                )
            )
        return bodies[0]

    def _get_office_id(self) -> int:
        with self._desk.store.read() as tx:
            return tx.bodies.list_active(self._package.jurisdiction.id)[0].id

    def _make_applicant(self, nick: str) -> Actor:
        role = next(r.id for r in self._package.jurisdiction.roles.values() if r.subject)
        with self._desk.store.read() as tx:
            row = tx.bodies.get(self.organisations[nick])
        return self._make_person(nick, [Seat("*", role, row.id, row.key, row.name, row.kind)])

    def _make_person(self, word: str, seats: list[Seat]) -> Actor:
        now = self._desk.clock.now()
        with self._desk.store.write() as tx:
            ident = tx.people.insert(
                PersonRow(
                    login=f"scenario-{word}",
                    name=word,
                    created_at=now,
                )
            )
            for seat in seats:
                grant_seat(tx, ident, seat, now)
        return Actor(ident, word, tuple(seats))

    def names_of(self, nick: str) -> tuple[str, ...]:
        """Return the name of the organisation that a scenario calls ``nick``, nothing where it has none."""
        if nick not in self.organisations:
            return ()
        with self._desk.store.read() as tx:
            return (tx.bodies.get(self.organisations[nick]).name,)

    def _ensure_organisation(self, nick: str) -> int:
        data = dict(self._scenario.organisations[nick] or {})
        number = list(self._scenario.organisations).index(nick) + 1
        key = str(data.pop("uscc", f"91650100MA7800{number:04d}"))
        kind = str(data.pop("kind", "organisation"))
        with self._desk.store.write() as tx:
            return tx.bodies.upsert("*", key, kind=kind, name=str(data.pop("name", nick)), details=data)
