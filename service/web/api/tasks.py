"""Operations of tasks, of the signatures beside them, and of the files and documents of cases."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
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
from service.casework.step.submission import MOST_ERRORS, UNKNOWN, FormInvalid, list_refused, refuse_field
from service.casework.tasks.attach_upload import Attached, attach_upload, require_form_open
from service.casework.tasks.claim import claim_task, release_task
from service.casework.tasks.complete import complete_task
from service.casework.tasks.complete_many import Refused, complete_many
from service.casework.tasks.delegate import delegate_task
from service.casework.tasks.give_sign import give_sign
from service.casework.tasks.save_draft import save_draft
from service.casework.tasks.send_back import send_back, take_back
from service.casework.tasks.urge import urge_task
from service.casework.tasks.ways_back import EarlierStep
from service.domain.errors import NotAllowed, NotFound
from service.domain.forms.model import format_dotted_path
from service.domain.values.bounds import Length, RowId, Spread, Submission
from service.domain.values.titled import Titled
from service.web.api.arguments import Query, award_id, due_within, instant_place, people_sought, whole, words
from service.web.api.derive import offer
from service.web.api.operation import Operation
from service.web.api.shared import HandedFile, SentFile, hand_out
from service.web.frame.requests.list_query import read_query

_LIST: Query = {
    "scope": words("whose; mine when left out", *SCOPES),
    "q": people_sought("text"),
    "step": "process/element: `element` of a task",
    "due": due_within(),
    "jurisdiction": "one city",
    "award": award_id("tasks of one award"),
    "kind": "tasks of one kind of case",
    "role": "tasks of one role",
    "round": whole("id of a round"),
    "after": instant_place(),
}
_DONE: Query = {"q": people_sought("text").to("text"), "after": instant_place().to("before")}

offer(TaskLine, "id version case_id title subject clauses limit step element=at assignee holds suspended")
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
    if not view.may_act:
        return replace(view, former=None)
    shut = view.correction.shut if view.correction else ()
    asked, context = (
        view.form.split_values(view.values, today=view.today, stored=view.stored, withheld=shut)
        if view.form
        else ({}, {})
    )
    return replace(view, values=asked, context=context)


def complete_tasks(
    desk: Desk, actor: Actor, task_ids: Annotated[tuple[RowId, ...], Length(1, 500)], submission: Submission
) -> CompletedMany:
    """Complete several tasks with one form, each by itself."""
    for task_id in task_ids:
        with suppress(NotFound, NotAllowed):  # told of each task below
            _require_asked(desk, actor, task_id, submission)
    refused = complete_many(desk, actor, task_ids, submission).refused
    return CompletedMany(len(task_ids) - len(refused), refused)


def keep_draft(desk: Desk, actor: Actor, task_id: int, submission: Submission) -> datetime:
    """Keep what is typed as the caller's draft of the task, unchecked but for the names of fields.

    ``values`` take the place of the draft before; GET /tasks/{task_id} gives them back, to the caller alone.
    """
    _require_asked(desk, actor, task_id, submission, draft=True)
    return save_draft(desk, actor, task_id, submission)


def _require_asked(desk: Desk, actor: Actor, task_id: int, submission: Submission, *, draft: bool = False) -> None:
    """Raise FormInvalid for values that the form does not ask for, which pages drop.

    Of a ``draft``, in which what hides a field may still be open, only unknown fields are refused.
    """
    task = view_task_form(desk, actor, task_id, drafted=False)
    if not task.may_act:
        return
    if task.form is None:
        errors = [refuse_field(name, UNKNOWN) for name in submission]
    else:
        shut = task.correction.shut if task.correction else ()
        state = task.form.state(submission, today=task.today, stored=task.stored, withheld=shut)
        unknown = [refuse_field(format_dotted_path(path), UNKNOWN) for path in state.unknown]
        errors = unknown if draft else list_refused(state)
    if errors:
        raise FormInvalid(errors[:MOST_ERRORS], submission)


def attach_to_task(desk: Desk, actor: Actor, task_id: int, file: Spread[SentFile]) -> Attached:
    """Attach a file to the form of a task; the answer, in a list, is what the form says for the field."""
    form = view_task(desk, actor, task_id).form
    if form is None:
        require_form_open(actor, desk, task_id)
    rules = file.rules(form)
    return attach_upload(desk, actor, task_id, file.field, file.name, file.stream, rules)


def urge_people(desk: Desk, actor: Actor, task_id: int, words: Annotated[str, Length(0, 200)] = "") -> int:
    """Urge those who must do a task, once a day; ``told`` is how many they are."""
    return len(urge_task(desk, actor, task_id, words))


def list_steps_back(desk: Desk, actor: Actor, task_id: int) -> tuple[EarlierStep, ...]:
    """List the steps to which a task may be sent back, nearest first."""
    return view_task(desk, actor, task_id).rights.send_back


def list_delegates(desk: Desk, actor: Actor, task_id: int) -> tuple[Titled, ...]:
    """List the people to whom a task may be handed on."""
    return tuple(Titled(*each) for each in view_task(desk, actor, task_id, handing_on=True).rights.delegates)


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


_DETAIL = (
    "id version case_id title subject state limit consequence clauses may_act why_not fields values context former"
)
_TASK = "/tasks/{task_id}"
OPERATIONS = (
    Operation("GET /tasks", "task.list", search_tasks, "tasks=lines counts next=after", _LIST),
    Operation("GET /tasks/done", "task.list", list_done, "tasks=lines next=after", _DONE),
    Operation("POST /tasks/complete-many", "task.complete_many", complete_tasks),
    Operation(f"GET {_TASK}", "task.view", get_task, _DETAIL),
    Operation(f"POST {_TASK}/claim", "task.claim", claim_task),
    Operation(f"POST {_TASK}/release", "task.claim", release_task),
    Operation(f"POST {_TASK}/complete", "task.complete", complete_task),
    Operation(f"POST {_TASK}/return", "task.send_back", send_back, "task_id"),
    Operation(f"GET {_TASK}/send-back", "task.view", list_steps_back, "steps"),
    Operation(f"GET {_TASK}/delegates", "task.view", list_delegates, "people"),
    Operation(f"POST {_TASK}/delegate", "task.delegate", delegate_task),
    Operation(f"PUT {_TASK}/draft", "task.draft", keep_draft, "at", id="save_draft"),
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
