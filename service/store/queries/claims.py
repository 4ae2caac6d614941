"""Claims of work items: taking, renewing, failing and giving them back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from service.domain.proof.audit_chain import AuditEvent
from service.domain.running.lanes import MAIL, TURNS
from service.domain.text import Text
from service.domain.wording.work_words import work_name
from service.store.errors import Stale
from service.store.models import IncidentRow, WorkItemRow
from service.store.models.cases import case
from service.store.models.work import work_item
from service.store.queries.base import word
from service.store.queries.incidents import IncidentRepository
from service.store.queries.log import HistoryRepository
from service.store.queries.operation import ON_HOLD
from service.store.queries.rows import Rows

LEASE = timedelta(seconds=60)
"""How long a claim lasts before others may take the item; work with the outside must be quicker or renew."""

MAX_ATTEMPTS = 8
"""Failures after which an item is dead: the last wait is about two hours."""

_BACKOFF = timedelta(minutes=1)

VAIN_ATTEMPTS = 7
"""Failures after which an item has been tried in vain for an hour (63 minutes of waits): people are told."""

_NOW = sa.bindparam("now", type_=work_item.c.due_at.type)


class ClaimRepository(Rows[WorkItemRow]):
    """The life of a work item from waiting to running, and back or to its end."""

    def claim(self, now: datetime, owner: str, lease: timedelta = LEASE) -> WorkItemRow | None:
        """Take the item due longest, whatever its lane, else one whose lease ran out; None when there is neither."""
        return next(iter(self._claim(_TAKE, now, owner, lease)), None)

    def claim_in(
        self, lane: str, now: datetime, owner: str, most: int = 1, lease: timedelta = LEASE
    ) -> list[WorkItemRow]:
        """Take due items of one lane, in due order.

        Where a lane moves cases (`TURNS`), of each case the item whose turn it is: up to ``most`` that were never tried,
        and one that was, so that an item that kills its process costs each of the others one attempt at most.
        In the other lanes one.
        """
        return self._claim(_TAKE_TURNS if lane in TURNS else _TAKE_IN, now, owner, lease, in_lane=lane, most=most)

    def _claim(
        self, statement: sa.Executable, now: datetime, owner: str, lease: timedelta, **parameters: object
    ) -> list[WorkItemRow]:
        """Take what ``statement`` finds; commit at once: the attempt must stay counted even if the work kills the process.

        An item that has used up its attempts that way is buried instead, and the next one taken.
        """
        while taken := self._all(WorkItemRow, statement, now=now, until=now + lease, who=owner, **parameters):
            worn = [item for item in taken if item.attempts > MAX_ATTEMPTS]
            for item in worn:
                self._bury_worn(item, _KILLED, now)
            if len(worn) < len(taken):
                fit = (item for item in taken if item.attempts <= MAX_ATTEMPTS)
                return sorted(fit, key=lambda item: (item.due_at, item.id))
        return []

    def renew(self, item: WorkItemRow, until: datetime) -> bool:
        """Prolong the lease of a claimed item; returns whether it was still ours."""
        return self.change_where(fence_of(item), lease_until=until) == 1

    def require_claimed(self, item: WorkItemRow) -> None:
        """Demand that a claimed item is still ours, and keep it so until the end of the unit of work.

        For work that commits more than once; the last commit has `finish`.

        Raises:
            Stale: if it was called off, or claimed by another process after our lease ended; nothing may be kept.
        """
        fence = (work_item.c.state == word("running"), work_item.c.attempts == item.attempts)
        ours = sa.select(work_item.c.id).where(work_item.c.id == item.id, *fence)
        if self._scalar(ours.with_for_update(key_share=True)) is None:
            raise Stale

    def fail(self, item: WorkItemRow, error: str, now: datetime, why: Text | None = None) -> None:
        """Let a claimed item wait for its next attempt (1 min, 2 min, 4 min …), or bury it after the last.

        ``why`` says in words what ``error`` is, where that is known.
        Nothing happens when the item is no longer ours.
        """
        if item.attempts >= MAX_ATTEMPTS:
            self._bury_worn(item, error, now, why)
            return
        if item.attempts == VAIN_ATTEMPTS:
            self._tell_of_vain(item, error, now, why)
        again = now + _BACKOFF * 2 ** (item.attempts - 1)
        self.change_where(fence_of(item), state="waiting", due_at=again, lease_until=None, last_error=error)

    def give_up(self, item: WorkItemRow, why: Text, remedy: Text, now: datetime, what: Text | None = None) -> None:
        """Bury a claimed item that would fail however often it is tried: ``what``, else ``why``, and ``remedy`` are told to whoever settles it.

        ``why`` stands in histories, too, so that it names nobody.
        """
        self._bury(item, self._build_incident(item, why.zh, now, what or why, _NOTHING_COMES, remedy), now)

    def give_back(self, item: WorkItemRow, *, tried: bool = True) -> None:
        """Let a claimed item wait for another attempt at once: it lost a race, or was not ``tried`` at all."""
        attempts = item.attempts if tried else item.attempts - 1
        self.change_where(fence_of(item), state="waiting", lease_until=None, attempts=attempts)

    def wait_on(self, item: WorkItemRow, why: str, until: datetime) -> None:
        """Let a claimed item wait for what is missing and not its fault: it is tried again then, and this attempt does not count."""
        again = {"due_at": until, "attempts": item.attempts - 1}
        self.change_where(fence_of(item), **again, state="waiting", lease_until=None, last_error=why)

    def reset_running(self) -> int:
        """Let every running item wait again; only at the start of the only process that claims."""
        return self.change_where({"state": "running"}, state="waiting", lease_until=None)

    def _bury(self, item: WorkItemRow, incident_row: IncidentRow, now: datetime) -> None:
        """Give up: the item is dead, an incident is open and the history of the case says so."""
        if item.case_id is not None:
            self._connection.execute(
                sa.select(case.c.id).where(case.c.id == item.case_id).with_for_update(key_share=True)
            )
        dead = {"state": "dead", "lease_until": None, "last_error": incident_row.detail, "done_at": now}
        if self.change_where(fence_of(item), **dead) != 1:
            return
        IncidentRepository(self._connection, self).open(incident_row)
        if item.case_id is not None:
            text = f"“{work_name(item.kind).zh}”没有办成，已停止重试，等待人工处理。"
            event = AuditEvent(now, "系统", "work_item_dead", text, data={"kind": item.kind, "key": item.effect_key})
            HistoryRepository(self._connection, self).record(item.case_id, [event])

    def _bury_worn(self, item: WorkItemRow, error: str, now: datetime, why: Text | None = None) -> None:
        """Give up an item that has used up its attempts."""
        name, times, because = work_name(item.kind), item.attempts, _format_cause(why)
        what = Text(
            f"“{name.zh}”执行了 {times} 次都没有成功{because.zh}，已停止重试。",
            f"“{name.en}” failed {times} times{because.en} and is no longer tried.",
        )
        self._bury(item, self._build_incident(item, error, now, what, _NOTHING_COMES), now)

    def _tell_of_vain(self, item: WorkItemRow, error: str, now: datetime, why: Text | None = None) -> None:
        """Open an incident for what still goes on by itself; it is the same one when the item is buried later."""
        name, because = work_name(item.kind), _format_cause(why)
        what = Text(
            f"“{name.zh}”一个小时以来都没有成功{because.zh}，还在自动重试。",
            f"“{name.en}” has failed for an hour{because.en}; it is still tried again.",
        )
        IncidentRepository(self._connection, self).open(self._build_incident(item, error, now, what, _NOT_YET))

    def _build_incident(
        self, item: WorkItemRow, error: str, now: datetime, what: Text, consequence: Text, remedy: Text | None = None
    ) -> IncidentRow:
        place = sa.select(case.c.jurisdiction).where(case.c.id == item.case_id)
        jurisdiction = self._scalar(place) if item.case_id is not None else None
        remedy = remedy or (_LOOK_AT_CHANNEL if item.lane == MAIL else _READ_THE_NOTE)
        return IncidentRow(
            jurisdiction=jurisdiction or "*",
            case_id=item.case_id,
            work_item_id=item.id,
            element=item.element,
            kind="work_item_dead",
            what=what.as_json(),
            consequence=(_NOT_DELIVERED if item.lane == MAIL else consequence).as_json(),
            remedy=remedy.as_json(),
            detail=error,
            since=now,
            cause=f"work_item_dead/{item.kind}",
        )


_KILLED = "the process ended during every attempt"
_NOTHING_COMES = Text(
    "这项工作的结果（期限、消息、文书或邮件）不会自动产生，相关办件可能停在原处。",
    "What it should bring about (a time limit, message, document or mail) will not come by itself.",
)
_NOT_YET = Text(
    "在重试成功以前，这项工作的结果（期限、消息、文书或邮件）不会产生，相关办件可能停在原处。",
    "Until it succeeds, what it should bring about (a time limit, message, document or mail) does not come.",
)
_NOT_DELIVERED = Text(
    "这条通知没有送到收件人，办件照常办理。",
    "This message did not reach whom it is for; the case goes on.",
)
_READ_THE_NOTE = Text(
    "按下方技术说明排除原因后，点击“重试”。", "Remove the cause named in the technical note below, then choose “Retry”."
)
_LOOK_AT_CHANNEL = Text(
    "在“监控—运行状况”看邮件服务器和消息网关这两项，按那里的说明恢复；恢复后点击“重试这一原因的全部”，就会全部补发。收件人在系统中已经能看到这条通知。",
    "Look at mail server and gateway under “Health” in the monitor, which say what to do; when they answer again, retry all of"
    " this cause, and everything is sent. Whom it is for can read it in the system already.",
)


def _format_cause(why: Text | None) -> Text:
    if why is None:
        return Text("", "")
    return Text(f"（{why.zh.rstrip('。')}）", f" ({why.en.rstrip('.')})")


def _select_first_item(
    state: str, *where: sa.ColumnElement[bool], order: tuple[sa.ColumnElement[Any], ...]
) -> sa.ScalarSelect[int]:
    statement = sa.select(work_item.c.id).where(work_item.c.state == word(state), *where, ~ON_HOLD).order_by(*order)
    return statement.limit(1).with_for_update(skip_locked=True).scalar_subquery()


def _build_claim(*which: sa.ColumnElement[bool]) -> sa.Executable:
    return (
        sa.update(work_item)
        .where(*which)
        .values(
            state="running",
            attempts=work_item.c.attempts + 1,
            lease_until=sa.bindparam("until", type_=work_item.c.lease_until.type),
            owner=sa.bindparam("who"),
            dispatched_at=_NOW,
        )
        .returning(*work_item.c)
    )


def _in_turn(item: sa.FromClause) -> sa.ColumnElement[bool]:
    """Of the same case nothing is being done, and nothing waits that is due before."""
    other = work_item.alias("other")
    before = sa.tuple_(other.c.due_at, other.c.id) < sa.tuple_(item.c.due_at, item.c.id)
    return ~sa.exists(
        sa.select(other.c.id).where(
            other.c.case_id == item.c.case_id,
            other.c.lane.in_([word(lane) for lane in TURNS]),
            other.c.state.in_([word("waiting"), word("running")]),
            other.c.id != item.c.id,
            (other.c.state == word("running")) | before,
        )
    )


def _waiting_in_turn(tried: bool) -> sa.Select[tuple[int]]:
    item = work_item.alias("item")
    due = (item.c.lane == _LANE, item.c.state == word("waiting"), item.c.due_at <= _NOW)
    attempts = item.c.attempts > 0 if tried else item.c.attempts == 0
    statement = sa.select(item.c.id).where(*due, attempts, ~ON_HOLD, _in_turn(item))
    most = sa.literal_column("1") if tried else sa.bindparam("most", type_=sa.Integer)
    return statement.order_by(item.c.due_at, item.c.id).limit(most).with_for_update(skip_locked=True, of=item)


_LANE = sa.bindparam("in_lane", type_=work_item.c.lane.type)


def _select_due(*where: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    return _select_first_item("waiting", work_item.c.due_at <= _NOW, *where, order=(work_item.c.due_at, work_item.c.id))


def _select_lapsed(*where: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    return _select_first_item("running", work_item.c.lease_until < _NOW, *where, order=(work_item.c.lease_until,))


_IN_LANE = work_item.c.lane == _LANE
_TAKE = _build_claim(work_item.c.id == sa.func.coalesce(_select_due(), _select_lapsed()))
_TAKE_IN = _build_claim(work_item.c.id == sa.func.coalesce(_select_due(_IN_LANE), _select_lapsed(_IN_LANE)))
_FRESH = _waiting_in_turn(tried=False).cte("fresh")
_AGAIN = sa.select(
    sa.func.coalesce(_waiting_in_turn(tried=True).scalar_subquery(), _select_lapsed(_IN_LANE)).label("id")
).cte("again")
_TAKE_TURNS = _build_claim(work_item.c.id.in_(sa.select(_FRESH.c.id).union_all(sa.select(_AGAIN.c.id))))
"""Both parts are tables of their own, which PostgreSQL reads once: read again for every row they would lock more."""


def fence_of(item: WorkItemRow) -> dict[str, Any]:
    """Return the conditions that an item was neither claimed by another process nor called off since we claimed it."""
    return {"id": item.id, "state": "running", "attempts": item.attempts}
