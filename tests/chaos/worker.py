"""One process of the product under fire: people who do their tasks, and the sweeper that does what is due."""

from __future__ import annotations

import logging
import os
import random
import signal
import sqlite3
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import ClassVar

from service.casework.access.actor import SYSTEM, Actor
from service.casework.assemble import desk_over
from service.casework.cases.act_on_case import act_on_case
from service.casework.cases.start import start_case
from service.casework.desk.channels import Delivery, Inbox, Outgoing, Recipient, unsent
from service.casework.desk.desk import Desk
from service.casework.due.run_item import run_item
from service.casework.tasks.complete import complete_task
from service.catalog.calendars import bundled_calendars, load_calendars
from service.domain.errors import Conflict
from service.domain.lanes import LANES
from service.domain.text import Text
from service.jobs import Sweeper, running
from service.jobs.due_work import DueWork
from service.jobs.owner import owner_name
from service.jobs.ticker import Ticker
from service.jobs.worker import LaneWorker
from service.sdk import operations
from service.store import CaseFilter, Store, TaskFilter
from service.store.repositories import claims
from service.store.rows import TaskRow
from tests.chaos.sabotage import SABOTAGES
from tests.chaos.town import APPLICATIONS, PACKAGE, START, outcome

ROUNDS = 6
"""Rounds under way at any time while new ones are opened."""

REFUSED = "refused on purpose"
_LEASE_SECONDS = 2.0
_TICK_SECONDS = 0.3


@dataclass(frozen=True, slots=True)
class Orders:
    """What a process is told: where everything lies, how fast the clock runs, and what to break on purpose."""

    url: str
    folder: Path
    began: float
    speed: float
    people: Mapping[str, Actor]
    number: int
    sabotage: str = ""

    @property
    def clock(self) -> RunningClock:
        return RunningClock(self.began, START, self.speed)


@dataclass(frozen=True, slots=True)
class RunningClock:
    """Runs ``speed`` times as fast as the machine's, from ``start`` at machine time ``began``; the same everywhere."""

    began: float
    start: datetime
    speed: float

    def now(self) -> datetime:
        return self.start + timedelta(seconds=(time.time() - self.began) * self.speed)


class Trigger:
    """Kills this process at the named point that is armed; whoever takes the arm away first is the one to die."""

    def __init__(self, folder: Path) -> None:
        self._armed, self._log = folder / "armed", folder / "kills.log"

    def __call__(self, point: str) -> None:
        if self._read() != point:
            return
        try:
            self._armed.rename(self._armed.with_name("fired"))
        except FileNotFoundError:
            return
        with self._log.open("a") as log:  # first the log, then the shot
            log.write(f"{point}\n")
        os.kill(os.getpid(), signal.SIGKILL)

    def _read(self) -> str:
        try:
            return self._armed.read_text()
        except FileNotFoundError:
            return ""


@dataclass(frozen=True, slots=True)
class Receiver:
    """The outside world: counts every delivery, and refuses some."""

    path: Path
    name: ClassVar[str] = "mail"
    label: ClassVar[Text] = Text("收件人", "Receiver")

    def address(self, to: Recipient) -> str | None:
        """Return the address that the message bears."""
        return unsent(to.message)

    def send(self, message: Outgoing) -> Delivery:
        if random.random() < 0.15:
            raise OSError(REFUSED)
        with closing(sqlite3.connect(self.path, timeout=30)) as world, world:
            world.execute("INSERT INTO delivery (effect_key) VALUES (?)", (message.key,))
        return Delivery.SENT

    def describe(self) -> Text:
        """Nothing stands in the way."""
        return Text("可以连接", "answers")


