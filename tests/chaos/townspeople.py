"""What the people of the town do, over and over: open rounds, apply, withdraw, decide."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from service.casework.access.actor import Actor
from service.casework.cases.act_on_case import act_on_case
from service.casework.cases.start import start_case
from service.casework.desk.desk import Desk
from service.casework.tasks.complete import complete_task
from service.domain.errors import Conflict
from service.store import CaseFilter, Store, TaskFilter
from service.store.models import TaskRow
from tests.chaos.town import APPLICATIONS, PACKAGE, outcome

ROUNDS = 6
"""Rounds under way at any time while new ones are opened."""


class Hands(Protocol):
    """How a person acts on the product. Each raises Conflict where somebody else was quicker."""

    def start(self, who: str, process: str, parent: int | None) -> None:
        """Begin a case."""

    def complete(self, who: str, task: TaskRow, form: Mapping[str, Any]) -> None:
        """Submit a task."""

    def withdraw(self, who: str, case_id: int, form: Mapping[str, Any]) -> None:
        """Withdraw an application."""


class UseCases:
    """People who act by the use cases of this process, as ``desk`` puts them together."""

    def __init__(self, desk: Desk, people: Mapping[str, Actor]) -> None:
        self._desk, self._people = desk, people

    def start(self, who: str, process: str, parent: int | None) -> None:
        """Begin a case."""
        start_case(self._desk, self._people[who], PACKAGE, process, parent, {"ready": True})

    def complete(self, who: str, task: TaskRow, form: Mapping[str, Any]) -> None:
        """Submit a task."""
        complete_task(self._desk, self._people[who], task.id, task.version, form)

    def withdraw(self, who: str, case_id: int, form: Mapping[str, Any]) -> None:
        """Withdraw an application."""
        act_on_case(self._desk, self._people[who], case_id, "withdraw", form)


@dataclass(frozen=True, slots=True)
class Townspeople:
    """Those who apply and those of the office; no round is opened once the file ``closing`` is there.

    What waits is read from the ``store``; what they do goes through their ``hands``.
    """

    store: Store
    hands: Hands
    people: Mapping[str, Actor]
    closing: Path

    def applicant(self) -> bool:
        """Do one thing as the applicant; returns whether there was any."""
        task = self._some_task("applicant")
        if task is None:
            return self._apply()
        if outcome("application", task.case_id) == "withdrawn":
            self.hands.withdraw("applicant", task.case_id, {"reason": "另有安排"})
        else:
            self.hands.complete("applicant", task, {"founded_on": "2010-05-01", "contact": "张三"})
        return True

    def office(self) -> bool:
        """Do one thing as the office; returns whether there was any."""
        task = self._some_task("office")
        if task is None:
            return self._open_round()
        passed = outcome("application", task.case_id) == "accepted"
        self.hands.complete(
            "office", task, {"decision": "pass"} if passed else {"decision": "fail", "reason": "材料不全"}
        )
        return True

    def _apply(self) -> bool:
        """Apply in a round that still takes applications."""
        with self.store.read() as tx:
            rounds = tx.cases.search(CaseFilter(process="round", live=True))
            taking = [
                row.id for row in rounds if len(tx.cases.select(parent_id=row.id, process="application")) < APPLICATIONS
            ]
        if not taking:
            return False
        self.hands.start("applicant", "application", random.choice(taking))
        return True

    def _open_round(self) -> bool:
        if self.closing.exists():
            return False
        with self.store.read() as tx:
            if len(tx.cases.search(CaseFilter(process="round", live=True))) >= ROUNDS:
                return False
        self.hands.start("office", "round", None)
        return True

    def _some_task(self, who: str) -> TaskRow | None:
        seats = [(seat.jurisdiction, seat.role, seat.body_id) for seat in self.people[who].seats]
        with self.store.read() as tx:
            tasks = tx.tasks.list_page(TaskFilter(seats, scope="body"), limit=10)
        return random.choice(tasks) if tasks else None


def once(person: Callable[[], bool]) -> None:
    """Let a person do one thing, and rest a moment."""
    try:
        busy = person()
    except Conflict:  # somebody was quicker: that is what a person is told too
        busy = True
    time.sleep(0.005 if busy else 0.05)


def repeat(person: Callable[[], bool]) -> None:
    """Let a person do one thing after the other for ever."""
    while True:
        once(person)
