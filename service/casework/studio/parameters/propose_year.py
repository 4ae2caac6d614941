"""Propose the days off of a year, with the document that they come from."""

from __future__ import annotations

from datetime import date

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.definitions.publish import record_event
from service.casework.desk.desk import Desk
from service.casework.studio.parameters.calendar_years import demand_place, record_of
from service.casework.studio.parameters.study_calendar import TypedNotice, noticed_year
from service.catalog.calendars.calendar_notice import year_file
from service.catalog.calendars.calendars import with_year
from service.domain.errors import Invalid
from service.domain.text import Text
from service.store.models import CalendarYearRow


@guarded("calendar.propose")
def propose_year(desk: Desk, actor: Actor, typed: TypedNotice) -> int:
    """Propose the year that a notice gives a layer, and return its number; a second person takes it in.

    Raises:
        Invalid: the notice gives no days, or its title, or both its number and its day are missing.
        NotAllowed: the person designs nothing that counts by that layer.
    """
    found = noticed_year(desk, typed)
    _demand_document(typed)
    assert actor.person_id is not None
    days = with_year(desk.calendars, typed.layer, found)[typed.layer].working_days_in(typed.year)
    number, issued = typed.number.strip()[:100], typed.issued.strip()
    content = year_file(found, typed.title.strip()[:300], number, issued, days)
    with desk.store.write() as tx:
        demand_place(desk, tx, actor, typed.layer, "calendar.propose")
        now = desk.clock.now()
        ident = tx.calendar_years.insert(
            CalendarYearRow(
                layer=typed.layer, year=typed.year, title=typed.title.strip()[:300], number=number, issued=issued,
                text=typed.text, content=content, working_days=days, person_id=actor.person_id, author=actor.name, at=now,
            )
        )  # fmt: skip
        text = f"提出 {typed.year} 年日历（{days} 个工作日）：{typed.title.strip()[:200]} {number}"
        record_event(tx, actor, now, record_of(typed.layer), "proposed", text, None, {"year": ident})
    return ident


def _demand_document(typed: TypedNotice) -> None:
    if not typed.number.strip() and not typed.issued.strip():
        raise Invalid(
            Text(
                "请填写通知的文号或者发文日期，核定的人要对照原件。",
                "Enter the number of the notice or the day it was issued: whoever decides compares it with the original.",
            )
        )
    try:
        _ = typed.issued.strip() and date.fromisoformat(typed.issued.strip())
    except ValueError:
        raise Invalid(Text("发文日期请写成 2026-11-01。", "Write the day it was issued as 2026-11-01.")) from None
