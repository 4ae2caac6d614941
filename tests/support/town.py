"""What every desk of the tests does: publish a package, let time pass, look at a case."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from service.casework.access.actor import SYSTEM
from service.casework.desk.clock import VirtualClock
from service.casework.desk.desk import Desk
from service.casework.studio.run_jobs import carry_out


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

    def case(self, case_id: int) -> Any:
        with self.desk.store.read() as tx:
            return tx.cases.get(case_id)
