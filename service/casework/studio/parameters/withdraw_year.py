"""Withdraw a year of the calendar that turned out wrong: what held before holds again."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.definitions.publish import record_event
from service.casework.desk.calendars import IN_FORCE, WITHDRAWN, refresh_calendars
from service.casework.desk.desk import Desk
from service.casework.studio.parameters.calendar_years import demand_every_place, record_of, with_decision
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text


@guarded("calendar.decide")
def withdraw_year(desk: Desk, actor: Actor, ident: int, reason: str) -> None:
    """Let the program count as if the year had not been taken in; running notices and time limits keep their days.

    Raises:
        NotFound: there is no such year.
        NotAllowed: the person may not decide in every place that counts by it.
        Conflict: it is not in force.
        Invalid: no reason is given.
    """
    if not reason.strip():
        raise Invalid(Text("请写明撤回的理由，会记入记录。", "Say why; the reason goes on record."))
    with desk.store.write() as tx:
        row = tx.calendar_years.get(ident)
        demand_every_place(desk, tx, actor, row.layer)
        if row.state != IN_FORCE:
            raise Conflict(Text("这一年没有载入，请刷新页面。", "This year is not in force: reload the page."))
        now = desk.clock.now()
        said = {"at": now.isoformat(), "by": actor.name, "person": actor.person_id, "reason": reason.strip()[:2000]}
        tx.calendar_years.change(ident, {"state": WITHDRAWN, "details": with_decision(row, "withdrawn", said)})
        text = f"撤回 {row.year} 年日历：{row.title}：{reason.strip()[:200]}"
        record_event(tx, actor, now, record_of(row.layer), "withdrawn", text, None, {"year": ident})
        tx.after_commit(lambda: refresh_calendars(desk))
