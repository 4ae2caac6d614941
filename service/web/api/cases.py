"""Operations of cases: begun, listed, found, acted upon, looked into."""

from __future__ import annotations

from dataclasses import replace

from flask import request

from service.casework.access.actor import Actor
from service.casework.cases.act_on_case import act_on_case
from service.casework.cases.start import start_case
from service.casework.desk.desk import Desk
from service.casework.lists import Page
from service.casework.queries.cases.inside_case import AwaitedLine, CaseTimer, InsideCase, inside_case
from service.casework.queries.cases.list_cases import CaseLine, list_cases
from service.casework.queries.cases.start_options import StartOption, StartView, list_start_options, view_start
from service.casework.queries.cases.variables import VariableValue
from service.casework.queries.cases.view_action import view_action
from service.casework.queries.cases.view_case import ActionView, OpenTask, view_case
from service.casework.queries.searching.search import FoundStep, SearchAnswer, search
from service.casework.reading.case_summary import Brief, FileView
from service.casework.reading.history import EventView
from service.casework.reading.stages import StageView
from service.casework.reading.submissions import Submission, view_submission
from service.casework.tasks.attach_upload import Attached, attach_upload
from service.domain.values.bounds import Spread
from service.web.api.arguments import Query, award_id, people_sought, row_place, whole, words
from service.web.api.derive import offer
from service.web.api.operation import Operation
from service.web.api.shared import SentFile
from service.web.frame.page.names import steps_in_both
from service.web.frame.requests.list_query import read_case_query
from service.web.frame.requests.parse_values import find_query_cursor

_LIST: Query = {
    "q": people_sought("text in name or number"),
    "jurisdiction": "one place",
    "award": award_id("id of an award"),
    "process": "kind of case",
    "live": words("1: not ended, 0: ended", "0", "1"),
    "at": "process/element at which a task, a message or a timer waits",
    "voting": words("1: somebody has a vote to cast", "0", "1"),
    "awaiting": words("1: waits for a message", "0", "1"),
    "mine": words("1: began by the caller", "0", "1"),
    "after": row_place(),
}
_SEARCH: Query = {"q": people_sought("words of two characters or more, all of which must fit").to("text")}
_PARENT: Query = {"parent": whole("id of the case above; needed where the option of /start has a parent_id")}

offer(StartOption, "package process name parent_id parent_title clauses")
offer(Brief, "id title number jurisdiction process status outcome started_at ended_at stages events files")
offer(FileView, "name kind size at document upload")
offer(Submission, "id title version step who at own")
offer(StageView, "id name state date")
offer(EventView, "seq at who text")
offer(OpenTask, "id title role body assignee mine limit clauses")
offer(InsideCase, "id title jurisdiction version tokens timers awaited work variables")
offer(CaseTimer, "name due_at reason clauses state provisional")
offer(AwaitedLine, "name element message condition")
offer(VariableValue, "value before at step who by_program form entry")
offer(
    CaseLine,
    "id title number jurisdiction process process_name status outcome started_at changed_at parent_id steps",
)
offer(FoundStep, "jurisdiction process element name waiting")


def get_start_form(desk: Desk, actor: Actor, package_key: str, process: str, parent: int | None = None) -> StartView:
    """Get the form that begins a case; ``refusal`` says why it is not possible now."""
    return view_start(desk, actor, package_key, process, parent)


def attach_to_start(
    desk: Desk, actor: Actor, package_key: str, process: str, file: Spread[SentFile], parent: int | None = None
) -> Attached:
    """Attach a file to the form that begins a case; the answer, in a list, is what the form says for the field."""
    rules = file.rules(view_start(desk, actor, package_key, process, parent).form)
    return attach_upload(desk, actor, None, file.field, file.name, file.stream, rules)


