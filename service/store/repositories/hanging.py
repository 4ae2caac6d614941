"""What hangs on a case beside its tokens, and is to end with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from service.store.repositories.base import Repository, word
from service.store.rows.ballots import ballot
from service.store.rows.cases import case, task
from service.store.rows.history import incident
from service.store.rows.panels import appointment
from service.store.rows.register import notice
from service.store.rows.sittings import sitting
from service.store.rows.work import work_item

BALLOT, TASK, SITTING, APPOINTMENT, NOTICE = "ballot", "task", "sitting", "appointment", "notice"
HELD, INCIDENT = "held", "incident"
"""Kinds of what hangs on a case: work that waits until a suspended case goes on, and what stopped in a case."""

_CASE: sa.BindParameter[int] = sa.bindparam("case_id", type_=case.c.id.type)
_WAITING: tuple[tuple[str, sa.Table, tuple[sa.ColumnElement[bool], ...]], ...] = (
    (BALLOT, ballot, (ballot.c.state.in_([word("open"), word("closed")]),)),
    (TASK, task, (task.c.state == word("open"),)),
    (SITTING, sitting, (sitting.c.state == word("called"),)),
    (APPOINTMENT, appointment, (appointment.c.state == word("planned"),)),
    (NOTICE, notice, (notice.c.state == word("running"),)),
    (HELD, work_item, (work_item.c.state == word("held"),)),
    (INCIDENT, incident, (incident.c.resolved_at.is_(None), incident.c.work_item_id.is_(None))),
)
_OF_CASE = sa.union_all(
    *(
        sa.select(word(kind).label("kind"), table.c.id.label("number")).where(table.c.case_id == _CASE, *where)
        for kind, table, where in _WAITING
    )
)
_TO_COME = appointment.c.starts_at > sa.bindparam("now", type_=appointment.c.starts_at.type)
_LEFT_BEHIND: Mapping[str, tuple[sa.ColumnElement[bool], ...]] = {BALLOT: (), TASK: (), APPOINTMENT: (_TO_COME,)}
_LEFT_IN_ENDED = (
    sa.union(
        *(
            sa.select(table.c.case_id.label("case_id"))
            .join(case, case.c.id == table.c.case_id)
            .where(case.c.status == word("ended"), table.c.case_id > sa.bindparam("after"), *where)
            .where(*_LEFT_BEHIND[kind])
            for kind, table, where in _WAITING
            if kind in _LEFT_BEHIND
        )
    )
    .order_by("case_id")
    .limit(sa.bindparam("most"))
)


class HangingRepository(Repository):
    """Ballots, sittings, appointments, notices and the like that wait for somebody because a case runs."""

    def on_case(self, case_id: int) -> Mapping[str, Sequence[int]]:
        """Return the numbers of what hangs on a case, by kind, the oldest first."""
        found: dict[str, list[int]] = defaultdict(list)
        for kind, number in self._read(_OF_CASE, {"case_id": case_id}):
            found[str(kind)].append(int(number))
        return {kind: sorted(numbers) for kind, numbers in found.items()}

    def left_in_ended(self, after: int, most: int, now: datetime) -> list[int]:
        """Return the next ended cases above number ``after`` with an open task or ballot, or an appointment to come."""
        found = self._read(_LEFT_IN_ENDED, {"after": after, "most": most, "now": now})
        return [int(ident) for (ident,) in found]
