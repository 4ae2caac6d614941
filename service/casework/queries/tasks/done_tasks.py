"""What a person has done (已办), and what they passed on: handed on, sent back, took back, urged or asked others to sign."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.lists import (
    MOST,
    OLDEST,
    PAGE,
    ListColumn,
    ListSpec,
    Page,
    Say,
    Table,
    cut_page,
    read_lines,
    read_page,
)
from service.casework.queries.tasks.task_list import say_basis, task_names
from service.casework.reading.citations import CitedArticle
from service.casework.reading.published import Published, published
from service.casework.reading.signs import STATES, last_day
from service.casework.step.end_signs import ENDED
from service.casework.tasks.delegate import may_retrieve
from service.casework.tasks.note_passed_on import HANDED_ON, SIGN_REQUESTED, URGED
from service.domain.calendar import local_date
from service.domain.signatures import OPEN, WAITING
from service.domain.spreadsheets.lists import CellKind
from service.domain.text import Text
from service.store import CAP, PassedOn, TaskFilter, Transaction
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

    @property
    def at(self) -> datetime:
        """When it was done."""
        return self.done_at


@guarded("task.list")
def list_done(
    desk: Desk,
    actor: Actor,
    text: str = "",
    before: tuple[datetime, int] | None = None,
    order: str = "",
    page: int = 1,
) -> Page[DoneTask, tuple[datetime, int]]:
    """Return one page of what ``actor`` has done, votes apart: when somebody voted is kept nowhere.

    ``text`` is looked for in titles and names of organisations. ``order`` is one of `DONE`; where rows are counted for
    it ``page``, from 1, is what ``before`` is for the others.
    """
    with desk.store.read() as tx:
        publications, chosen = published(desk, tx), done_filter(actor, text)
        rows = read_page(
            DONE,
            order,
            page,
            ids=lambda: tx.tasks.done_ids(chosen, CAP),
            arranged=tx.tasks.arranged,
            following=lambda most: tx.tasks.done(chosen, before, most, oldest=order == OLDEST),
            place_of=lambda row: (row.done_at or row.created_at, row.id),
        )
        return read_lines(rows, _list_done_lines(tx, publications, rows.lines))


def _list_done_lines(tx: Transaction, publications: Published, rows: Sequence[TaskRow]) -> tuple[DoneTask, ...]:
    answers = tx.forms.for_tasks([row.id for row in rows])
    return tuple(replace(done_line(publications, row), answer=answers.get(row.id)) for row in rows)


def done_filter(actor: Actor, text: str) -> TaskFilter:
    """Return the store's filter for what ``actor`` has done."""
    return TaskFilter(person_id=actor.person_id, state="done", text=text.strip(), recused=sorted(actor.recused))


def done_line(publications: Published, row: TaskRow) -> DoneTask:
    """Return a task that was done as lists show it."""
    title, step, clauses = task_names(publications, row)
    at = row.done_at or row.created_at
    return DoneTask(row.id, row.case_id, title, row.subject, step, clauses, at, at > row.due_at)


_MISSED_KINDS = frozenset({"authority", "department"})
_MOST_MISSED = 20


@guarded("task.list")
def list_missed(desk: Desk, actor: Actor) -> tuple[tuple[DoneTask, date | None], ...]:
    """Return the newest tasks of the reader's authority or department that their time limit ended, each with its last day."""
    with desk.store.read() as tx:
        return collect_missed(tx, actor, published(desk, tx))


def collect_missed(
    tx: Transaction, actor: Actor, publications: Published, since: datetime | None = None
) -> tuple[tuple[DoneTask, date | None], ...]:
    """Return the same, of those that ended after ``since``."""
    bodies = [seat.body_id for seat in actor.seats if seat.body_kind in _MISSED_KINDS]
    rows = tx.tasks.select("-id", limit=_MOST_MISSED, body_id=bodies, state="cancelled") if bodies else []
    missed = [row for row in rows if row.done_at is not None and row.done_at >= row.due_at]
    return tuple(
        (done_line(publications, row), last_day(row))
        for row in missed
        if row.case_id not in actor.recused and (since is None or (row.done_at or since) > since)
    )


