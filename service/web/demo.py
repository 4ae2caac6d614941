"""The demonstration: a fictional season, prepared by the real use cases, and people anybody may play."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import time
from functools import cache
from pathlib import Path
from typing import Any

from service.casework.actor import ADMINISTRATOR, SYSTEM, Actor, Seat
from service.casework.clock import VirtualClock
from service.casework.deploy_package import PackageRefused, deploy_package
from service.casework.desk import Desk
from service.casework.people.accounts import NewAccount, insert_account
from service.casework.simulate.cast import Cast
from service.casework.simulate.scenario import Move, Scenario, instant, read_scenario
from service.casework.simulate.stage import Stage
from service.casework.simulate.verbs import DOERS
from service.catalog import Package, load_catalog
from service.catalog.source.yaml import parse_yaml, plain
from service.domain.errors import LaurelError
from service.domain.text import Text
from service.store import Transaction
from service.web.demo_clock import START, DemoClock

__all__ = ["DemoClock", "Persona", "load_demo", "personas"]

LOG = logging.getLogger("laurel.demo")
PROJECT = Path(__file__).parents[2]
DATA = PROJECT / "deploy" / "demo"


class HalfPrepared(LaurelError):
    """The season was not prepared to its end."""

    code = "half_prepared"
    status = 500

    def __init__(self) -> None:
        super().__init__(
            Text(
                "上次准备演示数据时被中断，数据不完整。请运行 make demo-reset 重新开始（只清除演示数据）。",
                "Preparing the season was broken off last time. Run make demo-reset to start over; only demonstration data goes.",
            )
        )


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody to play; ``what`` is their role and body, ``group`` where the choice lists them."""

    login: str
    name: str
    what: str
    group: str


class DemoCast(Cast):
    """The people of the season, who exist already: staff by their login, applicants by their organisation's nickname."""

    def __init__(self, actors: Mapping[str, Actor], organisations: dict[str, int]) -> None:
        self._known, self.organisations = actors, organisations

    def actor(self, word: str) -> Actor:
        """Return the person called ``word``; raises KeyError."""
        return self._known[word]


@cache
def personas() -> tuple[Persona, ...]:
    """Return everybody who can be played, in the order of the choice."""
    data, scenario = _people(), _season()
    package = load_catalog(PROJECT).packages[data["package"]]
    names = {b.id: b.name for b in package.jurisdiction.bodies}
    staff = [
        Persona(
            p["login"],
            p["name"],
            f"{_role_name(package, p['role'])} · {names[p['body']]}",
            _role_name(package, p["role"]),
        )
        for p in data["staff"]
    ]
    applicants = [
        Persona(_login(nick, scenario), str(data["contacts"][nick]), str(org["name"]), "申报组织")
        for nick, org in scenario.organisations.items()
    ]
    return (*staff, *applicants)


def load_demo(desk: Desk) -> bool:
    """Prepare the season unless it is there already; returns whether it was prepared now.

    The clock of ``desk`` ends where the season does. What is published stays as it is; every package
    of the project that passes its checks is published where it is missing. Raises PackageRefused when the
    season's own package does not pass, HalfPrepared when an earlier preparation was broken off.
    """
    with desk.store.read() as tx:
        begun = tx.people.by_login(_people()["staff"][0]["login"]) is not None
    if begun and isinstance(desk.clock, DemoClock) and not desk.clock.moved:
        raise HalfPrepared
    if begun:
        return False
    catalog = load_catalog(PROJECT)
    clock = VirtualClock(START)
    past = replace(desk, clock=clock)
    package = catalog.packages[_people()["package"]]
    deploy_package(past, SYSTEM, package)
    _publish(past, [p for p in catalog.packages.values() if p is not package])
    with past.store.write() as tx:
        cast = _cast(tx, package, clock)
    _play(past, clock, package, cast)
    if isinstance(desk.clock, DemoClock):
        desk.clock.move_to(clock.now())
    return True


def _publish(desk: Desk, packages: Sequence[Package]) -> None:
    for package in packages:
        try:
            deploy_package(desk, SYSTEM, package)
        except PackageRefused:
            continue  # a city that is still being drawn is not part of the demonstration


def _play(desk: Desk, clock: VirtualClock, package: Package, cast: DemoCast) -> None:
    scenario = _season()
    stage = Stage(desk, clock, package, scenario, cast)
    for move in scenario.moves:
        if move.at is not None:
            stage.advance(move.at)
        if move.verb == "until":
            stage.advance(instant(move.value, time(9)))
            continue
        try:
            DOERS[move.verb](stage, _named(move, scenario), cast.actor(str(move.who)))
        except LaurelError as refusal:
            # A city may redraw a step before the season is rewritten: the rest of it is still worth showing.
            LOG.warning("演示第 %s 步没有办成：%s", move.number, refusal.message.zh)
    stage.drain()


def _named(move: Move, scenario: Scenario) -> Move:
    """Let an organisation fill in its own name and code where the season shares one set of answers."""
    answers, own = move.keys.get("with"), scenario.organisations.get(str(move.who))
    if own is None or not isinstance(answers, Mapping) or "organisation" not in answers:
        return move
    organisation = {**answers["organisation"], "name": own["name"], "uscc": own["uscc"]}
    return replace(move, keys={**move.keys, "with": {**answers, "organisation": organisation}})


def _cast(tx: Transaction, package: Package, clock: VirtualClock) -> DemoCast:
    data, scenario = _people(), _season()
    actors: dict[str, Actor] = {}
    for person in data["staff"]:
        body = tx.people.body_by_key(package.jurisdiction.id, person["body"])
        assert body is not None
        seat = Seat(package.jurisdiction.id, person["role"], body.id, body.key, body.name, body.kind)
        if person["role"] == ADMINISTRATOR:
            seat = replace(seat, jurisdiction="*")
        actors[person["login"]] = _add(tx, clock, person["login"], person["name"], seat)
    organisations: dict[str, int] = {}
    role = next(r.id for r in package.jurisdiction.roles.values() if r.subject)
    for nick, org in scenario.organisations.items():
        ident = tx.people.upsert_body("*", str(org["uscc"]), kind="organisation", name=str(org["name"]))
        organisations[nick] = ident
        seat = Seat("*", role, ident, str(org["uscc"]), str(org["name"]), "organisation")
        actors[nick] = _add(tx, clock, _login(nick, scenario), str(data["contacts"][nick]), seat)
    return DemoCast(actors, organisations)


def _add(tx: Transaction, clock: VirtualClock, login: str, name: str, seat: Seat) -> Actor:
    ident = insert_account(tx, NewAccount(login, name, ""), None, clock.now())
    tx.people.add_membership(
        person_id=ident,
        body_id=seat.body_id,
        jurisdiction=seat.jurisdiction,
        role=seat.role,
        since=clock.now(),
        until=None,
    )
    return Actor(ident, name, (seat,))


def _login(nick: str, scenario: Scenario) -> str:
    return f"org.{list(scenario.organisations).index(nick) + 1:02d}"


def _role_name(package: Package, role: str) -> str:
    return "管理员" if role == ADMINISTRATOR else package.jurisdiction.roles[role].name


@cache
def _people() -> Mapping[str, Any]:
    found: Any = plain(parse_yaml((DATA / "people.yaml").read_bytes(), "people.yaml"))
    return dict(found)


@cache
def _season() -> Scenario:
    return read_scenario((DATA / "season.yaml").read_bytes(), "season.yaml")
