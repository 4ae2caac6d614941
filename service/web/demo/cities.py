"""The demonstration's cities, their people, and the bar to change between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from service.casework.access.actor import BUILT_IN, Actor, Seat
from service.casework.desk.desk import Desk
from service.casework.people.accounts.accounts import NewAccount, insert_account
from service.casework.people.rights.seats import BUILT_IN_ROLES, grant_seat
from service.casework.review.register_of_experts import NewExpert, add_expert
from service.casework.simulate.scenarios.scenario import Scenario, read_scenario
from service.casework.simulate.stage.cast import Cast
from service.catalog import Jurisdiction, Package
from service.catalog.jurisdiction import read_jurisdiction
from service.catalog.problems import Problem
from service.catalog.source.fields import read_fields
from service.catalog.source.yaml import parse_yaml, to_plain_value
from service.domain.text import Text
from service.store import Transaction

PROJECT = Path(__file__).parents[3]
DATA = PROJECT / "deploy" / "demo"


@dataclass(frozen=True, slots=True)
class Persona:
    """A person to play; ``what`` is their role and body, ``group`` where the choice lists them.

    ``city`` is the jurisdiction in whose season they appear; "" for those who serve every city. ``only`` says what alone
    they do at the stage where the season stands, where the diagram has no task for them there.
    """

    login: str
    name: str
    what: str
    group: str
    city: str
    only: Text | None = None


@dataclass(frozen=True, slots=True)
class DemoCity:
    """A city with a season: ``people`` as written in people.yaml, ``key`` names its package in processes/.

    The package itself is not held: it is needed once, when the season is prepared.
    """

    key: str
    jurisdiction: Jurisdiction
    people: Mapping[str, Any]
    season: Scenario

    @property
    def id(self) -> str:
        """The jurisdiction's id."""
        return self.jurisdiction.id

    @property
    def name(self) -> Text:
        """The jurisdiction's name."""
        return self.jurisdiction.text

    @property
    def label(self) -> Text:
        """The name as short as people say it."""
        zh, en = self.people["short"]
        return Text(zh, en)

    @property
    def subject_role(self) -> str:
        """The role of those who apply."""
        return next(role.id for role in self.jurisdiction.roles.values() if role.subject)

    def login(self, nick: str) -> str:
        """Return the login of the organisation called ``nick`` in the season."""
        number = list(self.season.organisations).index(nick) + 1
        return f"{self.people['applicants']}.{number:02d}"

    def personas(self) -> tuple[Persona, ...]:
        """Return everybody who can be played, in the order of the choice."""
        return (*self._list_staff(), *self._list_experts(), *self._list_applicants())

    def _list_staff(self) -> list[Persona]:
        names = {body.id: body.name for body in self.jurisdiction.bodies}
        return [
            Persona(
                member["login"],
                member["name"],
                f"{self._get_role_name(member['role'])} · {names[member['body']]}",
                self._get_role_name(member["role"]),
                "" if member["role"] in BUILT_IN else self.id,
                Text(*member["only"]) if "only" in member else None,
            )
            for member in self.people["staff"]
        ]

    def _list_experts(self) -> list[Persona]:
        rows = self.people.get("experts") or ()
        return [Persona(row["login"], row["name"], str(row["employer"]), "评审专家", self.id) for row in rows]

    def _list_applicants(self) -> list[Persona]:
        group = self._get_role_name(self.subject_role)
        return [
            Persona(self.login(nick), str(self.people["contacts"][nick]), str(organisation["name"]), group, self.id)
            for nick, organisation in self.season.organisations.items()
        ]

    def _get_role_name(self, role: str) -> str:
        return BUILT_IN_ROLES[role].zh if role in BUILT_IN else self.jurisdiction.roles[role].name


@cache
def list_demo_cities() -> tuple[DemoCity, ...]:
    """Return the cities that have a season, in the order their people.yaml asks for."""
    demo_cities = [_load_city(folder) for folder in DATA.iterdir() if (folder / "season.yaml").is_file()]
    return tuple(sorted(demo_cities, key=lambda city: int(city.people["order"])))


@cache
def list_personas() -> tuple[Persona, ...]:
    """Return everybody who can be played, city by city."""
    return tuple(persona for city in list_demo_cities() for persona in city.personas())


