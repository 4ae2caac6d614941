"""The task list as a table: what the page shows of each task, a row for each."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.list_tasks import TaskLine, TaskQuery, lines_of, task_filter
from service.casework.reading.published import published
from service.domain.calendar import local_date
from service.domain.lists import CellKind, Column
from service.domain.text import Text

MOST = 5_000
"""Most rows of the table: the first by due date."""

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


@guarded("task.export")
def export_tasks(desk: Desk, actor: Actor, query: TaskQuery, language: str = "zh") -> list[list[object]]:
    """Return a row of `COLUMNS` for each task of the list, most urgent first, 5000 at most."""
    with desk.store.read() as tx:
        known = published(desk, tx)
        rows = tx.tasks.list(task_filter(actor, known, query, desk.clock.now()), None, MOST)
        lines = lines_of(desk, tx, actor, known, rows, language)
    return [_row(line) for line in lines]


def _row(line: TaskLine) -> list[object]:
    basis = "、".join(clause.article for clause in line.clauses)
    return [
        line.limit.last_day,
        line.limit.remaining,
        line.title,
        line.subject,
        line.step,
        basis,
        local_date(line.came_at),
        line.body,
        line.assignee or "",
        line.note_word,
    ]
