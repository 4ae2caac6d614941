"""The effect of an intervention: what stood before, what stands after, and who was told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from service.casework.ballots.view_ballot import STATES as BALLOT_STATES
from service.casework.step.fill import get_element_label, in_english, in_words, timer_label
from service.casework.step.limits.days import find_limit_day, get_display_limit
from service.casework.step.limits.running import names_of_days
from service.casework.step.step import Step
from service.domain.calendar.clock import format_end
from service.domain.text import Text
from service.store.models import TaskRow

_STATUS: Mapping[str, Text] = {
    "running": Text("在办", "running"),
    "suspended": Text("已暂停", "suspended"),
    "ended": Text("已结束", "ended"),
}
_NOTICE: Mapping[str, Text] = {
    "running": Text("公示中", "running"),
    "closed": Text("已结束", "closed"),
    "recalled": Text("已收回", "recalled"),
}
_CASE, _PLACE, _TASK = Text("办件", "Case"), Text("停在环节", "Stands at"), Text("待办", "Task")
_TIMER, _NOTE, _PAPER = Text("期限", "Time limit"), Text("公示", "Notice"), Text("文书", "Document")
_FACT = Text("数据", "Value")
_BALLOT, _SITTING, _APPOINTMENT = Text("表决", "Ballot"), Text("会议", "Sitting"), Text("评审安排", "Appointment")
_MEETING: Mapping[str, Text] = {
    "called": Text("已召集", "called"),
    "closed": Text("已结束", "closed"),
    "planned": Text("已安排", "planned"),
    "cancelled": Text("已取消", "called off"),
}
_BESIDE = ("_at", "_provisional")
"""How facts end that stand beside a day on record and say the same."""


@dataclass(frozen=True, slots=True)
class CaseChange:
    """One thing that is otherwise afterwards; ``before`` None where it is new, ``after`` None where it is gone."""

    what: Text
    name: str
    before: Text | None
    after: Text | None


@dataclass(frozen=True, slots=True)
class Told:
    """A message that goes out with the intervention: to whom, and its subject."""

    name: str
    subject: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What an intervention did to a case, or would do where it was only tried (``dry``).

    ``informed`` is how many people its messages reach, as the history says too; ``tried`` is the mark of the trial.
    """

    case_id: int
    title: str
    dry: bool
    changes: tuple[CaseChange, ...]
    told: tuple[Told, ...]
    informed: int = 0
    tried: str = ""


Standing = Mapping[tuple[str, str], tuple[Text, str, Text]]
"""How a case stands: (kind, key) → kind in words, name, state."""


def read_case_standing(step: Step) -> Standing:
    """Return how the case of ``step`` stands now: status, tokens, tasks, timers, what hangs on it, documents and facts."""
    return {(kind.en, key): (kind, name, state) for kind, key, name, state in _iterate_standing(step)}


def compared(before: Standing, after: Standing) -> tuple[CaseChange, ...]:
    """Return what differs between two standings, in the order of the first."""
    changes = []
    for key in dict.fromkeys([*before, *after]):
        old, new = before.get(key), after.get(key)
        if old != new:
            kind, name, _ = new or old or (_CASE, "", Text("", ""))
            changes.append(CaseChange(kind, name, old[2] if old else None, new[2] if new else None))
    return tuple(changes)


def _iterate_standing(step: Step) -> Iterator[tuple[Text, str, str, Text]]:
    case = step.case
    yield _CASE, "status", case.title, _STATUS.get(case.status, Text(case.status, case.status))
    places: dict[tuple[str, str], int] = {}
    for token in step.instance.tokens() if case.status != "ended" else ():
        places[token.process_id, token.element_id] = places.get((token.process_id, token.element_id), 0) + 1
    for (process, element), count in places.items():
        yield _PLACE, f"{process}/{element}", get_element_label(step.package, process, element), _format_count(count)
    for row in step.tx.tasks.open_of_case(case.id):
        yield _TASK, f"{row.id}", row.title, _describe_task(step, row)
    for timer in step.instance.timers() if case.status != "ended" else ():
        yield _TIMER, timer.id, timer_label(step.package, timer), format_end(timer.due)
    for notice in step.tx.notices.select(case_id=case.id):
        yield _NOTE, f"{notice.id}", notice.title, _NOTICE.get(notice.state, Text(notice.state, notice.state))
    for paper in step.tx.documents.select(case_id=case.id):
        yield _PAPER, f"{paper.id}", paper.title, Text("制发", "issued")
    yield from _iterate_related_standing(step)
    for name, value in step.facts.items():
        if any(name == f"{base}{end}" for end in _BESIDE for base in (name.removesuffix(end),) if base in step.facts):
            continue
        yield _FACT, name, names_of_days(step.package).get(name, name), Text(in_words(value), str(value))


def _iterate_related_standing(step: Step) -> Iterator[tuple[Text, str, str, Text]]:
    for ballot in step.tx.ballots.select(case_id=step.case.id):
        yield _BALLOT, f"{ballot.id}", ballot.title, BALLOT_STATES[ballot.state]
    for sitting in step.tx.sittings.select(case_id=step.case.id):
        yield _SITTING, f"{sitting.id}", sitting.title, _MEETING[sitting.state]
    for visit in step.tx.appointments.select(case_id=step.case.id):
        yield _APPOINTMENT, f"{visit.id}", f"{visit.stage}，{visit.room}", _MEETING[visit.state]


def _format_count(count: int) -> Text:
    return Text("在此", "here") if count == 1 else Text(f"在此（{count} 处）", f"here ({count})")


def _describe_task(step: Step, row: TaskRow) -> Text:
    role = step.package.jurisdiction.roles.get(row.role)
    names = step.tx.people.named({row.assignee_id}) if row.assignee_id is not None else {}
    person = names.get(row.assignee_id or 0, "")
    who = Text(person, person) if person else (role.text if role else Text(row.role, row.role))
    last = find_limit_day(get_display_limit(row))
    if last is None:
        return Text(f"{who.zh}，无期限", f"{who.en}, no limit")
    return Text(f"{who.zh}，{in_words(last)}到期", f"{who.en}, due {in_english(last)}")
