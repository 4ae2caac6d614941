"""What hangs on a case beside its tokens, and is to end with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

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

TERMINATED = "terminated"
"""Outcome of a case that an administrator ended before its own end."""

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


class HangingRepository(Repository):
    """Ballots, sittings, appointments, notices and the like that wait for somebody because a case runs."""

    def on_case(self, case_id: int) -> Mapping[str, Sequence[int]]:
        """Return the numbers of what hangs on a case, by kind, the oldest first."""
        found: dict[str, list[int]] = defaultdict(list)
        for kind, number in self._read(_OF_CASE, {"case_id": case_id}):
            found[str(kind)].append(int(number))
        return {kind: sorted(numbers) for kind, numbers in found.items()}
