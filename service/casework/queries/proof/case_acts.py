"""Who did what on one case, without what was written: what an audit administrator reads of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.book.acting import describe_current_act
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.lists import Page
from service.casework.people.rights.seats import places_where
from service.casework.queries.proof.book import BookEntry, BookQuery, FindAddress, find_entries
from service.casework.reading.history import without_actor
from service.catalog import Package
from service.catalog.scenarios.scenario_terms import RECORDED
from service.domain.errors import NotFound
from service.domain.text import Text
from service.store import CaseFilter
from service.store.models import AuditRow, CaseRow

FOUND = 50
SHOWN = 1_000
_OTHER = Text("其他记录", "other entry")
_NAMING = frozenset(
    {
        "action", "appointment", "ballot", "barrier", "document", "draw", "ended", "export", "message", "notice", "number",
        "panel", "signed", "sitting", "started", "timer",
    }
)  # fmt: skip
"""Entries whose sentence begins with what was done and with what, and holds what was written only after a mark."""
_FIRST_PART = re.compile(r"(?:“[^”]*”|《[^》]*》|[^：（，；。“《])*")


@dataclass(frozen=True, slots=True)
class CaseAct:
    """An entry of a case's history: ``act`` and the ``step`` it was done on, empty where it belongs to none.

    ``told`` is what was done in a few words, without what was written; "" where only its kind may be said.
    """

    row: AuditRow
    act: Text
    step: str
    told: str = ""


@dataclass(frozen=True, slots=True)
class CaseActs:
    """The acts on a case, newest first; ``cut`` where there are older ones than are shown.

    ``beside`` are the newest exports, readings and refusals that the book has of it.
    """

    case: CaseRow
    acts: tuple[CaseAct, ...]
    cut: bool
    beside: Page[BookEntry, int]


@guarded("book.read")
def find_cases(desk: Desk, actor: Actor, text: str) -> Sequence[CaseRow]:
    """Return cases of the places whose book ``actor`` reads, by name or number, newest first; none without words."""
    if not text.strip():
        return ()
    with desk.store.read() as tx:
        return tx.cases.search(_of_reader(actor, text=text.strip()), None, FOUND)


@guarded("book.read")
def read_case_acts(desk: Desk, actor: Actor, case_id: int, find_address: FindAddress = lambda _: "") -> CaseActs:
    """Return who did what on a case, when and on which step; that it was read is entered in the book.

    Raises:
        NotFound: there is no such case in the places whose book ``actor`` reads.
    """
    with desk.store.read() as tx:
        case = next(iter(tx.cases.search(_of_reader(actor, ids=[case_id]), None, 1)), None)
        if case is None:
            raise NotFound(
                Text(
                    "在您查阅日志的地方没有这个办件，请按名称或者编号查找。",
                    "There is no such case where you read the book: look for it by name or number.",
                )
            )
        describe_current_act(f"办件操作记录：{case.title}", place=case.jurisdiction)
        rows = tx.history.newest(case_id, SHOWN + 1)
        package = desk.packages.get(case.definition, tx)
        query = BookQuery(by_people=True, own_reading=False, case_id=case_id)
        beside = find_entries(desk, tx, actor, query, None, find_address)
    acts = tuple(_build_act(row, package) for row in rows[:SHOWN])
    return CaseActs(case, acts, len(rows) > SHOWN, beside)


def _of_reader(actor: Actor, text: str = "", ids: Sequence[int] | None = None) -> CaseFilter:
    places = places_where(actor, lambda seat: seat.audits)
    return CaseFilter(places, text=text, ids=ids, recused=sorted(actor.recused))


def _build_act(row: AuditRow, package: Package) -> CaseAct:
    drawn = (diagram.elements.get(row.element or "") for diagram in package.processes.values())
    step = next((element.name for element in drawn if element is not None), "")
    told = _FIRST_PART.match(without_actor(row.actor, row.text)) if row.action in _NAMING else None
    return CaseAct(row, RECORDED.get(row.action, _OTHER), step, told.group() if told else "")