def _load_city(folder: Path) -> DemoCity:
    people: Any = to_plain_value(parse_yaml((folder / "people.yaml").read_bytes(), f"{folder.name}/people.yaml"))
    season = read_scenario((folder / "season.yaml").read_bytes(), f"{folder.name}/season.yaml")
    path = Path("processes") / str(people["package"]).partition("/")[0] / "jurisdiction.yaml"
    fields = read_fields((PROJECT / path).read_bytes(), path.as_posix(), list[Problem]().append)
    return DemoCity(people["package"], read_jurisdiction(fields, path.parent.name), people, season)


class DemoCast(Cast):
    """People who exist already: staff and experts by their login, applicants by their organisation's nickname."""

    def __init__(
        self, desk: Desk, package: Package, season: Scenario, actors: dict[str, Actor], organisations: dict[str, int]
    ) -> None:
        self._desk, self._package, self._scenario = desk, package, season
        self._actors, self.organisations = actors, organisations


def cast_of(desk: Desk, package: Package, city: DemoCity) -> DemoCast:
    """Give everybody of ``city`` an account, and return them; the register of experts is filled by its office."""
    actors: dict[str, Actor] = {}
    organisations: dict[str, int] = {}
    emails: Mapping[str, Any] = city.people.get("emails") or {}
    with desk.store.write() as tx:
        for person in city.people["staff"]:
            seats = [_build_seat(tx, city, person, role) for role in (person["role"], *person.get("also", ()))]
            actors[person["login"]] = _add_person(desk, tx, person["login"], person["name"], *seats)
        for nick in city.season.organisations:
            seat = _build_organisation_seat(tx, city, nick)
            organisations[nick] = seat.body_id
            actors[nick] = _add_person(
                desk, tx, city.login(nick), str(city.people["contacts"][nick]), seat, email=str(emails.get(nick, ""))
            )
    cast = DemoCast(desk, package, city.season, actors, organisations)
    office = next(actor for actor in actors.values() if actor.seats[0].body_kind == "office")
    for row in city.people.get("experts") or ():
        add_expert(desk, office, expert_of(city, row, date(2023, 1, 1)))
        with desk.store.read() as tx:
            person_row = tx.people.by_login(row["login"])
        assert person_row is not None
        cast.introduce(row["login"], cast.person(person_row.id))
    return cast


def _build_seat(tx: Transaction, city: DemoCity, person: Mapping[str, Any], role: str) -> Seat:
    body = tx.bodies.find(jurisdiction=city.id, key=person["body"])
    assert body is not None
    seat = Seat(city.id, role, body.id, body.key, body.name, body.kind)
    return replace(seat, jurisdiction="*") if seat.role in BUILT_IN else seat


def _build_organisation_seat(tx: Transaction, city: DemoCity, nick: str) -> Seat:
    data = city.season.organisations[nick]
    key, name, kind = str(data["uscc"]), str(data["name"]), str(data.get("kind", "organisation"))
    ident = tx.bodies.upsert("*", key, kind=kind, name=name, registered_in=city.id)
    return Seat("*", city.subject_role, ident, key, name, kind)


def expert_of(city: DemoCity, row: Mapping[str, Any], term_from: date | None = None) -> NewExpert:
    """Return the entry in the register of ``city`` for an expert as people.yaml has them; ``term_from`` None is today."""
    return NewExpert(
        jurisdiction=city.id,
        login=row["login"],
        name=row["name"],
        employer=row["employer"],
        education=row.get("education", "master"),
        practising_since=row.get("since", date(2008, 7, 1)),
        sectors=tuple(row.get("sectors") or ()),
        qualifications=tuple(row.get("qualifications") or ()),
        term_from=term_from,
        training="卓越绩效评审员培训",
        trained_on=row.get("trained", date(2024, 6, 1)),
    )


def _add_person(desk: Desk, tx: Transaction, login: str, name: str, *seats: Seat, email: str = "") -> Actor:
    now = desk.clock.now()
    ident = insert_account(tx, NewAccount(login, name, "", email), None, now)
    for seat in seats:
        grant_seat(tx, ident, seat, now)
    return Actor(ident, name, seats)
