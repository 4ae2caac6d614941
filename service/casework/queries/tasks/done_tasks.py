"""What a person has done (已办), newest first or in another order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.list_order import OLDEST, PAGE, place_in
from service.casework.queries.tasks.list_tasks import task_names
from service.casework.reading.citations import CitedArticle
from service.casework.reading.published import Published, published
from service.store import CAP, DONE_ORDERS, TaskFilter, Transaction
from service.store.models import TaskRow


@dataclass(frozen=True, slots=True)
class DoneTask:
    """A task that the reader has done; ``late`` when that was after its time limit.

    ``answer`` is the number of what was submitted for it, None where nothing was or it is not kept any more.
    """

    id: int
    case_id: int
    title: str
    subject: str
    step: str
    clauses: tuple[CitedArticle, ...]
    done_at: datetime
    late: bool
    answer: int | None = None


@dataclass(frozen=True, slots=True)
class DonePage:
    """A page of what was done; ``before`` continues it.

    Where the list is in an order of `DONE_ORDERS`, ``pages`` says how many there are
    and ``many`` how many rows they have; both are 0 where it is by when it was done.
    """

    lines: tuple[DoneTask, ...]
    before: tuple[datetime, int] | None
    pages: int = 0
    many: int = 0


@guarded("task.list")
def list_done(
    desk: Desk,
    actor: Actor,
    text: str = "",
    before: tuple[datetime, int] | None = None,
    order: str = "",
    page: int = 1,
) -> DonePage:
    """Return one page of what ``actor`` has done, votes apart: when somebody voted is kept nowhere.

    ``text`` is looked for in titles and names of organisations. ``order`` is "" for newest first, `OLDEST`, or one of
    `DONE_ORDERS`, with a minus before it turned round; there ``page``, from 1, is what ``before`` is for the others.
    """
    with desk.store.read() as tx:
        known, chosen = published(desk, tx), done_filter(actor, text)
        ids = tx.tasks.done_ids(chosen, CAP) if order.removeprefix("-") in DONE_ORDERS else ()
        place, pages = place_in(order, DONE_ORDERS, len(ids), page)
        if place is not None:
            return DonePage(_lines(tx, known, tx.tasks.arranged(ids, place, PAGE)), None, pages, len(ids))
        rows = tx.tasks.done(chosen, before, PAGE + 1, oldest=order == OLDEST)
        shown = _lines(tx, known, rows[:PAGE])
    return DonePage(shown, (shown[-1].done_at, shown[-1].id) if len(rows) > PAGE else None)


def _lines(tx: Transaction, known: Published, rows: Sequence[TaskRow]) -> tuple[DoneTask, ...]:
    answers = tx.forms.for_tasks([row.id for row in rows])
    return tuple(replace(done_line(known, row), answer=answers.get(row.id)) for row in rows)


def done_filter(actor: Actor, text: str) -> TaskFilter:
    """Return the store's filter for what ``actor`` has done."""
    return TaskFilter(person_id=actor.person_id, state="done", text=text.strip(), recused=sorted(actor.recused))


def done_line(known: Published, row: TaskRow) -> DoneTask:
    """Return a task that was done as lists show it."""
    title, step, clauses = task_names(known, row)
    at = row.done_at or row.created_at
    return DoneTask(row.id, row.case_id, title, row.subject, step, clauses, at, at > row.due_at)