NAMES = {
    "handed_on": Text("已转办", "Handed on"),
    "sent_back": Text("已退回", "Sent back"),
    "taken_back": Text("已取回", "Taken back"),
    "urged": Text("已催办", "Urged"),
    "sign_asked": Text("已请会签", "Asked to sign"),
}

_DONE, _NEEDLESS = Text("已办结", "done"), Text("不再需要办理", "no longer needed")


@dataclass(frozen=True, slots=True)
class PassedOnLine:
    """What the reader did with a task and why; ``now_with`` has it now, in words: nobody where the case has ended.

    ``stands`` says instead what became of it where that is the question: signatures, and an urged task that is done.
    """

    id: int
    case_id: int
    task_id: int
    what: Text
    at: datetime
    title: str
    subject: str
    step: str
    reason: str
    now_with: tuple[Text, ...]
    stands: Text | None = None
    href: str = ""
    retrievable: bool = False
    clauses: ClassVar[tuple[CitedArticle, ...]] = ()
    late: ClassVar[bool | None] = None


def _get_action_text(line: DoneTask | PassedOnLine) -> Text:
    return line.what if isinstance(line, PassedOnLine) else Text("办结", "Done")


def _say_holders(line: DoneTask | PassedOnLine, say: Say) -> str:
    if isinstance(line, DoneTask):
        return ""
    return say(line.stands) if line.stands else "、".join(map(say, line.now_with))


DONE: ListSpec[DoneTask | PassedOnLine] = ListSpec(
    "/tasks/done",
    Text("已办", "Done"),
    (
        ListColumn(Text("办结时间", "Done"), lambda line, _say: local_date(line.at), "", CellKind.DAY),
        ListColumn(Text("办理方式", "What was done"), lambda line, say: say(_get_action_text(line))),
        ListColumn(Text("事项", "Task"), lambda line, say: say(line.title), "matter"),
        ListColumn(Text("办件", "Case"), lambda line, say: say(line.subject), "case"),
        ListColumn(Text("环节", "Step"), lambda line, say: say(line.step), "step"),
        ListColumn(Text("依据", "Basis"), lambda line, _say: say_basis(line.clauses)),
        ListColumn(Text("逾期办结", "Late"), lambda line, _say: line.late, kind=CellKind.YES),
        ListColumn(Text("现由谁办理", "Now with"), _say_holders),
        ListColumn(
            Text("转出或退回原因", "Reason for passing it on"),
            lambda line, _say: line.reason if isinstance(line, PassedOnLine) else "",
        ),
    ),
    turned=OLDEST,
)


PASSED_ON: ListSpec[PassedOnLine] = ListSpec(
    "/tasks/passed-on", Text("转出和催办", "Passed on"), (ListColumn(Text("时间", "When"), order=""),)
)


@guarded("task.export")
def export_done(desk: Desk, actor: Actor, text: str, say: Say) -> Table:
    """Return as a table what the actor has done, handed on, sent back or taken back, votes apart: newest first, `MOST` at most."""
    with desk.store.read() as tx:
        publications = published(desk, tx)
        done = [done_line(publications, row) for row in tx.tasks.done(done_filter(actor, text), None, MOST)]
        lines: list[DoneTask | PassedOnLine] = [*done, *lines_passed_on(tx, publications, actor, text, None, MOST)]
    return DONE.make_table(sorted(lines, key=lambda line: line.at, reverse=True)[:MOST], say)


@guarded("task.list")
def list_passed_on(desk: Desk, actor: Actor, text: str = "", before: int | None = None) -> Page[PassedOnLine, int]:
    """Return one page of what ``actor`` passed on; recused cases are left out.

    ``text`` is looked for in titles and names of organisations.
    """
    with desk.store.read() as tx:
        lines = lines_passed_on(tx, published(desk, tx), actor, text, before, PAGE + 1)
    return cut_page(lines, lambda line: line.id, PAGE)


