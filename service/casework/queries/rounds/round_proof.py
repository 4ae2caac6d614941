"""What a round is examined by: what was done for each clause (依法办理清单), and the workbook of its scores (核分表)."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.archives.gather import SCORES, require_none_recused
from service.casework.archives.score_book import write_score_book
from service.casework.desk.desk import Desk
from service.casework.queries.downloads.files import Download, as_file
from service.casework.reading.clause_record import ClauseRecord, ClauseState, clause_lines, record_clauses
from service.casework.reading.published import published
from service.casework.spreadsheets.export_access import note_export, round_overseen
from service.catalog import Package
from service.catalog.stages import round_kind
from service.domain.calendar import local_date
from service.domain.errors import NotFound
from service.domain.output.composed_document import chinese_date
from service.domain.text import Text
from service.office.workbooks import XLSX
from service.store import CaseFilter
from service.store.models import CaseRow

_LIST, _SCORES = Text("依法办理清单", "Clauses carried out"), Text("核分表", "Workbook of scores")
_NEWEST = 5
"""Rounds of an award that are looked at for their workbook."""


@dataclass(frozen=True, slots=True)
class ClauseListView:
    """The clauses of a round that were asked for; ``counts`` are of all of them."""

    round: CaseRow
    package: Package
    records: tuple[ClauseRecord, ...]
    counts: Mapping[ClauseState, int]
    today: date
    scored: bool
    """Whether there is a workbook of scores."""


@guarded("monitor.view")
def view_clause_list(desk: Desk, actor: Actor, round_id: int, state: str = "") -> ClauseListView:
    """Return what was done for each clause, all or those in ``state`` (a name of `ClauseState`).

    Raises:
        NotFound: there is no such round, or no such state.
        NotAllowed: the actor does not oversee the place of the round, or is recused from a case of it.
    """
    with desk.store.read() as tx:
        root, package = round_overseen(desk, tx, actor, round_id, _LIST)
        require_none_recused(actor, root, tx.cases.tree(root.id))
        records = record_clauses(desk, tx, root)
        scored = tx.cases.is_scored(root.id)
    if state and state not in ClauseState.__members__:
        raise NotFound(Text(f"没有“{state}”这种结果。", f"There is no result “{state}”."))
    chosen = tuple(record for record in records if state in ("", record.state.name))
    counted = Counter(record.state for record in records)
    counts = {clause_state: counted[clause_state] for clause_state in ClauseState if counted[clause_state]}
    return ClauseListView(root, package, chosen, counts, local_date(desk.clock.now()), scored)


@guarded("clauses.export")
def clause_list_file(desk: Desk, actor: Actor, round_id: int, kind: str) -> Download:
    """Return the list as ``kind`` (docx, pdf); raises as `view_clause_list`, and NoPrinter."""
    view = view_clause_list(desk, actor, round_id)
    return as_file(desk, f"{view.round.title}{_LIST.zh}", list(_iterate_paragraphs(view)), view.today, kind)


def _iterate_paragraphs(view: ClauseListView) -> Iterator[str | dict[str, object]]:
    counted = "，".join(f"{state.value.zh}{view.counts[state]}条" for state in view.counts)
    yield f"依据《{view.package.law.title}》办理，截至{chinese_date(view.today.isoformat())}：{counted}。"
    head, rows = clause_lines(view.records)
    yield {"head": head, "rows": rows}


@guarded("monitor.view")
def list_score_books(desk: Desk, actor: Actor) -> tuple[CaseRow, ...]:
    """Return the newest rounds of the places that the actor oversees whose scores are combined."""
    with desk.store.read() as tx:
        overseen = [p for p in published(desk, tx).packages if actor.oversees(p.jurisdiction.id)]
        kinds = [(p.jurisdiction.id, p.award.id, round_kind(p.award.processes)) for p in overseen]
        rounds = (tx.cases.search(CaseFilter([city], kind, award=award), None, _NEWEST) for city, award, kind in kinds)
        return tuple(row for row in chain.from_iterable(rounds) if tx.cases.is_scored(row.id))


@guarded("scores.export")
def score_book_file(desk: Desk, actor: Actor, round_id: int) -> Download:
    """Return the workbook in which the scores of a round are calculated again; raises NotFound where nothing is scored yet.

    It is noted in the history of the round; raises NotAllowed as `view_clause_list`.
    """
    with desk.store.read() as tx:
        root, _ = round_overseen(desk, tx, actor, round_id, _SCORES)
        cases = tx.cases.tree(root.id)
        require_none_recused(actor, root, cases)
        book = write_score_book(desk, tx, cases, {case.id: case.title for case in cases})
    if book is None:
        raise NotFound(
            Text(
                "本届还没有汇总的评分，评审组的评分汇总以后才有核分表。",
                "No scores of this round are combined yet: the workbook is there once a panel's scores are.",
            )
        )
    with desk.store.write() as tx:
        note_export(desk, tx, actor, round_id, _SCORES, len(cases))
    return Download(f"{root.title}{SCORES}", XLSX, len(book), io.BytesIO(book))
