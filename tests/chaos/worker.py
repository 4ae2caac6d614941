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
from collections.abc import Mapping
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import ClassVar

from service.casework.access.actor import SYSTEM, Actor
from service.casework.assemble import desk_over
from service.casework.desk.channels import Delivery, Inbox, Outgoing, Recipient, find_unsent_address
from service.casework.desk.desk import Desk
from service.casework.due.run_item import run_item
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.domain.running.lanes import LANES
from service.domain.text import Text
from service.jobs import Sweeper, running
from service.jobs.due_work import DueWork
from service.jobs.process_lock import owner_name
from service.jobs.worker import LaneWorker, Ticker
from service.sdk import operations
from service.store import Store
from service.store.queries import claims
from tests.chaos.sabotage import SABOTAGES
from tests.chaos.town import START
from tests.chaos.townspeople import Townspeople, UseCases, repeat

_LEASE_SECONDS = 2.0
_TICK_SECONDS = 0.3


class RefusedOnPurpose(OSError):
    """The outside world takes a message not: what failed so is known by this name in the log."""


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
        return find_unsent_address(to.message)

    def send(self, message: Outgoing) -> Delivery:
        if random.random() < 0.15:
            raise RefusedOnPurpose
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
    people = Townspeople(store, UseCases(desk, orders.people), orders.people, orders.folder / "closing")
    for person in (people.applicant, people.office, people.office):
        threading.Thread(target=repeat, args=(person,), daemon=True).start()
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


def _end_loudly(orders: Orders, error: BaseException | None, trace: TracebackType | None = None) -> None:
    if error is not None:
        with (orders.folder / "errors.log").open("a") as log:
            log.write("".join(traceback.format_exception(type(error), error, trace or error.__traceback__)))
    os._exit(1)
