"""Operations of tasks, of the signatures beside them, and of the files and documents of cases."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from flask import request

from service.casework.access.actor import Actor
from service.casework.desk.desk import Desk
from service.casework.due.provisional_dates import confirm_date
from service.casework.queries.downloads.files import open_document, open_document_pdf, open_upload
from service.casework.queries.own_place.signs import SignPage, list_signs, view_sign
from service.casework.queries.tasks.done_tasks import list_done
from service.casework.queries.tasks.task_form import FormerRound, TaskForm, view_task_form
from service.casework.queries.tasks.task_list import SCOPES, TaskLine, TaskPage, list_tasks
from service.casework.queries.tasks.view_task import view_task
from service.casework.tasks.attach_upload import Attached, attach_upload
from service.casework.tasks.claim import claim_task, release_task
from service.casework.tasks.complete import complete_task
from service.casework.tasks.complete_many import Refused, complete_many
from service.casework.tasks.delegate import delegate_task
from service.casework.tasks.give_sign import give_sign
from service.casework.tasks.save_draft import save_draft
from service.casework.tasks.send_back import send_back, take_back
from service.casework.tasks.urge import urge_task
from service.casework.tasks.ways_back import EarlierStep
from service.domain.values.bounds import Length, RowId, Spread, Submission
from service.web.api.arguments import Query, due_within, instant_place, people_sought, whole, words
from service.web.api.derive import offer
from service.web.api.operation import Operation
from service.web.api.shared import HandedFile, SentFile, hand_out
from service.web.frame.requests.list_query import read_query

_LIST: Query = {
    "scope": words("whose; mine when left out", *SCOPES),
    "q": people_sought("text"),
    "step": "process/element",
    "due": due_within(),
    "jurisdiction": "one city",
    "award": "tasks of one award",
    "kind": "tasks of one kind of case",
    "role": "tasks of one role",
    "round": whole("id of a round"),
    "after": instant_place(),
}
_DONE: Query = {"q": people_sought("text").to("text"), "after": instant_place().to("before")}

offer(TaskLine, "id version case_id title subject clauses limit step assignee holds")
offer(EarlierStep, "id name applicant")
offer(FormerRound, "who at values=blank_values")


@dataclass(frozen=True, slots=True)
class CompletedMany:
    """What came of several tasks."""

    done: int
    refused: list[Refused]


def search_tasks(desk: Desk, actor: Actor, language: str) -> TaskPage:
    """List tasks, most urgent first."""
    return list_tasks(desk, actor, read_query(request.args), language)


def get_task(desk: Desk, actor: Actor, task_id: int) -> TaskForm:
    """Get a task with its form, and the values it starts with for who may act."""
    view = view_task_form(desk, actor, task_id)
    return view if view.may_act else replace(view, former=None)


def complete_tasks(
    desk: Desk, actor: Actor, task_ids: Annotated[tuple[RowId, ...], Length(1, 500)], submission: Submission
) -> CompletedMany:
    """Complete several tasks with one form, each by itself."""
    refused = complete_many(desk, actor, task_ids, submission)
    return CompletedMany(len(task_ids) - len(refused), refused)


def attach_to_task(desk: Desk, actor: Actor, task_id: int, file: Spread[SentFile]) -> Attached:
    """Attach a file to the form of a task.

    The answer, in a list, is what the form says for the field: ``[{"id": …, "name": …, "size": …}]``. ``content`` is base64;
    ``field`` is the path of the field, in which ``[]`` is the number of the row from 0, ``papers.0.scan``.
    """
    rules = file.rules(view_task(desk, actor, task_id).form)
    return attach_upload(desk, actor, task_id, file.field, file.name, file.stream, rules)


def urge_people(desk: Desk, actor: Actor, task_id: int, words: Annotated[str, Length(0, 200)] = "") -> int:
    """Urge those who must do a task, once a day; ``told`` is how many they are."""
    return len(urge_task(desk, actor, task_id, words))


def list_steps_back(desk: Desk, actor: Actor, task_id: int) -> tuple[EarlierStep, ...]:
    """List the steps to which a task may be sent back, nearest first."""
    return view_task(desk, actor, task_id).rights.send_back


def get_upload(desk: Desk, actor: Actor, upload_id: str) -> HandedFile:
    """Get an uploaded file."""
    return hand_out(open_upload(desk, actor, upload_id))


def get_document(desk: Desk, actor: Actor, document_id: int) -> HandedFile:
    """Get an issued document (.docx)."""
    return hand_out(open_document(desk, actor, document_id))


def get_document_pdf(desk: Desk, actor: Actor, document_id: int) -> HandedFile:
    """Get an issued document as PDF."""
    return hand_out(open_document_pdf(desk, actor, document_id))


def get_sign(desk: Desk, actor: Actor, sign_id: int) -> SignPage:
    """Get what is to be signed; personal values are masked, and there are none where one signs before."""
    return view_sign(desk, actor, sign_id)


_DETAIL = "id version case_id title subject state limit consequence clauses may_act why_not fields values former"
_TASK = "/tasks/{task_id}"
OPERATIONS = (
    Operation("GET /tasks", "task.list", search_tasks, "tasks=lines counts next=after", _LIST),
    Operation("GET /tasks/done", "task.list", list_done, "tasks=lines next=after", _DONE),
    Operation("POST /tasks/complete-many", "task.complete_many", complete_tasks),
    Operation(f"GET {_TASK}", "task.view", get_task, _DETAIL),
    Operation(f"POST {_TASK}/claim", "task.claim", claim_task),
    Operation(f"POST {_TASK}/release", "task.claim", release_task),
    Operation(f"POST {_TASK}/complete", "task.complete", complete_task),
    Operation(f"POST {_TASK}/return", "task.send_back", send_back, ""),
    Operation(f"GET {_TASK}/send-back", "task.view", list_steps_back, "steps"),
    Operation(f"POST {_TASK}/delegate", "task.delegate", delegate_task),
    Operation(f"PUT {_TASK}/draft", "task.draft", save_draft, "at"),
    Operation(f"POST {_TASK}/take-back", "task.take_back", take_back, "task_id"),
    Operation(f"POST {_TASK}/uploads", "upload.add", attach_to_task),
    Operation(f"POST {_TASK}/confirm-date", "date.confirm", confirm_date),
    Operation(f"POST {_TASK}/urge", "task.urge", urge_people, "told"),
    Operation("GET /uploads/{upload_id}", "upload.download", get_upload),
    Operation("GET /documents/{document_id}", "document.read", get_document),
    Operation("GET /documents/{document_id}/pdf", "document.read", get_document_pdf),
    Operation("GET /signs", "task.sign", list_signs),
    Operation("GET /signs/{sign_id}", "task.sign", get_sign, "line ask values=json_values may_open why_not"),
    Operation("POST /signs/{sign_id}", "task.sign", give_sign, "took_effect"),
)
