"""The list of cases and what is for somebody to be read as tables: a row for each line of the page."""

from __future__ import annotations

from collections.abc import Callable

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.cases.list_cases import CaseQuery, line_of, newest_of, views_asked
from service.casework.queries.cases.notes import seen_notes
from service.casework.queries.cases.waiting_steps import waiting_steps
from service.domain.calendar import local_date
from service.domain.spreadsheets.lists import CellKind, Column
from service.domain.text import Text
from service.store import CAP

MOST = 5_000
"""Most rows of the table of cases: the newest."""

STATES = {
    "ended": Text("已结束", "ended"),
    "suspended": Text("已暂停", "suspended"),
}
RUNNING = Text("办理中", "running")
_JOINS = Text("、", ", ")

CASE_COLUMNS = (
    Column("_name", Text("名称", "Name"), given=True),
    Column("_number", Text("编号", "Number"), given=True),
    Column("_kind", Text("种类", "Kind"), given=True),
    Column("_began", Text("发起日期", "Began on"), kind=CellKind.DAY, given=True),
    Column("_changed", Text("最近变化", "Last change"), kind=CellKind.DAY, given=True),
    Column("_state", Text("状态", "State"), given=True),
    Column("_steps", Text("现在的环节", "Waits at"), given=True),
    Column("_outcome", Text("结果", "Outcome"), given=True),
)

NOTE_COLUMNS = (
    Column("_day", Text("日期", "Day"), kind=CellKind.DAY, given=True),
    Column("_case", Text("办件", "Case"), given=True),
    Column("_kind", Text("种类", "Kind"), given=True),
    Column("_who", Text("谁", "Who"), given=True),
    Column("_words", Text("内容", "Words"), given=True),
    Column("_read", Text("已阅日期", "Read on"), kind=CellKind.DAY, given=True),
)


@guarded("case.export")
def export_cases(desk: Desk, actor: Actor, asked: CaseQuery, named: Callable[[Text | str], str]) -> list[list[object]]:
    """Return a row of `CASE_COLUMNS` for each case of the list, newest first, 5000 at most; ``named`` says a name to the reader."""
    with desk.store.read() as tx:
        rows = newest_of(tx, views_asked(desk, tx, actor, asked), None, MOST)
        steps = waiting_steps(desk, tx, {row.id: row for row in rows})
        lines = [line_of(desk, tx, row) for row in rows]
    return [
        [
            named(one.title),
            one.number or "",
            named(one.process_name),
            local_date(one.started_at),
            local_date(one.changed_at),
            named(STATES.get(one.status, RUNNING)),
            named(_JOINS).join(named(step) for step in steps.get(one.id, ())),
            named(one.outcome) if one.status == "ended" else "",
        ]
        for one in lines
    ]


@guarded("note.export")
def export_notes(desk: Desk, actor: Actor, language: str = "zh") -> list[list[object]]:
    """Return a row of `NOTE_COLUMNS` for each copy and instruction for the actor, newest first, 1000 at most."""
    if actor.person_id is None:
        return []
    with desk.store.read() as tx:
        seen = seen_notes(tx, actor, tx.case_notes.to_person(actor.person_id, None, CAP))
    return [
        [
            local_date(note.at),
            title,
            note.kind.pick(language),
            note.who,
            note.words,
            local_date(note.read_at) if note.read_at else None,
        ]
        for note, title in seen
    ]
