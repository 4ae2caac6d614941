"""Long work of the studio beside the requests: one after another, kept in the database, with progress and a way to stop it.

What a job is about, how far it is and what it came to are rows, so that a restart loses nothing and a second process
tells the same. The work itself is done by the process that was asked; when that ends, the job is interrupted.
"""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from functools import partial
from time import monotonic
from typing import Any, TypeVar

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.clock import SystemClock
from service.casework.desk.desk import Desk
from service.casework.studio.work.job_ends import note_end
from service.casework.studio.work.job_line import let_brief_pass, line_up
from service.casework.studio.work.job_words import is_brief, waiting_words
from service.casework.studio.work.kept_results import pack_result, unpack_result
from service.domain.errors import Conflict, LaurelError, NotFound
from service.domain.text import Text, text_of
from service.store import Store, Transaction
from service.store.models import StudioJobRow

PROCESS = f"{os.getpid()}-{secrets.token_hex(8)}"
"""This process of the program."""
SILENT = timedelta(seconds=60)
"""A process that gave no sign of life for so long does nothing any more."""
MOST_OWN, MOST_WAITING = 12, 60
"""Jobs that one person, and everybody together, may have waiting or running."""
_TELL = 0.5
"""Seconds between two notes of how far a job is."""
_MACHINE = SystemClock()
_LOG = logging.getLogger(__name__)
Result = TypeVar("Result")


class JobState(StrEnum):
    """How far a job has come."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"
    INTERRUPTED = "interrupted"


_BROKEN_OFF = Text(
    "运行期间程序重新启动过，这次运行没有做完。请重新开始。",
    "The program was restarted meanwhile, and this was not finished: start it again.",
)


class Stopped(Exception):
    """Somebody stopped the job."""


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of long work as its row tells of it; ``asked`` is what is needed to start it again."""

    id: int
    draft: int
    revision: int
    asked: Mapping[str, Any]
    done: int
    total: int
    doing: Text
    state: JobState
    trouble: Text | None
    content: bytes | None

    @property
    def over(self) -> bool:
        """Whether nothing more will come of it."""
        return self.state not in (JobState.WAITING, JobState.RUNNING)

    @property
    def again(self) -> bool:
        """Whether it ended without a result and may be started again."""
        return self.state in (JobState.FAILED, JobState.INTERRUPTED)

    def result(self, kind: type[Result]) -> Result | None:
        """Return what it came to; None before it is done."""
        return unpack_result(kind, self.content)


@dataclass(slots=True)
class Run:
    """A job while it is done: the work tells how far it is, and learns whether it is to end."""

    store: Store
    job: int
    brief: bool = False
    _told: float = field(default=0.0)

    def beat(self, done: int, total: int, doing: Text) -> None:
        """Tell how far it has come, and let brief work pass; raises Stopped when somebody wants it to end."""
        self.pause()
        self.tell({"done": done, "total": total, "doing": doing.as_json()})

    def pause(self) -> None:
        """Let brief work pass, between two parts of long work."""
        if not self.brief:
            let_brief_pass(self._live)

    def check(self) -> None:
        """Raise Stopped when somebody wants it to end."""
        if monotonic() - self._told >= _TELL:
            self.tell({})

    def tell(self, changes: Mapping[str, object]) -> None:
        """Note ``changes`` of the job's row; raises Stopped when somebody wants it to end."""
        if not self._noted(changes):
            raise Stopped

    def _live(self) -> None:
        """Note that the job goes on; whether it is to end it learns at its next beat."""
        self._noted({})

    def _noted(self, changes: Mapping[str, object]) -> bool:
        with self.store.write() as tx:
            go_on = tx.studio_jobs.beat(self.job, PROCESS, _MACHINE.now(), {"state": JobState.RUNNING, **changes})
        self._told = monotonic()
        return go_on


@dataclass(frozen=True, slots=True)
class JobOrder:
    """What is to be done: ``key`` says what it is about, ``asked`` is what is needed to start it again."""

    key: str
    total: int
    asked: Mapping[str, object]

    @property
    def brief(self) -> bool:
        """Whether it goes between two parts of long work."""
        return is_brief(self.asked, self.total)


