"""A scenario on a running cluster: its workers do what is due, and its clock is theirs."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path

import sqlalchemy as sa

from service.casework.access.actor import SYSTEM
from service.casework.assemble import desk_over
from service.casework.definitions.publish import publish
from service.casework.desk.calendars import IN_FORCE, refresh_calendars
from service.casework.desk.demo_clock import DemoClock
from service.casework.desk.desk import Desk
from service.casework.people.accounts.accounts import NewAccount
from service.casework.people.accounts.first_administrator import add_first_administrator
from service.casework.simulate.scenarios.scenario import Scenario
from service.casework.simulate.stage.cast import Cast
from service.casework.simulate.stage.stage import PlayState
from service.catalog import Package
from service.catalog.calendars.calendar_notice import year_file
from service.catalog.calendars.calendar_years import with_year
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.domain.calendar import YearStatus
from service.sdk import operations
from service.store import Store
from service.store.connections.database import translated
from service.store.rows import CalendarYearRow
from service.store.rows.work import work_item
from service.web.demo.cities import settled

PATIENCE = 120.0
"""Seconds within which the workers must have done what is due."""

CLOCK = "demo-clock"
"""The file in the folder of the data that tells all processes the time."""


def running_clock(data: Path, start: datetime) -> DemoClock:
    """Return the clock of a cluster whose data are in ``data``, set to ``start``; it runs at the machine's pace."""
    clock = DemoClock(data / CLOCK, start)
    clock.move_to(start + timedelta(seconds=1))
    return clock


@dataclass(slots=True)
class ClusterStage(PlayState):
    """A scenario on a cluster; ``under_work`` is called whenever the workers have just been given something to do."""

    under_work: Callable[[], None] = lambda: None

    def advance(self, instant: datetime) -> None:
        """Advance the clock from one due item to the next, each done by the workers before the next is due."""
        self.drain()
        while (due := self.next_due()) is not None and due <= instant:
            self.clock.move_to(due)
            self._ring()
            self.under_work()
            self.drain()
        self.clock.move_to(instant)

    def drain(self) -> None:
        """Wait until the workers have done what is due now; fails when they do not."""
        end = time.monotonic() + PATIENCE
        while left := due_now(self.desk.store, self.desk.clock.now()):
            assert time.monotonic() < end, f"not done by the workers: {left}"
            time.sleep(0.05)

    def _ring(self) -> None:
        """Tell the workers that the clock was moved, which they would else see within seconds."""
        assert self.desk.store.bells is not None
        self.desk.store.bells.ring(self.desk.clock.now())


def due_now(store: Store, now: datetime) -> list[str]:
    """Return what is due or being done, with how often it was tried; raises what a unit of work does."""
    due = sa.or_(work_item.c.state == "running", sa.and_(work_item.c.state == "waiting", work_item.c.due_at <= now))
    with translated(), store._engine.connect() as connection:
        found = connection.execute(sa.select(work_item.c.effect_key, work_item.c.attempts).where(due))
        return [f"{key} ({attempts})" for key, attempts in found]


@contextmanager
def cluster_stage(url: str, data: Path, keys: Path, package: Package, scenario: Scenario) -> Iterator[ClusterStage]:
    """Publish ``package`` on an empty database; yields the stage that the processes of a cluster may join."""
    store = Store(url, data / "files")
    try:
        store.migrate()
        clock, calendars = running_clock(data, scenario.start), load_calendars(bundled_calendars())
        yield stage_over(
            desk_over(store, calendars, operations(), clock=clock, ballot_keys=keys), clock, package, scenario
        )
    finally:
        store.close()


def stage_over(desk: Desk, clock: DemoClock, package: Package, scenario: Scenario) -> ClusterStage:
    """Publish ``package`` as the scenario settles it; returns the stage over an empty desk."""
    package = settled(package, scenario.parameters)
    with desk.store.write() as tx:
        publish(tx, package, clock.now(), "cluster")
    desk.packages.remember(package)
    _take_years_in(desk, package.jurisdiction.calendar, scenario)
    return ClusterStage(desk, clock, package, scenario, Cast(desk, package, scenario))


def _take_years_in(desk: Desk, place: str, scenario: Scenario) -> None:
    """Take in the years of the scenario's own, as two people do: other processes then count by them too.

    Every layer of the place's calendar gets them, so that they count as published.
    """
    if not scenario.years:
        return
    account = NewAccount("keeps-calendar-years", "日历", "four words nobody would guess")
    person = add_first_administrator(desk, SYSTEM, account, "designer")
    now = desk.clock.now()
    for year, layer in product(scenario.years, desk.calendars[place].layers):
        known = replace(year, status=YearStatus.PUBLISHED)
        days = with_year(desk.calendars, layer.key, known)[place].working_days_in(year.year)
        row = CalendarYearRow(
            layer=layer.key, year=year.year, state=IN_FORCE, title="scenario", text="",
            content=year_file(known, "scenario", "", "", days), working_days=days, person_id=person,
            author=account.name, at=now, details={"decided": {"at": now.isoformat()}},
        )  # fmt: skip
        with desk.store.write() as tx:
            tx.calendar_years.insert(row)
    refresh_calendars(desk)


def now_and_then(fault: Callable[[], None], chance: random.Random, one_in: int) -> Callable[[], None]:
    """Return what brings about ``fault`` once in so many calls, by chance."""

    def maybe() -> None:
        if chance.randrange(one_in) == 0:
            fault()

    return maybe
