"""Import and export of score sheets: an expert fills in their own offline, the office exports all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.case_access import is_recused
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.lists import Table
from service.casework.spreadsheets.export_access import applied_below, note_export, round_overseen
from service.casework.tasks.save_draft import save_draft
from service.catalog.scoring.scoring import edition_of
from service.domain.errors import LaurelError
from service.domain.review import Edition, check_sheet, field_of, read_sheet, shown
from service.domain.spreadsheets.import_report import (
    ImportReport,
    LineOutcome,
    LineReport,
    lines_of,
    name_unread,
    refused,
    report_of,
)
from service.domain.spreadsheets.lists import CellKind, Column, Line, read_value, unread_columns
from service.domain.text import Text
from service.domain.values.typed_numbers import typed_whole_number
from service.store import TaskFilter, Transaction
from service.store.models import TaskRow

COLUMNS = (
    Column(
        "task",
        Text("评分任务号", "Task"),
        needed=True,
        kind=CellKind.NUMBER,
        hint=Text("请勿改动", "Leave it as it is"),
    ),
    Column(
        "organisation",
        Text("申报组织", "Applicant"),
        needed=True,
        longest=200,
        hint=Text("请勿改动", "Leave it as it is"),
    ),
    Column("item", Text("条款", "Item"), needed=True, longest=20, hint=Text("请勿改动", "Leave it as it is")),
    Column("item_name", Text("条款名称", "Item's name"), given=True),
    Column("full", Text("分值", "Points"), given=True),
    Column("percent", Text("得分率（%）", "Percent"), kind=CellKind.NUMBER, aliases=("得分率",), unit="%"),
    Column("strengths", Text("优势", "Strengths"), longest=2000, lines=True),
    Column("improvements", Text("改进机会", "To improve"), longest=2000, lines=True),
)
RESULTS = (
    Column("number", Text("申报编号", "Number")),
    Column("organisation", Text("申报组织", "Applicant")),
    Column("stage", Text("评审环节", "Stage")),
    Column("kind", Text("评分表", "Sheet")),
    Column("expert", Text("专家", "Expert")),
    Column("item", Text("条款", "Item")),
    Column("item_name", Text("条款名称", "Item's name")),
    Column("full", Text("分值", "Points"), kind=CellKind.NUMBER),
    Column("percent", Text("得分率（%）", "Percent"), kind=CellKind.NUMBER),
    Column("points", Text("得分", "Score"), kind=CellKind.NUMBER),
    Column("strengths", Text("优势", "Strengths")),
    Column("improvements", Text("改进机会", "To improve")),
    Column("total", Text("全表得分", "Total of the sheet"), kind=CellKind.NUMBER),
)
_OWN, _MOST = "score/", 500
_WORDS = ("strengths", "improvements")


_SHEETS = Text("评分", "scores")


@guarded("scores.fill")
def open_sheets(desk: Desk, actor: Actor) -> Table:
    """Return the actor's open score sheets as a list, one line for each item, drafts filled in."""
    with desk.store.read() as tx:
        export_rows: list[list[object]] = []
        for task in _list_open_sheets(tx, actor):
            edition, draft = _get_edition(desk, tx, task), _read_draft(tx, actor, task)
            for category in edition.categories:
                for item in category.items:
                    cell = draft.get(field_of(item.id)) or {}
                    typed = str(cell.get("percent") or "")
                    number = typed_whole_number(typed)
                    percent = (typed or None) if number is None else number
                    words = (cell.get(w) or None for w in _WORDS)
                    export_rows.append([task.id, task.subject, item.id, item.name, item.points, percent, *words])
    return Table("评分", COLUMNS, export_rows)


@guarded("scores.fill")
def import_scores(desk: Desk, actor: Actor, rows: Sequence[Sequence[str]], *, commit: bool = False) -> ImportReport:
    """Fill in the drafts of the actor's own open score sheets; what was submitted is never touched.

    A cell that is empty leaves the draft as it is. Nothing is submitted: the expert reads the sheets and sends them.

    Raises:
        Invalid: the headings are not there.
    """
    lines = lines_of(rows, COLUMNS)
    by_task: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        by_task[int(str(line.values.get("task", -1)))].append(line)
    reports = [r for ident, group in by_task.items() for r in _fill_sheet(desk, actor, ident, group, commit=commit)]
    return report_of(reports, done=commit, unread=unread_columns(rows, COLUMNS))


@guarded("scores.export")
def export_scores(desk: Desk, actor: Actor, round_id: int) -> Table:
    """Return every valid score sheet of a round, one line for each item; organisations the actor is recused from are left out.

    The export is recorded.

    Raises:
        NotAllowed: the actor does not oversee the round's jurisdiction.
    """
    with desk.store.read() as tx:
        award_round, package = round_overseen(desk, tx, actor, round_id, _SHEETS)
        applied_below(package, award_round)
        cases = {c.id: c for c in tx.cases.select(parent_id=round_id) if not is_recused(actor, c)}
        sheets = [s for s in tx.sheets.select(case_id=list(cases)) if s.state == "valid"]
        names = tx.people.named({s.person_id for s in sheets})
        export_rows: list[list[object]] = []
        for sheet in sheets:
            case, edition = cases[sheet.case_id], package.edition(sheet.edition)
            kind = "合议" if sheet.kind == "consensus" else "独立"
            head = [case.number, case.title, sheet.stage, kind, names.get(sheet.person_id, "")]
            for item in (item for category in edition.categories for item in category.items):
                score = sheet.scores.get(item.id) or {}
                percent = score.get("percent")
                points = round(item.points * int(percent) / 100, 2) if percent is not None else None
                line = [*head, item.id, item.name, item.points, percent, points, *(score.get(w) for w in _WORDS)]
                export_rows.append([*line, float(shown(sheet.points))])
    with desk.store.write() as tx:
        note_export(desk, tx, actor, round_id, _SHEETS, len(export_rows))
    return Table("评分汇总", RESULTS, export_rows)


