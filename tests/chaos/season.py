"""Starts processes, kills them again and again, and lets the last ones finish in peace."""

from __future__ import annotations

import itertools
import multiprocessing as mp
import random
import re
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path

import sqlalchemy as sa

from service.store import CaseFilter, Store
from service.store.models.log import audit
from service.store.models.work import work_item
from tests.chaos.invariants import broken
from tests.chaos.town import found
from tests.chaos.worker import Orders, RefusedOnPurpose, live
from tests.support.waiting import until

SERVICE = Path(__file__).parents[2] / "service"
DAYS = 280
"""Days the clock may run: the calendars beyond the year are not published."""

PEACE = 60.0
"""Seconds the work may take to end when nobody shoots any more."""

_PATIENCE = 3.0
"""Seconds an armed point is waited for before the process is shot from outside instead."""


ELSEWHERE = {"ballot-marked", "paper-in-box"}
"""Points that this town never comes to: nobody votes in it."""

_TO_LOSE = 40
"""Entries of histories from which on there is something to lose."""

_MISSES = 3
"""A point waited for in vain so often is not armed again."""


def crash_points() -> list[str]:
    """Return the names of all points at which the product says it may die."""
    call = re.compile(r"""crash(?:_point)?\("([a-z-]+)"\)""")
    return sorted({name for path in SERVICE.rglob("*.py") for name in call.findall(path.read_text())} - ELSEWHERE)


@dataclass
class Report:
    """What happened: ``points`` counts deaths by named point, ``outside`` those by a shot from outside."""

    deaths: int = 0
    outside: int = 0
    fell: int = 0
    under_fire: int = 0
    seconds: float = 0.0
    cases: int = 0
    points: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    errors: str = ""
    broken: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.deaths} deaths in {self.seconds:.0f} s ({self.outside} from outside, others at"
            f" {len(self.points)} points; not reached: {sorted(set(self.missed) - set(self.points)) or 'none'}),"
            f" {self.cases} cases, {self.under_fire} audit events under fire,"
            f" {len(self.broken)} broken invariants"
        )


