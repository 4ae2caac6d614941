"""Cases: rows, visits, what they wait for, parties and findings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from service.store.errors import missing
from service.store.models import BodyRow, CasePartyRow, CaseRow, FindingRow, SubscriptionRow, TaskRow, VisitRow
from service.store.models.cases import case, case_party, subscription, visit
from service.store.models.people import body
from service.store.models.submissions import finding
from service.store.queries import case_orders
from service.store.queries.base import Ordered, Repository, among, one, word
from service.store.queries.case_filter import CaseFilter, conditions, waiting_at, waiting_ids
from service.store.queries.case_tree import BEHIND, BODIES_IN_TREE, TREE, UNDER, WITHOUT_STATE
from service.store.queries.grams import SHORTEST, newest, words_of
from service.store.queries.people import PARTIES
from service.store.queries.surroundings import (
    BELONGINGS,
    BESIDE,
    OF_TASK,
    Belongings,
    Surroundings,
    names_beside,
    task_in_case,
)


class PartyRepository(Repository):
    """The bodies of cases."""

    def parties(self, case_id: int) -> dict[str, list[BodyRow]]:
        """Return the bodies of a case by the role they hold in it."""
        found: dict[str, list[BodyRow]] = defaultdict(list)
        for role, *values in self._told_rows(PARTIES, case=case_id):
            found[role].append(BodyRow(**dict(zip(body.c.keys(), values, strict=True))))
        return dict(found)

    def bind(self, case_id: int, role: str, body_id: int) -> None:
        """Let a body hold ``role`` in this case; again is no harm."""
        self._put_unless_there(case_party, [CasePartyRow(case_id=case_id, role=role, body_id=body_id)])


_STORED = (
    sa.select(case.c.id, case.c.title, case.c.definition.label("version"), case.c.state)
    .where(case.c.id > sa.bindparam("after"), case.c.status != word("ended"))
    .order_by(case.c.id)
)
"""Only columns that the tables have had since the first version."""

_NAME, _AT_ONCE = ("办件", "case"), 500
"""So many ids stand in one statement."""
_ONE = one(case, "id")
_VISITS = one(visit, "case_id").order_by(visit.c.id)
_SUBSCRIPTIONS = one(subscription, "case_id").order_by(subscription.c.engine_id)
_LOCKED = one(case, "id").with_for_update(key_share=True)
_BELOW = sa.select(*WITHOUT_STATE).where(case.c.parent_id == sa.bindparam("parent")).order_by(case.c.id)
_CHILDREN, _CHILDREN_OF_KIND = _BELOW, _BELOW.where(case.c.process == sa.bindparam("sort"))
_ROOTS_OF_KIND = (
    sa.select(*WITHOUT_STATE)
    .where(
        case.c.parent_id.is_(None),
        case.c.jurisdiction == sa.bindparam("place"),
        case.c.award == sa.bindparam("prize"),
        case.c.process == sa.bindparam("sort"),
    )
    .order_by(case.c.id)
)
_BELOW_EACH = (
    sa.select(*WITHOUT_STATE)
    .where(among(case.c.parent_id, "parents"), among(case.c.process, "processes"))
    .order_by(case.c.id)
)
_FORGOTTEN = sa.delete(subscription).where(
    subscription.c.case_id == sa.bindparam("case"), among(subscription.c.engine_id, "gone")
)


def _newest_waiting(
    place: tuple[str, str], where: Sequence[sa.ColumnElement[bool]], limit: int
) -> sa.CompoundSelect[int]:
    """Return the newest cases in which something waits at ``place``: each way to wait is read in the order of an index."""
    pages = []
    for table, here in waiting_at(*place):
        found = sa.select(table.c.case_id).join(case, case.c.id == table.c.case_id).where(*here, *where)
        page = found.distinct().order_by(table.c.case_id.desc()).limit(limit).subquery()
        pages.append(sa.select(page.c.case_id))
    return sa.union_all(*pages)


@dataclass(frozen=True, slots=True)
class StoredState:
    """What a case that has not ended has stored, whatever else its row holds."""

    id: int
    title: str
    version: str
    state: bytes


class CaseRepository(PartyRepository):
    """Running and ended cases (办件)."""

    def insert(self, row: CaseRow) -> int:
        """Add a case and return its id."""
        return self._insert(case, row)

    def get(self, case_id: int) -> CaseRow:
        """Return a case; raises NotFound."""
        return self._existing(CaseRow, _NAME, _ONE, case_id)

    def around(self, case_id: int) -> Surroundings:
        """Return the names beside a case; nothing for one that is not there."""
        return names_beside(self._told_rows(BESIDE, id=case_id))

    def belongings(self, case_id: int) -> Belongings:
        """Return what stands beside a case that exists, and what there is that belongs to it."""
        return Belongings._make(self._told_rows(BELONGINGS, id=case_id)[0])

    def of_task(self, task_id: int) -> tuple[TaskRow, CaseRow, Surroundings]:
        """Return a task with its case and the names beside it, in one statement; raises NotFound."""
        found = self._told_rows(OF_TASK, id=task_id)
        if not found:
            raise missing("任务", "task", task_id)
        return task_in_case(found[0])

    def lock(self, case_id: int) -> CaseRow:
        """Return a case and keep others from stepping it until the end of the unit of work; raises NotFound.

        Rows that refer to the case may still be added by others (FOR NO KEY UPDATE): parent and child
        step at the same time and write to each other.
        """
        return self._existing(CaseRow, _NAME, _LOCKED, case_id)

    def save(self, row: CaseRow, **changes: object) -> None:
        """Step a case that is still the one that was locked as ``row``; raises Stale after a concurrent step."""
        self._step(case, row.id, row.version, changes)

    def children(self, parent_id: int, process: str | None = None) -> list[CaseRow]:
        """Return the child cases of one, oldest first; their ``state`` is left out (empty)."""
        if process is None:
            return self._all(CaseRow, _CHILDREN, parent=parent_id)
        return self._all(CaseRow, _CHILDREN_OF_KIND, parent=parent_id, sort=process)

    def tree(self, case_id: int) -> list[CaseRow]:
        """Return a case and all cases below it, oldest first; their ``state`` is left out."""
        return self._all(CaseRow, TREE, top=case_id)

    def bodies_in_tree(self, case_id: int, kind: str) -> list[BodyRow]:
        """Return the bodies of a kind that a case or one below it is about, or that take part in it."""
        return self._all(BodyRow, BODIES_IN_TREE, top=case_id, sort=kind)

    def roots(self, jurisdiction: str, award: str, process: str) -> list[CaseRow]:
        """Return the cases of one kind of an award that stand below none, oldest first; their ``state`` is left out."""
        return self._all(CaseRow, _ROOTS_OF_KIND, place=jurisdiction, prize=award, sort=process)

    def find_live(self, parent_id: int | None, process: str, subject_id: int | None) -> CaseRow | None:
        """Return the oldest case of this kind that has not ended, about this organisation, below this parent."""
        statement = sa.select(case).where(
            case.c.parent_id == parent_id if parent_id is not None else case.c.parent_id.is_(None),
            case.c.process == process,
            case.c.subject_id == subject_id if subject_id is not None else case.c.subject_id.is_(None),
            case.c.status != word("ended"),
        )
        return self._first(CaseRow, statement.order_by(case.c.id).limit(1))

    def below_each(self, parents: Sequence[int], processes: Sequence[str]) -> list[CaseRow]:
        """Return the cases of these kinds below any of these, oldest first; their ``state`` is left out."""
        return self._all(CaseRow, _BELOW_EACH, parents=list(parents), processes=list(processes))

    def running_by_definition(self, jurisdiction: str) -> dict[str, int]:
        """Return how many cases of a jurisdiction have not ended, by the version they run under."""
        statement = (
            sa.select(case.c.definition, sa.func.count())
            .where(case.c.jurisdiction == jurisdiction, case.c.status != word("ended"))
            .group_by(case.c.definition)
        )
        return {str(version): int(count) for version, count in self._connection.execute(statement)}

    def all_by_definition(self, jurisdiction: str) -> dict[str, int]:
        """Return how many cases of a jurisdiction there are, ended or not, by the version they run or ran under."""
        columns = sa.select(case.c.definition, sa.func.count()).where(case.c.jurisdiction == jurisdiction)
        found = self._connection.execute(columns.group_by(case.c.definition))
        return {str(version): int(count) for version, count in found}

    def running_under(self, jurisdiction: str, award: str) -> list[CaseRow]:
        """Return the cases of an award that have not ended, oldest first; their ``state`` is left out (empty)."""
        where = (case.c.jurisdiction == jurisdiction, case.c.award == award, case.c.status != word("ended"))
        return self._all(CaseRow, sa.select(*WITHOUT_STATE).where(*where).order_by(case.c.id))

    def behind(self, jurisdiction: str, award: str, target: str, after: int, limit: int) -> list[int]:
        """Return the ids of cases of an award that run under another version than ``target``, oldest first."""
        return self._running(BEHIND, jurisdiction, award, target, after, limit)

    def under(self, jurisdiction: str, award: str, version: str, after: int, limit: int) -> list[int]:
        """Return the ids of cases of an award that run under ``version``, oldest first."""
        return self._running(UNDER, jurisdiction, award, version, after, limit)

    def _running(
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
        found = self._searched(WITHOUT_STATE, chosen, before, limit)
        return self._all(CaseRow, found) if found is not None else []

    def search_ids(self, chosen: CaseFilter, limit: int) -> list[int]:
        """Return the ids of the newest cases that `search` would find."""
        found = self._searched([case.c.id], chosen, None, limit)
        return [int(ident) for (ident,) in self._told_rows(found)] if found is not None else []

    def arranged(self, ids: Sequence[int], order: Ordered, limit: int) -> list[CaseRow]:
        """Return a page of these cases in ``order``, without ``state``."""
        return self._all(CaseRow, case_orders.found(order), ids=ids, skip=order.skip, most=limit)

    def _searched(
        self, columns: Sequence[sa.ColumnElement[Any]], chosen: CaseFilter, before: int | None, limit: int
    ) -> sa.Select[*tuple[Any, ...]] | None:
        """Return the statement of a search, None where it was seen to find nothing."""
        statement = sa.select(*columns).order_by(case.c.id.desc()).limit(limit)
        words = words_of(chosen.text)
        by_words = chosen.jurisdictions is not None and any(len(each) >= SHORTEST for each in words)
        where = conditions(replace(chosen, waits_at=None, text="" if by_words else chosen.text))
        if by_words and chosen.jurisdictions is not None:
            places = list(chosen.jurisdictions)
            if chosen.waits_at is not None:
                where.append(case.c.id.in_(waiting_ids(*chosen.waits_at)))
            found = newest(self._connection, "case", case, places, words, where, limit, before)
            return statement.where(case.c.id.in_(found)) if found else None
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
        found: dict[int, tuple[str, str]] = {}
        columns = (case.c.id, case.c.jurisdiction, case.c.definition)
        for start in range(0, len(ids), _AT_ONCE):
            chosen = sa.select(*columns).where(case.c.id.in_(ids[start : start + _AT_ONCE]))
            found |= {
                int(ident): (str(place), str(version)) for ident, place, version in self._connection.execute(chosen)
            }
        lost = next((ident for ident in ids if ident not in found), None)
        if lost is not None:
            raise missing(*_NAME, lost)
        return found

    def titles(self, ids: Sequence[int]) -> dict[int, str]:
        """Return the titles of these cases, a page of them."""
        chosen = sa.select(case.c.id, case.c.title).where(case.c.id.in_(ids))
        return {int(ident): str(title) for ident, title in self._connection.execute(chosen)}

    def count(self, chosen: CaseFilter) -> int:
        """Return how many cases `search` would find on all its pages together."""
        return int(self._scalar(sa.select(sa.func.count()).select_from(case).where(*conditions(chosen))))

    def numbers_after(self, case_id: int, limit: int, chosen: CaseFilter | None = None) -> list[int]:
        """Return the next ``limit`` numbers of cases above ``case_id`` that fit ``chosen``, in order."""
        where = (case.c.id > case_id, *conditions(chosen or CaseFilter()))
        return list(self._connection.scalars(sa.select(case.c.id).where(*where).order_by(case.c.id).limit(limit)))

    def stored_states(self, after: int, limit: int) -> list[StoredState]:
        """Return the cases that have not ended, oldest first, in a database of any age; ``after`` is the last id before."""
        return self._all(StoredState, _STORED.limit(limit), after=after)

    def visits(self, case_id: int) -> list[VisitRow]:
        """Return the elements the case has passed, in that order."""
        return self._all(VisitRow, _VISITS, case_id=case_id)

    def add_visits(self, case_id: int, passed: Iterable[tuple[str, str]], at: datetime) -> None:
        """Note the elements (process id, element id) just passed."""
        self._put(visit, [VisitRow(case_id=case_id, process_id=p, element=e, at=at) for p, e in passed])

    def subscriptions(self, case_id: int) -> list[SubscriptionRow]:
        """Return what the case waits for."""
        return self._all(SubscriptionRow, _SUBSCRIPTIONS, case_id=case_id)

    def replace_subscriptions(
        self, case_id: int, added: Sequence[SubscriptionRow], removed_engine_ids: Collection[str]
    ) -> None:
        """Forget what no longer waits and note what does."""
        if removed_engine_ids:
            self._change(_FORGOTTEN, case=case_id, gone=list(removed_engine_ids))
        self._put_unless_there(subscription, added)


_CURRENT = one(finding, "case_id").where(finding.c.current).order_by(finding.c.id)


class FindingRepository(Repository):
    """What was found on each ground; older findings are kept as history."""

    def replace(self, case_id: int, table: str, rows: Sequence[FindingRow]) -> list[int]:
        """Let ``rows`` be the findings on ``table`` from now on; returns their ids."""
        where = (finding.c.case_id == case_id, finding.c.table == table, finding.c.current)
        self._change(sa.update(finding).where(*where).values(current=False))
        return self._insert_many(finding, rows)

    def current(self, case_id: int) -> list[FindingRow]:
        """Return the findings that count, in the order they were made."""
        return self._all(FindingRow, _CURRENT, case_id=case_id)

    def history(self, case_id: int) -> list[FindingRow]:
        """Return all findings ever made, oldest first."""
        return self._all(FindingRow, sa.select(finding).where(finding.c.case_id == case_id).order_by(finding.c.id))
