"""A desk over a small award with operations of its own, so that casework is tested without any city's package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from service.casework.access.actor import Actor, Seat
from service.casework.assemble import desk_over
from service.casework.cases.start import start_case
from service.casework.definitions.publish import publish_package
from service.casework.desk.clock import VirtualClock
from service.casework.desk.desk import Desk
from service.casework.interventions.halt import LAPSE, PASSED, resume_by_intervention, suspend_by_intervention
from service.casework.interventions.intervene import InterventionAsked
from service.catalog import Package, load_catalog
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.sdk import Finding, NoticeDraft, Operation, Text, Work, operation, operations
from service.store import Store
from service.store.models import PersonRow, TaskRow
from tests.support.records import hold_seat, keep_away
from tests.support.town import Town

DATA = Path(__file__).parent.parent / "data" / "desk"
PACKAGE = "testville/prize"
START = datetime(2026, 3, 2, 1, tzinfo=UTC)
BROKEN: set[str] = set()
"""Operations that fail on purpose."""


@dataclass(frozen=True)
class Examine:
    years: int = 5


@dataclass(frozen=True)
class Post:
    days: int = 5


@dataclass(frozen=True)
class Close:
    notice: int = 0


@dataclass(frozen=True)
class Nothing:
    pass


def _fail_if_broken(name: str, work: Work) -> None:
    if name in BROKEN:
        work.cases.set({"note": "must not stay"})
        raise RuntimeError("broken on purpose")


@operation("test.examine", Text("认定", "Examine"), result={"ok": "boolean"})
def examine(work: Work, p: Examine) -> Mapping[str, Any]:
    _fail_if_broken("test.examine", work)
    founded = work.scope()["application"]["founded_on"]
    years = work.today.year - int(founded[:4])
    work.audit(f"成立{years}年")
    return {"ok": years >= p.years}


@operation("test.post", Text("公示", "Post"), result={"id": "number", "ends_at": "string"})
def post(work: Work, p: Post) -> Mapping[str, Any]:
    _fail_if_broken("test.post", work)
    posted = work.notices.post(NoticeDraft("test", work.text("{subject.name}公示"), "内容", working_days=int(p.days)))
    return {"id": posted.id, "ends_at": posted.ends_at.isoformat(), "last_day": posted.last_day.isoformat()}


@operation("test.close", Text("结束公示", "Close"))
def close(work: Work, p: Close) -> Mapping[str, Any]:
    posted = work.notices.close(int(p.notice))
    work.cases.set({"decided": True})
    return {"objections": posted.objections}


@operation("test.refuse", Text("告知", "Refuse"))
def refuse(work: Work, p: Nothing) -> Mapping[str, Any]:
    return {"id": work.documents.issue("refusal", {}, ["applicant"])}


@dataclass
class Bench(Town):
    """A desk, a clock and the people of the small award."""

    desk: Desk
    clock: VirtualClock
    office: Actor
    second: Actor
    applicant: Actor
    stranger: Actor
    admin: Actor
    people: dict[str, int] = field(default_factory=dict)

    def started(self, by: Actor | None = None) -> int:
        """Return a new application that its applicant fills in."""
        return start_case(self.desk, by or self.applicant, PACKAGE, "application", None, {"ready": True})

    def submitted(self, contact: str = "张三", by: Actor | None = None) -> int:
        """Return a new application that its applicant has submitted: the office's review of it waits."""
        case = self.started(by)
        self.complete(case, by or self.applicant, {"founded_on": "2010-05-01", "contact": contact})
        return case

    def decided(self, decision: str = "pass", contact: str = "张三", by: Actor | None = None, **more: str) -> int:
        """Return a new application that was decided: its notice runs, or it is refused."""
        case = self.submitted(contact)
        self.complete(case, by or self.office, {"decision": decision, **more})
        return case

    def add_person(self, login: str, role: str = "office", body: int | None = None, name: str = "") -> int:
        """Open an account with a role in a body of the place, that of the office unless another is said."""
        now = self.clock.now()
        with self.desk.store.write() as tx:
            row = PersonRow(login=login, name=name or login, email=f"{login}@example.cn", created_at=now)
            self.people[login] = person = tx.people.insert(row)
            hold_seat(tx, person, body or self.office.seats[0].body_id, "testville", role, now)
        return person

    def recuse(self, login: str, case: int, source: str = "record") -> None:
        """Keep a person away from the organisation that a case is about."""
        about, now = self.case(case).subject_id, self.clock.now()
        with self.desk.store.write() as tx:
            keep_away(tx, "testville", self.people[login], about, case, "近亲属任职", now, source=source)

    def inbox(self, login: str) -> list[str]:
        """Return the messages of a person, newest first."""
        with self.desk.store.read() as tx:
            return [row.text for row in tx.mail.select("-id", limit=50, person_id=self.people[login])]


def suspend_case(desk: Desk, actor: Actor, case_id: int, reason: str) -> None:
    """Suspend a case, for everybody to read why."""
    suspend_by_intervention(desk, actor, case_id, InterventionAsked(reason, public=True), {})


def resume_case(desk: Desk, actor: Actor, case_id: int, reason: str) -> None:
    """Let a suspended case go on; what passed meanwhile lapses."""
    resume_by_intervention(desk, actor, case_id, InterventionAsked(reason, public=True), {PASSED: LAPSE})


def waiting(bench: Bench, case_id: int) -> TaskRow:
    """Return the one task of a case that waits."""
    (task,) = bench.tasks(case_id)
    return task


@cache
def _small_award() -> Package:
    """Return the small award, read once in a process: nobody changes what was read."""
    package = load_catalog(DATA).packages[PACKAGE]
    assert not package.problems, package.problems
    return package


def make_bench(store: Store, extra: Mapping[str, Operation] | None = None) -> Bench:
    """Publish the small award on an empty store and give it people."""
    BROKEN.clear()
    clock = VirtualClock(START)
    desk = desk_over(store, load_calendars(bundled_calendars()), {**operations(), **(extra or {})}, clock=clock)
    package = _small_award()
    with store.write() as tx:
        publish_package(tx, package, clock.now(), "test")
        office = tx.bodies.find(jurisdiction="testville", key="office")
        assert office is not None
        org = tx.bodies.upsert("*", "91650100MA77000001", kind="organisation", name="甲公司", details={})
        other = tx.bodies.upsert("*", "91650100MA77000002", kind="organisation", name="乙公司", details={})
        seats = {
            "office": Seat("testville", "office", office.id, "office", office.name, "office"),
            "second": Seat("testville", "office", office.id, "office", office.name, "office"),
            "applicant": Seat("*", "applicant", org, "91650100MA77000001", "甲公司", "organisation"),
            "stranger": Seat("*", "applicant", other, "91650100MA77000002", "乙公司", "organisation"),
            "admin": Seat("*", "administrator", office.id, "office", office.name, "office"),
        }
        people = {}
        for name, seat in seats.items():
            row = PersonRow(login=name, name=name, email=f"{name}@example.cn", created_at=clock.now())
            people[name] = tx.people.insert(row)
            hold_seat(tx, people[name], seat.body_id, seat.jurisdiction, seat.role, clock.now())
    actors = {name: Actor(people[name], name, (seat,)) for name, seat in seats.items()}
    return Bench(desk, clock, people=people, **actors)


__all__ = ["BROKEN", "Bench", "Finding", "make_bench"]
