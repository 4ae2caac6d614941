"""Erase what is due: tried first, confirmed by a person, then case by case, each in one unit of work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from service.casework.access.actor import Actor
from service.casework.access.case_access import demand_not_recused
from service.casework.access.guards import guarded
from service.casework.archives.gather import keeps_records
from service.casework.desk.desk import Desk
from service.casework.retention.due import DueCase, due_case, due_cases
from service.casework.retention.erase_case import Erased, Wish, erase_case
from service.casework.retention.rules import demand_reason
from service.domain.calendar import local_date
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.text import Text
from service.store import NewWork, Transaction
from service.store.models import CaseRow, ErasureRow, WorkItemRow

WORK = "erasure"
"""Kind of the work items, one per case."""

MOST_TRIED = 100
MOST_CASES = 2000
_AT_ONCE = 50
"""So many files are dropped in one unit of work."""

_AGAIN = timedelta(minutes=1)
_LEFT = Text("有文件在清除时又被写入，稍后再核对一次", "a file was written again meanwhile and is looked at once more")


@dataclass(frozen=True, slots=True)
class TriedErasure:
    """What erasing a case would come to: ``found``, or why it has to wait."""

    due: DueCase
    found: Erased | None


class _Undo(Exception):
    """Rolls a trial back."""


@guarded("retention.erase")
def try_erasures(desk: Desk, actor: Actor, case_ids: Sequence[int]) -> tuple[TriedErasure, ...]:
    """Erase what is due in each of these cases, count what was replaced, and roll all of it back.

    Raises:
        NotFound, NotAllowed: a case is not there, not of the actor's office, or the actor is recused from it.
        Invalid: nothing is due in a case, or too many are chosen.
    """
    _demand_some(case_ids, MOST_TRIED)
    return tuple(_tried(desk, actor, case_id) for case_id in dict.fromkeys(case_ids))


@guarded("retention.erase")
def ask_erasures(desk: Desk, actor: Actor, case_ids: Sequence[int], reason: str) -> int:
    """Let what is due in these cases be erased by itself, all of them or none; returns how many. It cannot be undone.

    Raises:
        NotFound, NotAllowed, Invalid: as `try_erasures`; and there is no reason.
        Conflict: one of them has to wait, and why; or the clock that says what is due is in doubt.
    """
    _demand_some(case_ids, MOST_CASES)
    reason, now = demand_reason(reason), desk.clock.now()
    with desk.store.write() as tx:
        _demand_not_on_hold(tx)
        cases = [tx.cases.lock(case_id) for case_id in sorted(set(case_ids))]  # two confirmations at once wait here
        for due in _demanded(desk, tx, actor, cases):
            if due.refusals:
                why = due.refusals[0]
                raise Conflict(
                    Text(f"“{due.case.title}”暂不能清除：{why.zh}", f"“{due.case.title}” has to wait: {why.en}")
                )
            row = ErasureRow(
                case_id=due.case.id, jurisdiction=due.case.jurisdiction, parts=sorted(due.due), reason=reason,
                person_id=actor.person_id, asked_at=now,
            )  # fmt: skip
            ident = tx.erasures.ask(row)
            given = {"erasure": ident}
            tx.work.enqueue_many([NewWork(WORK, None, f"erasure:{ident}", given, now)], now)
    return len(cases)


def run_erasure(desk: Desk, item: WorkItemRow) -> None:
    """Erase one case; begun again after a crash it drops the files that are still there.

    First the rows, in one unit of work that notes which files go; then each file that nothing else speaks of. One that was
    written again meanwhile, as by whoever encrypts it under a new key, is looked at once more a minute later.
    """
    ident = int(item.payload["erasure"])
    with desk.store.write() as tx:
        row = tx.erasures.lock(ident)
        if row.state == "waiting":
            row = _erased(desk, tx, row)
        tx.crash("erased-rows")
    left = _drop(desk, row)
    _drop_pdfs(desk, row)
    with desk.store.write() as tx:
        if left:
            tx.work.wait_on(item, _LEFT.zh, desk.clock.now() + _AGAIN)
            return
        if row.state == "erased":
            tx.erasures.close(ident, "done", desk.clock.now())
        tx.work.finish(item, desk.clock.now())


def _drop(desk: Desk, row: ErasureRow) -> list[str]:
    """Drop the files that an erasure noted, but for those that an archive or something else still speaks of; returns what is left."""
    stamps = {sha256: desk.store.files.stamp(sha256) for sha256 in row.files}
    with desk.store.read() as tx:
        above = tx.cases.get(row.case_id)
        while above.parent_id is not None:
            above = tx.cases.get(above.parent_id)
        archived = tx.erasures.in_archives(row.files, {row.jurisdiction, above.jurisdiction})
    going, left = [sha256 for sha256 in row.files if stamps[sha256] and sha256 not in archived], []
    for start in range(0, len(going), _AT_ONCE):
        some = going[start : start + _AT_ONCE]
        with desk.store.write() as tx:
            needed = tx.erasures.still_needed(some)
            left += [one for one in some if one not in needed and not _is_gone(desk, one, stamps[one])]
    return left


def _drop_pdfs(desk: Desk, row: ErasureRow) -> None:
    """Drop the PDFs that were made of files which nothing else speaks of: an archive keeps the file alone."""
    for start in range(0, len(row.files), _AT_ONCE):
        some = row.files[start : start + _AT_ONCE]
        with desk.store.write() as tx:
            pdfs = tx.shown_files.forget(set(some) - tx.erasures.still_needed(some))
            stamps = {sha256: desk.store.files.stamp(sha256) for sha256 in pdfs}
            for sha256 in pdfs - tx.erasures.still_needed(pdfs):
                desk.store.files.drop(sha256, stamps[sha256])


def _is_gone(desk: Desk, sha256: str, stamp: str) -> bool:
    return desk.store.files.drop(sha256, stamp) or not desk.store.files.stamp(sha256)


def _erased(desk: Desk, tx: Transaction, row: ErasureRow) -> ErasureRow:
    """Return the row as it is noted: erased, or refused where something began meanwhile that needs the case."""
    case, now = tx.cases.get(row.case_id), desk.clock.now()
    due = due_case(desk, tx, case, local_date(now), beside=row.id)
    if due is None or due.refusals or not set(row.parts) <= set(due.due):
        why = due.refusals[0] if due and due.refusals else Text("已不再到期。", "It is no longer due.")
        tx.erasures.note(row.id, "refused", why.as_json(), [])
        tx.erasures.close(row.id, "refused", now)
        return replace(row, state="refused", files=[])
    author = tx.people.named({row.person_id})[row.person_id] if row.person_id else "系统"
    wish = Wish(row.id, frozenset(row.parts), row.reason, Actor(row.person_id, author))
    found = erase_case(desk, tx, row.case_id, wish)
    tx.erasures.note(row.id, "erased", found.as_json(), found.files)
    return replace(row, state="erased", files=sorted(found.files))


def _tried(desk: Desk, actor: Actor, case_id: int) -> TriedErasure:
    found: Erased | None = None
    due: DueCase
    try:
        with desk.store.write() as tx:
            [due] = _demanded(desk, tx, actor, [tx.cases.get(case_id)])
            if not due.refusals:
                found = erase_case(desk, tx, case_id, Wish(0, frozenset(due.due), "…", actor))
            raise _Undo
    except _Undo:
        return TriedErasure(due, found)


def _demanded(desk: Desk, tx: Transaction, actor: Actor, cases: Sequence[CaseRow]) -> list[DueCase]:
    for case in cases:
        if not keeps_records(actor, case.jurisdiction):
            raise NotAllowed(
                Text(
                    "由办件所在地的办公室或管理员清除。",
                    "The office or an administrator of the case's place erases it.",
                )
            )
        demand_not_recused(actor, case)
    due = due_cases(desk, tx, cases, local_date(desk.clock.now()))
    for case in cases:
        if case.id not in due:
            raise Invalid(
                Text(
                    f"“{case.title}”没有到期的内容，或者已经在清除，请刷新后重新选择。",
                    f"Nothing of “{case.title}” is due, or it is being erased: reload and choose again.",
                )
            )
    return [due[case.id] for case in cases]


def _demand_not_on_hold(tx: Transaction) -> None:
    if tx.operation.hold() is not None:
        raise Conflict(
            Text(
                "系统的到期事项暂停运行，什么也没有清除：是否到期由时间决定，清除后不能恢复。请全系统的系统管理员先在“监控—恢复运行”"
                "中核对并恢复。",
                "Due work is on hold, and nothing is erased: time says what is due, and what is gone stays gone. Let a system"
                " administrator of the whole system look at it and resume it in the monitor first.",
            )
        )


def _demand_some(case_ids: Sequence[int], most: int) -> None:
    if not case_ids:
        raise Invalid(Text("请选择办件。", "Choose cases."))
    if len(case_ids) > most:
        raise Invalid(Text(f"一次最多选择{most}件，请分批办理。", f"At most {most} at once: choose fewer."))
