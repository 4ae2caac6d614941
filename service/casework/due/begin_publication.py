"""Let a version of the studio begin on the day for which it was published."""

from __future__ import annotations

from service.casework.access.actor import SYSTEM
from service.casework.definitions.package_events import record_event
from service.casework.definitions.publications import APPROVED, PUBLISHED
from service.casework.definitions.publish import begin_version, places_in_force
from service.casework.desk.desk import Desk
from service.casework.people.rights.first_people import PUBLISHER, seat_first_people
from service.casework.reading.version_record import BEGUN
from service.domain.calendar import local_date
from service.store.models import WorkItemRow


def begin_publication(desk: Desk, item: WorkItemRow) -> None:
    """Let new cases use the version, unless the draft was taken back or another version was published meanwhile.

    In the latter case the draft waits again, and the record says why.
    """
    now, version = desk.clock.now(), str(item.payload["version"])
    with desk.store.write() as tx:
        tx.work.finish(item, now)
        draft = tx.package_drafts.brief(int(item.payload["draft"]))
        details = dict(draft.details or {})
        if draft.state != APPROVED or details.get("version") != version or not details.get("from"):
            return
        current = tx.definitions.current(draft.package)
        if (current.version if current else None) != draft.base:
            kept = {key: value for key, value in details.items() if key != "from"}
            tx.package_drafts.change(draft.id, {"details": kept})
            text = "生效日之前另发布了版本，本草稿没有生效：请并入后重新评审。"
            record_event(tx, SYSTEM, now, draft.package, "publication_missed", text, draft.id, {"version": version})
            return
        package = desk.packages.get(version, tx)
        tx.package_drafts.change(draft.id, {"state": PUBLISHED, "changed_at": now})
        begin_version(tx, package, now, places_in_force(desk, tx, package))
        seat_first_people(tx, draft, package, details.get(PUBLISHER), now)
        text = f"版本 {version[:8]} 自{local_date(now).isoformat()}起生效。"
        record_event(tx, SYSTEM, now, draft.package, BEGUN, text, draft.id, {"version": version})
