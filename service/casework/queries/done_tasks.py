"""What a person has done (已办), newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.list_tasks import task_names
from service.casework.reading.citations import CitedArticle
from service.casework.reading.published import Published, published
from service.store import TaskFilter, Transaction

PAGE = 40


@dataclass(frozen=True, slots=True)
class DoneTask:
    """A task that the reader has done; ``late`` when that was after its time limit."""

    id: int
    case_id: int
    title: str
    subject: str
    step: str
    clauses: tuple[CitedArticle, ...]
    done_at: datetime
    late: bool


@dataclass(frozen=True, slots=True)
class DonePage:
    """A page of what was done; ``before`` continues it."""

    lines: tuple[DoneTask, ...]
    before: tuple[datetime, int] | None


@guarded("task.list")
def list_done(desk: Desk, actor: Actor, text: str = "", before: tuple[datetime, int] | None = None) -> DonePage:
    """Return one page of what ``actor`` has done, votes apart: when somebody voted is kept nowhere.

    ``text`` is looked for in titles and names of organisations.
    """
    with desk.store.read() as tx:
        lines = done_lines(tx, actor, published(desk, tx), text, before, PAGE + 1)
    shown = lines[:PAGE]
    last = (shown[-1].done_at, shown[-1].id) if len(lines) > PAGE else None
    return DonePage(tuple(shown), last)


def done_lines(
    tx: Transaction, actor: Actor, known: Published, text: str, before: tuple[datetime, int] | None, limit: int
) -> list[DoneTask]:
    """Return at most ``limit`` tasks that ``actor`` has done, newest first, within a unit of work."""
    chosen = TaskFilter(person_id=actor.person_id, state="done", text=text.strip(), recused=sorted(actor.recused))
    found = []
    for row in tx.tasks.done(chosen, before, limit):
        title, step, clauses = task_names(known, row)
        at = row.done_at or row.created_at
        found.append(DoneTask(row.id, row.case_id, title, row.subject, step, clauses, at, at > row.due_at))
    return found
