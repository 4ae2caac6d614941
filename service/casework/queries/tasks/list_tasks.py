"""The task list (待办): open tasks with due dates and articles, filtered and paged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from service.casework.access.actor import APPLICANT_KINDS, BUILT_IN, Actor
from service.casework.access.case_access import seat_for
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.limits import TimeLimit, time_limit
from service.casework.queries.list_order import PAGE, place_in
from service.casework.queries.tasks.task_choices import Choices, Narrowed, choices_of
from service.casework.queries.tasks.task_periods import period
from service.casework.reading.alone import bodies_alone
from service.casework.reading.citations import CitedArticle, cite
from service.casework.reading.published import Published, overseen, published
from service.catalog import Element
from service.domain.signatures import AWAITED
from service.domain.text import Text
from service.store import CAP, ORDERS, TaskCounts, TaskFilter, TaskSeat, Transaction
from service.store.models import BodyRow, TaskRow

SCOPES = ("mine", "unclaimed", "to_do", "body", "visible", "overseen")

_NOTES = {
    "sent_back_by": Text("退回", "sent back"),
    "delegated_by": Text("转办", "delegated"),
    "taken_back": Text("已取回", "taken back"),
}


@dataclass(frozen=True, slots=True)
class TaskQuery:
    """What to list.

    ``scope`` is "mine" (claimed by the reader or by whom they stand in for), "unclaimed" (those of their bodies that
    nobody has), "to_do" (both), "body", "visible" or "overseen" (of whole places, ballots apart; of one ``role`` if
    it is given);
    ``due`` "late", from now to the end of "today" or of the "week", "none" without limit, a day (2026-03-09) that is the
    last one, or "";
    ``step`` "process/element"; ``round_id`` a case; ``jurisdiction`` one place; ``sort`` a kind of case, ``award`` an award;
    ``order`` is one of `ORDERS`, with a minus before it turned round, or "" for by due date; there ``page``, from 1, is
    what ``after`` is for lists by due date: it continues a page.
    """

    scope: str = "mine"
    text: str = ""
    step: str = ""
    due: str = ""
    round_id: int | None = None
    after: tuple[datetime, int] | None = None
    jurisdiction: str = ""
    sort: str = ""
    role: str = ""
    award: str = ""
    order: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A row of the list.

    ``at`` is the step as "process/element"; ``mine`` whether the reader has claimed the task, ``holds`` whether they may
    do it, ``claims`` whether they may claim it, and ``hands_on`` whether they may hand it on: neither where nobody else
    could do it; ``bulk`` whether it can go with others, ``stands_for`` in whose place they would do it.
    """

    id: int
    version: int
    case_id: int
    title: str
    subject: str
    step: str
    at: str
    clauses: tuple[CitedArticle, ...]
    limit: TimeLimit
    assignee: str | None
    body: str
    holds: bool
    mine: bool
    claims: bool
    hands_on: bool
    bulk: bool
    stands_for: str
    note: Mapping[str, str] | None
    note_word: str
    due_at: datetime
    came_at: datetime

    @property
    def is_free(self) -> bool:
        """Whether the reader may go on with it: it is theirs, or nobody has claimed it."""
        return self.holds and (self.mine or self.assignee is None)


@dataclass(frozen=True, slots=True)
class TaskPage:
    """A page of the list; ``after`` continues it, ``newest`` is where "what is new" starts.

    ``pages`` is how many there are where the list is in the order asked for, 0 where it is by due date.
    """

    lines: tuple[TaskLine, ...]
    counts: TaskCounts
    after: tuple[datetime, int] | None
    newest: int
    choices: Choices
    pages: int = 0


@guarded("task.list")
def list_tasks(desk: Desk, actor: Actor, query: TaskQuery, language: str = "zh", *, choosing: bool = False) -> TaskPage:
    """Return one page of what ``actor`` may see, most urgent first; ``choosing`` with what it can be narrowed by."""
    now = desk.clock.now()
    with desk.store.read() as tx:
        known = published(desk, tx)
        chosen = task_filter(actor, known, query, now)
        counts = tx.tasks.counts(replace(chosen, memberships=seats_of(actor, known)))
        # no count of the page covers the tasks of a whole place
        many = getattr(counts, query.scope, CAP)
        order, pages = place_in(query.order, ORDERS, many, query.page)
        rows = tx.tasks.ordered(chosen, order, PAGE) if order else tx.tasks.list(chosen, query.after, PAGE + 1)
        newest = tx.tasks.newest()
        shown = rows[:PAGE]
        lines = lines_of(desk, tx, actor, known, shown, language)
        by = Narrowed(query.step, query.round_id, query.due)
        choices = choices_of(tx, actor, known, chosen, by, now, long=many >= CAP) if choosing else Choices()
    after = (shown[-1].due_at, shown[-1].id) if len(rows) > PAGE else None
    return TaskPage(lines, counts, after, newest, choices, pages)