def _list_open_sheets(tx: Transaction, actor: Actor) -> list[TaskRow]:
    """Return the open score sheets assigned to the actor."""
    seats = [(s.jurisdiction, s.role, s.body_id) for s in actor.seats]
    task_filter = TaskFilter(seats, actor.person_id, scope="mine", recused=tuple(actor.recused))
    tasks = tx.tasks.list_page(task_filter, limit=_MOST)
    return [t for t in tasks if (t.form or "").startswith(_OWN) and t.assignee_id == actor.person_id]


def _get_edition(desk: Desk, tx: Transaction, task: TaskRow) -> Edition:
    package = desk.packages.get(tx.cases.get(task.case_id).definition, tx)
    return package.edition(edition_of(task.form or "") or "")


def _read_draft(tx: Transaction, actor: Actor, task: TaskRow) -> dict[str, Any]:
    draft = tx.drafts.find(task_id=task.id, person_id=actor.person_id or 0)
    return dict(draft.data) if draft is not None else {}


def _fill_sheet(desk: Desk, actor: Actor, ident: int, lines: Sequence[Line], *, commit: bool) -> list[LineReport]:
    with desk.store.read() as tx:
        task = next((t for t in _list_open_sheets(tx, actor) if t.id == ident), None)
        edition = _get_edition(desk, tx, task) if task else None
        before = _read_draft(tx, actor, task) if task else {}
        done = task is None and _is_submitted(tx, actor, ident)
    if task is None or edition is None:
        words = (
            Text(
                "这张评分表已经提交，不能再修改。",
                "This sheet was submitted: it cannot be changed any more.",
            )
            if done
            else Text("您没有这项评分任务。", "You have no such sheet to fill in.")
        )
        field = COLUMNS[0].title
        return [LineReport(n.number, n.text("organisation"), LineOutcome.REFUSED, words, field=field) for n in lines]
    after = deepcopy(before)
    reports = [_apply_line(task, edition, after, line) for line in lines]
    if commit and after != before:
        try:
            save_draft(desk, actor, task.id, after)
        except LaurelError as refusal:
            return [LineReport(r.line, r.name, LineOutcome.REFUSED, refusal.message) for r in reports]
    return reports


def _is_submitted(tx: Transaction, actor: Actor, ident: int) -> bool:
    try:
        task = tx.tasks.get(ident)
    except LaurelError:
        return False
    return task.state == "done" and task.done_by == actor.person_id


def _apply_line(task: TaskRow, edition: Edition, draft: dict[str, Any], line: Line) -> LineReport:
    """Lay one line over the draft, unless something is wrong with it."""
    item = line.text("item")
    name = f"{line.text('organisation')} {item}"
    if line.mistakes:
        return refused(line, name)
    if line.text("organisation") != task.subject:
        words = Text(f"任务{task.id}的申报组织是“{task.subject}”。", f"Task {task.id} is about “{task.subject}”.")
        return LineReport(line.number, name, LineOutcome.REFUSED, words, field=COLUMNS[1].title)
    if item not in edition.items:
        return LineReport(
            line.number,
            name,
            LineOutcome.REFUSED,
            Text("评分标准中没有这一条款。", "The standard has no such item."),
            field=COLUMNS[2].title,
        )
    field = field_of(item)
    cell: Mapping[str, Any] = draft.get(field) or {}
    filled = {**cell, **{w: line.text(w) for w in _WORDS if w in line.values}}
    if "percent" in line.values:
        filled["percent"] = line.text("percent")
    wrong = [e.text for e in check_sheet(read_sheet(edition, {field: filled}), complete=False) if e.item == item]
    if wrong:
        typed = line.text("percent")
        words = Text(f"“{typed}”：{wrong[0].zh}", f"“{typed}”: {wrong[0].en}") if typed else wrong[0]
        return LineReport(line.number, name, LineOutcome.REFUSED, words, field=COLUMNS[5].title)
    if filled == cell:
        outcome, words = LineOutcome.KNOWN, Text("与草稿相同或没有填写。", "Empty, or as in the draft.")
    else:
        draft[field] = filled
        outcome, words = LineOutcome.TAKEN, Text("写入草稿", "goes into the draft")
    unread = [column for column in COLUMNS if column.given]
    cells = (edition.items[item].name, str(edition.items[item].points))
    given = {column.id: read_value(column, cell) for column, cell in zip(unread, cells, strict=True)}
    return name_unread(LineReport(line.number, name, outcome, words), unread, line.values, given)
