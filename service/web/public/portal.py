"""Pages of the public portal."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.queries.own_place.home import own_place
from service.casework.queries.public.find_notices import find_notices
from service.casework.queries.public.portal import view_portal
from service.casework.queries.public.public_feed import demand_city
from service.casework.queries.public.view_regulation import public_diagram, public_picture, view_regulation
from service.casework.reading.home_place import home_city
from service.domain.errors import Invalid
from service.web.frame.page.frame import chosen_seat, crumbs
from service.web.frame.page.heading import about
from service.web.frame.page.in_english import named
from service.web.frame.page.names import published
from service.web.frame.page.shown_diagram import shown_diagram
from service.web.frame.requests.current import say, t, the_actor, the_desk, the_settings
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import cursor, dated_cursor
from service.web.frame.requests.refusals import answered

PAGES = Blueprint("portal", __name__)
EVERY_CITY = "every-city"


@PAGES.get("/")
@route_guard("portal.view")
def front() -> ResponseReturnValue:
    """Lead people with an account to where their work is; visitors see the portal."""
    return redirect(own_place(the_desk(), the_actor())) if the_actor().person_id is not None else _portal(None)


@PAGES.get("/portal")
@route_guard("portal.view")
def portal() -> ResponseReturnValue:
    """Show calls and notices of the reader's city, to everybody else and on demand of every city."""
    if request.args.get("of") == EVERY_CITY:
        return _portal(None)
    seat = chosen_seat(the_actor())
    own = seat.jurisdiction if seat and seat.jurisdiction in published().cities else home_city(the_desk(), the_actor())
    return _portal(own or None)


@PAGES.get("/portal/<jurisdiction>")
@route_guard("portal.view")
def city(jurisdiction: str) -> ResponseReturnValue:
    """Show calls and notices of one city."""
    return _portal(jurisdiction)


@PAGES.get("/portal/<jurisdiction>/<award>/regulation")
@route_guard("definition.view")
def regulation(jurisdiction: str, award: str) -> ResponseReturnValue:
    """Show a regulation as a diagram and clause by clause."""
    view = view_regulation(the_desk(), the_actor(), f"{jurisdiction}/{award}", request.args.get("process"))
    crumbs(
        (t("公示与办法", "Notices and regulations"), "/portal"),
        (say(view.package.jurisdiction.text), f"/portal/{jurisdiction}"),
        (t("办法与流程", "Regulation"), None),
    )
    return render_template("portal/regulation.html", view=view)


@PAGES.get("/portal/<jurisdiction>/<award>/diagrams/<process>.bpmn")
@route_guard("definition.view")
def diagram(jurisdiction: str, award: str, process: str) -> ResponseReturnValue:
    """Return the BPMN of a published diagram."""
    return shown_diagram(public_diagram(the_desk(), the_actor(), f"{jurisdiction}/{award}", process))


@PAGES.get("/portal/<jurisdiction>/<award>/diagrams/<process>.svg")
@route_guard("definition.view")
def picture(jurisdiction: str, award: str, process: str) -> ResponseReturnValue:
    """Return a published diagram as a picture."""
    drawn = public_picture(the_desk(), the_actor(), f"{jurisdiction}/{award}", process, named)
    return Response(drawn, mimetype="image/svg+xml")


def _portal(jurisdiction: str | None) -> ResponseReturnValue:
    text = request.args.get("q", "").strip()
    if text:
        return _found(text, jurisdiction)
    view = view_portal(the_desk(), the_actor(), jurisdiction, dated_cursor(request.args, "before"))
    demand_city(view.cities, jurisdiction)
    if len(view.cities) == 1:
        about(view.cities[0].id)
    if jurisdiction and len(view.cities) == 1:
        crumbs((t("公示与办法", "Notices and regulations"), "/portal"), (say(view.cities[0].name), None))
    cities = [(ident, say(name)) for ident, name in published().cities.items()]
    administers = jurisdiction is not None and the_actor().administers(jurisdiction)
    return render_template(
        "portal/front.html",
        view=view,
        jurisdiction=jurisdiction,
        cities=cities,
        administers=administers,
        site=the_settings().public_url,
    )


def _found(text: str, jurisdiction: str | None) -> ResponseReturnValue:
    cities = [(ident, say(name)) for ident, name in published().cities.items()]
    shown = {"text": text, "jurisdiction": jurisdiction, "cities": cities}
    try:
        found = find_notices(the_desk(), the_actor(), text, jurisdiction, cursor(request.args, "before"))
    except Invalid as refusal:
        page = render_template("portal/found.html", found=None, problem=say(refusal.message), **shown)
        return make_response(page, answered(refusal))
    demand_city(found.cities, jurisdiction)
    if jurisdiction and len(found.cities) == 1:
        about(found.cities[0].id)
    crumbs((t("公示与办法", "Notices and regulations"), "/portal"), (t("查公示", "Find notices"), None))
    return render_template("portal/found.html", found=found, problem="", **shown)
