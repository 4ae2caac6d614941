"""The web application: one request is one use case."""

from __future__ import annotations

from flask import Flask, g, request
from flask.typing import ResponseReturnValue

from service.casework.access.book.acting import set_origin
from service.casework.access.recent_proof import set_reading, set_stale
from service.casework.desk.desk import Desk
from service.casework.people.factors.sessions import find_session, set_agent
from service.settings import Settings, demand_loopback
from service.web.api import API
from service.web.ballots import ballots
from service.web.cases import applications, board, cases, inside, lists, notes, ratings, search, trace
from service.web.demo import routes as demo_routes
from service.web.demo import tour
from service.web.demo.bar import demo_bar
from service.web.demo.seasons import load_demo
from service.web.desk import (
    earlier_answers,
    home,
    inbox,
    office_acts,
    signs,
    task_acts,
    task_bulk,
    task_copies,
    task_done,
    task_list,
    task_page,
    task_views,
)
from service.web.frame.application import Application
from service.web.frame.page import file_reader, files
from service.web.frame.page.flashed import keep_flashed
from service.web.frame.page.frame import register_frame
from service.web.frame.page.languages import load_languages
from service.web.frame.posted import unsent_forms
from service.web.frame.requests import health
from service.web.frame.requests.cookies import SAFE, check_csrf, keep_cookies, session_token
from service.web.frame.requests.current import DESK, SETTINGS, VISITOR, the_desk, the_settings, wants_json
from service.web.frame.requests.failures import register_failures
from service.web.frame.requests.guarding import check_guard
from service.web.frame.requests.headers import harden
from service.web.frame.requests.refusals import enter_refusals
from service.web.frame.requests.request_checks import demand_direct, demand_storable, register_intake
from service.web.frame.requests.request_log import log_requests
from service.web.frame.requests.request_pace import check_address, check_person, limit_requests
from service.web.frame.requests.session_use import note_use
from service.web.frame.requests.step_up import check_proof
from service.web.law import law, moves
from service.web.law import versions as law_versions
from service.web.monitor import archives as monitor_archives
from service.web.monitor import batches, book, heat, hold, incidents, interventions, monitor, overview
from service.web.monitor import calendar as monitor_calendar
from service.web.monitor import dengbao as monitor_dengbao
from service.web.monitor import health as monitor_health
from service.web.monitor import records as monitor_records
from service.web.monitor import retention as monitor_retention
from service.web.people import (
    account,
    bodies,
    deputies,
    message_ways,
    office_link,
    outside,
    passkeys,
    people,
    permissions,
    person_data,
    registrations,
    rights_requests,
    second_factor,
    sessions,
    sign_in_passkey,
)
from service.web.public import (
    feeds,
    manual,
    notices,
    objection_files,
    objections,
    personal_information,
    portal,
    recovery,
    register,
    registration,
    self_check,
    sharing,
)
from service.web.review import appointments, experts, late_ties, panels, sittings
from service.web.studio.drafts import basics, drafts
from service.web.studio.drafts import compare as studio_compare
from service.web.studio.drafts import handbook as studio_handbook
from service.web.studio.drafts import history as studio_history
from service.web.studio.drafts import publish as studio_publish
from service.web.studio.drafts import transfer as studio_transfer
from service.web.studio.law import amendments, clause_assist, clause_condition, clauses
from service.web.studio.new_city import new_city
from service.web.studio.parameters import calendar, calendar_years, parameters
from service.web.studio.pieces import diagrams, scoring, tables
from service.web.studio.pieces import documents as studio_documents
from service.web.studio.pieces import forms as studio_forms
from service.web.studio.pieces import shared as studio_shared
from service.web.studio.scenarios import scenario_edit as studio_scenario_edit
from service.web.studio.scenarios import scenarios
from service.web.studio.seasons import record, record_deed

