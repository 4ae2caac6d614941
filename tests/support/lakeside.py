"""The worked miniature on a desk: people, applications, and amended versions of its regulation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import handlers
from service.casework.access.actor import SYSTEM, Actor, Seat
from service.casework.assemble import desk_over
from service.casework.cases.start import start_case
from service.casework.definitions.deploy import deploy_package
from service.casework.desk.clock import VirtualClock
from service.casework.desk.desk import Desk
from service.catalog import Package, build_catalog
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.catalog.scenarios.proofs import with_proofs
from service.catalog.tree import Files, read_sources, read_tree
from service.sdk import operations
from service.store import Store
from service.store.models import BodyRow, PersonRow
from tests.support.records import hold_seat
from tests.support.town import Town

MINIATURE = Path(__file__).parents[1] / "data" / "miniature"
KEY = "lakeside/star_award"
PARAMETERS, LAW = f"processes/{KEY}/parameters.yaml", "processes/lakeside/law.yaml"
DIAGRAM = f"processes/{KEY}/application.bpmn"
START = datetime(2026, 3, 2, 1, tzinfo=UTC)
ROLES = {"office": "office", "admin": "administrator", "designer": "designer", "checker": "designer"}
"""Roles of those who have an account from the beginning, by login."""
APPLICATION = SimpleNamespace(decide="decide", process="lakeside_application")
handlers.load()


def amended_package(changes: Mapping[str, list[tuple[str, str]]]) -> Package:
    """Return the miniature with texts replaced, by file; every text must stand there."""
    files = dict(read_tree(MINIATURE))
    for path, pairs in changes.items():
        text = files[path].decode()
        for old, new in pairs:
            assert old in text, (path, old)
            text = text.replace(old, new)
        files[path] = text.encode()
    return with_proofs(build_catalog(files).package(KEY), files)


_CHECKED: dict[object, Any] = {}
"""What was found of the miniature when it was checked for the first time in a process."""


@cache
def _as_it_is() -> Package:
    return amended_package({})


@cache
def _sources() -> Files:
    return read_sources(MINIATURE)


@dataclass
class Lakeside(Town):
    """A desk over the miniature with an office, an administrator, two designers and applicants."""

    desk: Desk
    clock: VirtualClock
    office: Actor
    admin: Actor
    designer: Actor
    checker: Actor
    people: dict[str, int] = field(default_factory=dict)

    def applicant(self, name: str) -> Actor:
        """Return somebody of organisation ``name``, registered when first asked for."""
        with self.desk.store.write() as tx:
            code = f"91650100MA78{len(name):02d}{sum(map(ord, name)) % 1000:03d}X"
            body = tx.bodies.upsert("*", code, kind="organisation", name=f"{name}木作坊", details={})
            if name not in self.people:
                self.people[name] = new_person(self.desk, tx, name)
        return Actor(self.people[name], name, (Seat("*", "applicant", body, code, name, "organisation"),))

    def start(self, name: str = "first") -> int:
        """Apply; the case then waits for the office's decision."""
        form = {"founded": "2020-05-01", "merit": "榫卯技艺传承。"}
        return start_case(self.desk, self.applicant(name), KEY, "application", None, form)

    def deploy(self, package: Package) -> Package:
        """Publish a version."""
        deploy_package(self.desk, SYSTEM, package)
        return package


def make_lakeside(store: Store) -> Lakeside:
    """Publish the miniature on an empty store and give it people."""
    clock = VirtualClock(START)
    desk = desk_over(store, load_calendars(bundled_calendars()), operations(), clock=clock)
    deploy_package(desk, SYSTEM, _as_it_is(), sources=_sources(), memory=_CHECKED)
    with store.read() as tx:
        office = tx.bodies.find(jurisdiction="lakeside", key="office")
    assert office is not None
    people, cast = seat_people(desk, "lakeside", {login: (role, office) for login, role in ROLES.items()})
    return Lakeside(desk, clock, **cast, people=people)


def seat_people(
    desk: Desk, place: str, seats: Mapping[str, tuple[str, BodyRow]]
) -> tuple[dict[str, int], dict[str, Actor]]:
    """Give each login an account with a role in a body of ``place``; returns numbers and actors by login."""
    people, cast = {}, {}
    with desk.store.write() as tx:
        for login, (role, body) in seats.items():
            people[login] = new_person(desk, tx, login)
            hold_seat(tx, people[login], body.id, place, role, desk.clock.now())
            cast[login] = Actor(people[login], login, (Seat(place, role, body.id, body.key, body.name, body.kind),))
    return people, cast


def new_person(desk: Desk, tx: Any, name: str) -> int:
    row = PersonRow(login=name, name=name, email=f"{name}@example.cn", active=True, created_at=desk.clock.now())
    return int(tx.people.insert(row))
