"""What is done once a day: versions begin, what was lent to deputies ends, claims of who may act no more go back."""

from __future__ import annotations

from service.casework.access.actor import SYSTEM, Actor
from service.casework.access.guards import guarded
from service.casework.definitions.publish import (
    APPROVED,
    PUBLISHED,
    begin_version,
    current_in_turn,
    places_in_force,
    record_event,
)
from service.casework.desk.desk import Desk
from service.casework.people.rights.deputies import end_rows, list_lapsed_claims, return_lapsed_claims
from service.casework.people.rights.first_people import PUBLISHER, seat_first_people
from service.casework.reading.published import BEGUN, published
from service.domain.calendar import local_date
from service.domain.calendar.clock import format_full_day
from service.store import NewWork
from service.store.models import WorkItemRow


def begin_publication(desk: Desk, item: WorkItemRow) -> None:
    """Let new cases use the version, unless the draft was taken back or another version was published meanwhile.

    In the latter case the draft waits again, and the record says why.
    """
    now, version = desk.clock.now(), str(item.payload["version"])
    with desk.store.write() as tx:
        tx.work.finish(item, now)
        number = int(item.payload["draft"])
        tx.turns.take(f"draft {number}")
        draft = tx.package_drafts.brief(number)
        details = dict(draft.details or {})
        if draft.state != APPROVED or details.get("version") != version or not details.get("from"):
            return
        current = current_in_turn(tx, draft.package)
        if (current.version if current else None) != draft.base:
            other_details = {key: value for key, value in details.items() if key != "from"}
            tx.package_drafts.change(draft.id, details=other_details)
            text = "生效日之前另发布了版本，本草稿没有生效：请并入后重新评审。"
            record_event(tx, SYSTEM, now, draft.package, "publication_missed", text, draft.id, {"version": version})
            return
        package = desk.packages.get(version, tx)
        tx.package_drafts.change(draft.id, state=PUBLISHED, changed_at=now)
        begin_version(tx, package, now, places_in_force(desk, tx, package))
        seat_first_people(tx, draft, package, details.get(PUBLISHER), now)
        text = f"草稿“{draft.title}”自{format_full_day(local_date(now)).zh}起生效。"
        record_event(tx, SYSTEM, now, draft.package, BEGUN, text, draft.id, {"version": version})


def end_what_is_over(desk: Desk, item: WorkItemRow) -> None:
    """End what was lent up to now, unless it was ended before."""
    with desk.store.write() as tx:
        first = tx.deputies.get(int(item.payload["deputy"]))
        rows = [row for row in tx.deputies.of_act(first) if row.ended_at is None and row.until <= desk.clock.now()]
        if rows:
            end_rows(desk, tx, rows, SYSTEM, "委托期限届满", "the period is over")


WORK = "claims_left"
"""Kind of the work item that looks for it."""


@guarded("work.run")
def ask_free_claims(desk: Desk, actor: Actor) -> bool:  # noqa: ARG001  the guard looks at the actor
    """Queue the look of today unless it was queued before; returns whether it was not."""
    now = desk.clock.now()
    key = f"{WORK}:{local_date(now).isoformat()}"
    with desk.store.read() as tx:
        if tx.work.find(effect_key=key) is not None:
            return False
    with desk.store.write() as tx:
        return bool(tx.work.enqueue_many([NewWork(WORK, None, key, {}, now)], now))


def free_claims(desk: Desk, item: WorkItemRow) -> None:
    """Give it back, each person's in a commit of its own, and finish the item."""
    with desk.store.read() as tx:
        holders = tx.tasks.holders(sorted(published(desk, tx).jurisdictions()))
        gone = [person_id for person_id in sorted(holders) if list_lapsed_claims(desk, tx, person_id)]
    for person_id in gone:
        with desk.store.write() as tx:
            return_lapsed_claims(desk, tx, person_id, SYSTEM)
    with desk.store.write() as tx:
        tx.work.finish(item, desk.clock.now())
