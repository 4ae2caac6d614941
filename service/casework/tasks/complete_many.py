"""Bulk completion: several tasks of the same kind with the same form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NamedTuple

from service.casework.access.actor import Actor
from service.casework.access.case_access import require_task
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.tasks.attach_upload import copy_uploads
from service.casework.tasks.complete import complete_among, keeping_overtaken
from service.domain.errors import Invalid, LaurelError
from service.domain.forms.model import Input
from service.domain.text import Text
from service.domain.values.bounds import Length, RowId, Submission


class OneByOne(Invalid):
    """A task of a kind that is not completed together with others: complete it by itself."""

    code = "one_by_one"


class Refused(NamedTuple):
    """A task of a bulk that was not completed, and why: `code` and `reason` as where it is completed by itself."""

    task_id: int
    code: str
    reason: Text


class ManyDone(NamedTuple):
    """What became of a bulk: those refused, and what followed on each of the others, by the number of its task."""

    refused: list[Refused]
    followed: dict[int, Text | None]


@guarded("task.complete_many")
def complete_many(
    desk: Desk, actor: Actor, task_ids: Annotated[Sequence[RowId], Length(1, 500)], submission: Submission
) -> ManyDone:
    """Complete each task in its own unit of work. One refusal does not stop the others.

    What the submission leaves blank stays as the form of each task holds it before anybody types, as does, whatever the
    submission says, what a form holds where no answer is required; a file goes to each.
    """
    refused: list[Refused] = []
    followed: dict[int, Text | None] = {}
    answers = {key: value for key, value in submission.items() if value not in (None, "", [])}
    for task_id in task_ids:
        try:
            with keeping_overtaken(actor, desk, task_id, submission):
                fields, optional = _fields_of_bulk(desk, actor, task_id)
                own = copy_uploads(desk, actor.person_id, answers)

                def fill(
                    first: Mapping[str, Any],
                    fields: frozenset[str] = fields,
                    optional: frozenset[str] = optional,
                    own: Mapping[str, Any] = own,
                ) -> dict[str, Any]:
                    held = {key: first[key] for key in first.keys() & fields}
                    stays = {key for key, value in held.items() if key in optional and value not in (None, "", [])}
                    return {**submission, **held, **{key: own[key] for key in own.keys() - stays}}

                followed[task_id] = complete_among(desk, actor, task_id, fill)
        except LaurelError as error:
            refused.append(Refused(task_id, error.code, error.message))
    return ManyDone(refused, followed)


def _fields_of_bulk(desk: Desk, actor: Actor, task_id: int) -> tuple[frozenset[str], frozenset[str]]:
    """Return the keys of the form of a task that may be done with others, and those optional; raises LaurelError."""
    with desk.store.read() as tx:
        task = tx.tasks.get(task_id)
        package = desk.packages.get(tx.cases.get(task.case_id).definition, tx)
    require_task(actor, task)
    if package.element(task.process_id, task.element).properties.get("bulk") != "yes":
        raise OneByOne(Text(f"“{task.title}”须逐件办理。", f"“{task.title}” must be done one by one."))
    if not task.form:
        return frozenset(), frozenset()
    form = desk.packages.form(package, task.form)
    optional = frozenset(node.key for node in form.nodes if isinstance(node, Input) and not node.required)
    return frozenset(form.variables()), optional
