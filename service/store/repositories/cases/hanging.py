"""What hangs on a case beside its tokens, and is to end with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from service.store.repositories.base import Repository, word
from service.store.rows.ballots import ballot
from service.store.rows.cases import case, task
from service.store.rows.history import incident
from service.store.rows.panels import appointment
from service.store.rows.register import notice
from service.store.rows.sittings import sitting, sitting_member
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
_TO_COME = appointment.c.starts_at > sa.bindparam("now", type_=appointment.c.starts_at.type)
_CUT_OFF = case.c.outcome == word(TERMINATED)
_NOT_BEGUN = (
    sitting.c.starts_at > sa.bindparam("now", type_=sitting.c.starts_at.type),
    ~sa.exists().where(sitting_member.c.sitting_id == sitting.c.id, sitting_member.c.state == word("present")),
)
_LEFT_BEHIND: Mapping[str, tuple[sa.ColumnElement[bool], ...]] = {
    BALLOT: (),
    TASK: (),
    APPOINTMENT: (_TO_COME,),
    SITTING: (_CUT_OFF, *_NOT_BEGUN),
    NOTICE: (_CUT_OFF, notice.c.audience == word("public")),
}
"""Kind → what is left of it in a case that has ended: of one that came to its own end sittings and notices go on."""
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
_SHOWN_AFTER_END = sa.union_all(
    *(
        sa.select(word(kind).label("kind"), table.c.case_id, table.c.title)
        .join(case, case.c.id == table.c.case_id)
        .where(case.c.status == word("ended"), *where, *_LEFT_BEHIND[kind])
        for kind, table, where in _WAITING
        if kind in (SITTING, NOTICE)
    )
).limit(sa.bindparam("most"))


@dataclass(frozen=True, slots=True)
class ShownAfterEnd:
    """A notice that runs, or a sitting to come, about a case that was terminated."""

    kind: str
    case_id: int
    title: str


class HangingRepository(Repository):
    """Ballots, sittings, appointments, notices and the like that wait for somebody because a case runs."""

    def on_case(self, case_id: int) -> Mapping[str, Sequence[int]]:
        """Return the numbers of what hangs on a case, by kind, the oldest first."""
        found: dict[str, list[int]] = defaultdict(list)
        for kind, number in self._read(_OF_CASE, {"case_id": case_id}):
            found[str(kind)].append(int(number))
        return {kind: sorted(numbers) for kind, numbers in found.items()}

    def left_in_ended(self, after: int, most: int, now: datetime) -> list[int]:
        """Return the next ended cases above number ``after`` of which something is left (`_LEFT_BEHIND`)."""
        found = self._read(_LEFT_IN_ENDED, {"after": after, "most": most, "now": now})
        return [int(ident) for (ident,) in found]

    def shown_after_end(self, most: int, now: datetime) -> list[ShownAfterEnd]:
        """Return public notices that run, and sittings to come, about cases that were terminated."""
        return self._all(ShownAfterEnd, _SHOWN_AFTER_END, most=most, now=now)