@guarded("draft.view")
def start_job(desk: Desk, actor: Actor, draft: int, order: JobOrder, work: Callable[[Run], object]) -> int:
    """Let ``work`` be done for ``draft`` and return the job's number; one of the same key that still runs is stopped.

    Raises Conflict where too many wait already.
    """
    with desk.store.write() as tx:
        tx.studio_jobs.interrupt(_MACHINE.now() - SILENT)
        _demand_place(tx, actor)
        row = StudioJobRow(
            draft_id=draft,
            revision=tx.package_drafts.brief(draft).revision,
            key=order.key,
            asked=dict(order.asked),
            person_id=actor.person_id,
            total=order.total,
            process=PROCESS,
            begun_at=desk.clock.now(),
            beat_at=_MACHINE.now(),
        )
        job = tx.studio_jobs.begin(row)
    line_up(partial(_run, desk, Run(desk.store, job, order.brief), work), brief=order.brief)
    return job


def _demand_place(tx: Transaction, actor: Actor) -> None:
    mine, everybody = tx.studio_jobs.open_jobs(actor.person_id or 0)
    if mine >= MOST_OWN or everybody >= MOST_WAITING:
        whose = (
            Text(f"您有 {mine} 项", f"{mine} of yours are")
            if mine >= MOST_OWN
            else Text(f"共有 {everybody} 项", f"{everybody} are")
        )
        raise Conflict(
            Text(
                f"{whose.zh}运算还没有做完，这一项没有开始。请等它们做完，或者先停止不要的。",
                f"{whose.en} not done yet, so this was not begun. Wait for them, or stop those that are not wanted.",
            )
        )


def job_of(tx: Transaction, draft: int, job: int) -> Job:
    """Return a job of ``draft``; raises NotFound when it was forgotten or is another draft's."""
    row = tx.studio_jobs.get(job)
    if row is None or row.draft_id != draft:
        raise NotFound(Text("这次运行的结果已不在，请重新运行。", "The result of this run is gone: run it again."))
    return _job(row, tx)


def latest_job(tx: Transaction, draft: int, key: str) -> Job | None:
    """Return the newest job of ``draft`` with ``key``, without its result."""
    row = tx.studio_jobs.latest(draft, key)
    return _job(row, tx) if row else None


def latest_result(tx: Transaction, draft: int, key: str, kind: type[Result]) -> Result | None:
    """Return what the newest finished job of ``draft`` with ``key`` came to."""
    row = tx.studio_jobs.latest_done(draft, key)
    return _job(row, tx).result(kind) if row else None


def _job(row: StudioJobRow, tx: Transaction) -> Job:
    state, trouble = JobState(row.state), row.trouble
    if row.ended_at is None and row.beat_at < _MACHINE.now() - SILENT:
        state = JobState.INTERRUPTED
    doing = waiting_words(row, tx.studio_jobs.ahead(row)) if state is JobState.WAITING else None
    why = _BROKEN_OFF if state is JobState.INTERRUPTED else text_of(trouble) if trouble else None
    return Job(
        row.id,
        row.draft_id,
        row.revision,
        row.asked,
        row.done,
        row.total,
        doing or text_of(row.doing),
        state,
        why,
        row.result,
    )


def _failed(job: int) -> Text:
    """Return what a designer reads of a fault of the program: what it was stands in the log."""
    return Text(
        f"程序出错，没有做完。请重新开始；再次出错的，请把“运算 {job} 号”告诉管理员，原因记在程序日志中。",
        f"The program failed, so this is not finished. Start it again; if it fails again, tell the administrator of "
        f"job {job}: the log has the cause.",
    )


def _run(desk: Desk, run: Run, work: Callable[[Run], object]) -> None:
    """Do the work and note what came of it."""
    trouble: Text | None = None
    result: bytes | None = None
    try:
        run.tell({})
        result = pack_result(work(run))
        state = JobState.DONE
    except Stopped:
        state = JobState.STOPPED
    except LaurelError as error:
        trouble, state = error.message, JobState.FAILED
    except Exception:
        _LOG.exception("job %s of the studio failed", run.job)
        trouble, state = _failed(run.job), JobState.FAILED
    ended = {
        "state": state,
        "trouble": trouble.as_json() if trouble else None,
        "ended_at": desk.clock.now(),
        **({"result": result} if state is JobState.DONE else {}),
    }
    try:
        with desk.store.write() as tx:
            tx.studio_jobs.end(run.job, ended)
        note_end()
    except LaurelError as error:
        _LOG.warning("job %s of the studio ended as %s, which could not be noted: %s", run.job, state, error.message.en)
