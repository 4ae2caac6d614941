"""The list of cases the actor may look at, newest first or in another order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from service.casework.access.actor import BUILT_IN, Actor
from service.casework.access.case_access import began_for
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.lists import MOST, ListColumn, ListSpec, Page, Say, Table, read_lines, read_page
from service.casework.queries.cases.view_case import CaseWaits, waits_of_cases
from service.casework.queries.limits import NO_LIMIT, TimeLimit, state_in, time_limit
from service.casework.reading.case_summary import outcome_name
from service.casework.reading.home_place import only_applies
from service.casework.reading.published import Published, published, select_overseen_places
from service.casework.reading.stages import stages_of_case
from service.catalog.applications import is_application
from service.domain.calendar import local_date
from service.domain.spreadsheets.lists import CellKind
from service.domain.text import Text
from service.domain.values.bounds import CaseStatus
from service.store import CAP, CaseFilter, Transaction
from service.store.models import CaseRow


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A row of the list of cases; ``steps`` are the names of those at which it waits, where the list tells them.

    ``who`` has it and the ``limit`` that ends first are told to who oversees its place.
    """

    id: int
    title: str
    number: str | None
    jurisdiction: str
    process: str
    process_name: Text
    status: CaseStatus
    outcome: Annotated[str, "what the diagrams of its award call it, in words; empty until it has ended"]
    started_at: datetime
    changed_at: datetime
    parent_id: int | None
    steps: tuple[Text, ...] = ()
    who: tuple[Text, ...] = ()
    limit: TimeLimit = NO_LIMIT


@dataclass(frozen=True, slots=True)
class CaseQuery:
    """Which cases to list.

    ``waits_at`` (process id, element id) keeps those in which a task, a message or a timer waits there; ``voting``
    those in which a vote is to be cast; ``awaiting`` those that wait for a message; ``mine`` those that the actor began.
    """

    text: str = ""
    process: str = ""
    live: bool = False
    jurisdiction: str = ""
    waits_at: tuple[str, str] | None = None
    ended: bool = False
    award: str = ""
    voting: bool = False
    awaiting: bool = False
    mine: bool = False


_RUNNING = Text("办理中", "running")
_STATES = {"ended": Text("已结束", "ended"), "suspended": Text("已暂停", "suspended")}
_JOINS = Text("、", ", ")

CASES: ListSpec[CaseLine] = ListSpec(
    "/cases",
    Text("办件", "Cases"),
    (
        ListColumn(Text("名称", "Name"), lambda line, say: say(line.title), "name"),
        ListColumn(Text("编号", "Number"), lambda line, _say: line.number or "", "number"),
        ListColumn(Text("种类", "Kind"), lambda line, say: say(line.process_name), "kind"),
        ListColumn(Text("发起日期", "Began on"), lambda line, _say: local_date(line.started_at), "", CellKind.DAY),
        ListColumn(
            Text("最近变化", "Last change"), lambda line, _say: local_date(line.changed_at), "changed", CellKind.DAY
        ),
        ListColumn(Text("状态", "State"), lambda line, say: say(_STATES.get(line.status, _RUNNING)), "state"),
        ListColumn(Text("现在的环节", "Waits at"), lambda line, say: say(_JOINS).join(map(say, line.steps))),
        ListColumn(Text("由谁办理", "With"), lambda line, say: say(_JOINS).join(map(say, line.who))),
        ListColumn(Text("期限", "Due"), lambda line, _say: line.limit.last_day, kind=CellKind.DAY),
        ListColumn(Text("结果", "Outcome"), lambda line, say: say(line.outcome) if line.status == "ended" else ""),
    ),
    turned="began",
    conditions=("q", "live", "jurisdiction", "award", "process", "at", "voting", "awaiting", "mine"),
)


@guarded("case.view")
def list_cases(
    desk: Desk, actor: Actor, query: CaseQuery, *, before: int | None = None, order: str = "", page: int = 1
) -> Page[CaseLine, int]:
    """Return cases: all of the jurisdictions the actor oversees, else those in which a body of theirs takes part.

    ``order`` is one of `CASES`, in which ``page``, from 1, is what ``before`` is for the newest first.
    """
    with desk.store.read() as tx:
        views = resolve_case_filters(desk, tx, actor, query)
        rows = read_page(
            CASES,
            order,
            page,
            ids=lambda: _search_ids(tx, views),
            arranged=tx.cases.arranged,
            following=lambda most: newest_of(tx, views, before, most),
            place_of=lambda row: row.id,
        )
        return read_lines(rows, _list_lines(desk, tx, actor, rows.lines))


@guarded("case.export")
def export_cases(desk: Desk, actor: Actor, query: CaseQuery, say: Say) -> Table:
    """Return the cases of the list as a table, newest first, `MOST` at most."""
    with desk.store.read() as tx:
        rows = newest_of(tx, resolve_case_filters(desk, tx, actor, query), None, MOST)
        return CASES.make_table(_list_lines(desk, tx, actor, rows), say)


