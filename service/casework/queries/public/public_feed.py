"""What a reader subscribes to: the notices of a city, and the days until which rounds take applications."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.public.throttle import FEED, count_attempt
from service.casework.queries.public.portal import CityView, NoticeView, RoundLine, view_portal
from service.casework.reading.contacts import Contact
from service.domain.errors import NotFound
from service.domain.output.icalendar import CalendarEvent, calendar_text
from service.domain.text import Text


@dataclass(frozen=True, slots=True)
class PublicFeed:
    """``notices`` newest first, ``rounds`` that name their last day for applications; ``changed`` the newest change."""

    name: Text
    notices: tuple[NoticeView, ...]
    rounds: tuple[RoundLine, ...]
    changed: datetime
    contacts: Mapping[str, Contact]

    def asking(self, jurisdiction: str) -> Text | None:
        """Return whom to ask in a city; None where it has not set that."""
        contact = self.contacts.get(jurisdiction)
        if contact is None or not contact.words:
            return None
        return Text(f"咨询：{contact.office.zh}，{contact.words}", f"Questions: {contact.office.en}, {contact.words}")


def require_city(cities: Collection[CityView], jurisdiction: str | None) -> None:
    """Raise NotFound where one city was asked for and none was found."""
    if jurisdiction is not None and not cities:
        raise NotFound(
            Text(
                "没有这个城市，或者它的办法还没有发布。",
                "There is no such city, or its regulation is not published yet.",
            )
        )


@guarded("portal.view")
def public_feed(desk: Desk, actor: Actor, jurisdiction: str, origin: str) -> PublicFeed:
    """Return what is public now of a city, read from ``origin``.

    Raises:
        NotFound: no such city is published.
        TooOften: ``origin`` has read feeds too often within the hour.
    """
    count_attempt(desk, FEED, origin)
    view = view_portal(desk, actor, jurisdiction)
    require_city(view.cities, jurisdiction)
    notices = sorted((*view.running, *view.past), key=lambda notice: (notice.posted_at, notice.id), reverse=True)
    changed = max((changed_at(notice) for notice in notices), default=desk.clock.now())
    rounds = tuple(round_line for round_line in view.rounds if round_line.deadline is not None)
    return PublicFeed(view.cities[0].name, tuple(notices), rounds, changed, view.contacts)


def changed_at(notice: NoticeView) -> datetime:
    """Return when a notice changed last: it was posted, or closed, corrected or recalled."""
    return max(notice.posted_at, notice.closed_at or notice.posted_at)


def as_calendar(feed: PublicFeed, site: str, now: datetime) -> str:
    """Return a feed as a calendar file: whole days of notices that can be objected to, last days for applications.

    ``site`` is the address under which the portal is read, without a slash at its end.
    """
    host = site.partition("://")[2]
    events = [_build_calendar_event(feed, notice, site, host) for notice in feed.notices if notice.contestable]
    events += [
        CalendarEvent(
            f"round-{round_line.id}@{host}",
            round_line.deadline,
            round_line.deadline,
            f"申报截止：{round_line.title}",
            address=f"{site}/portal/{round_line.package}/regulation",
        )
        for round_line in feed.rounds
        if round_line.deadline is not None
    ]
    return calendar_text(events, "Portal", now, f"{feed.name.zh}政府质量奖公示与申报")


def _build_calendar_event(feed: PublicFeed, notice: NoticeView, site: str, host: str) -> CalendarEvent:
    asking = feed.asking(notice.jurisdiction)
    note = notice.objecting or notice.how_to_object.zh
    return CalendarEvent(
        f"notice-{notice.id}@{host}",
        notice.first_day,
        notice.last_day,
        f"公示：{notice.title}",
        note=f"{note}\n{asking.zh}" if asking else note,
        address=f"{site}/notices/{notice.id}",
        version=int(changed_at(notice).timestamp()),
        cancelled=notice.state in ("recalled", "corrected"),
    )