def lines_passed_on(
    tx: Transaction, publications: Published, actor: Actor, text: str, before: int | None, most: int
) -> tuple[PassedOnLine, ...]:
    """Return the ``most`` newest that `list_passed_on` shows."""
    if actor.person_id is None:
        return ()
    rows = tx.case_notes.passed_on(actor.person_id, actor.recused, text.strip(), before, most)
    waits: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for case_id, role, body in tx.case_notes.with_whom({row.note.case_id for row in rows if not _still_open(row)}):
        waits[case_id].append((role, body))
    became = _map_outcomes(tx, rows)
    lines = tuple(_build_passed_line(publications, row, waits, became.get(row.note.id)) for row in rows)
    retrievable = {
        row.task.id: row.note.id
        for row in reversed(rows)
        if row.note.kind == HANDED_ON and not row.begun and may_retrieve(row.task, actor.person_id)
    }
    return tuple(replace(line, retrievable=retrievable.get(line.task_id) == line.id) for line in lines)


def _still_open(row: PassedOn) -> bool:
    """Return whether what was handed on or urged is still to be done: then who has it is known, whatever else waits."""
    return row.note.kind in (HANDED_ON, URGED) and row.task.state == "open"


def _map_outcomes(tx: Transaction, rows: Sequence[PassedOn]) -> dict[int, Text]:
    """Return what became of what others were asked for, in words, by note; those are left out of which one asks who has it."""
    urged = {row.note.id: row.task.state for row in rows if row.note.kind == URGED and row.task.state != "open"}
    outcomes = {ident: _DONE if state == "done" else _NEEDLESS for ident, state in urged.items()}
    signed = [row for row in rows if row.note.kind == SIGN_REQUESTED]
    asks = {(ask.task_id, ask.at): ask for ask in tx.sign_asks.select(task_id={row.task.id for row in signed})}
    asks_by_note = {row.note.id: asks.get((row.task.id, row.note.at)) for row in signed}
    open_ = {row.note.id for row in signed if row.task.state == "open"}
    awaited = {ask.id for ident, ask in asks_by_note.items() if ask and ask.state == OPEN and ident in open_}
    names = _map_awaited_names(tx, awaited)
    for ident, ask in asks_by_note.items():
        if ask is None or (ask.state == OPEN and ask.id not in awaited):
            outcomes[ident] = STATES[ENDED]
        elif ask.state == OPEN:
            zh, en = "、".join(names[ask.id]), ", ".join(names[ask.id])
            outcomes[ident] = Text(f"等{zh}签署", f"waits for {en}")
        else:
            outcomes[ident] = STATES[ask.state]
    return outcomes


def _map_awaited_names(tx: Transaction, asks: Collection[int]) -> Mapping[int, Sequence[str]]:
    """Return the names of those who have not signed, by request."""
    waits = [sign_row for sign_row in tx.signs.select(ask_id=asks) if sign_row.state in (OPEN, WAITING)]
    people, names_by_ask = (
        tx.people.named({sign_row.person_id for sign_row in waits}),
        defaultdict[int, list[str]](list),
    )
    for sign in waits:
        names_by_ask[sign.ask_id].append(people.get(sign.person_id, ""))
    return names_by_ask


def _build_passed_line(
    publications: Published, row: PassedOn, waits: Mapping[int, Sequence[tuple[str, str]]], stands: Text | None
) -> PassedOnLine:
    title, step, _ = task_names(publications, row.task)
    if _still_open(row):
        name = "，".join(filter(None, (row.body, row.holder)))
        now_with: tuple[Text, ...] = (
            (Text(name, name),) if name else (_get_role_name(publications, row.task, row.task.role),)
        )
    else:
        waiting_roles = dict.fromkeys(waits.get(row.note.case_id, ()))
        now_with = tuple(
            Text(body, body) if body else _get_role_name(publications, row.task, role) for role, body in waiting_roles
        )
    note, subject = row.note, row.task.subject
    what = NAMES[note.kind]
    leads_to_task = note.kind in (URGED, SIGN_REQUESTED)
    href = f"/tasks/{row.task.id}" if leads_to_task else f"/cases/{note.case_id}"
    line_values = (what, note.at, title, subject, step, note.words, now_with, stands, href)
    return PassedOnLine(note.id, note.case_id, row.task.id, *line_values)


def _get_role_name(publications: Published, task: TaskRow, role: str) -> Text:
    package = publications.holding(task.jurisdiction, task.process_id)
    role_info = package.jurisdiction.roles.get(role) if package else None
    return role_info.text if role_info else Text(role, role)
