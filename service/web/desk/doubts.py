"""What a person is asked before a form is submitted that could be sent, but hardly as it is meant."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from service.casework.queries.tasks.task_form import TaskForm
from service.casework.reading.corrections import CorrectionItem, left_as_it_was
from service.domain.text import Text

_TOO_LATE = Text(
    "还没有提交：现在提交已赶不上后续期限，提交之后流程仍会前进，但到期时将按逾期处理。确实要提交的，请按“仍然提交”。",
    "Not sent yet: it is too late to keep what follows in time. The case would go on, and end as late when that day "
    "comes. If you want to send it all the same, press the button again.",
)


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """One question before a submission, answered by who knows all its ``keys``; ``places`` are what it is about."""

    keys: frozenset[str]
    text: Text
    places: tuple[CorrectionItem, ...] = ()


def open_questions(task: TaskForm, typed: Mapping[str, Any], known: Collection[str]) -> list[OpenQuestion]:
    """Return what is still to be asked about a submission, without those that the person has ``known``."""
    return [one for one in _asked(task, typed) if not one.keys <= set(known)]


def _asked(task: TaskForm, typed: Mapping[str, Any]) -> Iterator[OpenQuestion]:
    if task.limit.missed:
        yield OpenQuestion(frozenset({"late"}), _TOO_LATE)
    if task.correction is None or task.form is None or task.why_not is not None:
        return
    same = left_as_it_was(task.correction, task.form, task.stored, typed, task.today)
    if same:
        keys = frozenset(f"unchanged-{n}" for n, item in enumerate(task.correction.items, 1) if item in same)
        yield OpenQuestion(keys, _unchanged(len(same), len(task.correction.items)), same)


def _unchanged(same: int, asked: int) -> Text:
    nothing = "须补正的内容一处都没有改动" if same == asked else f"须补正的 {asked} 项中有 {same} 项没有改动"
    none = "nothing of what is to be corrected" if same == asked else f"{asked - same} of {asked} items"
    return Text(
        f"还没有提交：{nothing}（见下）。提交之后即按提交的内容审查，未必还能再补正。请点开各项改正；"
        "认为无须改动的，请按“仍然提交”。",
        f"Not sent yet: {none} was changed. Once sent it is examined as it is, and there may be no second correction. "
        "Open the items below and correct them; if nothing is to be changed, press “Send it all the same”.",
    )
