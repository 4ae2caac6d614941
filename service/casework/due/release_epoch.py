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
from service.domain.text import Text
from service.store import Transaction
from service.store.rows import EpochRow, WorkItemRow

MOST = 500
"""Messages that one look shows; those beyond are released with the others."""

_MOST_REASON = 300


@dataclass(frozen=True, slots=True)
class Leaving:
    """A message that would leave; ``queued_at`` before the backup: it may have left already."""

    key: str
    kind: str
    address: str
    subject: str
    case_id: int | None
    queued_at: datetime
    before: bool


@dataclass(frozen=True, slots=True)
class EpochView:
    """The restore that waits for a person, and what would leave."""

    epoch: EpochRow
    leaving: tuple[Leaving, ...]
    may_release: bool


@guarded("epoch.release")
def view_epoch(desk: Desk, actor: Actor) -> EpochView | None:
    """Return the epoch that nobody has released yet, with what waits to leave; usually None."""
    with desk.store.read() as tx:
        epoch = tx.epochs.unreleased()
        if epoch is None:
            return None
        items = tx.work.leaving(desk.clock.now(), MOST)
        return EpochView(epoch, tuple(_leaving(tx, epoch, item) for item in items), actor.administers("*"))


@guarded("monitor.view")
def restored_at(desk: Desk, actor: Actor) -> datetime | None:  # noqa: ARG001  the guard reads the actor
    """Return when the restore began that nobody has released yet; usually None."""
    with desk.store.read() as tx:
        epoch = tx.epochs.unreleased()
    return epoch.begun_at if epoch else None


@guarded("epoch.release")
def release_epoch(desk: Desk, actor: Actor, epoch: int, reason: str, drop: Collection[str] = ()) -> int:
    """Let messages leave again, without those whose keys are in ``drop``; returns how many were dropped.

    Raises NotAllowed, Invalid without a reason, NotFound, or Conflict where it was released already.
    """
    if not actor.administers("*"):
        raise NotAllowed(
            Text(
                "恢复后的对外发送由全系统管理员放行，请与其联系。",
                "Messages after a restore are released by an administrator of the whole system: ask one.",
            )
        )
    if not 1 <= len(reason.strip()) <= _MOST_REASON:
        raise Invalid(
            Text(f"请写明核对的情况，不超过{_MOST_REASON}字。", f"Say what was checked, in {_MOST_REASON} characters.")
        )
    now = desk.clock.now()
    with desk.store.write() as tx:
        row = tx.epochs.get(epoch)
        held = {item.effect_key for item in tx.work.leaving(now, MOST)}
        dropped = sorted(held & set(drop))
        if not tx.epochs.release(row.id, now, actor.person_id, reason.strip()):
            raise Conflict(Text("已经放行过了，请刷新页面。", "It was released already: reload the page."))
        tx.work.cancel(dropped, now)
        tx.work.left_due = True
        text = f"恢复后核对完毕，放行对外发送，其中{len(dropped)}条不再发送：{reason.strip()}"
        record_event(tx, actor, now, INSTALLATION, "released", text, None, {"epoch": row.id, "dropped": dropped})
    return len(dropped)


def _leaving(tx: Transaction, epoch: EpochRow, item: WorkItemRow) -> Leaving:
    message = tx.mail.by_key(str(item.payload.get("message", "")))
    address, subject = (message.address or "", message.subject) if message else ("", item.effect_key)
    before = item.created_at <= epoch.saved_at
    return Leaving(item.effect_key, item.kind, address, subject, item.case_id, item.created_at, before)
