"""The cities of the demonstration, as their folders below deploy/demo describe them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from service.casework.access.actor import BUILT_IN
from service.casework.people.rights.seats import BUILT_IN_ROLES
from service.casework.simulate.scenarios.scenario import Scenario, read_scenario
from service.catalog import Jurisdiction, Package, change_yaml
from service.catalog.jurisdiction import read_jurisdiction
from service.catalog.problems import Problem
from service.catalog.source.fields import read_fields
from service.catalog.source.yaml import parse_yaml, plain
from service.domain.text import Text

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
