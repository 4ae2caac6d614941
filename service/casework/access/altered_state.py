"""A case whose stored state was written beside the program: it is refused, and an incident says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol, TypeVar

from service.domain.errors import LaurelError
from service.domain.text import Text
from service.store import AuditEvent, Store
from service.store.rows import CaseRow, IncidentRow

R = TypeVar("R")

ALTERED = "altered_state"
"""Kind of the incident."""

_CONSEQUENCE = Text(
    "办件停在原处：任务办不了，期限到了也不处理；已经记录的内容没有变",
    "the case stands where it is: no task can be done and no time limit is worked off; what is on record is unchanged",
)
_REMEDY = Text(
    "请审计管理员运行 laurel audit verify，与备份核对，查明是谁改动的；把 case_instance 表该行的 state 恢复为备份中的原值后点“重试”。"
    "原值已经没有、又确认现状无误的，在服务器上运行 laurel audit accept-state 办件号 --reason 理由，再点“重试”",
    "the audit administrator runs laurel audit verify, compares with a backup and finds out who did it; put the value of"
    " state in that row of case_instance back from the backup and retry. Where it is gone and the state is known to be"
    " right, run laurel audit accept-state NUMBER --reason WHY on the server, then retry",
)


class StateAltered(LaurelError):
    """The stored state of a case is not the one that the program saved last."""

    code = "state_altered"

    def __init__(self, case: CaseRow) -> None:
        super().__init__(
            Text(
                f"办件 {case.id}“{case.title}”存储的流程状态在系统之外被改动，不能继续办理，您刚才的操作没有生效。管理员已收到异常报告。",
                f"The stored state of case {case.id} “{case.title}” was changed beside the program: it cannot go on, and what"
                " you just did was not done. The administrator has been told.",
            )
        )
        self.case = case


class _ReportClock(Protocol):
    def now(self) -> datetime:
        """Return the present instant."""


class _ReportDesk(Protocol):
    @property
    def store(self) -> Store:
        """What an incident is kept in."""

    @property
    def clock(self) -> _ReportClock:
        """What it is dated by."""


def reporting(desk: Callable[[], _ReportDesk], work: Callable[[], R]) -> R:
    """Run ``work``; where it meets a state that somebody altered, an incident is opened after what was begun is undone."""
    try:
        return work()
    except StateAltered as found:
        _report(desk(), found)
        raise


def _report(desk: _ReportDesk, found: StateAltered) -> None:
    case, now, what = found.case, desk.clock.now(), _said(found.case)
    with desk.store.write() as tx:
        known = tx.incidents.open_among([case.id], ALTERED)
        tx.incidents.open(
            IncidentRow(
                jurisdiction=case.jurisdiction, case_id=case.id, kind=ALTERED, what=what.as_json(), since=now,
                consequence=_CONSEQUENCE.as_json(), remedy=_REMEDY.as_json(), detail=found.code,
            )
        )  # fmt: skip
        if not known:
            tx.history.record(case.id, [AuditEvent(now, "system", "incident", what.zh)])


def _said(case: CaseRow) -> Text:
    return Text(
        f"办件 {case.id} 存储的流程状态不是本系统最后保存的那一份，在系统之外被改动",
        f"the stored state of case {case.id} is not the one that the program saved last: it was changed beside it",
    )
