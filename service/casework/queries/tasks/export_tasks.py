"""The task list and what somebody has done as tables: what the page shows of each task, a row for each."""

from __future__ import annotations

from collections.abc import Sequence

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.tasks.done_tasks import DoneTask, done_filter, done_line
from service.casework.queries.tasks.list_tasks import TaskLine, TaskQuery, lines_of, task_filter
from service.casework.queries.tasks.passed_on import PassedOnLine, lines_passed_on
from service.casework.reading.citations import CitedArticle
from service.casework.reading.published import published
from service.domain.calendar import local_date
from service.domain.spreadsheets.lists import CellKind, Column
from service.domain.text import Text

MOST = 5_000
"""Most rows of a table: the first by due date, or the newest that were done."""

COLUMNS = (
    Column("_due", Text("期限", "Last day"), kind=CellKind.DAY, given=True),
    Column("_left", Text("剩余天数", "Days left"), kind=CellKind.NUMBER, given=True),
    Column("_task", Text("事项", "Task"), given=True),
    Column("_subject", Text("办件", "Case"), given=True),
    Column("_step", Text("环节", "Step"), given=True),
    Column("_basis", Text("依据", "Basis"), given=True),
    Column("_came", Text("到达日期", "Came"), kind=CellKind.DAY, given=True),
    Column("_body", Text("承办单位", "Body"), given=True),
    Column("_person", Text("认领人", "Claimed by"), given=True),
    Column("_note", Text("提示", "Remark"), given=True),
)

DONE_COLUMNS = (
    Column("_done", Text("日期", "Day"), kind=CellKind.DAY, given=True),
    Column("_what", Text("办理方式", "What was done"), given=True),
    Column("_task", Text("事项", "Task"), given=True),
    Column("_subject", Text("办件", "Case"), given=True),
    Column("_step", Text("环节", "Step"), given=True),
    Column("_basis", Text("依据", "Basis"), given=True),
    Column("_late", Text("逾期办结", "Late"), kind=CellKind.YES, given=True),
    Column("_now", Text("现由谁办理", "Now with"), given=True),
    Column("_reason", Text("转出或退回原因", "Reason for passing it on"), given=True),
)
_DONE = Text("办结", "Done")


@guarded("task.export")
def export_tasks(desk: Desk, actor: Actor, query: TaskQuery, language: str = "zh") -> list[list[object]]:
    """Return a row of `COLUMNS` for each task of the list, most urgent first, 5000 at most."""
    with desk.store.read() as tx:
        known = published(desk, tx)
        rows = tx.tasks.list(task_filter(actor, known, query, desk.clock.now()), None, MOST)
        lines = lines_of(desk, tx, actor, known, rows, language)
    return [_row(line) for line in lines]


@guarded("task.export")
def export_done(desk: Desk, actor: Actor, text: str = "", language: str = "zh") -> list[list[object]]:
    """Return a row of `DONE_COLUMNS` for each task that the actor has done, handed on, sent back or taken back.

    The newest come first, 5000 at most; votes apart.
    """
    with desk.store.read() as tx:
        known = published(desk, tx)
        done = [done_line(known, row) for row in tx.tasks.done(done_filter(actor, text), None, MOST)]
        passed = lines_passed_on(tx, known, actor, text, None, MOST)
    rows = [(one.done_at, _done_row(one, language)) for one in done]
    rows += [(one.at, _passed_row(one, language)) for one in passed]
    return [row for _, row in sorted(rows, key=lambda row: row[0], reverse=True)][:MOST]


def _done_row(one: DoneTask, language: str) -> list[object]:
    what, basis = _DONE.pick(language), _basis(one.clauses)
    return [local_date(one.done_at), what, one.title, one.subject, one.step, basis, one.late, "", ""]


def _passed_row(one: PassedOnLine, language: str) -> list[object]:
    now_with = one.stands.pick(language) if one.stands else "、".join(who.pick(language) for who in one.now_with)
    what = one.what.pick(language)
    return [local_date(one.at), what, one.title, one.subject, one.step, "", None, now_with, one.reason]


def _basis(clauses: Sequence[CitedArticle]) -> str:
    return "、".join(clause.article for clause in clauses)


def _row(line: TaskLine) -> list[object]:
    return [
        line.limit.last_day,
        line.limit.remaining,
        line.title,
        line.subject,
        line.step,
        _basis(line.clauses),
        local_date(line.came_at),
        line.body,
        line.assignee or "",
        line.note_word,
    ]
