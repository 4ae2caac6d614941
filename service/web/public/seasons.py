"""Pages of sealed seasons: public ones for everybody, those of a round for its office."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.queries.downloads.files import Download
from service.casework.sealing.publish import publish_season
from service.casework.sealing.seal import seal_season
from service.casework.sealing.view import open_season, public_seasons, view_seasons
from service.domain.errors import Conflict
from service.web.frame.page.files import hand_out
from service.web.frame.page.frame import crumbs, flash
from service.web.frame.page.heading import about
from service.web.frame.page.names import published
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import cursor

PAGES = Blueprint("seasons", __name__)


@PAGES.get("/seasons")
@route_guard("season.read")
def seasons() -> ResponseReturnValue:
    """Show the published bundles, of one city or of all."""
    place = request.args.get("of", "")
    place = place if place in published().cities else ""
    view = public_seasons(the_desk(), the_actor(), place or None, cursor(request.args, "before"))
    if place:
        about(place)
    crumbs((t("公示与办法", "Notices and regulations"), "/portal"), (t("封存的届次", "Sealed seasons"), None))
    return render_template("portal/seasons.html", view=view, place=place, cities=published().cities)


@PAGES.get("/seasons/<int:ident>.zip")
@route_guard("season.read")
def bundle(ident: int) -> ResponseReturnValue:
    """Hand out a bundle."""
    row, content = open_season(the_desk(), the_actor(), ident)
    return hand_out(Download(f"{row.title}封存{row.id}.zip", "application/zip", row.size, content))


@PAGES.get("/cases/<int:round_id>/season")
@route_guard("season.seal")
def of_round(round_id: int) -> ResponseReturnValue:
    """Show the bundles of a round."""
    view = view_seasons(the_desk(), the_actor(), round_id)
    crumbs(
        (t("办件", "Cases"), "/cases"),
        (view.round.title, f"/cases/{round_id}"),
        (t("封存并公开", "Seal and publish"), None),
    )
    return render_template("cases/season.html", view=view)


@PAGES.post("/cases/<int:round_id>/season")
@route_guard("season.seal")
def seal(round_id: int) -> ResponseReturnValue:
    """Seal a round."""
    try:
        seal_season(the_desk(), the_actor(), round_id, after=cursor(request.form, "known"))
        flash(t("已封存，可以下载核对；公布以后任何人都能下载。", "Sealed: look at it, then publish it for everybody."))
    except Conflict as refusal:
        flash(say(refusal.message), "warning")
    return redirect(f"/cases/{round_id}/season", 303)


@PAGES.post("/cases/<int:round_id>/season/<int:ident>/publish")
@route_guard("season.publish")
def publish(round_id: int, ident: int) -> ResponseReturnValue:
    """Publish a bundle of a round."""
    publish_season(the_desk(), the_actor(), ident)
    flash(
        t("已公布，任何人都可以从公共门户下载核验。", "Published: anybody can fetch it from the portal and verify it.")
    )
    return redirect(f"/cases/{round_id}/season", 303)
