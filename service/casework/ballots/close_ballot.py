"""Close a ballot early, by the office; the diagram goes on to the count."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.ballots.box import CLOSED, COMPLETE, OPEN, RING
from service.casework.desk.desk import Desk
from service.casework.step.history import append_case_event
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.text import Text
from service.store import NewWork


@guarded("ballot.close")
def close_ballot(desk: Desk, actor: Actor, ballot_id: int, reason: str) -> None:
    """Close a ballot for good; the reason goes on record.

    Raises:
        Invalid: no reason.
        NotAllowed: the person is not of the office of this jurisdiction.
        Conflict: it is not open.
    """
    if not reason.strip():
        raise Invalid(Text("请写明提前截止的原因。", "Say why it is closed early."))
    with desk.store.write() as tx:
        row = tx.ballots.get(ballot_id)
        if not actor.in_person.in_office(row.jurisdiction):
            raise NotAllowed(Text("表决由本地办公室截止。", "A ballot is closed by the office of its jurisdiction."))
        entry = f"{actor.name}截止表决“{row.title}”：{reason.strip()}"
        append_case_event(desk, tx, row.case_id, actor, "ballot", entry, row.element, {"ballot": ballot_id})
        row = tx.ballots.lock(ballot_id)
        if row.state != OPEN:
            raise Conflict(Text(f"“{row.title}”已经截止。", f"“{row.title}” is closed already."))
        tx.ballots.change(ballot_id, state=CLOSED)
        tx.ballots.finish_tasks(
            [m.task_id for m in tx.rolls.select(ballot_id=ballot_id) if m.task_id and not m.state], "cancelled"
        )
        key, payload = f"ballot:{ballot_id}:closed", {"ballot": ballot_id, "message": COMPLETE}
        tx.work.enqueue_many([NewWork(RING, row.case_id, key, payload, desk.clock.now())], desk.clock.now())
