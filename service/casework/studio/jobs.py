"""Long work of the studio beside the requests: one thread, progress that can be asked for, and a way to stop it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count
from threading import Event, Lock
from typing import Any
from weakref import WeakKeyDictionary

from service.casework.desk.desk import Desk
from service.domain.errors import LaurelError, NotFound
from service.domain.text import Text
from service.store import Store

MOST_KEPT = 60
"""So many jobs are remembered by a process; the oldest finished ones are forgotten."""


class JobState(StrEnum):
    """How far a job has come."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


class Stopped(Exception):
    """Somebody stopped the job."""


@dataclass(slots=True)
class Job:
    """A piece of long work for ``draft``; ``result`` is there once it is done, ``trouble`` when it failed.

    ``key`` says what it is about: of jobs with one key the newest counts.
    """

    id: int
    draft: int
    key: str
    total: int
    done: int = 0
    doing: Text = field(default_factory=lambda: Text("", ""))
    state: JobState = JobState.WAITING
    result: Any = None
    trouble: Text | None = None
    _stop: Event = field(default_factory=Event)

    def beat(self, done: int, total: int, doing: Text) -> None:
        """Tell how far it has come; raises Stopped when somebody wants it to end."""
        self.check()
        self.done, self.total, self.doing = done, total, doing

    def check(self) -> None:
        """Raise Stopped when somebody wants it to end."""
        if self._stop.is_set():
            raise Stopped

    def stop(self) -> None:
        """Ask the job to end at its next step."""
        self._stop.set()

    @property
    def over(self) -> bool:
        """Whether nothing more will come of it."""
        return self.state in (JobState.DONE, JobState.FAILED, JobState.STOPPED)


_POOL = ThreadPoolExecutor(max_workers=1, thread_name_prefix="studio")


class Jobs:
    """The long work for the drafts of one database: one job at a time, so that the tasks of everybody keep a core."""

    def __init__(self) -> None:
        self._jobs: OrderedDict[int, Job] = OrderedDict()
        self._numbers, self._lock = count(1), Lock()

    def start(self, draft: int, key: str, total: int, work: Callable[[Job], object]) -> Job:
        """Let ``work`` be done; a job of the same draft and key that still runs is stopped."""
        with self._lock:
            for job in self._jobs.values():
                if job.draft == draft and job.key == key and not job.over:
                    job.stop()
            job = Job(next(self._numbers), draft, key, total)
            self._jobs[job.id] = job
            self._forget()
        _POOL.submit(_run, job, work)
        return job

    def get(self, draft: int, ident: int) -> Job:
        """Return a job of ``draft``; raises NotFound when it was forgotten or is another draft's."""
        job = self._jobs.get(ident)
        if job is None or job.draft != draft:
            raise NotFound(Text("这次运行的结果已不在，请重新运行。", "The result of this run is gone: run it again."))
        return job

    def latest(self, draft: int, key: str) -> Job | None:
        """Return the newest job of ``draft`` with ``key``."""
        with self._lock:
            found = [job for job in self._jobs.values() if job.draft == draft and job.key == key]
        return found[-1] if found else None

    def _forget(self) -> None:
        for ident in [i for i, job in self._jobs.items() if job.over][: max(0, len(self._jobs) - MOST_KEPT)]:
            del self._jobs[ident]


def _run(job: Job, work: Callable[[Job], object]) -> None:
    try:
        job.check()
        job.state = JobState.RUNNING
        job.result = work(job)
        job.state = JobState.DONE
    except Stopped:
        job.state = JobState.STOPPED
    except LaurelError as error:
        job.trouble, job.state = error.message, JobState.FAILED
    except Exception as error:
        what = f"{type(error).__name__}: {error}"[:400]
        job.trouble = Text(f"没有做完：{what}", f"It could not be finished: {what}")
        job.state = JobState.FAILED


_JOBS: WeakKeyDictionary[Store, Jobs] = WeakKeyDictionary()
_LOCK = Lock()


def jobs_of(desk: Desk) -> Jobs:
    """Return the long work of this process for the drafts of one database."""
    with _LOCK:
        return _JOBS.setdefault(desk.store, Jobs())
