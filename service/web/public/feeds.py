"""What calendars and readers subscribe to: notices and last days as iCalendar and Atom, without an account."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from lxml import etree
from lxml.builder import ElementMaker

from service.casework.queries.public.portal import NoticeView
from service.casework.queries.public.public_feed import PublicFeed, as_calendar, changed_at, public_feed
from service.domain.calendar import CHINA
from service.domain.calendar.dates import full
from service.web.frame.requests.current import language, say, t, the_actor, the_desk, the_settings
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.origin import origin

PAGES = Blueprint("feeds", __name__)

_ATOM = "http://www.w3.org/2005/Atom"
_MAKE = ElementMaker(namespace=_ATOM, nsmap={None: _ATOM})
_MINUTES = 10
"""For so long a reader may keep what it got; then it asks whether anything changed."""


@PAGES.get("/portal/notices.atom")
@PAGES.get("/portal/<jurisdiction>/notices.atom")
@route_guard("portal.view")
def atom(jurisdiction: str | None = None) -> ResponseReturnValue:
    """Return the notices of a city, or of all, as an Atom feed (RFC 4287), newest first."""
    feed = public_feed(the_desk(), the_actor(), jurisdiction, origin())
    return _kept(Response(_as_atom(feed), mimetype="application/atom+xml"))


@PAGES.get("/portal/notices.ics")
@PAGES.get("/portal/<jurisdiction>/notices.ics")
@route_guard("portal.view")
def calendar(jurisdiction: str | None = None) -> ResponseReturnValue:
    """Return notice periods and last days for applications as a calendar to subscribe to (RFC 5545)."""
    feed = public_feed(the_desk(), the_actor(), jurisdiction, origin())
    return _kept(Response(as_calendar(feed, _site(), feed.changed), mimetype="text/calendar"))


def _as_atom(feed: PublicFeed) -> bytes:
    name = f"{say(feed.name)} · {t('政府质量奖公示', 'Notices of the quality award')}"
    address = f"{_site()}{request.path}"
    tree = _MAKE.feed(
        _MAKE.id(address),
        _MAKE.title(name),
        _MAKE.updated(_instant(feed.changed)),
        _MAKE.author(_MAKE.name(say(feed.name))),
        _MAKE.link(href=address, rel="self"),
        _MAKE.link(href=address.removesuffix("/notices.atom"), rel="alternate"),
        *(_entry(feed, notice) for notice in feed.notices),
    )
    tree.set("{http://www.w3.org/XML/1998/namespace}lang", language())
    return bytes(etree.tostring(tree, xml_declaration=True, encoding="UTF-8"))


def _entry(feed: PublicFeed, notice: NoticeView) -> etree._Element:
    address, asking = f"{_site()}/notices/{notice.id}", feed.asking(notice.jurisdiction)
    return _MAKE.entry(
        _MAKE.id(address),
        _MAKE.title(notice.title),
        _MAKE.updated(_instant(changed_at(notice))),
        _MAKE.published(_instant(notice.posted_at)),
        _MAKE.author(_MAKE.name(notice.issuer or say(notice.city))),
        _MAKE.link(href=address, rel="alternate"),
        _MAKE.summary(
            "\n".join(part for part in (_period(notice), notice.text, say(asking) if asking else "") if part)
        ),
    )


def _period(notice: NoticeView) -> str:
    if not notice.running:
        return say(notice.end)
    if notice.announcement:
        return ""
    return t(
        f"公示期：{full(notice.first_day).zh}至{full(notice.last_day).zh}",
        f"Open from {full(notice.first_day).en} to {full(notice.last_day).en}",
    )


def _instant(instant: datetime) -> str:
    return instant.astimezone(CHINA).isoformat(timespec="seconds")


def _site() -> str:
    return the_settings().public_url


def _kept(answer: Response) -> Response:
    answer.vary.add("Cookie")  # the language
    answer.cache_control.max_age = _MINUTES * 60
    answer.add_etag()
    answer.make_conditional(request)
    return answer
