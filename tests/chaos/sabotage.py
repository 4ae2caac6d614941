"""Ways to break the product on purpose, so that the test can prove that it would notice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from service.store.models import WorkItemRow
from service.store.queries.tasks import TaskRepository
from service.store.queries.work import WorkRepository


def nothing() -> None:
    """Leave the product as it is."""


def split_commit() -> None:
    """Commit in the middle of a person's step: the task is done before engine, history and case are written."""
    whole = TaskRepository.step

    def step(self: TaskRepository, key: int, version: int, **changes: object) -> None:
        whole(self, key, version, **changes)
        if changes.get("state") == "done":
            self._connection.exec_driver_sql("COMMIT")
            self._connection.exec_driver_sql("BEGIN")

    TaskRepository.step = step  # type: ignore[method-assign]


def no_finish() -> None:
    """Do work without marking it as done."""

    def finish(self: WorkRepository, item: WorkItemRow, at: datetime) -> None:
        """Forget to."""

    WorkRepository.finish = finish  # type: ignore[method-assign]


SABOTAGES: Mapping[str, Callable[[], None]] = {"": nothing, "split commit": split_commit, "no finish": no_finish}
