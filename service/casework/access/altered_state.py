"""A case whose stored state or row, or rows that decide, were written beside the program: refused, and an incident says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from service.domain.errors import LaurelError
from service.domain.text import Text
from service.store import AuditEvent, Store, Transaction
from service.store.rows import CaseRow, IncidentRow
from service.store.seals.altered import HOLDING, HOLDING_EN, HistoryAltered, TaskAltered
from service.store.seals.counted_rows import (
    AWARDED,
    AWARDED_IN,
    BARRED,
    BESIDE,
    CASES,
    HELD,
    LETTERS,
    PARTIES,
    Fewer,
    RowsMissing,
)

R = TypeVar("R")

ALTERED = "altered_state"
"""Kind of the incident about a state."""
ALTERED_ROW = "altered_row"
"""The same about a row that decides."""

_CONSEQUENCE = Text(
    "办件停在原处：任务办不了，期限到了也不处理；已经记录的内容没有变",
    "the case stands where it is: no task can be done and no time limit is worked off; what is on record is unchanged",
)
_REMEDY = Text(
    "请审计管理员运行 laurel audit verify，与备份核对，查明是谁改动的；把 case_instance 表该行上面指出的列恢复为备份中的原值后点“重试”。"
    "原值已经没有、又确认现状无误的，在服务器上运行 laurel audit accept-state 办件号 --reason 理由，再点“重试”",
    "the audit administrator runs laurel audit verify, compares with a backup and finds out who did it; put the columns"
    " named above in that row of case_instance back from the backup and retry. Where they are gone and what stands there is"
    " known to be right, run laurel audit accept-state NUMBER --reason WHY on the server, then retry",
)


_ROW_CONSEQUENCE = Text(
    "用到这一行的操作被拒绝：票没有投出，文件没有交出；其余照常",
    "what needs this row is refused: no vote is cast by it, no file is handed out; everything else goes on",
)
_ROW_REMEDY = Text(
    "请审计管理员运行 laurel audit verify，与备份核对，查明是谁改动的；把该行恢复为备份中的原值，再写明原因跳过本异常。"
    "原值已经自行恢复的，同样须查明",
    "the audit administrator runs laurel audit verify, compares with a backup and finds out who did it; put the row back"
    " from the backup, then skip this with the reason. Where it is back by itself, find out all the same",
)


_RECORDS = Text("登记（{}）", "What is on record ({})")
_KEPT = {
    PARTIES.name: Text("办件{}的参与单位", "Who takes part in case {}"),
    LETTERS.name: Text("发给人员{}的消息", "What was sent to person {}"),
    CASES.name: Text("{} 的办件", "The cases of {}"),
    AWARDED_IN.name: Text("{} 的获奖记录", "The awards on record of {}"),
    BESIDE.name: Text("获奖记录{}的共同和前后获奖者", "Who else holds or held award {}"),
}
"""What lacks rows, by what is counted: its owner is put in."""


class FoundAltered(LaurelError):
    """Something of a case was changed beside the program; ``kind``, ``what`` and the rest are said by an incident."""

    kind, consequence, remedy = "", _CONSEQUENCE, _REMEDY

    def __init__(self, message: Text, case: CaseRow, what: Text) -> None:
        super().__init__(message)
        self.case, self.what = case, what


class RowAltered(FoundAltered):
    """A row that decides is not what was recorded; ``about`` names what it belongs to, ``found`` table, row and column."""

    code, kind = "row_altered", ALTERED_ROW
    consequence, remedy = _ROW_CONSEQUENCE, _ROW_REMEDY

    def __init__(self, case: CaseRow, about: Text, found: Text) -> None:
        super().__init__(
            Text(
                f"{about.zh}在系统之外被改动，正在核查，您刚才的操作没有生效。异常已经上报，请联系审计管理员。",
                f"{about.en} was changed beside the program and is being looked into; what you just did was not done. It has"
                " been reported: ask the audit administrator.",
            ),
            case,
            _altered_words(about, found),
        )


class StateAltered(FoundAltered):
    """Stored columns of a case are not what the program saved last."""

    code, kind = "state_altered", ALTERED

    def __init__(self, case: CaseRow, columns: Sequence[str]) -> None:
        super().__init__(
            Text(
                f"办件 {case.id} 存储的流程状态或登记内容在系统之外被改动，不能继续办理，您刚才的操作没有生效。管理员已收到异常报告，请联系审计管理员。",
                f"What is stored of case {case.id} was changed beside the program: it cannot go on, and what you just did was"
                " not done. The administrators have been told; turn to the audit administrator.",
            ),
            case,
            _said(case.id, columns),
        )
        self.columns = tuple(columns)


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
    """Run ``work``; where it meets what somebody altered, an incident is opened after what was begun is undone."""
    try:
        return work()
    except FoundAltered as found:
        _report(desk(), found)
        raise
    except TaskAltered as found:
        _report_task(desk(), found)
        raise
    except HistoryAltered as found:
        _report_history(desk(), found)
        raise
    except RowsMissing as found:
        _report_missing(desk(), found)
        raise


def _report_history(desk: _ReportDesk, found: HistoryAltered) -> None:
    about = Text(f"办件{found.case_id}的办理记录", f"The history of case {found.case_id}")
    with desk.store.write() as tx:
        open_incident(tx, RowAltered(tx.cases.get(found.case_id), about, found.words), desk.clock.now())


def _report_task(desk: _ReportDesk, found: TaskAltered) -> None:
    about = Text(f"任务{found.task}", f"Task {found.task}")
    with desk.store.write() as tx:
        columns = Text(
            f"表 task 第{found.task}行的 {HOLDING}等列（由谁办理或者认领、属于哪个环节、是否待会签）不是本系统写入的",
            f"columns {HOLDING_EN} and the like of row {found.task} of table task (who holds or has claimed it, which step it is"
            " of, whether it waits for signatures) were not written by this program",
        )
        open_incident(tx, RowAltered(tx.cases.get(found.case_id), about, columns), desk.clock.now())


def _report_missing(desk: _ReportDesk, found: RowsMissing) -> None:
    """Say it at the case for which it was asked; else in the place where the organisation that lacks rows registered."""
    gone, now = found.fewer, desk.clock.now()
    with desk.store.write() as tx:
        about, place = _lacking(tx, gone)
        if found.case_id is not None:
            open_incident(tx, RowAltered(tx.cases.get(found.case_id), about, gone.words), now)
        elif (found.place or place) is not None:
            what = _altered_words(about, gone.words)
            tx.incidents.open(_told_of(RowAltered, str(found.place or place), None, what, now))


def _lacking(tx: Transaction, gone: Fewer) -> tuple[Text, str | None]:
    """Return what lacks rows, and the place that looks after it, None where that is nobody's alone."""
    if gone.counted not in (BARRED.name, AWARDED.name, HELD.name):
        named = _KEPT.get(gone.counted, _RECORDS)
        return Text(named.zh.format(gone.owner), named.en.format(gone.owner)), None
    body = tx.people.body(int(gone.owner))
    kept, kept_en = ("处理", "The sanctions") if gone.counted == BARRED.name else ("获奖", "The awards")
    return Text(f"“{body.name}”的{kept}记录", f"{kept_en} on record of “{body.name}”"), body.registered_in


