"""Ways to break the product on purpose, so that the test can prove that it would notice."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from service.domain.audit_chain import AuditEvent
from service.store.repositories.history import History
from service.store.repositories.work import Work
from service.store.rows import WorkItemRow


def nothing() -> None:
    """Leave the product as it is."""


def split_commit() -> None:
    """Commit in the middle of a step, before its history and the case are written."""
    whole = History.append

    def append(
        self: History, case_id: int, seq: int, previous_hash: str, events: Sequence[AuditEvent]
    ) -> tuple[int, str]:
        if seq:  # a case half begun would stop the people of the test, and they would be what fails
            self._connection.exec_driver_sql("COMMIT")
            self._connection.exec_driver_sql("BEGIN")
        return whole(self, case_id, seq, previous_hash, events)

    History.append = append  # type: ignore[method-assign]


def no_finish() -> None:
    """Do work without marking it as done."""

    def finish(self: Work, item: WorkItemRow, at: datetime) -> None:
        """Forget to."""

    Work.finish = finish  # type: ignore[method-assign]


SABOTAGES: Mapping[str, Callable[[], None]] = {
    "": nothing,
    "split commit": split_commit,
    "no finish": no_finish,
}
