"""API routes of sealed seasons: public ones for everybody; sealing and publishing for the office of a round."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from service.casework.sealing.publish import publish_season
from service.casework.sealing.seal import seal_season
from service.casework.sealing.view import open_season, public_seasons, view_seasons
from service.web.api.arguments import Query, row_place
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas.files import HandedFileOut, handed
from service.web.api.schemas.sealed_seasons import RoundSeasonsOut, SealedSeasonsOut, SeasonSealedOut
from service.web.frame.requests.current import the_actor, the_desk
from service.web.frame.requests.parse_values import cursor


def register(api: Blueprint) -> None:
    """Add the routes."""
    query: Query = {"jurisdiction": "one city only", "after": row_place()}
    public = ApiOperation(
        "GET", "/seasons", "season.read", "List published sealed seasons", SealedSeasonsOut, query=query
    )
    add_route(api, public, list_seasons)
    file = ApiOperation("GET", "/seasons/<int:ident>/file", "season.read", "Get a sealed season", HandedFileOut)
    add_route(api, file, file_of_season)
    path = "/cases/<int:case_id>/seasons"
    own = ApiOperation("GET", path, "season.seal", "List the sealed seasons of a round", RoundSeasonsOut)
    add_route(api, own, seasons_of_round)
    newest: Query = {
        "known": row_place("the newest bundle that is known, 0 for none; with a newer one nothing is sealed (409)")
    }
    seal = ApiOperation("POST", path, "season.seal", "Seal a finished round", SeasonSealedOut, query=newest)
    add_route(api, seal, seal_now)
    publish = ApiOperation("POST", "/seasons/<int:ident>/publish", "season.publish", "Publish a sealed season", None)
    add_route(api, publish, publish_now)


def list_seasons() -> dict[str, Any]:
    """List."""
    args = request.args
    view = public_seasons(the_desk(), the_actor(), args.get("jurisdiction"), cursor(args, "after"))
    return {"seasons": view.seasons, "next": view.before}


def file_of_season(ident: int) -> dict[str, Any]:
    """Hand out."""
    row, content = open_season(the_desk(), the_actor(), ident)
    with content:
        return handed(f"{row.title}封存{row.id}.zip", "application/zip", content.read())


def seasons_of_round(case_id: int) -> dict[str, Any]:
    """List."""
    view = view_seasons(the_desk(), the_actor(), case_id)
    return {"ended": view.ended, "seasons": view.seasons}


def seal_now(case_id: int) -> dict[str, Any]:
    """Seal."""
    return {"id": seal_season(the_desk(), the_actor(), case_id, cursor(request.args, "known"))}


def publish_now(ident: int) -> None:
    """Publish."""
    publish_season(the_desk(), the_actor(), ident)
