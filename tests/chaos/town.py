"""The town this test plays in: rounds of four applications each, decided by the number of the case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from service.casework.access.actor import Actor, Seat
from service.casework.assemble import desk_over
from service.casework.definitions.publish import publish_package
from service.catalog import load_catalog
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.sdk import operations
from service.store import Store, Transaction
from service.store.models import PersonRow
from tests.support import desks
from tests.support.records import hold_seat

DATA = Path(__file__).parent.parent / "data" / "chaos"
PACKAGE = "stormtown/prize"
START = datetime(2026, 3, 2, 1, tzinfo=UTC)
APPLICATIONS = 4
"""Applications a round takes; it is closed when all of them are decided."""
OPERATIONS = operations()
"""What its service tasks call; `desks` has declared them."""

assert desks.PACKAGE, "the town uses the operations of the small award"


def found(store: Store) -> Mapping[str, Actor]:
    """Publish the town's award on an empty store; returns its people by name."""
    package = load_catalog(DATA).packages[PACKAGE]
    assert not package.problems, package.problems
    desk_over(store, load_calendars(bundled_calendars()), OPERATIONS)  # what is written goes into the log as well
    with store.write() as tx:
        publish_package(tx, package, START, "test")
        return _people(tx)


def _people(tx: Transaction) -> Mapping[str, Actor]:
    office = tx.bodies.find(jurisdiction="stormtown", key="office")
    assert office is not None
    organisation = tx.bodies.upsert("*", "91650100MA77000001", kind="organisation", name="甲公司")
    in_office = Seat("stormtown", "office", office.id, "office", office.name, "office")
    applies = Seat("*", "applicant", organisation, "91650100MA77000001", "甲公司", "organisation")
    return {name: _person(tx, name, seat) for name, seat in (("office", in_office), ("applicant", applies))}


def _person(tx: Transaction, name: str, seat: Seat) -> Actor:
    person_id = tx.people.insert(PersonRow(login=name, name=name, email=f"{name}@example.cn", created_at=START))
    hold_seat(tx, person_id, seat.body_id, seat.jurisdiction, seat.role, START)
    return Actor(person_id, name, (seat,))


def outcome(process: str, case_id: int) -> str:
    """Return how a case must end: the people of this test decide by its number."""
    if process == "round":
        return "closed"
    if case_id % 5 == 4:
        return "withdrawn"
    return "accepted" if case_id % 2 == 0 else "refused"