def list_applicant_lines(desk: Desk, tx: Transaction, rows: Sequence[CaseRow]) -> list[CaseLine]:
    """Return cases as the applicant knows them: an application by its round, a running one with the stage it is in."""
    rounds = tx.cases.titles(sorted({row.parent_id for row in rows if row.parent_id is not None}))
    lines = []
    for row in rows:
        package = desk.packages.get(row.definition, tx)
        known_by_round = row.parent_id is not None and is_application(package, package.process(row.process))
        now = next((s for s in stages_of_case(tx, package, row) if s.state == "now"), None)
        lines.append(
            replace(
                line_of(desk, tx, row),
                title=rounds[row.parent_id] if known_by_round and row.parent_id is not None else row.title,
                steps=(Text(now.name, now.name),) if now is not None else (),
            )
        )
    return lines


def _list_lines(desk: Desk, tx: Transaction, actor: Actor, rows: Sequence[CaseRow]) -> list[CaseLine]:
    if only_applies(actor):
        return list_applicant_lines(desk, tx, rows)
    waits = waits_of_cases(desk, tx, {row.id: row for row in rows})
    return [_line_waiting(desk, tx, actor, row, waits.get(row.id, CaseWaits())) for row in rows]


def _line_waiting(desk: Desk, tx: Transaction, actor: Actor, row: CaseRow, waits: CaseWaits) -> CaseLine:
    line = replace(line_of(desk, tx, row), steps=waits.steps)
    if not actor.oversees(row.jurisdiction):
        return line
    limit, first = NO_LIMIT, waits.first
    if first is not None and first.due_at is not None:
        calendar = desk.calendar(desk.packages.get(row.definition, tx).jurisdiction.calendar)
        limit = time_limit(calendar, first.due_at, first.due_reason, desk.clock.now(), state_in(row.status))
    return replace(line, who=waits.who, limit=limit)


def resolve_case_filters(desk: Desk, tx: Transaction, actor: Actor, query: CaseQuery) -> list[CaseFilter]:
    """Return what the actor may look at of ``query``, as filters."""
    chosen = CaseFilter(
        process=query.process or None,
        live=query.live,
        text=query.text.strip(),
        recused=sorted(actor.recused),
        waits_at=query.waits_at,
        ended=query.ended,
        award=query.award or None,
        voting=query.voting,
        awaiting=query.awaiting,
        started_by=actor.person_id if query.mine else None,
    )
    return views_of(tx, actor, published(desk, tx), query.jurisdiction, chosen)


def _search_ids(tx: Transaction, views: Sequence[CaseFilter]) -> Sequence[int]:
    """Return the ids of the newest cases that any of the filters keeps, no more than are counted."""
    return sorted({ident for view in views for ident in tx.cases.search_ids(view, CAP)}, reverse=True)[:CAP]


def views_of(
    tx: Transaction, actor: Actor, publications: Published, jurisdiction: str, chosen: CaseFilter
) -> list[CaseFilter]:
    """Return what the actor may look at as filters: what they oversee (by places), take part in (by a body), review (by ids)."""
    wide = [j for j in select_overseen_places(actor, publications.jurisdictions()) if jurisdiction in ("", j)]
    place_filter = replace(chosen, jurisdictions=[jurisdiction] if jurisdiction else None)
    seats = [seat for seat in actor.seats if seat.role not in BUILT_IN]
    began = began_for(actor) - {seat.body_id for seat in seats if seat.jurisdiction in wide}  # they see all of those
    reviewed = tx.panels.cases_of(actor.person_id) if actor.person_id is not None else []
    return [
        *([replace(chosen, jurisdictions=wide)] if wide else []),
        *(
            replace(
                place_filter,
                body_id=body,
                begun_by=actor.person_id if body in began else None,
                roles=sorted({seat.role for seat in seats if seat.body_id == body}),
                person_id=actor.person_id,
            )
            for body in {seat.body_id for seat in seats}
        ),
        *([replace(place_filter, ids=reviewed)] if reviewed else []),
    ]


def newest_of(tx: Transaction, views: Sequence[CaseFilter], before: int | None, limit: int) -> list[CaseRow]:
    """Return the newest cases that any of the filters keeps."""
    rows_by_id = {row.id: row for view in views for row in tx.cases.search(view, before, limit)}
    return sorted(rows_by_id.values(), key=lambda r: r.id, reverse=True)[:limit]


def line_of(desk: Desk, tx: Transaction, row: CaseRow) -> CaseLine:
    """Return a case as lists show it."""
    package = desk.packages.get(row.definition, tx)
    return CaseLine(
        row.id,
        row.title,
        row.number,
        row.jurisdiction,
        row.process,
        package.process(row.process).text,
        row.status,
        outcome_name(package, row),
        row.started_at,
        row.changed_at,
        row.parent_id,
    )
