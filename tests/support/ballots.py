"""A desk over a small award that only votes: nine members, three member units, two tellers and a supervisor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import handlers.ballot  # noqa: F401  registers the operations
from service.casework.access.actor import Actor, Seat
from service.casework.assemble import desk_over
from service.casework.ballots.cast_vote import cast_vote
from service.casework.cases.start import start_case
from service.casework.definitions.publish import publish_package
from service.casework.desk.clock import VirtualClock
from service.casework.desk.desk import Desk
from service.catalog import load_catalog
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.sdk import operations
from service.store import Store, Transaction
from service.store.models import BallotRow, PersonRow
from tests.support.records import hold_seat
from tests.support.town import Town

DATA = Path(__file__).parent.parent / "data" / "ballot"
PACKAGE = "votetown/prize"
TOWN = "votetown"
START = datetime(2026, 3, 2, 1, tzinfo=UTC)
CANDIDATES = [
    {"id": "c1", "name": "天山精密机械制造股份有限公司", "score": 612.5, "hint": "综合评价 612.5 / 1000"},
    {"id": "c2", "name": "现代农业科技发展与农产品精深加工专业合作联社", "score": 598, "hint": "综合评价 598 / 1000"},
    {"id": "c3", "name": "第一人民医院", "score": 587, "hint": "综合评价 587 / 1000"},
]
MEMBERS = tuple(f"member{n}" for n in range(1, 10))
UNITS = ("finance", "industry", "housing")


@dataclass
class Hall(Town):
    """The desk, the clock, and everybody who takes part."""

    desk: Desk
    clock: VirtualClock
    members: tuple[Actor, ...]
    units: tuple[Actor, ...]
    tellers: tuple[Actor, Actor]
    supervisor: Actor
    stranger: Actor
    people: dict[str, int] = field(default_factory=dict)

    @property
    def office(self) -> Actor:
        return self.tellers[0]

    def open(self, candidates: Sequence[Mapping[str, Any]] = CANDIDATES, **agenda: Any) -> tuple[int, int]:
        """Start a round, which opens its ballot; returns case and ballot."""
        form = {"candidates": list(candidates), "recusals": [], **agenda}
        case_id = start_case(self.desk, self.office, PACKAGE, "round", None, form)
        return case_id, self.ballots(case_id)[-1].id

    def ballots(self, case_id: int) -> list[BallotRow]:
        with self.desk.store.read() as tx:
            return tx.ballots.select(case_id=case_id)

    def ballot(self, ballot_id: int) -> BallotRow:
        with self.desk.store.read() as tx:
            return tx.ballots.get(ballot_id)

    def cast(self, ballot_id: int, member: int, paper: Mapping[str, str]) -> str:
        """Let member ``member`` (from 1) vote; returns the number of the receipt."""
        return cast_vote(self.desk, self.members[member - 1], ballot_id, paper)

    def everybody(self, ballot_id: int, papers: Sequence[Mapping[str, str]]) -> None:
        for number, paper in enumerate(papers, 1):
            self.cast(ballot_id, number, paper)

    def outcome(self, ballot_id: int) -> dict[str, Any]:
        with self.desk.store.read() as tx:
            result = tx.ballot_results.find(ballot_id=ballot_id)
        assert result is not None
        return dict(result.outcome)

    def elected(self, ballot_id: int) -> set[tuple[str, str]]:
        return {(e["tier"], e["candidate"]) for e in self.outcome(ballot_id)["elected"]}

    def advance(self, instant: datetime) -> None:
        """Move the clock to ``instant`` and run what became due."""
        self.clock.move_to(instant)
        self.drain()


def paper(marks: str, tier: str = "quality") -> dict[str, str]:
    """Return the marks for c1, c2, … as written: ``y`` yes, ``n`` no, ``-`` abstain, ``.`` nothing."""
    words = {"y": "yes", "n": "no", "-": "abstain"}
    return {f"{tier}:c{n}": words[m] for n, m in enumerate(marks, 1) if m in words}


def make_hall(store: Store, keys: Path | None = None, seed: int | None = None, data: Path = DATA) -> Hall:
    """Publish the small award of ``data`` on an empty store and give it people; ``seed`` makes chance repeatable."""
    clock = VirtualClock(START)
    desk = desk_over(store, load_calendars(bundled_calendars()), operations(), clock=clock, ballot_keys=keys)
    if seed is not None:
        desk = replace(desk, randomness=Random(seed))
    package = load_catalog(data).packages[PACKAGE]
    with store.write() as tx:
        assert not package.problems, package.problems
        publish_package(tx, package, clock.now(), "test")
        actors = _people(tx, clock.now())
    members = tuple(actors[name] for name in MEMBERS)
    units = tuple(actors[name] for name in UNITS)
    tellers = (actors["teller1"], actors["supervisor"])
    people = {name: actor.person_id for name, actor in actors.items() if actor.person_id is not None}
    return Hall(desk, clock, members, units, tellers, actors["supervisor"], actors["stranger"], people)


def _people(tx: Transaction, now: datetime) -> dict[str, Actor]:
    group, office = (tx.bodies.find(jurisdiction=TOWN, key=key) for key in ("group", "office"))
    assert group is not None
    assert office is not None
    other = tx.bodies.upsert("*", "91650100MA77000009", kind="organisation", name="丙公司", details={})
    watch = tx.bodies.upsert(TOWN, "watch", kind="supervisor", name="监督委员会", details={}, roles=["watch"])
    seats = {name: Seat(TOWN, "leading_group", group.id, group.key, group.name, group.kind) for name in MEMBERS}
    for name in UNITS:
        unit = tx.bodies.find(jurisdiction=TOWN, key=name)
        assert unit is not None
        seats[name] = Seat(TOWN, "member_unit", unit.id, unit.key, unit.name, unit.kind)
    for name in ("teller1", "teller2"):
        seats[name] = Seat(TOWN, "office", office.id, office.key, office.name, office.kind)
    seats["stranger"] = Seat("*", "applicant", other, "91650100MA77000009", "丙公司", "organisation")
    seats["supervisor"] = Seat(TOWN, "watch", watch, "watch", "监督委员会", "supervisor")
    return {name: _person(tx, name, seat, now) for name, seat in seats.items()}


def _person(tx: Transaction, name: str, seat: Seat, now: datetime) -> Actor:
    ident = tx.people.insert(
        PersonRow(
            login=name, name=name, password=None, email=None, telephone=None, language="zh", active=True, created_at=now
        )
    )
    hold_seat(tx, ident, seat.body_id, seat.jurisdiction, seat.role, now)
    return Actor(ident, name, (seat,))
