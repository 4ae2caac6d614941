"""Take a proposed year of the calendar in, or return it: by another person than the one who proposed it."""

from __future__ import annotations

from service.casework.access.actor import SYSTEM, Actor
from service.casework.access.guards import guarded
from service.casework.definitions.publish import record_event
from service.casework.desk.calendars import IN_FORCE, refresh_calendars
from service.casework.desk.desk import Desk
from service.casework.due.provisional_dates import recompute_dates
from service.casework.studio.parameters.calendar_years import (
    PROPOSED,
    RETURNED,
    demand_every_place,
    record_of,
    with_decision,
)
from service.catalog.calendars.calendars import with_year_files
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.text import Text
from service.store.models import CalendarYearRow


@guarded("calendar.decide")
def decide_year(desk: Desk, actor: Actor, ident: int, approved: bool, reason: str = "") -> None:
    """Let the program count by a proposed year from now on, or return it with a ``reason``.

    Running notices and time limits keep their days until they are corrected; provisional ones are settled at once.
    Raises NotFound, and:
        NotAllowed: the person proposed it, or may not decide in every place that counts by it.
        Conflict: it is decided already, or gives another number of working days by now.
        Invalid: it is returned without a reason.
    """
    with desk.store.write() as tx:
        row = tx.calendar_years.get(ident)
        demand_every_place(desk, tx, actor, row.layer)
        if row.state != PROPOSED:
            raise Conflict(Text("这一年已经处理过，请刷新页面。", "This year is decided already: reload the page."))
        if actor.person_id == row.person_id:
            raise NotAllowed(
                Text(
                    "提出的人不能自己核定，请由另一人对照通知原件核定。",
                    "Whoever proposed a year cannot take it in: let another person compare it with the notice.",
                )
            )
        if not approved and not reason.strip():
            raise Invalid(Text("退回须写明理由。", "Say why it is returned."))
        if approved:
            _demand_same_count(desk, row)
        now = desk.clock.now()
        said = {"at": now.isoformat(), "by": actor.name, "person": actor.person_id, "reason": reason.strip()[:2000]}
        state, action, word = (IN_FORCE, "taken_in", "核定载入") if approved else (RETURNED, "returned", "退回")
        tx.calendar_years.change(ident, {"state": state, "details": with_decision(row, "decided", said)})
        text = f"{word} {row.year} 年日历：{row.title}{'：' + reason.strip()[:200] if reason.strip() else ''}"
        record_event(tx, actor, now, record_of(row.layer), action, text, None, {"year": ident})
        tx.after_commit(lambda: refresh_calendars(desk))
    if approved:
        recompute_dates(desk, SYSTEM)


def _demand_same_count(desk: Desk, row: CalendarYearRow) -> None:
    """Raise Conflict where a calendar above changed since the year was proposed."""
    after = with_year_files(desk.calendars, [(row.layer, row.year, row.content)])[row.layer]
    days = after.working_days_in(row.year)
    if days != row.working_days:
        raise Conflict(
            Text(
                f"按现在的上级日历，这一年有 {days} 个工作日，提出时是 {row.working_days} 个。请退回，重新提出。",
                f"With the layers above as they are now the year has {days} working days, {row.working_days} when it was "
                "proposed: return it and propose it anew.",
            )
        )