class Season:
    """A store under fire from ``processes`` processes at a time."""

    def __init__(self, store: Store, url: str, folder: Path, *, limit: float, sabotage: str = "") -> None:
        self._store, self._folder = store, folder
        self._url, self._limit = url, limit
        self._context = mp.get_context("forkserver")
        self._context.set_forkserver_preload(["tests.chaos.worker"])
        people = found(store)
        self._orders = {
            number: Orders(url, folder, time.time(), DAYS * 86_400 / (limit + PEACE), people, number, sabotage)
            for number in range(1 if self._store.dialect == "sqlite" else 2)
        }
        self._alive: dict[int, BaseProcess] = {}
        self._patience = _PATIENCE
        self.report = Report()

    def run(self, kills: int, points: Sequence[str] = (), patience: float = PEACE) -> Report:
        """Kill ``kills`` times (at ``points``, when given), let the work end within ``patience`` seconds, then look."""
        outside_world(self._folder / "receiver.db")
        self._spawn_missing()
        until(lambda: self._audit_events() >= _TO_LOSE, PEACE, what="there is something to lose")
        began = time.monotonic()
        order = itertools.cycle(points) if points else self._order_of_points()
        self._patience = 15.0 if points else _PATIENCE
        while self.report.deaths < kills and time.monotonic() - began < self._limit:
            self._kill_once(next(order))
        self.report.seconds = time.monotonic() - began
        self.report.under_fire = self._audit_events()
        self._finish(patience)
        self._sum_up(kills)
        return self.report

    def _order_of_points(self) -> Iterator[str]:
        """Every named point in turn, in a new order each time round, and a shot from outside after every fourth."""
        count = 0
        while True:
            names = crash_points()
            random.shuffle(names)
            for name in names:
                count += 1
                if count % 5 == 0:
                    yield ""
                if self.report.missed[name] < _MISSES:
                    yield name

    def _kill_once(self, point: str) -> None:
        time.sleep(random.uniform(0.02, 0.25))
        if point:
            (self._folder / "armed").write_text(point)
            self._wait_for_death(self._patience)
            if (self._folder / "armed").exists():
                self.report.missed[point] += 1
            (self._folder / "armed").unlink(missing_ok=True)
        if not any(process.exitcode is not None for process in self._alive.values()):
            victim = random.choice(list(self._alive.values()))
            victim.kill()
            victim.join(60)
            self.report.outside += 1
        self._bury()
        self._spawn_missing()

    def _wait_for_death(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end and all(process.exitcode is None for process in self._alive.values()):
            time.sleep(0.01)

    def _bury(self) -> None:
        for number, process in list(self._alive.items()):
            if process.exitcode is not None:
                self.report.deaths += 1
                self.report.fell += process.exitcode != -signal.SIGKILL
                del self._alive[number]

    def _spawn_missing(self) -> None:
        for number, orders in self._orders.items():
            if number not in self._alive:
                process = self._context.Process(target=live, args=(orders,), daemon=True)
                process.start()
                self._alive[number] = process

    def _finish(self, patience: float) -> None:
        (self._folder / "closing").touch()
        end = time.monotonic() + patience
        while time.monotonic() < end and not self._quiet():
            time.sleep(0.2)
        for process in self._alive.values():
            self.report.fell += process.exitcode is not None
            process.kill()
            process.join(60)

    def _quiet(self) -> bool:
        """Nothing is under way and nothing is left to do, nor being done."""
        with self._store.read() as tx:
            if tx.cases.search(CaseFilter(live=True), limit=1):
                return False
        left = work_item.c.state.in_(["waiting", "running"])
        return self._count(sa.select(sa.func.count()).select_from(work_item).where(left)) == 0

    def _audit_events(self) -> int:
        return self._count(sa.select(sa.func.count()).select_from(audit))

    def _count(self, statement: sa.Select[int]) -> int:
        engine = sa.create_engine(self._url)
        with engine.connect() as connection:
            count = connection.execute(statement).scalar_one()
        engine.dispose()
        return int(count)

    def _sum_up(self, kills: int) -> None:
        report, folder = self.report, self._folder
        with suppress(FileNotFoundError):
            report.points.update((folder / "kills.log").read_text().split())
        with suppress(FileNotFoundError):
            report.errors = (folder / "errors.log").read_text()
        with self._store.read() as tx:
            report.cases = len(tx.cases.search(CaseFilter(), limit=1_000_000))
        report.broken = broken(self._store, self._url, folder / "receiver.db", report.deaths)
        report.broken += self._unexpected_failures()
        if report.deaths < kills / 3:  # a busy machine may not manage all of them
            report.broken.append(f"only {report.deaths} deaths in {self._limit} s: nothing proven")
        if report.under_fire < _TO_LOSE:  # what does not end then is no fault of the program
            report.broken.insert(
                0, f"only {report.under_fire} audit events under fire: this machine was too busy to tell"
            )
        if report.fell:
            report.broken.append(f"{report.fell} processes ended without being shot: {report.errors[-2000:]}")

    def _unexpected_failures(self) -> list[str]:
        """Items may fail only because the outside refused."""
        with suppress(FileNotFoundError):
            said = (self._folder / "sweeper.log").read_text()
            failed = said.split("due work failed:")[1:]
            return [f"due work failed:{one}" for one in failed if RefusedOnPurpose.__name__ not in one]
        return []


def outside_world(path: Path) -> None:
    """Make the database in which those outside note what reached them."""
    with closing(sqlite3.connect(path)) as world:
        world.execute("PRAGMA journal_mode=WAL")
        world.execute("CREATE TABLE delivery (id INTEGER PRIMARY KEY, effect_key TEXT NOT NULL)")
