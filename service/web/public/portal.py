"""The portal: running rounds, notices, regulations, feeds, cards to share."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from lxml import etree
from lxml.builder import ElementMaker

from service.casework.queries.own_place.home import get_work_address
from service.casework.queries.public.notices import find_notices
from service.casework.queries.public.personal_information import view_personal_information
from service.casework.queries.public.portal import NoticeView, view_portal
from service.casework.queries.public.public_feed import PublicFeed, as_calendar, changed_at, public_feed, require_city
from service.casework.queries.public.view_regulation import public_diagram, public_picture, view_regulation
from service.casework.reading.home_place import home_city
from service.domain.calendar import CHINA
from service.domain.calendar.clock import format_full_day
from service.domain.errors import Invalid
from service.web.frame.page.frame import chosen_seat, set_breadcrumbs
from service.web.frame.page.names import about, published, translate_name
from service.web.frame.page.parts import answer_diagram
from service.web.frame.requests.current import language, say, t, the_actor, the_desk, the_settings
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import dated_cursor, find_query_cursor
from service.web.frame.requests.refusals import record_error_status
from service.web.frame.requests.request_pace import hash_sender_network
from service.web.presentation import group_by_article

PAGES = Blueprint("portal", __name__)


EVERY_CITY = "every-city"


@PAGES.get("/")
@route_guard("portal.view")
def front() -> ResponseReturnValue:
    """Lead people with an account to where their work is; visitors see the portal."""
    return (
        redirect(get_work_address(the_desk(), the_actor()))
        if the_actor().person_id is not None
        else _render_portal(None)
    )


@PAGES.get("/portal")
@route_guard("portal.view")
def portal() -> ResponseReturnValue:
    """Show calls and notices of the reader's city, to everybody else and on demand of every city."""
    if request.args.get("of") == EVERY_CITY:
        return _render_portal(None)
    seat = chosen_seat(the_actor())
    home_place = (
        seat.jurisdiction if seat and seat.jurisdiction in published().cities else home_city(the_desk(), the_actor())
    )
    return _render_portal(home_place or None)


@PAGES.get("/portal/<jurisdiction>")
@route_guard("portal.view")
def city(jurisdiction: str) -> ResponseReturnValue:
    """Show calls and notices of one city."""
    return _render_portal(jurisdiction)


@PAGES.get("/portal/<jurisdiction>/<award>/regulation")
@route_guard("definition.view")
def regulation(jurisdiction: str, award: str) -> ResponseReturnValue:
    """Show a regulation as a diagram and clause by clause."""
    view = view_regulation(the_desk(), the_actor(), f"{jurisdiction}/{award}", request.args.get("process"))
    set_breadcrumbs(
        (t("公示与办法", "Notices and regulations"), "/portal"),
        (say(view.package.jurisdiction.text), f"/portal/{jurisdiction}"),
        (t("办法与流程", "Regulation"), None),
    )
    return render_template(
        "portal/regulation.html", view=view, groups=group_by_article(view.clauses, lambda line: line[0])
    )


@PAGES.get("/portal/<jurisdiction>/<award>/diagrams/<process>.bpmn")
@route_guard("definition.view")
def diagram(jurisdiction: str, award: str, process: str) -> ResponseReturnValue:
    """Return the BPMN of a published diagram."""
    return answer_diagram(public_diagram(the_desk(), the_actor(), f"{jurisdiction}/{award}", process))


@PAGES.get("/portal/<jurisdiction>/<award>/diagrams/<process>.svg")
@route_guard("definition.view")
def picture(jurisdiction: str, award: str, process: str) -> ResponseReturnValue:
    """Return a published diagram as a picture."""
    drawn = public_picture(the_desk(), the_actor(), f"{jurisdiction}/{award}", process, translate_name)
    return Response(drawn, mimetype="image/svg+xml")


def _render_portal(jurisdiction: str | None) -> ResponseReturnValue:
    text = request.args.get("q", "").strip()
    if text:
        return _search_page(text, jurisdiction)
    view = view_portal(the_desk(), the_actor(), jurisdiction, dated_cursor(request.args, "before"))
    require_city(view.cities, jurisdiction)
    if len(view.cities) == 1:
        about(view.cities[0].id)
    if jurisdiction and len(view.cities) == 1:
        set_breadcrumbs((t("公示与办法", "Notices and regulations"), "/portal"), (say(view.cities[0].name), None))
    cities = [(ident, say(name)) for ident, name in published().cities.items()]
    administers = jurisdiction is not None and the_actor().administers(jurisdiction)
    return render_template(
        "portal/front.html",
        view=view,
        jurisdiction=jurisdiction,
        cities=cities,
        administers=administers,
        feed=f"/portal/{view.cities[0].id}" if len(view.cities) == 1 else "",
        site=the_settings().public_url,
    )


