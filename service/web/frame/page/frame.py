"""The frame of every page: addresses of assets, the signed-in person, the menu, messages."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask, g, has_request_context, request
from werkzeug.local import LocalProxy

from service.casework.access.actor import BUILT_IN, Actor, Seat
from service.casework.access.guards import GUARDS
from service.casework.queries.own_place.inbox import count_unread
from service.domain.calendar import local_date
from service.web.frame.page.languages import describe_language, others_than
from service.web.frame.page.menu import Menu, menu_of
from service.web.frame.page.names import (
    build_namer,
    city_name,
    format_brand,
    heading,
    join_names,
    place_of_page,
    role_name,
    translate_name,
)
from service.web.frame.page.parts import telephones
from service.web.frame.requests.cookies import csrf_token, flash, take_flashed
from service.web.frame.requests.current import (
    build_translator,
    language,
    t,
    the_actor,
    the_desk,
    the_session,
    the_settings,
)
from service.web.frame.requests.list_query import query_of
from service.web.frame.requests.parse_values import find_refusal, typed_again
from service.web.frame.requests.sign_in import get_remaining_seconds, place_in_address, seat_key
from service.web.presentation import FILTERS

_DRAWING = frozenset({"viewer.js", "studio-modeler.js", "studio-tokens.js"})
DIST = Path(__file__).parents[2] / "static" / "dist"


@cache
def _load_hashes() -> dict[str, str]:
    manifest = DIST / "manifest.json"
    if not manifest.is_file():
        return {}
    return {name: entry["hash"] for name, entry in json.loads(manifest.read_text(encoding="utf-8")).items()}


def get_asset_url(name: str) -> str:
    """Return the address of bundle file ``name``; it changes when its content does.

    A page that loads what draws diagrams is marked by it: its policy lets that library write elements as text.
    """
    if name in _DRAWING and has_request_context():
        g.draws = True
    mark = _load_hashes().get(name)
    return f"/static/dist/{name}" + (f"?v={mark}" if mark else "")


__all__ = ["Crumb", "Viewer", "chosen_seat", "flash", "register_frame", "set_breadcrumbs"]


_LISTS = ("/tasks", "/cases")
"""Lists from which pages in many menus begin their breadcrumb."""


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the breadcrumb."""

    label: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Viewer:
    """The person signed in, as the header shows them; ``stands_in`` for whom they stand in, and how long."""

    name: str
    role_name: str
    body_name: str
    stands_in: str = ""


Bar = Callable[[], object]


def register_frame(app: Flask, demo_bar: Bar | None = None) -> None:
    """Give the templates of ``app`` their names and filters; ``demo_bar`` makes what a demonstration shows."""
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(asset=get_asset_url, csrf_token=csrf_token, admits=_is_admitted)
    app.jinja_env.globals.update(get_flashed_messages=take_flashed, say=translate_name, named=translate_name, t=t)
    app.jinja_env.globals.update(lang=LocalProxy(language), this_year=LocalProxy(_this_year))
    app.jinja_env.globals.update(typed_again=typed_again, find_refusal=find_refusal, city_name=city_name)
    app.jinja_env.filters.update(named=translate_name, listed=join_names, query=query_of, telephones=telephones)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(partial(_build_context, demo_bar))


def set_breadcrumbs(*steps: tuple[str, str | None]) -> None:
    """Set the breadcrumb of this page; names are said in the reader's language."""
    g.breadcrumb = [Crumb(translate_name(label), href) for label, href in steps]


def _lead_from(menu: Menu, steps: list[Crumb]) -> list[Crumb]:
    """Return the steps from the place of the reader's menu in which the page stands: a list has another name in each."""
    place = next((entry for entry in menu.entries if entry.active), None)
    if place is None or not steps or steps[0].href not in _LISTS:
        return steps
    return [Crumb(place.label, place.href), *steps[1:]]


def _this_year() -> int:
    return local_date(the_desk().clock.now()).year


def _is_admitted(action: str) -> bool:
    """Return whether the reader's roles allow ``action``, so that a page offers nothing that its guard refuses."""
    return GUARDS[action].admits(the_actor())


def chosen_seat(actor: Actor) -> Seat | None:
    """Return the seat the person looks from: the one chosen by switch, else the first."""
    session = the_session()
    wanted = session.details.get("seat") if session else None
    return next((s for s in actor.seats if seat_key(s) == wanted), actor.seats[0] if actor.seats else None)


def _build_context(demo_bar: Bar | None) -> dict[str, Any]:
    actor = the_actor() if "actor" in g else Actor(None, "")
    seat = chosen_seat(actor)
    broken = g.get("broken", False)
    city, award = heading(seat, broken)
    menu = menu_of(actor, seat, 0 if broken else _count_unread(actor)) if actor.person_id is not None else Menu()
    return {
        "lang": language(),
        "this_year": _this_year(),
        "t": build_translator(language()),
        "named": build_namer(language()),
        "say": build_namer(language()),
        "tongue": describe_language(language()),
        "now": the_desk().clock.now(),
        "actor": actor,
        "viewer": _find_viewer(actor, None if broken else seat),
        "city": city,
        "award_name": award,
        "brand": format_brand(city, award),
        "menu": menu,
        "breadcrumb": _lead_from(menu, g.get("breadcrumb", [])),
        "sign_in_url": _sign_in_url() if actor.person_id is None else None,
        "sign_out_url": "/sign-out",
        "session_ends": None if broken else get_remaining_seconds(),
        "imprint": the_settings().imprint,
        "switch_url": "/seats" if len(actor.seats) > 1 else None,
        "other_languages": [(other, _language_url(other.id)) for other in others_than(language())],
        "single_sign_on": the_desk().identity is not None,
        "demo": demo_bar() if demo_bar is not None and not broken else None,
    }


def _sign_in_url() -> str:
    """Return the address of the sign-in page, which leads back here and to the reader's seat at the place of this page."""
    address, place = request.full_path.rstrip("?"), place_of_page()
    if place != "*" and not place_in_address(address):
        address += f"{'&' if '?' in address else '?'}{urlencode({'city': place})}"
    return f"/sign-in?{urlencode({'next': address})}"


def _language_url(language: str) -> str:
    return f"/language?{urlencode({'to': language, 'next': _get_page_address()})}"


def _get_page_address() -> str:
    return request.full_path.rstrip("?") if request.method == "GET" else request.path


def _find_viewer(actor: Actor, seat: Seat | None) -> Viewer | None:
    if actor.person_id is None:
        return None
    if seat is None:
        return Viewer(actor.name, "", "")
    body = t("所有地方", "every place") if seat.jurisdiction == "*" and seat.role in BUILT_IN else seat.body_name
    return Viewer(actor.name, role_name(seat), body, "、".join(dict.fromkeys(_iterate_lenders(actor))))


def _iterate_lenders(actor: Actor) -> Iterator[str]:
    for seat in actor.seats:
        if seat.until is not None:
            last = local_date(seat.until - timedelta(seconds=1))
            yield t(f"代{seat.lender}（至{last.month}月{last.day}日）", f"for {seat.lender} (to {last})")


def _count_unread(actor: Actor) -> int:
    """Return how many messages wait: none where the session says so, else those that the program wrote."""
    session = the_session()
    none = session is not None and session.unread == 0
    return 0 if none and not g.get("inbox_read") else count_unread(the_desk(), actor)
