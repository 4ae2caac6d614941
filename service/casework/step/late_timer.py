"""A time limit that is over by the case itself, and later by its work item: nobody uses the time that somebody wrote."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from service.casework.access.altered_state import FoundAltered
from service.casework.step.case_state import Projection
from service.casework.step.step import Step
from service.domain.calendar import CHINA
from service.domain.text import Text
from service.store import Transaction
from service.store.rows import CaseRow, WorkItemRow

LATE = "late_timer"
"""Kind of the incident."""

_WAITS, _TRIES_AGAIN = timedelta(minutes=15), timedelta(days=1)
"""So long waits what asks another service, and what failed, at most."""
_GONE = frozenset({"done", "cancelled"})


class LimitPutOff(FoundAltered):
    """The work item of a time limit that is over was moved to later, or taken out, beside the program."""

    code, kind = "limit_put_off", LATE
    consequence = Text(
        "此办件停在原处：待办不能办理，其他期限、消息和申请也不处理，期限没有因此延长；其余办件照常",
        "the case stands where it is: no task of it is done, nothing else lapses or arrives in it, nobody applies or acts, and the"
        " limit is not prolonged by it; other cases go on",
    )
    remedy = Text(
        "请审计管理员运行 laurel audit verify，查明是谁改动的；把 work_item 表该行的 due_at 恢复为上面写明的时刻、state 恢复为 waiting"
        "（行已不在的，从备份恢复整行），期限随即届满，再写明原因跳过本异常",
        "the audit administrator runs laurel audit verify and finds out who did it; put due_at of that row of work_item back"
        " to the instant named above and state back to waiting (where the row is gone, put it back from a backup): the limit"
        " lapses then; skip this with the reason",
    )

    def __init__(self, case: CaseRow, key: str, due: datetime, item: WorkItemRow | None) -> None:
        row = f"{item.id}" if item is not None else f"（{key}）"
        column, there = _written_there(item)
        super().__init__(
            Text(
                f"办件 {case.id} 有一个期限已于{_said(due)}届满，却在系统之外被推迟，不能继续办理，您刚才的操作没有生效。异常已经上报，请联系审计管理员。",
                f"A time limit of case {case.id} was over on {_said(due)} and was put off beside the program: it cannot go on, and"
                " what you just did was not done. It has been reported: turn to the audit administrator.",
            ),
            case,
            Text(
                f"期限在系统之外被推迟：表 work_item 第{row}行的 {column} 写的是{there}，办件自己记的是已于{_said(due)}届满、尚未处理",
                f"a time limit was put off beside the program: {column} in row {row} of table work_item says {there}, while by"
                f" the case itself it was over on {_said(due)} and still waits",
            ),
        )


def demand_no_limit_put_off(step: Step) -> None:
    """Raise LimitPutOff where a timer of the step's case is over and its work item says otherwise."""
    demand_limits_kept(step.tx, step.case, step.projection, step.now)


def demand_limits_kept(tx: Transaction, case: CaseRow, projection: Projection, now: datetime) -> None:
    """Raise LimitPutOff where a timer of a case is over and its work item says otherwise.

    The case knows its timers by its sealed state; the database is asked where one is over, which is a matter of seconds.
    """
    for key, due in _over(projection, now):
        item = tx.work.by_key(key)
        if item is None or (not item.provisional and _says_otherwise(item, now)):
            raise LimitPutOff(case, key, due, item)


def _over(projection: Projection, now: datetime) -> Iterator[tuple[str, datetime]]:
    for key, due in projection.timers.values():
        at = datetime.fromisoformat(due)
        if at <= now:
            yield key, at


def _says_otherwise(item: WorkItemRow, now: datetime) -> bool:
    wait = _TRIES_AGAIN if item.attempts else _WAITS
    return item.state in _GONE or (item.state == "waiting" and item.due_at > now + wait)


def _written_there(item: WorkItemRow | None) -> tuple[str, str]:
    """Return the column of a work item by which its time limit was put off, and what it says."""
    if item is not None and item.state in _GONE:
        return "state", item.state
    return "due_at", _said(item.due_at) if item is not None else "—"


def _said(at: datetime) -> str:
    return at.astimezone(CHINA).isoformat(" ", "minutes")