def _search_page(text: str, jurisdiction: str | None) -> ResponseReturnValue:
    cities = [(ident, say(name)) for ident, name in published().cities.items()]
    context = {"text": text, "jurisdiction": jurisdiction, "cities": cities}
    try:
        notices = find_notices(the_desk(), the_actor(), text, jurisdiction, find_query_cursor(request.args, "before"))
    except Invalid as refusal:
        page = render_template("portal/found.html", found=None, problem=say(refusal.message), **context)
        return make_response(page, record_error_status(refusal))
    require_city(notices.cities, jurisdiction)
    if jurisdiction and len(notices.cities) == 1:
        about(notices.cities[0].id)
    set_breadcrumbs((t("公示与办法", "Notices and regulations"), "/portal"), (t("查公示", "Find notices"), None))
    return render_template("portal/found.html", found=notices, problem="", **context)


_ATOM = "http://www.w3.org/2005/Atom"
_MAKE = ElementMaker(namespace=_ATOM, nsmap={None: _ATOM})
_MINUTES = 10
"""For so long a reader may keep what it got; then it asks whether anything changed."""


@PAGES.get("/portal/<jurisdiction>/notices.atom")
@route_guard("portal.view")
def atom(jurisdiction: str) -> ResponseReturnValue:
    """Return the notices of a city as an Atom feed (RFC 4287), newest first."""
    feed = public_feed(the_desk(), the_actor(), jurisdiction, hash_sender_network())
    return _make_cacheable(Response(_as_atom(feed), mimetype="application/atom+xml"))


@PAGES.get("/portal/<jurisdiction>/notices.ics")
@route_guard("portal.view")
def calendar_feed(jurisdiction: str) -> ResponseReturnValue:
    """Return notice periods and last days for applications as a calendar to subscribe to (RFC 5545)."""
    feed = public_feed(the_desk(), the_actor(), jurisdiction, hash_sender_network())
    return _make_cacheable(Response(as_calendar(feed, _get_site(), feed.changed), mimetype="text/calendar"))


def _as_atom(feed: PublicFeed) -> bytes:
    name = f"{say(feed.name)} · {t('政府质量奖公示', 'Notices of the quality award')}"
    address = f"{_get_site()}{request.path}"
    tree = _MAKE.feed(
        _MAKE.id(address),
        _MAKE.title(name),
        _MAKE.updated(_format_instant(feed.changed)),
        _MAKE.author(_MAKE.name(say(feed.name))),
        _MAKE.link(href=address, rel="self"),
        _MAKE.link(href=address.removesuffix("/notices.atom"), rel="alternate"),
        *(_build_entry(feed, notice) for notice in feed.notices),
    )
    tree.set("{http://www.w3.org/XML/1998/namespace}lang", language())
    return bytes(etree.tostring(tree, xml_declaration=True, encoding="UTF-8"))


def _build_entry(feed: PublicFeed, notice: NoticeView) -> etree._Element:
    address, asking = f"{_get_site()}/notices/{notice.id}", feed.asking(notice.jurisdiction)
    return _MAKE.entry(
        _MAKE.id(address),
        _MAKE.title(notice.title),
        _MAKE.updated(_format_instant(changed_at(notice))),
        _MAKE.published(_format_instant(notice.posted_at)),
        _MAKE.author(_MAKE.name(notice.issuer or say(notice.city))),
        _MAKE.link(href=address, rel="alternate"),
        _MAKE.summary(
            "\n".join(part for part in (_format_period(notice), notice.text, say(asking) if asking else "") if part)
        ),
    )


def _format_period(notice: NoticeView) -> str:
    if not notice.running:
        return say(notice.end)
    if notice.announcement:
        return ""
    return t(
        f"公示期：{format_full_day(notice.first_day).zh}至{format_full_day(notice.last_day).zh}",
        f"Open from {format_full_day(notice.first_day).en} to {format_full_day(notice.last_day).en}",
    )


def _format_instant(instant: datetime) -> str:
    return instant.astimezone(CHINA).isoformat(timespec="seconds")


def _get_site() -> str:
    return the_settings().public_url


def _make_cacheable(answer: Response) -> Response:
    answer.vary.add("Cookie")  # the language
    answer.cache_control.max_age = _MINUTES * 60
    answer.add_etag()
    answer.make_conditional(request)
    return answer


@PAGES.get("/personal-information")
@PAGES.get("/personal-information/<jurisdiction>")
@route_guard("portal.view")
def personal_information(jurisdiction: str = "") -> ResponseReturnValue:
    """Say it, with the times of one place where one is named."""
    view = view_personal_information(the_desk(), the_actor(), jurisdiction)
    set_breadcrumbs((t("公示与办法", "Notices and regulations"), "/portal"), (t("个人信息说明", "Personal data"), None))
    return render_template("portal/personal_information.html", view=view)