def live(orders: Orders) -> None:
    """Work until shot. Any error that is no race ends the process, which fails the test."""
    threading.excepthook = lambda failed: _end_loudly(orders, failed.exc_value)
    sys.excepthook = lambda kind, error, trace: _end_loudly(orders, error, trace)
    logging.basicConfig(filename=orders.folder / "sweeper.log", level=logging.ERROR, format="%(message)s")
    claims.MAX_ATTEMPTS = 10_000  # killed on purpose far more often than a product ever is
    SABOTAGES[orders.sabotage]()
    store = Store(orders.url, orders.folder / "files")
    store.crash_point = Trigger(orders.folder)
    calendars = load_calendars(bundled_calendars())
    channels = (Inbox(), Receiver(orders.folder / "receiver.db"))
    desk = desk_over(store, calendars, operations(), clock=orders.clock, channels=channels)
    for person in (_applicant, _office, _office):
        threading.Thread(target=_repeat, args=(person, desk, orders), daemon=True).start()
    with _due_work(desk, orders):
        threading.Event().wait()


def _due_work(desk: Desk, orders: Orders) -> AbstractContextManager[object]:
    """Due work as the product does it: a sweeper on SQLite, a worker of Procrastinate on PostgreSQL."""
    store, owner, lease = desk.store, owner_name(), timedelta(seconds=_LEASE_SECONDS * orders.speed)
    if store.bells is None:
        sweeper = Sweeper(store, lambda item: run_item(desk, SYSTEM, item), desk.clock.now, owner, lease)
        return running([sweeper], store, orders.folder / f"sweeper-{orders.number}.lock")
    work = DueWork(store, lambda item: run_item(desk, SYSTEM, item), desk.clock.now, owner, lease)
    ticker = Ticker(store, store.bells, desk.clock.now, LANES, longest=_TICK_SECONDS)
    return LaneWorker(store, store.bells, work, ticker, LANES, threads=2).beside()


def _repeat(person: Callable[[Desk, Orders], bool], desk: Desk, orders: Orders) -> None:
    while True:
        try:
            busy = person(desk, orders)
        except Conflict:  # somebody was quicker: that is what a person is told too
            busy = True
        time.sleep(0.005 if busy else 0.05)


def _applicant(desk: Desk, orders: Orders) -> bool:
    me = orders.people["applicant"]
    task = _some_task(desk, me)
    if task is None:
        return _apply(desk, me)
    if outcome("application", task.case_id) == "withdrawn":
        act_on_case(desk, me, task.case_id, "withdraw", {"reason": "另有安排"})
    else:
        complete_task(desk, me, task.id, task.version, {"founded_on": "2010-05-01", "contact": "张三"})
    return True


def _apply(desk: Desk, me: Actor) -> bool:
    """Apply in a round that still takes applications."""
    with desk.store.read() as tx:
        rounds = tx.cases.search(CaseFilter(process="round", live=True))
        taking = [row.id for row in rounds if len(tx.cases.children(row.id, "application")) < APPLICATIONS]
    if not taking:
        return False
    start_case(desk, me, PACKAGE, "application", random.choice(taking), {"ready": True})
    return True


def _office(desk: Desk, orders: Orders) -> bool:
    me = orders.people["office"]
    task = _some_task(desk, me)
    if task is None:
        return _open_round(desk, orders, me)
    passed = outcome("application", task.case_id) == "accepted"
    form = {"decision": "pass"} if passed else {"decision": "fail", "reason": "材料不全"}
    complete_task(desk, me, task.id, task.version, form)
    return True


def _open_round(desk: Desk, orders: Orders, me: Actor) -> bool:
    if (orders.folder / "closing").exists():
        return False
    with desk.store.read() as tx:
        if len(tx.cases.search(CaseFilter(process="round", live=True))) >= ROUNDS:
            return False
    start_case(desk, me, PACKAGE, "round", None, {"ready": True})
    return True


def _some_task(desk: Desk, actor: Actor) -> TaskRow | None:
    seats = [(seat.jurisdiction, seat.role, seat.body_id) for seat in actor.seats]
    with desk.store.read() as tx:
        tasks = tx.tasks.list(TaskFilter(seats, scope="body"), limit=10)
    return random.choice(tasks) if tasks else None


def _end_loudly(orders: Orders, error: BaseException | None, trace: TracebackType | None = None) -> None:
    if error is not None:
        with (orders.folder / "errors.log").open("a") as log:
            log.write("".join(traceback.format_exception(type(error), error, trace or error.__traceback__)))
    os._exit(1)