def search_cases(desk: Desk, actor: Actor) -> Page[CaseLine, int]:
    """List cases, newest first."""
    page = list_cases(desk, actor, read_case_query(request.args), before=find_query_cursor(request.args, "after"))
    return replace(page, lines=tuple(replace(line, steps=steps_in_both(line.steps)) for line in page.lines))


def find_anything(desk: Desk, actor: Actor, text: str = "") -> SearchAnswer:
    """Find by name, person, number, value; ten of each kind, ``more`` names the kinds of which there are others."""
    answer = search(desk, actor, text)
    standing = tuple(replace(line, steps=steps_in_both(line.steps)) for line in answer.standing)
    steps = {line.case_id: line.steps for line in standing}
    cases = tuple(replace(case, steps=steps.get(case.id, ())) for case in answer.cases)
    return replace(answer, cases=cases, standing=standing)


def get_case(desk: Desk, actor: Actor, case_id: int) -> Brief:
    """Get a case with its stages, its last events, and its files: uploads and issued documents, newest first."""
    return view_case(desk, actor, case_id).brief


def list_tasks_of_case(desk: Desk, actor: Actor, case_id: int) -> tuple[OpenTask, ...]:
    """List the tasks that wait in a case."""
    return view_case(desk, actor, case_id).tasks


def list_forms_of_case(desk: Desk, actor: Actor, case_id: int) -> tuple[Submission, ...]:
    """List the forms submitted in a case that the caller may read, newest first."""
    return view_case(desk, actor, case_id).submissions


def list_actions_of_case(desk: Desk, actor: Actor, case_id: int) -> tuple[ActionView, ...]:
    """List what may be done to a case outside tasks."""
    return view_case(desk, actor, case_id).actions


def attach_to_action(desk: Desk, actor: Actor, case_id: int, action: str, file: Spread[SentFile]) -> Attached:
    """Attach a file to the form of an action; the answer, in a list, is what the form says for the field."""
    rules = file.rules(view_action(desk, actor, case_id, action).form)
    return attach_upload(desk, actor, None, file.field, file.name, file.stream, rules)


def get_submitted_form(desk: Desk, actor: Actor, case_id: int, form_id: int) -> Submission:
    """Get a submitted form; personal and secret values are masked but for who submitted it."""
    return view_submission(desk, actor, form_id, case_id)


_STARTED = "option fields context on_behalf organisations refusal live_case"
_SUBMITTED = "id case_id title step who at own values=json_values"
_START, _CASE = "/start/{jurisdiction}/{award}/{process}", "/cases/{case_id}"
OPERATIONS = (
    Operation("GET /cases", "case.view", search_cases, "cases=lines next=after", _LIST),
    Operation("POST /cases", "case.start", start_case, "case_id"),
    Operation(f"GET {_CASE}", "case.view", get_case),
    Operation("GET /search", "case.view", find_anything, query=_SEARCH),
    Operation("GET /start", "case.start", list_start_options, "options"),
    Operation(f"GET {_START}", "case.start", get_start_form, _STARTED, _PARENT),
    Operation(f"POST {_START}/uploads", "upload.add", attach_to_start, query=_PARENT),
    Operation(f"GET {_CASE}/tasks", "case.view", list_tasks_of_case, "tasks"),
    Operation(f"GET {_CASE}/forms", "case.view", list_forms_of_case, "forms"),
    Operation(f"GET {_CASE}/actions", "case.view", list_actions_of_case, "actions"),
    Operation(f"GET {_CASE}/actions/{{action}}", "case.act", view_action, "id name consequence fields context refusal"),
    Operation(f"POST {_CASE}/actions/{{action}}", "case.act", act_on_case),
    Operation(f"POST {_CASE}/actions/{{action}}/uploads", "upload.add", attach_to_action),
    Operation(f"GET {_CASE}/forms/{{form_id}}", "case.view", get_submitted_form, _SUBMITTED),
    Operation(f"GET {_CASE}/inside", "monitor.view", inside_case),
)
