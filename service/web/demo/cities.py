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
from service.casework.people.rights.seats import BUILT_IN_ROLES, give
from service.casework.review.register_of_experts import NewExpert, add_expert
from service.casework.simulate.scenarios.scenario import Scenario, read_scenario
from service.casework.simulate.stage.cast import Cast
from service.catalog import Jurisdiction, Package
from service.catalog.jurisdiction import read_jurisdiction
from service.catalog.problems import Problem
from service.catalog.source.fields import read_fields
from service.catalog.source.formatting import change_yaml
from service.catalog.source.yaml import parse_yaml, plain
from service.domain.text import Text
from service.store import Transaction

PROJECT = Path(__file__).parents[3]
DATA = PROJECT / "deploy" / "demo"
_SINCE = date(2020, 1, 1)


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
        return (*self._staff(), *self._experts(), *self._applicants())

    def _staff(self) -> list[Persona]:
        names = {body.id: body.name for body in self.jurisdiction.bodies}
        return [
            Persona(
                one["login"],
                one["name"],
                f"{self._role(one['role'])} · {names[one['body']]}",
                self._role(one["role"]),
                "" if one["role"] in BUILT_IN else self.id,
                Text(*one["only"]) if "only" in one else None,
            )
            for one in self.people["staff"]
        ]

    def _experts(self) -> list[Persona]:
        rows = self.people.get("experts") or ()
        return [Persona(one["login"], one["name"], str(one["employer"]), "评审专家", self.id) for one in rows]

    def _applicants(self) -> list[Persona]:
        group = self._role(self.subject_role)
        return [
            Persona(self.login(nick), str(self.people["contacts"][nick]), str(one["name"]), group, self.id)
            for nick, one in self.season.organisations.items()
        ]

    def _role(self, role: str) -> str:
        return BUILT_IN_ROLES[role].zh if role in BUILT_IN else self.jurisdiction.roles[role].name


def settled(package: Package, values: Mapping[str, Any]) -> Package:
    """Return ``package`` with ``values`` of parameters in its file, as if its office had settled them long ago."""
    if not values:
        return package
    path = package.parameters_file
    text = package.files[path].decode()
    for name, value in values.items():
        text = change_yaml(
            text, ("parameters", name, "values"), [{"from": _SINCE, "value": value}], path, instead_of="value"
        )
    return Package.from_files({**package.files, path: text.encode()}, proofs=package.proofs)


@cache
def cities() -> tuple[DemoCity, ...]:
    """Return the cities that have a season, in the order their people.yaml asks for."""
    found = [_city(folder) for folder in DATA.iterdir() if (folder / "season.yaml").is_file()]
    return tuple(sorted(found, key=lambda city: int(city.people["order"])))


@cache
def personas() -> tuple[Persona, ...]:
    """Return everybody who can be played, city by city."""
    return tuple(one for city in cities() for one in city.personas())


def _city(folder: Path) -> DemoCity:
    people: Any = plain(parse_yaml((folder / "people.yaml").read_bytes(), f"{folder.name}/people.yaml"))
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
            seats = [_seat(tx, city, person, role) for role in (person["role"], *person.get("also", ()))]
            actors[person["login"]] = _add(desk, tx, person["login"], person["name"], *seats)
        for nick in city.season.organisations:
            seat = _organisation(tx, city, nick)
            organisations[nick] = seat.body_id
            actors[nick] = _add(
                desk, tx, city.login(nick), str(city.people["contacts"][nick]), seat, email=str(emails.get(nick, ""))
            )
    cast = DemoCast(desk, package, city.season, actors, organisations)
    office = next(one for one in actors.values() if one.seats[0].body_kind == "office")
    for row in city.people.get("experts") or ():
        add_expert(desk, office, expert_of(city, row, date(2023, 1, 1)))
        with desk.store.read() as tx:
            known = tx.people.by_login(row["login"])
        assert known is not None
        cast.introduce(row["login"], cast.person(known.id))
    return cast


def _seat(tx: Transaction, city: DemoCity, person: Mapping[str, Any], role: str) -> Seat:
    body = tx.bodies.find(jurisdiction=city.id, key=person["body"])
    assert body is not None
    seat = Seat(city.id, role, body.id, body.key, body.name, body.kind)
    return replace(seat, jurisdiction="*") if seat.role in BUILT_IN else seat


def _organisation(tx: Transaction, city: DemoCity, nick: str) -> Seat:
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


def _add(desk: Desk, tx: Transaction, login: str, name: str, *seats: Seat, email: str = "") -> Actor:
    now = desk.clock.now()
    ident = insert_account(tx, NewAccount(login, name, "", email), None, now)
    for seat in seats:
        give(tx, ident, seat, now)
    return Actor(ident, name, seats)
