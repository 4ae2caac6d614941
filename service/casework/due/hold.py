"""The installation on hold: after a restore, or while its clock is doubtful, no due work begins until a person resumes it."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.casework.access.actor import SYSTEM, Actor
from service.casework.access.guards import guarded
from service.casework.audit.heads import sign_now
from service.casework.ballots.anew import reissue_ballot, void_unopened
from service.casework.definitions.publish import record_event
from service.casework.desk.desk import Desk
from service.casework.reading.case_loading import CaseLoading
from service.casework.step.behind_gateway import get_timed_element
from service.casework.step.history import append_case_event
from service.casework.step.save import save_step
from service.casework.step.step import open_step
from service.domain.calendar import CHINA
from service.domain.calendar.clock import format_minute
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.text import Text
from service.domain.wording.numbers import format_duration
from service.domain.wording.work_words import work_name
from service.store import LEAVING, CaseFilter, Transaction
from service.store.models import BallotRow, CaseRow, HoldRow, WorkItemRow

log = logging.getLogger(__name__)

INSTALLATION = "installation"
"""Name under which what happens to the whole installation is recorded, chained like the record of a package."""

SKIPPED = 100
"""How many numbers each series leaves out after a restore: those may have been given after the backup."""

FIRST_LINES = 20
"""How much of what is due, and of what would be sent, one look shows."""

_EARLIEST = 2000
"""No backup is from a year before."""
_PAGE = 500
_MOST_REASON = 300


@dataclass(frozen=True, slots=True)
class DueLine:
    """Due work that begins with the resumption; ``rests``: it is noted only, for its case is suspended or its day provisional."""

    name: Text
    due_at: datetime
    case_id: int | None
    case_title: str
    rests: bool


@dataclass(frozen=True, slots=True)
class SendLine:
    """A message that would be sent; ``doubtful``: it may have been sent already, since it was queued before the backup."""

    channel: str
    address: str
    subject: str
    case_id: int | None
    queued_at: datetime
    doubtful: bool


@dataclass(frozen=True, slots=True)
class HoldView:
    """Why the installation is on hold, and what a resumption would bring about: counts, and the first lines."""

    hold: HoldRow
    why: Text
    now: datetime
    due_counts: tuple[tuple[Text, int], ...]
    due: tuple[DueLine, ...]
    send_count: int
    doubtful_count: int
    sends: tuple[SendLine, ...]


@guarded("monitor.view")
def find_hold(desk: Desk, actor: Actor) -> HoldRow | None:  # noqa: ARG001  the guard reads the actor
    """Return the hold that the installation is on; usually None."""
    with desk.store.read() as tx:
        return tx.operation.hold()


@guarded("hold.resume")
def view_hold(desk: Desk, actor: Actor) -> HoldView | None:
    """Return what a resumption would bring about; None where the installation is not on hold. Raises NotAllowed."""
    _require_chief(actor)
    now = desk.clock.now()
    with desk.store.read() as tx:
        hold = tx.operation.hold()
        if hold is None:
            return None
        counts = tuple((work_name(kind), count) for kind, count in tx.work.count_due_inside(now).items())
        items, leaving = tx.work.due_inside(now, FIRST_LINES), tx.work.select(limit=FIRST_LINES, **LEAVING)
        ids = sorted({item.case_id for item in items if item.case_id} - actor.recused)
        cases = {case.id: case for case in tx.cases.search(CaseFilter(ids=ids))} if ids else {}
        saved_at = saved_at_of(hold)
        return HoldView(
            hold,
            describe_hold(hold),
            now,
            counts,
            tuple(_due_line(desk, tx, item, cases) for item in items),
            tx.work.count_rows(**LEAVING),
            tx.work.count_rows(**LEAVING, created_at__le=saved_at) if saved_at else 0,
            tuple(_send_line(tx, item, saved_at) for item in leaving),
        )


@guarded("hold.resume")
def resume_work(desk: Desk, actor: Actor, version: int, reason: str, *, drop_doubtful: bool = False) -> int:
    """End the hold that was seen as ``version``, in one transaction; returns how many messages are not sent.

    ``drop_doubtful`` calls off every message that may have been sent before a restore. Raises NotAllowed, Invalid without a
    reason, or Conflict where somebody resumed it already or more was seen since.
    """
    _require_chief(actor)
    reason = reason.strip()
    if not 1 <= len(reason) <= _MOST_REASON:
        raise Invalid(
            Text(f"请写明核对的情况，不超过{_MOST_REASON}字。", f"Say what was checked, in {_MOST_REASON} characters.")
        )
    now = desk.clock.now()
    with desk.store.write() as tx:
        hold = tx.operation.hold()
        if hold is None or not tx.operation.end_hold(version):
            raise Conflict(
                Text(
                    "情况已有变化：已经恢复运行，或者时钟又有异常。请刷新页面再看。",
                    "This has changed: work was resumed already, or the clock jumped again. Reload the page and look again.",
                )
            )
        saved_at = saved_at_of(hold)
        dropped = 0
        if drop_doubtful and saved_at:
            doubtful = {**LEAVING, "created_at__le": saved_at}
            dropped = tx.work.change_where(doubtful, state="cancelled", lease_until=None, done_at=now)
        tx.crash("hold-ended")
        tx.work.has_due_work = True
        text = f"恢复运行，{dropped}条可能已发出的消息不再发送：{reason}" if dropped else f"恢复运行：{reason}"
        data = {"reason": hold.reason, "since": hold.since.isoformat(), "seen": hold.seen, "dropped": dropped}
        record_event(tx, actor, now, INSTALLATION, "resumed", text, None, data)
    return dropped


@dataclass(frozen=True, slots=True)
class RestoreForeseen:
    """What a hold after a restore would change: running cases, ballots not counted; ``newest`` is the last act on record."""

    cases: int
    ballots: int
    newest: datetime | None


@guarded("hold.begin")
def foresee_restored(desk: Desk, actor: Actor, saved_at: datetime) -> RestoreForeseen:  # noqa: ARG001  the guard reads the actor
    """Return what `hold_restored` would change; raises Conflict where a restore as of then is on record already."""
    with desk.store.read() as tx:
        for event in tx.package_events.select(package=INSTALLATION):
            if event.action == "restored" and event.at > saved_at:
                raise Conflict(
                    Text(
                        f"{format_minute(event.at)}已经登记过恢复（{event.text}），没有再办。若是此后又恢复了一次，请写那一次恢复到的时间。",
                        f"A restore is on record already, of {event.at.astimezone(CHINA):%d %b %Y %H:%M}; nothing was done again."
                        " If there was another since, give the time that it restored.",
                    )
                )
        live = tx.cases.count(CaseFilter(live=True))
        return RestoreForeseen(live, len(tx.ballots.list_uncounted()), tx.history.newest_at())


@guarded("hold.begin")
def hold_restored(desk: Desk, actor: Actor, saved_at: datetime, cause: str, skip: int = SKIPPED) -> HoldRow:
    """Put an installation on hold whose database was restored as of ``saved_at``, in one transaction.

    Numbers of documents skip ahead; ballots that were not counted are void, and each is called anew; everybody signs in
    again; every running case has the gap on record. Raises Invalid.
    """
    now = desk.clock.now()
    cause = cause.strip()
    if saved_at.year < _EARLIEST or saved_at > now or skip < 0 or not cause:
        raise Invalid(
            Text(
                f"请写明备份的时间（{_EARLIEST}年以后，不晚于现在）和恢复的原因，跳过的号数不小于0。",
                f"Say when the backup was made (since {_EARLIEST}, not after now), why it was restored, and a number to skip.",
            )
        )
    with desk.store.write() as tx:
        gap = f"从备份恢复：{format_minute(saved_at)}至{format_minute(now)}之间办理的事项不在记录中，须按书面材料补录（{cause}）"
        numbers = tx.counters.skip(skip)
        seen = {
            "saved_at": saved_at.isoformat(),
            "cause": cause[:_MOST_REASON],
            "numbers": {name: list(pair) for name, pair in numbers.items()},
            "ballots": [list(pair) for pair in _replace_open_ballots(desk, tx, actor, gap)],
            "cases": _record_gap(desk, tx, actor, gap, {"saved_at": saved_at.isoformat()}),
            "sessions": tx.sessions.delete(),
        }
        tx.operation.hold_restored(now, seen)
        record_event(tx, actor, now, INSTALLATION, "restored", gap, None, seen)
        hold = tx.operation.hold()
        assert hold is not None, "it was put just now"
    sign_now(desk, SYSTEM, restored_to=saved_at)
    return hold


def saved_at_of(hold: HoldRow) -> datetime | None:
    """Return when the backup was made that was restored; None where the clock alone is the reason."""
    saved_at = hold.seen.get("saved_at")
    return datetime.fromisoformat(saved_at) if saved_at else None


def describe_hold(hold: HoldRow) -> Text:
    """Return why the installation is on hold, in sentences."""
    reasons = [_describe_jump(jump) for jump in hold.seen["jumps"]]
    if saved_at := saved_at_of(hold):
        from_zh, until_zh = format_minute(saved_at), format_minute(hold.since)
        from_en, until_en = (f"{at.astimezone(CHINA):%d %b %Y %H:%M}" for at in (saved_at, hold.since))
        reasons.insert(
            0,
            Text(
                f"系统已从备份恢复（{hold.seen['cause']}）：{from_zh}至{until_zh}之间办理的事项不在记录中，请按书面材料补录。",
                f"The system was restored from a backup ({hold.seen['cause']}): what was done from {from_en} to {until_en} is"
                " not on record; enter it again from paper.",
            ),
        )
    return Text("".join(reason.zh for reason in reasons), " ".join(reason.en for reason in reasons))


def _describe_jump(jump: Sequence[str]) -> Text:
    expected, now = map(datetime.fromisoformat, jump)
    gap = format_duration(now - expected)
    return Text(
        f"服务器时钟比应有的时间快了{gap.zh}：停机很久以后才启动，或者时钟不对。",
        f"The server's clock is {gap.en} ahead of what it should say: it was away for long, or its clock is wrong.",
    )


def _require_chief(actor: Actor) -> None:
    if actor is not SYSTEM and not actor.administers("*"):
        raise NotAllowed(
            Text(
                "系统由全系统的系统管理员恢复运行，请与其联系。",
                "Work is resumed by a system administrator of the whole system: ask one.",
            )
        )


def _due_line(desk: Desk, tx: Transaction, item: WorkItemRow, cases: Mapping[int, CaseRow]) -> DueLine:
    case = cases.get(item.case_id or 0)
    name = work_name(item.kind)
    if item.kind == "timer" and case is not None:
        element = get_timed_element(desk.packages.get(case.definition, tx), item.process_id or "", item.element or "")
        label = element.name or element.id
        name = Text(f"“{label}”届满", f"the end of “{label}”")
    rests = item.provisional or (case is not None and case.status == "suspended")
    return DueLine(name, item.due_at, case.id if case else None, case.title if case else "", rests)


def _send_line(tx: Transaction, item: WorkItemRow, saved_at: datetime | None) -> SendLine:
    message = tx.mail.find(effect_key=str(item.payload.get("message", "")))
    address, subject = (message.address or "", message.subject) if message else ("", item.effect_key)
    doubtful = saved_at is not None and item.created_at <= saved_at
    return SendLine(item.kind, address, subject, item.case_id, item.created_at, doubtful)


def _replace_open_ballots(desk: Desk, tx: Transaction, actor: Actor, gap: str) -> list[tuple[int, int]]:
    """Void every ballot that was not counted: the keys are in no backup, and votes cast since would be lost.

    One that cannot be called anew now, such as of a case that cannot be loaded, keeps nobody from the rest: it is void, and
    work of its own calls it anew once an incident of it was settled.
    """
    pairs, loading = [], CaseLoading(desk)
    for row in tx.ballots.list_uncounted():
        successor = (
            _replace_ballot(desk, tx, actor, row, gap) if loading.find_locked_fault(tx, row.case_id) is None else None
        )
        if successor is None:
            void_unopened(desk, tx, actor, row, gap)
        elif successor:
            pairs.append((row.id, successor))
    return pairs


def _replace_ballot(desk: Desk, tx: Transaction, actor: Actor, row: BallotRow, gap: str) -> int | None:
    """Return the ballot that was called in the place of another, 0 where its case has ended, None where none can be."""
    try:
        with tx.savepoint():
            step = open_step(desk, tx, row.case_id, actor)
            if step.case.status == "ended":
                return 0
            successor = reissue_ballot(step, row, gap)
            save_step(step)
            return successor
    except Conflict as error:
        log.warning("ballot %s is void and called anew later: %s", row.id, error.code)
    return None


def _record_gap(desk: Desk, tx: Transaction, actor: Actor, gap: str, data: Mapping[str, Any]) -> int:
    count, before = 0, None
    while rows := tx.cases.search(CaseFilter(live=True), before, _PAGE):
        for row in rows:
            append_case_event(desk, tx, row.id, actor, "restored", gap, None, dict(data))
        count, before = count + len(rows), rows[-1].id
    return count
