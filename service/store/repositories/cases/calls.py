"""The call activities that cases stand in and stood in."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from service.store.repositories.base import Repository
from service.store.repositories.cases.case_filter import not_about, still
from service.store.repositories.cases.durations import NEWEST, Place, TasksBehind
from service.store.rows.calls import CallRow, call
from service.store.rows.cases import case, subscription, task
from service.store.rows.work import work_item

_OPEN_OF_CASE = (
    sa.select(call).where(call.c.case_id == sa.bindparam("case"), call.c.left_at.is_(None)).order_by(call.c.id)
)
_CALLED = sa.select(call.c.id, call.c.case_id, call.c.element, call.c.since, call.c.left_at)
_LEAVING = (
    sa.update(call)
    .where(
        call.c.case_id == sa.bindparam("case"),
        call.c.process_id == sa.bindparam("process"),
        call.c.element == sa.bindparam("place"),
        call.c.left_at.is_(None),
    )
    .values(left_at=sa.bindparam("at"))
)


class Called(NamedTuple):
    """A case that stands or stood in a call activity: since when and until when (None: it stands there)."""

    id: int
    case_id: int
    element: str
    since: datetime
    left_at: datetime | None


class CallRepository(Repository):
    """Which cases stand in which call activities, and for how long others stood."""

    def open_of_case(self, case_id: int) -> list[CallRow]:
        """Return the call activities that a case stands in, those entered first before."""
        return self._all(CallRow, _OPEN_OF_CASE, case=case_id)

    def enter(self, rows: Sequence[CallRow]) -> None:
        """Note that cases stand in call activities."""
        self._put(call, rows)

    def leave(self, case_id: int, places: Collection[tuple[str, str]], at: datetime) -> None:
        """Note that a case has left call activities (process id, element id)."""
        for process_id, element in places:
            self._change(_LEAVING, case=case_id, process=process_id, place=element, at=at)

    def rename(self, row: CallRow, element: str) -> None:
        """Let a call activity that a case stands in have the id by which another version calls it."""
        self._change(sa.update(call).where(call.c.id == row.id).values(element=element))

    def standing(self, place: Place) -> dict[str, int]:
        """Return how many cases stand in each call activity of a diagram."""
        counted = sa.select(call.c.element, sa.func.count()).where(*_open_at(place)).group_by(call.c.element)
        return {str(element): int(count) for element, count in self._connection.execute(counted)}

    def since(self, place: Place, ranks: Mapping[str, Sequence[int]]) -> dict[str, list[datetime]]:
        """Return since when the n-th case, the oldest first from 0, stands in each call activity, for every n asked."""
        asked = [(element, rank) for element, each in ranks.items() for rank in each]
        branches = [
            sa.select(
                sa.select(call.c.since)
                .where(*_open_at(place), call.c.element == element)
                .order_by(call.c.since)
                .limit(1)
                .offset(rank)
                .scalar_subquery()
            )
            for element, rank in asked
        ]
        found = iter(self._connection.execute(sa.union_all(*branches)).scalars() if branches else ())
        return {element: [next(found) for _ in each] for element, each in ranks.items()}

    def left(self, place: Place, since: datetime) -> list[Called]:
        """Return the call activities of a diagram that cases have left since then, the newest `NEWEST` at most."""
        newest = _CALLED.where(*_left_at(place, since)).order_by(call.c.left_at.desc()).limit(NEWEST)
        found = self._connection.execute(newest)
        return [Called(*row) for row in found]

    def behind(self, place: Place, chosen: TasksBehind, before: int | None, limit: int) -> list[Called]:
        """Return who stands in a call activity, or has left it since ``chosen.done_since``, the newest entry first.

        ``before`` is the last id of the page above; of ``chosen`` the element, the period and who is left out count.
        """
        where = _open_at(place) if chosen.done_since is None else _left_at(place, chosen.done_since)
        if chosen.element is not None:
            where.append(call.c.element == chosen.element)
        if chosen.recused:
            where.append(sa.exists().where(case.c.id == call.c.case_id, *not_about(chosen.recused)))
        if before is not None:
            where.append(call.c.id < before)
        return [
            Called(*row)
            for row in self._connection.execute(_CALLED.where(*where).order_by(call.c.id.desc()).limit(limit))
        ]

    def cases_at(self, place: Place, elements: Collection[str]) -> dict[str, int]:
        """Return how many cases wait at each of these elements of a diagram: one that waits there for several things is one.

        Call activities are not among these: see `standing`.
        """
        pages = []
        for table in (task, subscription, work_item):
            of_place = [case.c.jurisdiction == place.jurisdiction]
            if place.version is not None:
                of_place.append(case.c.definition == place.version)
            here = sa.exists().where(case.c.id == table.c.case_id, *of_place)
            waiting = (table.c.process_id == place.process_id, table.c.element.in_(sorted(elements)), *still(table))
            pages.append(sa.select(table.c.element, table.c.case_id).where(*waiting, here))
        each = sa.union(*pages).subquery()
        counted = sa.select(each.c.element, sa.func.count()).group_by(each.c.element)
        return {str(element): int(count) for element, count in self._connection.execute(counted)}


def _open_at(place: Place) -> list[sa.ColumnElement[bool]]:
    return [
        call.c.jurisdiction == place.jurisdiction,
        call.c.process_id == place.process_id,
        call.c.left_at.is_(None),
        *_of_version(place),
    ]


def _left_at(place: Place, since: datetime) -> list[sa.ColumnElement[bool]]:
    return [
        call.c.jurisdiction == place.jurisdiction,
        call.c.process_id == place.process_id,
        call.c.left_at.is_not(None),
        call.c.left_at >= since,
        *_of_version(place),
    ]


def _of_version(place: Place) -> list[sa.ColumnElement[bool]]:
    if place.version is None:
        return []
    return [sa.exists().where(case.c.id == call.c.case_id, case.c.definition == place.version)]
