"""The whole trace of a case as one page: what was done by whom, every rule, value, article and date with its reason."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from service.casework.access.actor import Actor
from service.casework.access.case_access import may_see_task, may_view_case, require_case
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.cases.reasons import Ground, Reasons, ground_of, reasons_of
from service.casework.queries.cases.variables import Readable
from service.casework.queries.limits import time_limit
from service.casework.reading.case_summary import Brief, brief_of
from service.casework.reading.citations import CitedArticle, cite
from service.casework.reading.history import EventView
from service.casework.reading.home_place import only_applies
from service.casework.reading.submissions import (
    Submission,
    filter_visible_submissions,
    readable_uploads,
    submissions_of,
)
from service.casework.step.history import because_of
from service.casework.subjects.case_subjects import subject_ids
from service.catalog import Package
from service.catalog.applications import is_application, is_begun_by_applicants
from service.catalog.parameters.parameters import Basis
from service.catalog.parameters.value_words import value_words
from service.domain.calendar import local_date
from service.domain.text import Text
from service.store import Transaction
from service.store.models import CaseRow

CONFIDENTIAL = frozenset(
    {"draw", "draw_refused", "draw_failed", "panel", "recusal", "scores", "sheet_conflict", "review", "noted", "signed"}
)
"""Actions of the history that name evaluators or scores, or say that offices wrote notes or signed."""
FAULTS = frozenset({"incident", "work_item_dead", "retried", "skipped", "handed_over", "undelivered", "draft_settled"})
"""Actions that tell of what the system could not do, and of what was done about it."""
_HIDDEN = CONFIDENTIAL | FAULTS


def redact_history(tx: Transaction, brief: Brief, actor: Actor, readable: frozenset[str] | None) -> Brief:
    """Return ``brief`` as ``actor`` may read it: internal reasons and faults are for who oversees it.

    What another case changed is told with its name to who may open that, and to others only that it changed something.
    Of a step handed on others read only that it was: neither to whom nor why; of one sent back, why is between the two
    bodies. Evaluators are not named to applicants, recommenders and each other, nor whoever began a matter to the
    organisation that it is about; of the uploads, those ``readable`` are listed, and the case above has an address where
    they may open it and it is about an organisation.
    """
    if any(event.because is not None for event in brief.events):
        brief = replace(brief, events=tuple(_of_other_case(tx, event, actor) for event in brief.events))
    if actor.oversees(brief.jurisdiction):
        return brief
    others = tx.panels.people_of_case(brief.id) - {actor.person_id} if brief.reviewed else set[int | None]()
    masked = (_mask_expert(brief, event, actor, others) for event in brief.events if event.action not in _HIDDEN)
    if only_applies(actor) and not is_begun_by_applicants(brief.package, brief.package.process(brief.process)):
        masked = (_by_office(e, e.text) if e.action == "started" and e.person_id is not None else e for e in masked)
    files = (f for f in brief.files if f.upload is None or readable is None or f.upload in readable)
    is_below = brief.parent_id is not None and not is_application(brief.package, brief.package.process(brief.process))
    above = tx.cases.find(id=brief.parent_id) if is_below else None
    is_open = above is not None and above.subject_id is not None and may_view_case(actor, above, tx)
    return replace(brief, parent_id=brief.parent_id if is_open else None, events=tuple(masked), files=tuple(files))


def _of_other_case(tx: Transaction, event: EventView, actor: Actor) -> EventView:
    if event.because is None:
        return event
    other = tx.cases.get(event.because)
    if not may_view_case(actor, other, tx):
        return replace(event, text="另一办件改动了与本办件有关的登记", reason="", because=None)
    begins = because_of(other.id)
    return replace(event, text=event.text.replace(begins, f"{begins}“{other.title}”", 1))


def _mask_expert(brief: Brief, event: EventView, actor: Actor, others: Collection[int | None]) -> EventView:
    if event.internal:
        event = replace(event, reason="")
    if event.action == "delegated":
        return _by_office(event, f"“{event.task_title}”已转由他人办理")
    if event.action == "sent_back" and actor.person_id != event.person_id and actor.body_ids.isdisjoint(event.between):
        return _by_office(event, f"“{event.task_title}”已退回重新办理")
    if event.person_id not in others:
        return event
    text = brief.personal.get(event.element or "", event.text)
    return replace(event, who="评审专家", text=text, reason="")


def _by_office(event: EventView, text: str) -> EventView:
    """Return an act between offices as others read it: neither who nor why."""
    return replace(event, who="办理单位", person_id=None, text=text, reason="")


MOST_EVENTS = 5000
"""So many entries of the history are told, the newest ones."""


@dataclass(frozen=True, slots=True)
class TraceStep:
    """What happened, with the articles on which the step rests."""

    event: EventView
    clauses: tuple[CitedArticle, ...]


@dataclass(frozen=True, slots=True)
class TraceDate:
    """A time limit: of what, since when, its last day with the reason, and when it was done; None where it was not."""

    title: str
    began: date
    last_day: date
    reason: Text | None
    done: datetime | None
    clauses: tuple[CitedArticle, ...]


@dataclass(frozen=True, slots=True)
class TraceSetting:
    """A setting and its value; ``basis`` says whether the text states it, ``clauses`` on what it rests."""

    name: Text
    value: Text
    basis: Basis
    clauses: tuple[CitedArticle, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """A case from its first day to its last, as far as the reader may see it; ``reasons`` where they may read them.

    Organisations that the case is about read ``findings`` once it has ended.
    """

    brief: Brief
    law: str
    steps: tuple[TraceStep, ...]
    findings: tuple[Ground, ...]
    dates: tuple[TraceDate, ...]
    settings: tuple[TraceSetting, ...]
    submissions: tuple[Submission, ...]
    reasons: Reasons | None
    today: date


@guarded("case.view")
def view_trace(desk: Desk, actor: Actor, case_id: int) -> Trace:
    """Return the whole trace of a case, redacted and masked as its page is; raises NotFound, NotAllowed."""
    with desk.store.read() as tx:
        case = tx.cases.get(case_id)
        require_case(actor, case, tx)
        package, wide = desk.packages.get(case.definition, tx), actor.oversees(case.jurisdiction)
        others = case.subject_id not in actor.body_ids
        forms = filter_visible_submissions(actor, case, submissions_of(desk, tx, actor, case, package))
        brief = redact_history(
            tx, brief_of(desk, tx, case, MOST_EVENTS), actor, readable_uploads(tx, actor, case, package)
        )
        readable = Readable(case, forms, wide)
        has_reasons = wide or (not others and case.status == "ended")
        outside = not actor.body_ids.isdisjoint(subject_ids(case)) and not wide
        settled = tx.findings.select(case_id=case_id, current=True) if case.status == "ended" or not outside else []
        return Trace(
            brief=brief,
            law=package.law.title,
            steps=tuple(_iterate_steps(package, brief)),
            findings=tuple(ground_of(desk, package, row, readable) for row in settled),
            dates=tuple(_iterate_dates(desk, tx, actor, package, case)),
            settings=tuple(_iterate_settings(package, case)),
            submissions=tuple(reversed(forms)),
            reasons=reasons_of(desk, tx, actor, case) if has_reasons else None,
            today=local_date(desk.clock.now()),
        )


def _iterate_steps(package: Package, brief: Brief) -> Iterator[TraceStep]:
    cited = package.derived("clauses of elements", lambda: _cited_by_element(package))
    for event in reversed(brief.events):
        yield TraceStep(event, cite(package, cited.get(event.element or "", ())))


def _cited_by_element(package: Package) -> Mapping[str, tuple[str, ...]]:
    """Return what elements cite; what a shared diagram leaves to its place (a slot) is no article."""
    drawn = (element for diagram in package.processes.values() for element in diagram.elements.values())
    return {element.id: tuple(c for c in element.clauses if not c.startswith("slot:")) for element in drawn}


def _iterate_dates(desk: Desk, tx: Transaction, actor: Actor, package: Package, case: CaseRow) -> Iterator[TraceDate]:
    """Yield the limits of tasks and the periods of notices by the day on which they began."""
    calendar = desk.calendar(package.jurisdiction.calendar)
    dates = []
    for task in tx.tasks.select(case_id=case.id):
        limit = time_limit(calendar, task.due_at, task.due_reason, desk.clock.now())
        if limit.last_day is None or not may_see_task(actor, task):
            continue
        clauses = cite(package, task.clauses)
        began = local_date(task.created_at)
        dates.append(TraceDate(task.title, began, limit.last_day, limit.reason, task.done_at, clauses))
    for notice in tx.notices.select(case_id=case.id):
        period = notice.period or {}
        words = Text(str(period["zh"]), str(period.get("en") or period["zh"])) if period.get("zh") else None
        dates.append(TraceDate(notice.title, notice.first_day, notice.last_day, words, None, ()))
    yield from sorted(dates, key=lambda trace_date: (trace_date.began, trace_date.last_day))


def _iterate_settings(package: Package, case: CaseRow) -> Iterator[TraceSetting]:
    """Yield the settings that hold for the case, as they were frozen when its round opened."""
    for ident, value in (case.parameters or {}).items():
        parameter = package.award.parameters.get(ident)
        if parameter is not None:
            setting_text = value_words(parameter, value)
            yield TraceSetting(parameter.text, setting_text, parameter.source, cite(package, parameter.clauses))
