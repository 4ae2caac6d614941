"""After a backup was restored: what may have happened since is put on record, and cannot happen twice unseen."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from service.casework.access.actor import SYSTEM, Actor
from service.casework.access.guards import guarded
from service.casework.audit.heads import sign_now
from service.casework.ballots.anew import call_anew, void_unopened
from service.casework.definitions.package_events import record_event
from service.casework.desk.desk import Desk
from service.casework.reading.case_loading import CaseLoading
from service.casework.step.history import note
from service.casework.step.save import save_step
from service.casework.step.step import open_step
from service.domain.calendar import CHINA
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text
from service.store import CaseFilter, Transaction
from service.store.rows import BallotRow, ClockHoldRow, EpochRow

log = logging.getLogger(__name__)

INSTALLATION = "installation"
"""Name under which what happens to the whole installation is recorded, chained like the record of a package."""

SKIPPED = 100
"""How many numbers each series leaves out: those may have been given after the backup."""

MOST_SKIPPED = 1_000_000
"""More numbers than any series gives in its life."""

_EARLIEST = 2000
"""No backup is from a year before."""
_PAGE = 500


@dataclass(frozen=True, slots=True)
class EpochForeseen:
    """What an epoch would change: running cases, ballots that were not counted; ``newest`` is the last act on record."""

    cases: int
    ballots: int
    newest: datetime | None


@guarded("epoch.begin")
def foresee_epoch(desk: Desk, actor: Actor, saved_at: datetime) -> EpochForeseen:  # noqa: ARG001  the guard reads the actor
    """Return what an epoch for a restore as of ``saved_at`` would change; raises Conflict where one began since."""
    with desk.store.read() as tx:
        before = tx.epochs.begun_after(saved_at)
        if before is not None:
            begun, cause = _words(before.begun_at), before.cause
            begun_en = f"{before.begun_at.astimezone(CHINA):%d %b %Y %H:%M}"
            raise Conflict(
                Text(
                    f"所写时间之后已经开始过纪元 {before.id}（{begun}，{cause}），这次恢复已经登记，没有再办。"
                    "若是此后又恢复了一次，请写那一次恢复到的时间。",
                    f"Epoch {before.id} began after the time given ({begun_en}, {cause}): this restore is on record, and nothing"
                    " was done again. If there was another restore since, give the time that it restored.",
                )
            )
        live = tx.cases.count(CaseFilter(live=True))
        return EpochForeseen(live, len(tx.ballots.uncounted()), tx.history.newest_at())


@guarded("epoch.begin")
def begin_epoch(desk: Desk, actor: Actor, saved_at: datetime, cause: str, skip: int = SKIPPED) -> EpochRow:
    """Begin an epoch in a database that was restored as of ``saved_at``, in one transaction.

    Numbers of documents skip ahead; ballots that were not counted are void, and each is called anew; everybody signs in
    again; every running case has the gap on record. Mail and webhooks wait until a person releases them, and where
    a time limit ran out meanwhile, so does what would lapse: what was handed in after the backup is lost. Raises Invalid.
    """
    now = desk.clock.now()
    if saved_at.year < _EARLIEST or saved_at > now or not 0 <= skip <= MOST_SKIPPED or not cause.strip():
        raise Invalid(
            Text(
                f"请写明备份的时间（{_EARLIEST}年以后，不晚于现在）、恢复的原因，跳过的号数为0至{MOST_SKIPPED}。",
                f"Say when the backup was made (since {_EARLIEST}, not after now), why it was restored, and a number to skip"
                f" from 0 to {MOST_SKIPPED}.",
            )
        )
    with desk.store.write() as tx:
        if tx.work.timer_fell_due(saved_at, now):
            tx.clock.hold(ClockHoldRow(kind="absence", expected_at=saved_at, found_at=now))
        ident = tx.epochs.begin(EpochRow(saved_at=saved_at, begun_at=now, cause=cause.strip()[:300]))
        numbers = tx.counters.skip(skip)
        gap = f"从备份恢复：{_words(saved_at)}至{_words(now)}之间办理的事项不在记录中，须按书面材料补录（{cause.strip()}）"
        ballots = _call_ballots_anew(desk, tx, actor, gap)
        cases = _record_gap(desk, tx, actor, gap, {"epoch": ident, "saved_at": saved_at.isoformat()})
        found = {
            "numbers": {name: list(pair) for name, pair in numbers.items()},
            "ballots": [list(pair) for pair in ballots],
            "cases": cases,
            "sessions": tx.people.sessions.close_everybody(),
        }
        tx.epochs.note(ident, found)
        record_event(tx, actor, now, INSTALLATION, "restored", gap, None, {"epoch": ident, **found})
        begun = tx.epochs.get(ident)
    sign_now(desk, SYSTEM, restored_to=saved_at)
    return begun


def _call_ballots_anew(desk: Desk, tx: Transaction, actor: Actor, gap: str) -> list[tuple[int, int]]:
    """Void every ballot that was not counted: the keys are in no backup, and votes cast since would be lost.

    One that cannot be called now keeps nobody from the rest, be it altered or its case out of reach:
    it is void, and work of its own calls it anew once an incident of it was settled.
    """
    found, loading = [], CaseLoading(desk)
    for row in tx.ballots.uncounted():
        anew = _called_anew(desk, tx, actor, row, gap) if loading.fault_held(tx, row.case_id) is None else None
        if anew is None:
            void_unopened(desk, tx, actor, row, gap)
        elif anew:
            found.append((row.id, anew))
    return found


def _called_anew(desk: Desk, tx: Transaction, actor: Actor, row: BallotRow, gap: str) -> int | None:
    """Return the ballot that was called in the place of another, 0 where its case has ended.

    It is None where none can be called now: then nothing is changed.
    """
    try:
        with tx.savepoint():
            step = open_step(desk, tx, row.case_id, actor)
            if step.case.status == "ended":
                return 0
            anew = call_anew(step, row, gap)
            save_step(step)
            return anew
    except Conflict as error:
        log.warning("ballot %s is void and called anew later: %s", row.id, error.code)
    return None


def _record_gap(desk: Desk, tx: Transaction, actor: Actor, gap: str, data: dict[str, object]) -> int:
    count, before = 0, None
    while rows := tx.cases.search(CaseFilter(live=True), before, _PAGE):
        for row in rows:
            note(desk, tx, row.id, actor, "restored", gap, None, data)
        count, before = count + len(rows), rows[-1].id
    return count


def _words(at: datetime) -> str:
    local = at.astimezone(CHINA)
    return f"{local.year}年{local.month}月{local.day}日{local:%H:%M}"