def lines_of(
    desk: Desk, tx: Transaction, actor: Actor, known: Published, rows: Sequence[TaskRow], language: str
) -> tuple[TaskLine, ...]:
    """Return tasks as rows of the list."""
    holders = {r.assignee_id for r in rows if r.assignee_id is not None}
    own = {actor.person_id: actor.name} if actor.person_id is not None else {}
    names = {**tx.people.named(holders - own.keys()), **own}
    bodies = tx.people.bodies_by_id({r.body_id for r in rows if r.body_id is not None})
    now = desk.clock.now()
    alone = bodies_alone(tx, actor, now) if rows else frozenset()
    reader = _Lines(desk, known, actor, names, bodies, now, language, alone)
    return tuple(reader.line(row) for row in rows)


@guarded("task.list")
def count_new_tasks(desk: Desk, actor: Actor, scope: str, since: int) -> int:
    """Return how many tasks of ``scope`` came after task number ``since``."""
    with desk.store.read() as tx:
        chosen = task_filter(actor, published(desk, tx), TaskQuery(scope), desk.clock.now())
        return tx.tasks.new_since(chosen, since)


def task_filter(actor: Actor, known: Published, query: TaskQuery, now: datetime) -> TaskFilter:
    """Return the store's filter for what ``actor`` may see of ``query``."""
    process, _, element = query.step.partition("/")
    wide = [TaskSeat(place, query.role or "*", None) for place in overseen(actor, known.jurisdictions())]
    return TaskFilter(
        memberships=wide if query.scope == "overseen" else seats_of(actor, known),
        person_id=actor.person_id,
        scope=query.scope if query.scope in SCOPES else "mine",
        text=query.text.strip(),
        process=process or None,
        element=element or None,
        **period(query.due, now),
        round_id=query.round_id,
        recused=sorted(actor.recused),
        jurisdiction=query.jurisdiction or None,
        sort=query.sort or None,
        award=query.award or None,
    )


def seats_of(actor: Actor, known: Published) -> list[TaskSeat]:
    """Return what ``actor`` may look at, in the store's terms: own seats, and whole jurisdictions for overseers."""
    own = [TaskSeat(s.jurisdiction, s.role, s.body_id, s.lender_id) for s in actor.seats if s.role not in BUILT_IN]
    return [*own, *(TaskSeat(j, "*", None) for j in overseen(actor, known.jurisdictions()))]


@dataclass(frozen=True, slots=True)
class _Lines:
    """The context rows are read with."""

    desk: Desk
    known: Published
    actor: Actor
    names: Mapping[int, str]
    bodies: Mapping[int, BodyRow]
    now: datetime
    language: str
    alone: frozenset[int]

    def line(self, row: TaskRow) -> TaskLine:
        """Return one row of the list."""
        title, step, clauses = task_names(self.known, row)
        _, element = self.known.element(row)
        calendar = self.known.calendar(self.desk, row.jurisdiction)
        seat = seat_for(self.actor, row)
        holds = seat is not None
        shared = holds and not row.personal and row.kind != "ballot" and row.body_id not in self.alone
        return TaskLine(
            id=row.id,
            version=row.version,
            case_id=row.case_id,
            title=title,
            subject=row.subject,
            step=step,
            at=f"{row.process_id}/{row.element}",
            clauses=clauses,
            limit=time_limit(calendar, row.due_at, row.due_reason, self.now),
            assignee=self.names.get(row.assignee_id) if row.assignee_id is not None else None,
            body=_holder(row, self.bodies),
            holds=holds,
            claims=holds and row.assignee_id is None and row.body_id not in self.alone,
            hands_on=shared,
            mine=row.assignee_id is not None and row.assignee_id == self.actor.person_id,
            bulk=element is not None and element.bulk,
            stands_for=seat.lender if seat is not None else "",
            note=row.note or None,
            note_word=signs_word(row.signs_open, self.language) or note_word(row.note, self.language),
            due_at=row.due_at,
            came_at=row.created_at,
        )


def task_names(known: Published, row: TaskRow) -> tuple[str, str, tuple[CitedArticle, ...]]:
    """Return what lists call a task, the part of the procedure it stands in, and the articles it rests on."""
    package, element = known.element(row)
    step = package.processes[row.process_id].name if package and element else ""
    return _matter(row, element), step, cite(package, row.clauses) if package else ()


def _holder(row: TaskRow, bodies: Mapping[int, BodyRow]) -> str:
    """Return the assignee in short: the district of an authority, else the body's name."""
    body = bodies.get(row.body_id) if row.body_id is not None else None
    if body is None or body.kind in APPLICANT_KINDS:
        return ""
    area = str((body.details or {}).get("area") or "")
    return area if area and body.kind == "authority" else body.name


def _matter(row: TaskRow, element: Element | None) -> str:
    """Return the title of the task without the name of the case, which stands in the next column.

    A vote or a date to be confirmed waits at an element that is named by something else: only its own title says it.
    """
    named = row.kind == "form" and element is not None and element.name and row.subject in row.title
    return element.name if named and element is not None else row.title


def signs_word(signs_open: str | None, language: str) -> str:
    """Return the word that marks a task that waits for signatures; "" for any other."""
    return Text("会签中", "being signed").pick(language) if signs_open in AWAITED else ""


def note_word(note: Mapping[str, object] | None, language: str) -> str:
    """Return the word that marks a task sent back, taken back or delegated; "" without note."""
    word = next((text for key, text in _NOTES.items() if note and note.get(key)), None)
    return word.pick(language) if word else ""
