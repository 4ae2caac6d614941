"""A city of the product on a desk, published from its own files, with one designer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

import handlers
from service.casework.access.actor import SYSTEM, Actor
from service.casework.assemble import desk_over
from service.casework.definitions.deploy import deploy_package
from service.casework.desk.clock import VirtualClock
from service.casework.desk.desk import Desk
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.catalog.tree import read_sources
from service.sdk import operations
from service.store import Store
from tests.support.bundled import bundled
from tests.support.lakeside import seat_people
from tests.support.town import Town
from tests.support.tree import PROJECT

START = datetime(2026, 3, 2, 1, tzinfo=UTC)
handlers.load()


@dataclass
class PublishedCity(Town):
    """A desk over one award of a city; ``designer`` may change its procedure."""

    desk: Desk
    clock: VirtualClock
    key: str
    designer: Actor
    people: dict[str, int] = field(default_factory=dict)


def make_city(store: Store, city: str, award: str = "quality_award") -> PublishedCity:
    """Publish an award of ``city`` on an empty store and give it a designer."""
    clock = VirtualClock(START)
    desk = desk_over(store, load_calendars(bundled_calendars()), operations(), clock=clock)
    package = bundled().package(f"{city}/{award}")
    deploy_package(desk, SYSTEM, package, sources=read_sources(PROJECT))
    with store.read() as tx:
        body = tx.bodies.find(jurisdiction=city, key=package.jurisdiction.bodies[0].id)
    assert body is not None
    people, cast = seat_people(desk, city, {"designer": ("designer", body)})
    return PublishedCity(desk, clock, package.key, cast["designer"], people)
