"""What pages do, programs do: every guarded use case is behind a route of the interface, or stands here with a reason."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections import Counter
from typing import Any

import handlers
import service.app
import service.casework
from service.casework.access.actions import Who
from service.casework.access.guards import GUARDED, GUARDS
from service.web.api.client import client_source
from service.web.api.openapi import document
from service.web.api.operation import ROUTES
from tests.unit.web.test_studio_api import STUDIO, called_by_routes

BEHIND_INTERVENTIONS = "one of the kinds of POST /cases/ID/interventions"
BEHIND_BATCHES = "a part of POST /interventions, which begins and reads batches"
PICTURE = (
    "a drawing for the script of a page; programs get its figures, and diagrams by /definitions/CITY/AWARD/diagrams"
)
BY_MACHINE = "done by the program itself or by a command on the machine, never asked for by anybody"
PLAYED = "played by scenarios; people suspend and resume by POST /cases/ID/interventions, which asks for more"
IN_THE_BROWSER = "the page on which a browser lets its authenticator make or keep a passkey"
BY_MAIL = "a person who forgot their password, by the page and their mail"
PART = "a part of an act that has a call of its own"
LOOKS = "columns and density of a browser's list; views and the ways of messages, which are kept by it too, have calls"

NO_CALL = {
    "archives.view.open_archive": "fetched with the token from the `address` that GET /archives tells: gigabytes in base64 serve nobody",
    "cases.suspend.resume_case": PLAYED,
    "cases.suspend.suspend_case": PLAYED,
    "definitions.deploy.deploy_package": BY_MACHINE,
    "due.free_claims.ask_free_claims": BY_MACHINE,
    "due.begin_epoch.begin_epoch": BY_MACHINE,
    "due.begin_epoch.foresee_epoch": BY_MACHINE,
    "retention.view.tidy_database": BY_MACHINE,
    "due.move_batch.begin_tried": "POST /definitions/CITY/AWARD/moves with what was tried, and `dry` false",
    "due.recompute_dates.recompute_dates": BY_MACHINE,
    "due.release_epoch.restored_at": "told by GET /epoch",
    "due.run_item.run_item": BY_MACHINE,
    "health.alarms.sound_alarms": BY_MACHINE,
    "soundness.data_keys.count_stale": BY_MACHINE,
    "soundness.data_keys.rotate_keys": BY_MACHINE,
    "soundness.data_keys.require_known_keys": BY_MACHINE,
    "queries.proof.book.book_after": "GET /book reads it; in the order of its numbers a collector asks for it on the machine",
    "health.checks.look_quietly": BY_MACHINE,
    "health.dengbao.view_dengbao": "a page for the administrators; programs read GET /health",
    "interventions.batch.run_batched": BEHIND_BATCHES,
    "interventions.change_due.change_due": BEHIND_INTERVENTIONS,
    "interventions.halt.resume": BEHIND_INTERVENTIONS,
    "interventions.halt.suspend": BEHIND_INTERVENTIONS,
    "interventions.intervene.intervene": BEHIND_INTERVENTIONS,
    "interventions.move_token.move_token": BEHIND_INTERVENTIONS,
    "interventions.reassign.reassign_task": BEHIND_INTERVENTIONS,
    "interventions.reassign.take_away_task": BEHIND_INTERVENTIONS,
    "interventions.restart_step.restart_step": BEHIND_INTERVENTIONS,
    "interventions.select_cases.select_cases": "programs choose cases by GET /cases and name them",
    "interventions.send_message.send_message": BEHIND_INTERVENTIONS,
    "interventions.set_value.set_value": BEHIND_INTERVENTIONS,
    "interventions.terminate.terminate_case": BEHIND_INTERVENTIONS,
    "people.signing_in.prove_again.key_question": "asked of the authenticator beside a browser; programs prove by code or password",
    "people.signing_in.prove_again.prove_by_key": "answered by the authenticator beside a browser; programs prove by code or password",
    "people.accounts.accounts.add_account_without_password": "a line of the list that POST /lists/people takes",
    "people.accounts.office_links.end_office": BY_MACHINE,
    "people.accounts.office_links.join_offices": BY_MACHINE,
    "people.accounts.office_links.offer_offices": BY_MACHINE,
    "people.accounts.office_links.part_offices": BY_MACHINE,
    "people.accounts.office_links.take_office": "the page behind a link that the machine printed for a person",
    "people.accounts.office_links.view_office_link": "the page behind a link that the machine printed for a person",
    "people.accounts.first_administrator.add_first_administrator": BY_MACHINE,
    "people.means.second_factor.begin_second_factor": "the page on which a person scans a code with a telephone",
    "people.means.second_factor.confirm_second_factor": "the page on which a person scans a code with a telephone",
    "people.means.second_factor.own_second_factor": "the page on which a person scans a code with a telephone",
    "public.recover_password.ask_recovery": BY_MAIL,
    "public.recover_password.view_recovery": BY_MAIL,
    "public.recover_password.recover_password": BY_MAIL,
    "people.means.passkeys.begin_passkey": IN_THE_BROWSER,
    "people.means.passkeys.confirm_passkey": IN_THE_BROWSER,
    "people.means.passkeys.own_passkeys": IN_THE_BROWSER,
    "people.means.passkeys.rename_passkey": IN_THE_BROWSER,
    "people.means.passkeys.remove_passkey": IN_THE_BROWSER,
    "people.means.second_factor.remove_second_factor": "an administrator looks at the person before: the page of the person",
    "people.means.link_outside.own_identities": "pages between which a browser goes to the provider and back",
    "people.means.link_outside.begin_link": "pages between which a browser goes to the provider and back",
    "people.means.link_outside.link_own": "pages between which a browser goes to the provider and back",
    "people.means.link_outside.unlink_own": "pages between which a browser goes to the provider and back",
    "people.means.link_outside.identities_of": "an administrator looks at the person before: the page of the person",
    "people.means.link_outside.ask_link": "an administrator looks at the person before: the page of the person",
    "people.means.link_outside.unlink": "an administrator looks at the person before: the page of the person",
    "queries.public.personal_information.view_personal_information": "said to people before they agree, in sentences",
    "people.accounts.preferences.keep_setting": LOOKS,
    "people.accounts.preferences.setting_of": LOOKS,
    "people.accounts.preferences.settings_of": LOOKS,
    "public.attach.find_public_upload": "shows again in a form what a browser had attached; a program has kept the answer",
    "public.attach.open_public_upload": "shows again in a form what a browser had attached; a program has sent the file itself",
    "public.registrations.set_first_password": "the page behind a link that a person got by mail",
    "public.registrations.view_first_password": "the page behind a link that a person got by mail",
    "queries.people.rights_requests.count_rights_requests": "those that GET /people/requests tells as `waiting`",
    "queries.people.ratings.rating_tasks": "the first of those that GET /ratings tells as `waiting`",
    "queries.public.public_feed.public_feed": "the list of GET /notices, as calendars and readers take it",
    "queries.public.notice_card.notice_card": PICTURE,
    "queries.own_place.home.own_place": "where a browser is led after sign-in; a program knows what it asks",
    "queries.own_place.home.view_home": "the first of GET /tasks, GET /cases and of the board on one page",
    "queries.own_place.next_up.view_next": "what stands beneath an empty list: the next days of GET /cases/ID and GET /sittings/ID",
    "queries.tasks.preview_notices.preview_notices": "a confirmation for a person's eyes before they send; a program sends and reads GET /notices",
    "queries.tasks.bulk.bulk_view": "what the tasks of a selection have in common, for one page; programs get each task",
    "queries.law.version_days.version_days": "words the versions of a page by their day; a program names each by its mark",
    "queries.cases.case_diagram.diagram_of_case": PICTURE,
    "queries.cases.case_diagram.state_of_case": PICTURE,
    "soundness.count_anew.count_anew": BY_MACHINE,
    "soundness.found_by.drop_unused_values": BY_MACHINE,
    "soundness.prove.prove": BY_MACHINE,
    "queries.demand_place.demand_place": "asked by every call itself",
    "queries.downloads.file_pages.open_page": "a page as browsers show it; a program draws GET /uploads/ID itself",
    "queries.downloads.files.find_upload": "shows again in a form what a browser had attached; a program has kept the answer",
    "queries.tasks.export_tasks.export_tasks": "the list of GET /tasks as a workbook",
    "queries.cases.export_lists.export_cases": "the list of GET /cases as a workbook",
    "queries.cases.export_lists.export_notes": "the list of GET /notes/mine as a workbook",
    "queries.tasks.export_tasks.export_done": "the list of GET /tasks/done as a workbook",
    "queries.monitoring.heat.heat_state": PICTURE,
    "queries.own_place.inbox.read_message": "a message as it is shown, which reads it; a program asks GET /inbox and says what was read",
    "queries.tasks.list_tasks.count_new_tasks": "the number in the head of pages; GET /tasks tells what is new",
    "queries.monitoring.monitor_diagram.monitor_diagram": PICTURE,
    "queries.monitoring.monitor_diagram.monitor_state": PICTURE,
    "queries.rounds.round_board.list_board": "the cards of GET /cases/ID/board in the order of a table",
    "queries.rounds.round_board.view_board": "the columns of GET /cases/ID/board with the most urgent cards of each",
    "queries.cases.start_options.view_start_form": "GET /start/PACKAGE/PROCESS answers by the wider view of the same",
    "queries.law.study_coverage.studied_diagram": PICTURE,
    "queries.law.study_coverage.view_pieces": "the places of one file beside its drawing; GET /coverage/CITY/places lists those of all",
    "health.readiness.read_readiness": "told by /readyz",
    "queries.monitoring.unserved_lanes.unserved_lanes": "told by /metrics",
    "queries.own_place.waiting.waiting_for": "the numbers in the head of lists; GET /signs and GET /notes tell what waits",
    "queries.law.view_moves.moved_diagram": PICTURE,
    "queries.public.view_regulation.public_picture": PICTURE,
    "queries.monitoring.vitals.read_vitals": "told by /livez, /readyz and /metrics",
    "reading.home_place.home_city": "what a page begins with; a program names the place",
    "register.import_awards.demand_keeper": PART,
    "audit.heads.sign_daily": BY_MACHINE,
    "audit.heads.sign_now": BY_MACHINE,
    "soundness.nightly.enter_verification": BY_MACHINE,
    "review.drop_reviewer.drop_reviewer": PART,
    "review.keep_appointments.list_appointments": "all of what GET /appointments answers page by page, for a page and calendars",
    "review.keep_appointments.appointments_as_calendar": "a calendar that calendar programs subscribe to by its own address",
    "review.sheets.keep_other_version": PART,
    "tasks.complete.complete_filled": PART,
    "tasks.keep_unsent.keep_unsent": PART,
}
"""Use cases without a call of their own, and why."""


def uncalled() -> set[str]:
    handlers.load()
    for info in pkgutil.walk_packages(service.casework.__path__, "service.casework."):
        importlib.import_module(info.name)
    names = {n for n in GUARDED if n.startswith("service.casework.") and not n.startswith(STUDIO)}
    reached = called_by_routes()
    simple = {n.removeprefix("service.casework.") for n in names if n.rpartition(".")[2] not in reached}
    return {n for n in simple if not n.rpartition(".")[2].startswith("_")}


def test_whatever_a_page_does_a_program_does() -> None:
    missing = uncalled() - NO_CALL.keys()
    assert not missing, f"add a route in service/web/api, or say here why not: {sorted(missing)}"


def test_the_exceptions_are_use_cases_that_no_route_calls() -> None:
    assert sorted(NO_CALL.keys() - uncalled()) == []


def test_who_needs_no_account_needs_no_token() -> None:
    """The document says of each operation what it really asks for."""
    paths = document()["paths"]
    for route in ROUTES:
        told = paths["/api/v1" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.path)][route.method.lower()]
        cookie: dict[str, list[Any]] = {"session": []} if route.method == "GET" else {"session": [], "mark": []}
        wanted: list[dict[str, list[Any]]] = [{"bearer": []}, cookie]
        assert told["security"] == ([] if Who.ANYBODY in GUARDS[route.action].who else wanted), route.path
    names = [route.id for route in ROUTES]
    assert len(names) == len(set(names))


def test_no_operation_takes_the_place_of_what_the_client_does_itself() -> None:
    """A method of the generated client that is written twice is the later one: reading lists to their end would go."""
    written = re.findall(r"^    def (\w+)\(", client_source().partition("class Laurel")[2], re.MULTILINE)
    assert sorted(name for name, times in Counter(written).items() if times > 1) == []
