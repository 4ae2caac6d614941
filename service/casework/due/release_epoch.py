"""What would leave for the outside after a restore: looked at by a person, dropped or let go."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.definitions.package_events import record_event
from service.casework.desk.desk import Desk
from service.casework.due.begin_epoch import INSTALLATION
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.running.lanes import MAIL
from service.domain.text import Text
from service.store import Transaction
from service.store.rows import EpochRow, WorkItemRow

MOST = 500
"""Messages that one look shows."""

_MOST_REASON = 300
_RELEASED = Text("已经放行过了，请刷新页面。", "It was released already: reload the page.")


@dataclass(frozen=True, slots=True)
class Leaving:
    """A message that would leave; ``before`` the backup was made it was queued, or being sent: it may have left already."""

    key: str
    kind: str
    address: str
    subject: str
    case_id: int | None
    queued_at: datetime
    before: bool


@dataclass(frozen=True, slots=True)
class EpochView:
    """The restore that waits for a person, and one page of what would leave.

    ``through`` is the number of the last item seen, ``further`` whether there are more behind it.
    """

    epoch: EpochRow
    leaving: tuple[Leaving, ...]
    may_release: bool
    through: int = 0
    further: bool = False


@guarded("epoch.release")
def view_epoch(desk: Desk, actor: Actor, after: int = 0) -> EpochView | None:
    """Return the epoch that nobody has released yet, with what waits to leave after the item ``after``; usually None."""
    with desk.store.read() as tx:
        epoch = tx.epochs.unreleased()
        if epoch is None:
            return None
        items = tx.work.leaving(after, MOST + 1)
        shown = tuple(_leaving(tx, epoch, item) for item in items[:MOST])
        through = items[: len(shown)][-1].id if shown else after
        return EpochView(epoch, shown, actor.administers("*"), through, len(items) > MOST)


@guarded("monitor.view")
def restored_at(desk: Desk, actor: Actor) -> datetime | None:  # noqa: ARG001  the guard reads the actor
    """Return when the restore began that nobody has released yet; usually None."""
    with desk.store.read() as tx:
        epoch = tx.epochs.unreleased()
    return epoch.begun_at if epoch else None


@guarded("epoch.release")
def drop_leaving(desk: Desk, actor: Actor, epoch: int, drop: Collection[str]) -> int:
    """Call off messages of one page before the next is looked at; returns how many.

    Raises NotAllowed, NotFound, or Conflict where the epoch was released already.
    """
    _demand_chief(actor)
    now = desk.clock.now()
    with desk.store.write() as tx:
        row = tx.epochs.get(epoch)
        if row.released_at is not None:
            raise Conflict(_RELEASED)
        dropped = _call_off(tx, drop, now)
        text = f"恢复后核对，{len(dropped)}条不再发送"
        if dropped:
            record_event(tx, actor, now, INSTALLATION, "dropped", text, None, {"epoch": row.id, "dropped": dropped})
    return len(dropped)


@guarded("epoch.release")
def release_epoch(
    desk: Desk, actor: Actor, epoch: int, reason: str, drop: Collection[str] = (), through: int | None = None
) -> int:
    """Let messages leave again, without those whose keys are in ``drop``; returns how many were dropped.

    ``through`` is the number of the last item that was looked at (None: the first page). What the restore brought
    back and nobody has looked at may not leave.

    Raises NotAllowed, Invalid without a reason, NotFound, or Conflict where it was released already or not all was seen.
    """
    _demand_chief(actor)
    if not 1 <= len(reason.strip()) <= _MOST_REASON:
        raise Invalid(
            Text(f"请写明核对的情况，不超过{_MOST_REASON}字。", f"Say what was checked, in {_MOST_REASON} characters.")
        )
    now = desk.clock.now()
    with desk.store.write() as tx:
        row = tx.epochs.get(epoch)
        _demand_all_seen(tx, row, through)
        if not tx.epochs.release(row.id, now, actor.person_id, reason.strip()):
            raise Conflict(_RELEASED)
        dropped = _call_off(tx, drop, now)
        tx.work.left_due = True
        text = f"恢复后核对完毕，放行对外发送，其中{len(dropped)}条不再发送：{reason.strip()}"
        record_event(tx, actor, now, INSTALLATION, "released", text, None, {"epoch": row.id, "dropped": dropped})
    return len(dropped)


def _demand_chief(actor: Actor) -> None:
    if not actor.administers("*"):
        raise NotAllowed(
            Text(
                "恢复后的对外发送由全系统管理员放行，请与其联系。",
                "Messages after a restore are released by an administrator of the whole system: ask one.",
            )
        )


def _demand_all_seen(tx: Transaction, row: EpochRow, through: int | None) -> None:
    if through is None:
        first = tx.work.leaving(0, MOST)
        through = first[-1].id if first else 0
    unseen = [item for item in tx.work.leaving(through, 1) if item.created_at <= row.begun_at]
    if unseen:
        raise Conflict(
            Text(
                f"还有没有看过的邮件和消息，请看完后面各页（每页 {MOST} 条）再放行。",
                f"There are messages that nobody has looked at: see the following pages ({MOST} each), then release.",
            )
        )


def _call_off(tx: Transaction, drop: Collection[str], now: datetime) -> list[str]:
    dropped = tx.work.alive_in(MAIL, drop)
    tx.work.cancel(dropped, now)
    return dropped


def _leaving(tx: Transaction, epoch: EpochRow, item: WorkItemRow) -> Leaving:
    message = tx.mail.by_key(str(item.payload.get("message", "")))
    address, subject = (message.address or "", message.subject) if message else ("", item.effect_key)
    before = item.created_at <= epoch.saved_at
    return Leaving(item.effect_key, item.kind, address, subject, item.case_id, item.created_at, before)