def _report(desk: _ReportDesk, found: FoundAltered) -> None:
    with desk.store.write() as tx:
        open_incident(tx, found, desk.clock.now())


def open_incident(tx: Transaction, found: FoundAltered, now: datetime) -> None:
    """Say by an incident what was altered; the history of its case says it once."""
    case, what = found.case, found.what
    known = tx.incidents.open_among([case.id], found.kind)
    tx.incidents.open(_told_of(found, case.jurisdiction, case.id, what, now))
    if not known:
        tx.history.record(case.id, [AuditEvent(now, "系统", "incident", what.zh)])


def _altered_words(about: Text, found: Text) -> Text:
    """Return what an incident says of rows that were altered: ``about`` what, and which were ``found``."""
    return Text(f"{about.zh}在系统之外被改动：{found.zh}", f"{about.en} was changed beside the program: {found.en}")


def _told_of(
    found: FoundAltered | type[FoundAltered], place: str, case_id: int | None, what: Text, now: datetime
) -> IncidentRow:
    return IncidentRow(
        jurisdiction=place, case_id=case_id, kind=found.kind, what=what.as_json(), since=now,
        consequence=found.consequence.as_json(), remedy=found.remedy.as_json(), detail=found.code,
    )  # fmt: skip


def _said(ident: int, columns: Sequence[str]) -> Text:
    return Text(
        f"办件 {ident}（表 case_instance 第{ident}行）的 {'、'.join(columns)} 不是本系统最后保存的，在系统之外被改动",
        f"{', '.join(columns)} of case {ident} (row {ident} of table case_instance) is not what the program saved last:"
        " it was changed beside it",
    )
