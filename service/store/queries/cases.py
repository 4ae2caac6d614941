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
from service.store.models.review import stage_score
from service.store.queries.base import Ordered, asked_once, row_of, select_sorted_rows, word
from service.store.queries.board import (
    BELONGINGS,
    BESIDE,
    PARTIES,
    TASK_IN_CASE,
    Belongings,
    Surroundings,
    split_task_and_case,
)
from service.store.queries.case_filter import CaseFilter, match_case_filter, waiting_at, waiting_ids
from service.store.queries.case_tree import WITHOUT_STATE, select_branch
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

_AT_ONCE = 500
"""So many ids stand in one statement."""


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

    @asked_once
    def parties(self, case_id: int) -> dict[str, list[BodyRow]]:
        """Return the bodies of a case by the role they hold in it."""
        bodies: dict[str, list[BodyRow]] = defaultdict(list)
        for role, *values in self._connection.execute(PARTIES, {"case_id": case_id}):
            bodies[role].append(row_of(BodyRow, body, values))
        return dict(bodies)

    def bind(self, case_id: int, role: str, body_id: int) -> None:
        """Let a body hold ``role`` in this case in place of who held it until now."""
        self._change(sa.delete(case_party).where(case_party.c.case_id == case_id, case_party.c.role == role))
        self._put(case_party, [CasePartyRow(case_id=case_id, role=role, body_id=body_id)])

    def around(self, case_id: int) -> Surroundings:
        """Return the names beside a case; nothing for one that is not there."""
        row = self._connection.execute(BESIDE, {"case_id": case_id}).first()
        return Surroundings._make(row) if row is not None else Surroundings(None, None, None, False)

    def belongings(self, case_id: int) -> Belongings:
        """Return what stands beside a case that exists, and what there is that belongs to it."""
        return Belongings._make(self._connection.execute(BELONGINGS, {"case_id": case_id}).one())

    def of_task(self, task_id: int) -> tuple[TaskRow, CaseRow, Surroundings]:
        """Return a task with its case and the names beside it, in one statement; raises NotFound."""
        row = self._connection.execute(TASK_IN_CASE, {"task_id": task_id}).first()
        if row is None:
            raise missing("待办", "task", task_id)
        values, beside = row[: -len(Surroundings._fields)], row[-len(Surroundings._fields) :]
        return *split_task_and_case(values), Surroundings._make(beside)

    def save(self, row: CaseRow, **changes: object) -> None:
        """Step a case that is still the one that was locked as ``row``; raises Stale after a concurrent step."""
        self.step(row.id, row.version, **changes)

    def tree(self, case_id: int) -> list[CaseRow]:
        """Return a case and all cases below it, oldest first; their ``state`` is left out."""
        branch = sa.select(*WITHOUT_STATE).where(case.c.id.in_(select_branch(case_id)))
        return self._all(CaseRow, branch.order_by(case.c.id))

    def is_scored(self, case_id: int) -> bool:
        """Return whether the scores of a stage are combined in a case or one below it."""
        return bool(self._scalar(sa.select(sa.exists().where(stage_score.c.case_id.in_(select_branch(case_id))))))

    def bodies_in_tree(self, case_id: int, kind: str) -> list[BodyRow]:
        """Return the bodies of a kind that a case or one below it is about, or that take part in it."""
        branch = select_branch(case_id)
        subjects = sa.select(case.c.subject_id).where(case.c.id.in_(branch))
        parties = sa.select(case_party.c.body_id).where(case_party.c.case_id.in_(branch))
        chosen = sa.select(body).where(body.c.id.in_(subjects.union(parties)), body.c.kind == kind)
        return self._all(BodyRow, chosen.order_by(body.c.id))

    def behind(self, jurisdiction: str, award: str, target: str, after: int, limit: int) -> list[int]:
        """Return the ids of cases of an award that run under another version than ``target``, oldest first."""
        statement = _select_running(jurisdiction, award, case.c.definition != target, case.c.id > after)
        return list(self._connection.scalars(statement.order_by(case.c.id).limit(limit)))

    def under(self, jurisdiction: str, award: str, version: str, after: int, limit: int) -> list[int]:
        """Return the ids of cases of an award that run under ``version``, oldest first."""
        statement = _select_running(jurisdiction, award, case.c.definition == version, case.c.id > after)
        return list(self._connection.scalars(statement.order_by(case.c.id).limit(limit)))

    def count_behind(self, jurisdiction: str, award: str, target: str) -> int:
        """Return how many there are."""
        behind = _select_running(jurisdiction, award, case.c.definition != target)
        return int(self._scalar(behind.with_only_columns(sa.func.count())))

    def search(self, chosen: CaseFilter, before: int | None = None, limit: int = 50) -> list[CaseRow]:
        """Return cases newest first, without ``state``; ``before`` is the last id of the page above."""
        statement = self._build_search(WITHOUT_STATE, chosen, before, limit)
        return self._all(CaseRow, statement) if statement is not None else []

    def search_ids(self, chosen: CaseFilter, limit: int) -> list[int]:
        """Return the ids of the newest cases that `search` would find."""
        statement = self._build_search([case.c.id], chosen, None, limit)
        return list(self._connection.scalars(statement)) if statement is not None else []

    def arranged(self, ids: Sequence[int], order: Ordered, limit: int) -> list[CaseRow]:
        """Return a page of these cases in ``order``, without ``state``."""
        return self._all(CaseRow, select_sorted_rows(WITHOUT_STATE, case.c.id, ids, _COLUMNS, order, limit))

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
            raise self._missing(lost)
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
        columns = (case.c.id, case.c.title, case.c.definition.label("version"), case.c.state)
        running = sa.select(*columns).where(case.c.id > after, case.c.status != word("ended"))
        return self._all(StoredState, running.order_by(case.c.id).limit(limit))

    def replace_subscriptions(
        self, case_id: int, added: Sequence[SubscriptionRow], removed_engine_ids: Collection[str]
    ) -> None:
        """Forget what no longer waits and note what does."""
        if removed_engine_ids:
            gone = (subscription.c.case_id == case_id, subscription.c.engine_id.in_(removed_engine_ids))
            self._change(sa.delete(subscription).where(*gone))
        self._put_unless_there(subscription, added)


def _select_running(jurisdiction: str, award: str, *where: sa.ColumnElement[bool]) -> sa.Select[tuple[int]]:
    of_award = (case.c.jurisdiction == jurisdiction, case.c.award == award)
    return sa.select(case.c.id).where(*of_award, case.c.status != word("ended"), *where)


class FindingRepository(Rows[FindingRow]):
    """What was found on each ground; older findings are kept as history."""

    def replace(self, case_id: int, table: str, rows: Sequence[FindingRow]) -> list[int]:
        """Let ``rows`` be the findings on ``table`` from now on; returns their ids."""
        self.change_where({"case_id": case_id, "table": table, "current": True}, current=False)
        return self.insert_many(rows)
