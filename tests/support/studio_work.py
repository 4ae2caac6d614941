"""The studio's lane of due work, done when a test asks for it or beside a server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from service.casework.access.actor import SYSTEM
from service.casework.desk.desk import Desk
from service.casework.studio.run_jobs import carry_out
from service.domain.running.lanes import STUDIO
from service.jobs.due_work import DueWork
from service.store.models import WorkItemRow


def carry_on(desk: Desk) -> None:
    """Do all parts of the studio's jobs that wait."""
    work, broken = _work(desk)
    while work.run_some(STUDIO, desk.clock.now()):
        continue
    assert broken == []


@contextmanager
def studio_at_work(desk: Desk) -> Iterator[None]:
    """Do the studio's jobs in a thread until the end of the block, as the program does beside its pages."""
    ended, (work, broken) = Event(), _work(desk)

    def go_on() -> None:
        while not ended.wait(0.02):
            work.run_some(STUDIO, desk.clock.now())

    thread = Thread(target=go_on, name="studio", daemon=True)
    thread.start()
    yield
    ended.set()
    thread.join(60)
    assert broken == []


def _work(desk: Desk) -> tuple[DueWork, list[Exception]]:
    broken: list[Exception] = []

    def run(item: WorkItemRow) -> None:
        try:
            carry_out(desk, SYSTEM, item)
        except Exception as error:
            broken.append(error)
            raise

    return DueWork(desk.store, run, desk.clock.now, "test"), broken
