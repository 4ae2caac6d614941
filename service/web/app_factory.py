"""The web application: one request is one use case."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages

from flask import Blueprint, Flask, g, request
from flask.typing import ResponseReturnValue

from service.casework.access.book.acting import set_origin
from service.casework.access.sign_in_proof import set_reading, set_stale
from service.casework.desk.desk import Desk
from service.casework.people.factors.sessions import find_session, set_agent
from service.settings import Settings, require_loopback
from service.web.api import API
from service.web.demo.routes import demo_bar
from service.web.demo.seasons import load_demo
from service.web.frame.page.frame import register_frame
from service.web.frame.page.languages import load_languages
from service.web.frame.requests import health
from service.web.frame.requests.cookies import SAFE, check_csrf, keep_cookies, keep_flashed, session_token
from service.web.frame.requests.current import DESK, SETTINGS, VISITOR, the_desk, the_settings, wants_json
from service.web.frame.requests.failures import register_failures
from service.web.frame.requests.guarding import check_guard, check_proof
from service.web.frame.requests.refusals import enter_refusals
from service.web.frame.requests.request_checks import (
    harden_response,
    log_requests,
    register_intake,
    require_direct,
    require_storable,
)
from service.web.frame.requests.request_pace import check_address, check_person, limit_requests
from service.web.frame.requests.sign_in import note_use

PLACES = ("frame", "desk", "cases", "public", "review", "ballots", "monitor", "law", "people", "studio")
"""Folders whose modules have pages: a `Blueprint` by the name ``PAGES``."""


def find_blueprints(*places: str) -> Iterator[Blueprint]:
    """Yield the pages of every module below ``places`` of `service.web` that has any."""
    for place in places:
        package = import_module(f"service.web.{place}")
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            pages = getattr(import_module(module.name), "PAGES", None)
            if pages is not None:
                yield pages


def create_app(desk: Desk, settings: Settings) -> Flask:
    """Return the application that serves ``desk`` as ``settings`` say; a demonstration's season is prepared first.

    Raises:
        BadSetting: if demonstration mode is asked for where others could reach it.
        Invalid: if a catalogue of a language cannot be read.
    """
    app = Flask("service.web", static_folder="static", template_folder="templates")
    app.config.update(MAX_CONTENT_LENGTH=settings.upload_bytes + 1024 * 1024, MAX_FORM_MEMORY_SIZE=8 * 1024 * 1024)
    app.config.update(MAX_FORM_PARTS=20_000, TEMPLATES_AUTO_RELOAD=False)
    app.extensions[DESK], app.extensions[SETTINGS] = desk, settings
    load_languages(settings.languages)
    log_requests(app)
    health.count_requests(app)
    limit_requests(app, settings)
    app.teardown_request(_end_request)  # runs after those below, which enter what was refused with its address
    enter_refusals(app)
    app.before_request(_begin_request)
    app.after_request(keep_cookies)
    app.after_request(keep_flashed)
    app.after_request(harden_response)
    register_intake(app)
    register_failures(app)
    register_frame(app, demo_bar if settings.demo else None)
    if settings.demo:
        require_loopback(settings.host)
        load_demo(desk)
    for blueprint in (API, *find_blueprints(*PLACES, *(["demo"] if settings.demo else []))):
        app.register_blueprint(blueprint)
    return app


def _begin_request() -> ResponseReturnValue | None:
    """Find out who asks, and whether they may."""
    g.actor, g.session, g.bearer = VISITOR, None, False
    set_stale(False)
    set_reading(request.method in SAFE)
    set_origin(request.remote_addr or "")
    set_agent(request.headers.get("User-Agent", ""))
    if the_settings().demo:
        require_direct()
    if request.endpoint in ("static", health.ALIVE):
        return None
    check_address()
    token, g.bearer = session_token()
    if token:
        g.session = find_session(the_desk(), token, unread=request.method == "GET" and not wants_json())
        g.actor = g.session.actor if g.session else VISITOR
        if g.session is not None:
            note_use(token, g.session)
        g.pop("language", None)
        check_person()
    check_guard()
    require_storable()
    check_csrf()
    check_proof()
    return None


def _end_request(_failure: BaseException | None) -> None:
    """Let the thread work for somebody else."""
    set_origin("")
    set_stale(False)
    set_reading(False)
