"""Cases: rows, visits, what they wait for, parties and findings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from service.store.errors import missing
from service.store.models import BodyRow, CasePartyRow, CaseRow, FindingRow, SubscriptionRow, TaskRow
from service.store.models.cases import case, case_party, subscription
from service.store.models.people import body
from service.store.queries.base import Ordered, match_any_of, select_sorted_rows, word
from service.store.queries.board import (
    BELONGINGS,
    BESIDE,
    OF_TASK,
    Belongings,
    Surroundings,
    names_beside,
    task_in_case,
)
from service.store.queries.case_filter import CaseFilter, match_case_filter, waiting_at, waiting_ids
from service.store.queries.case_tree import BEHIND, BODIES_IN_TREE, SCORED, TREE, UNDER, WITHOUT_STATE
from service.store.queries.people import PARTIES
from service.store.queries.rows import Rows
from service.store.searching import SHORTEST, list_newest_rows, words_of

_COLUMNS: dict[str, tuple[sa.ColumnElement[Any], ...]] = {
    "name": (case.c.title,),
    "number": (case.c.number.is_(None), case.c.number),
    "kind": (case.c.jurisdiction, case.c.process),
    "changed": (case.c.changed_at,),
    "state": (case.c.status, case.c.outcome),
    "began": (case.c.started_at,),
}


_STORED = (
    sa.select(case.c.id, case.c.title, case.c.definition.label("version"), case.c.state)
    .where(case.c.id > sa.bindparam("after"), case.c.status != word("ended"))
    .order_by(case.c.id)
)
"""Only columns that the tables have had since the first version."""

_NAME, _AT_ONCE = ("办件", "case"), 500
"""So many ids stand in one statement."""
_FORGOTTEN = sa.delete(subscription).where(
    subscription.c.case_id == sa.bindparam("case"), match_any_of(subscription.c.engine_id, "gone")
)


def _newest_waiting(
    place: tuple[str, str], where: Sequence[sa.ColumnElement[bool]], limit: int
) -> sa.CompoundSelect[int]:
    """Return the newest cases in which something waits at ``place``: each way to wait is read in the order of an index."""
    pages = []
    for table, conditions in waiting_at(*place):
        statement = sa.select(table.c.case_id).join(case, case.c.id == table.c.case_id).where(*conditions, *where)
        page = statement.distinct().order_by(table.c.case_id.desc()).limit(limit).subquery()
        pages.append(sa.select(page.c.case_id))
    return sa.union_all(*pages)


@dataclass(frozen=True, slots=True)
class StoredState:
    """What a case that has not ended has stored, whatever else its row holds."""

    id: int
    title: str
    version: str
    state: bytes


class CaseRepository(Rows[CaseRow]):
    """Running and ended cases (办件), with their parties."""

    kind = CaseRow

    def parties(self, case_id: int) -> dict[str, list[BodyRow]]:
        """Return the bodies of a case by the role they hold in it."""
        bodies: dict[str, list[BodyRow]] = defaultdict(list)
        for role, *values in self._fetch_rows(PARTIES, case=case_id):
            bodies[role].append(BodyRow(**dict(zip(body.c.keys(), values, strict=True))))
        return dict(bodies)

    def bind(self, case_id: int, role: str, body_id: int) -> None:
        """Let a body hold ``role`` in this case; again is no harm."""
        self._put_unless_there(case_party, [CasePartyRow(case_id=case_id, role=role, body_id=body_id)])

    def around(self, case_id: int) -> Surroundings:
        """Return the names beside a case; nothing for one that is not there."""
        return names_beside(self._fetch_rows(BESIDE, id=case_id))

    def belongings(self, case_id: int) -> Belongings:
        """Return what stands beside a case that exists, and what there is that belongs to it."""
        return Belongings._make(self._fetch_rows(BELONGINGS, id=case_id)[0])

    def of_task(self, task_id: int) -> tuple[TaskRow, CaseRow, Surroundings]:
        """Return a task with its case and the names beside it, in one statement; raises NotFound."""
        rows = self._fetch_rows(OF_TASK, id=task_id)
        if not rows:
            raise missing("任务", "task", task_id)
        return task_in_case(rows[0])

    def save(self, row: CaseRow, **changes: object) -> None:
        """Step a case that is still the one that was locked as ``row``; raises Stale after a concurrent step."""
        self._step(case, row.id, row.version, changes)

    def tree(self, case_id: int) -> list[CaseRow]:
        """Return a case and all cases below it, oldest first; their ``state`` is left out."""
        return self._all(CaseRow, TREE, top=case_id)

    def is_scored(self, case_id: int) -> bool:
        """Return whether the scores of a stage are combined in a case or one below it."""
        return bool(self._connection.execute(SCORED, {"top": case_id}).scalar_one())

    def bodies_in_tree(self, case_id: int, kind: str) -> list[BodyRow]:
        """Return the bodies of a kind that a case or one below it is about, or that take part in it."""
        return self._all(BodyRow, BODIES_IN_TREE, top=case_id, sort=kind)

    def behind(self, jurisdiction: str, award: str, target: str, after: int, limit: int) -> list[int]:
        """Return the ids of cases of an award that run under another version than ``target``, oldest first."""
        return self._list_running(BEHIND, jurisdiction, award, target, after, limit)

    def under(self, jurisdiction: str, award: str, version: str, after: int, limit: int) -> list[int]:
        """Return the ids of cases of an award that run under ``version``, oldest first."""
        return self._list_running(UNDER, jurisdiction, award, version, after, limit)

    def _list_running(
        self, statement: sa.Select[int], place: str, prize: str, target: str, after: int, limit: int
    ) -> list[int]:
        names = {"place": place, "prize": prize, "target": target, "after": after}
        return [int(ident) for (ident,) in self._connection.execute(statement.limit(limit), names)]

    def count_behind(self, jurisdiction: str, award: str, target: str) -> int:
        """Return how many there are."""
        counting = sa.select(sa.func.count()).select_from(BEHIND.subquery())
        return int(self._scalar(counting, place=jurisdiction, prize=award, target=target, after=0))

    def search(self, chosen: CaseFilter, before: int | None = None, limit: int = 50) -> list[CaseRow]:
        """Return cases newest first, without ``state``; ``before`` is the last id of the page above."""
        statement = self._build_search(WITHOUT_STATE, chosen, before, limit)
        return self._all(CaseRow, statement) if statement is not None else []

    def search_ids(self, chosen: CaseFilter, limit: int) -> list[int]:
        """Return the ids of the newest cases that `search` would find."""
        statement = self._build_search([case.c.id], chosen, None, limit)
        return [int(ident) for (ident,) in self._fetch_rows(statement)] if statement is not None else []

    def arranged(self, ids: Sequence[int], order: Ordered, limit: int) -> list[CaseRow]:
        """Return a page of these cases in ``order``, without ``state``."""
        page = select_sorted_rows(WITHOUT_STATE, case.c.id, _COLUMNS[order.by], down=order.down)
        return self._all(CaseRow, page, ids=ids, skip=order.skip, most=limit)

    def _build_search(
        self, columns: Sequence[sa.ColumnElement[Any]], chosen: CaseFilter, before: int | None, limit: int
    ) -> sa.Select[*tuple[Any, ...]] | None:
        """Return the statement of a search, None where it was seen to find nothing."""
        statement = sa.select(*columns).order_by(case.c.id.desc()).limit(limit)
        words = words_of(chosen.text)
        by_words = chosen.jurisdictions is not None and any(len(each) >= SHORTEST for each in words)
        where = match_case_filter(replace(chosen, waits_at=None, text="" if by_words else chosen.text))
        if by_words and chosen.jurisdictions is not None:
            places = list(chosen.jurisdictions)
            if chosen.waits_at is not None:
                where.append(case.c.id.in_(waiting_ids(*chosen.waits_at)))
            ids = list_newest_rows(self._connection, "case", case, places, words, where, limit, before)
            return statement.where(case.c.id.in_(ids)) if ids else None
        if before is not None:
            where.append(case.c.id < before)
        if chosen.waits_at is not None:
            where.append(case.c.id.in_(_newest_waiting(chosen.waits_at, where, limit)))
        return statement.where(*where)

    def places_of(self, ids: Sequence[int]) -> set[str]:
        """Return the jurisdictions of these cases; raises NotFound where one does not exist."""
        return {place for place, _definition in self.definitions_of(ids).values()}

    def definitions_of(self, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
        """Return of each of these cases its jurisdiction and its version; raises NotFound where one does not exist."""
        definitions: dict[int, tuple[str, str]] = {}
        columns = (case.c.id, case.c.jurisdiction, case.c.definition)
        for start in range(0, len(ids), _AT_ONCE):
            chosen = sa.select(*columns).where(case.c.id.in_(ids[start : start + _AT_ONCE]))
            definitions |= {
                int(ident): (str(place), str(version)) for ident, place, version in self._connection.execute(chosen)
            }
        lost = next((ident for ident in ids if ident not in definitions), None)
        if lost is not None:
            raise missing(*_NAME, lost)
        return definitions

    def titles(self, ids: Sequence[int]) -> dict[int, str]:
        """Return the titles of these cases, a page of them."""
        chosen = sa.select(case.c.id, case.c.title).where(case.c.id.in_(ids))
        return {int(ident): str(title) for ident, title in self._connection.execute(chosen)}

    def count(self, chosen: CaseFilter) -> int:
        """Return how many cases `search` would find on all its pages together."""
        return int(self._scalar(sa.select(sa.func.count()).select_from(case).where(*match_case_filter(chosen))))

    def numbers_after(self, case_id: int, limit: int, chosen: CaseFilter | None = None) -> list[int]:
        """Return the next ``limit`` numbers of cases above ``case_id`` that fit ``chosen``, in order."""
        where = (case.c.id > case_id, *match_case_filter(chosen or CaseFilter()))
        return list(self._connection.scalars(sa.select(case.c.id).where(*where).order_by(case.c.id).limit(limit)))

    def stored_states(self, after: int, limit: int) -> list[StoredState]:
        """Return the cases that have not ended, oldest first, in a database of any age; ``after`` is the last id before."""
        return self._all(StoredState, _STORED.limit(limit), after=after)

    def replace_subscriptions(
        self, case_id: int, added: Sequence[SubscriptionRow], removed_engine_ids: Collection[str]
    ) -> None:
        """Forget what no longer waits and note what does."""
        if removed_engine_ids:
            self._change(_FORGOTTEN, case=case_id, gone=list(removed_engine_ids))
        self._put_unless_there(subscription, added)


class FindingRepository(Rows[FindingRow]):
    """What was found on each ground; older findings are kept as history."""

    kind = FindingRow

    def replace(self, case_id: int, table: str, rows: Sequence[FindingRow]) -> list[int]:
        """Let ``rows`` be the findings on ``table`` from now on; returns their ids."""
        self.change_where({"case_id": case_id, "table": table, "current": True}, current=False)
        return self.insert_many(rows)