BLUEPRINTS = (
    account.PAGES,
    applications.PAGES,
    ballots.PAGES,
    batches.PAGES,
    board.PAGES,
    trace.PAGES,
    notes.PAGES,
    ratings.PAGES,
    sittings.PAGES,
    cases.PAGES,
    search.PAGES,
    inside.PAGES,
    feeds.PAGES,
    files.PAGES,
    file_reader.PAGES,
    unsent_forms.PAGES,
    health.PAGES,
    home.PAGES,
    message_ways.PAGES,
    inbox.PAGES,
    incidents.PAGES,
    interventions.PAGES,
    law.PAGES,
    law_versions.PAGES,
    moves.PAGES,
    lists.PAGES,
    monitor.PAGES,
    monitor_calendar.PAGES,
    hold.PAGES,
    monitor_archives.PAGES,
    monitor_retention.PAGES,
    monitor_dengbao.PAGES,
    monitor_health.PAGES,
    monitor_records.PAGES,
    book.PAGES,
    overview.PAGES,
    heat.PAGES,
    notices.PAGES,
    objections.PAGES,
    objection_files.PAGES,
    people.PAGES,
    deputies.PAGES,
    bodies.PAGES,
    registrations.PAGES,
    rights_requests.PAGES,
    second_factor.PAGES,
    passkeys.PAGES,
    sign_in_passkey.PAGES,
    person_data.PAGES,
    sessions.PAGES,
    office_link.PAGES,
    outside.PAGES,
    registration.PAGES,
    permissions.PAGES,
    portal.PAGES,
    personal_information.PAGES,
    recovery.PAGES,
    panels.PAGES,
    late_ties.PAGES,
    experts.PAGES,
    appointments.PAGES,
    register.PAGES,
    self_check.PAGES,
    manual.PAGES,
    sharing.PAGES,
    task_acts.PAGES,
    office_acts.PAGES,
    signs.PAGES,
    task_copies.PAGES,
    task_bulk.PAGES,
    task_done.PAGES,
    task_list.PAGES,
    task_views.PAGES,
    task_page.PAGES,
    earlier_answers.PAGES,
    drafts.PAGES,
    diagrams.PAGES,
    scenarios.PAGES,
    tables.PAGES,
    calendar.PAGES,
    calendar_years.PAGES,
    clauses.PAGES,
    amendments.PAGES,
    clause_assist.PAGES,
    clause_condition.PAGES,
    studio_forms.PAGES,
    studio_documents.PAGES,
    studio_shared.PAGES,
    record.PAGES,
    basics.PAGES,
    record_deed.PAGES,
    scoring.PAGES,
    parameters.PAGES,
    new_city.PAGES,
    studio_compare.PAGES,
    studio_history.PAGES,
    studio_publish.PAGES,
    studio_transfer.PAGES,
    studio_handbook.PAGES,
    studio_scenario_edit.PAGES,
    API,
)


def create_app(desk: Desk, settings: Settings) -> Flask:
    """Return the application that serves ``desk`` as ``settings`` say; a demonstration's season is prepared first.

    Raises:
        BadSetting: if demonstration mode is asked for where others could reach it.
        Invalid: if a catalogue of a language cannot be read.
    """
    app = Application("service.web", static_folder="static", template_folder="templates")
    app.config.update(MAX_CONTENT_LENGTH=settings.upload_bytes + 1024 * 1024, MAX_FORM_MEMORY_SIZE=8 * 1024 * 1024)
    app.config.update(MAX_FORM_PARTS=20_000, TEMPLATES_AUTO_RELOAD=False)
    app.extensions[DESK], app.extensions[SETTINGS] = desk, settings
    load_languages(settings.languages)
    log_requests(app)
    health.count_requests(app)
    limit_requests(app, settings)
    enter_refusals(app)
    app.before_request(_begin)
    app.teardown_request(_end)
    app.after_request(keep_cookies)
    app.after_request(keep_flashed)
    app.after_request(harden)
    register_intake(app)
    register_failures(app)
    register_frame(app, demo_bar if settings.demo else None)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    if settings.demo:
        demand_loopback(settings.host)
        load_demo(desk)
        app.register_blueprint(demo_routes.PAGES)
        app.register_blueprint(tour.PAGES)
    return app


def _begin() -> ResponseReturnValue | None:
    """Find out who asks, and whether they may."""
    g.actor, g.session, g.bearer = VISITOR, None, False
    set_stale(False)
    set_reading(request.method in SAFE)
    set_origin(request.remote_addr or "")
    set_agent(request.headers.get("User-Agent", ""))
    if the_settings().demo:
        demand_direct()
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
    demand_storable()
    check_csrf()
    check_proof()
    return None


def _end(_failure: BaseException | None) -> None:
    """Let the thread work for somebody else."""
    set_stale(False)
    set_reading(False)
