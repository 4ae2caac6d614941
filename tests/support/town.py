"""What every desk of the tests does: publish a package, let time pass, look at a case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from service.casework.access.actor import SYSTEM, Actor
from service.casework.desk.clock import VirtualClock
from service.casework.desk.desk import Desk
from service.casework.studio.run_jobs import carry_out
from service.casework.tasks.complete import complete_task


class Town:
    """A desk whose clock is moved by hand."""

    desk: Desk
    clock: VirtualClock

    def drain(self) -> int:
        """Run everything that is due now, in due order."""
        count = 0
        while (item := self.desk.store.claim(self.clock.now(), "test")) is not None:
            carry_out(self.desk, SYSTEM, item)
            count += 1
        return count

    def advance(self, instant: datetime) -> None:
        """Move the clock from one due instant to the next until ``instant``, and do what is due then."""
        while True:
            self.drain()
            with self.desk.store.read() as tx:
                due = tx.work.next_due()
            if due is None or due > instant:
                break
            self.clock.move_to(due)
        self.clock.move_to(instant)
        self.drain()

    def tasks(self, case_id: int) -> list[Any]:
        with self.desk.store.read() as tx:
            return tx.tasks.open_of_case(case_id)

    def complete(self, case_id: int, actor: Actor, form: Mapping[str, Any]) -> None:
        """Let somebody do the one task of a case that waits, whatever waits in cases below it."""
        (task,) = (task for task in self.tasks(case_id) if task.case_id == case_id)
        complete_task(self.desk, actor, task.id, task.version, form)

    def case(self, case_id: int) -> Any:
        with self.desk.store.read() as tx:
            return tx.cases.get(case_id)
