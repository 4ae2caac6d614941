"""The whole trace of a case as one page: what was done by whom, every rule, value, article and date with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from service.casework.access.actor import Actor
from service.casework.access.case_access import demand_case, may_see_task
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.cases.deciding_facts import DecidingFact, Readable, facts_of, reason_given
from service.casework.queries.cases.reasons import Reasons, reasons_of
from service.casework.queries.cases.redact_history import redact_history
from service.casework.queries.limits import time_limit
from service.casework.reading.case_summary import Brief, brief_of
from service.casework.reading.citations import CitedArticle, cite
from service.casework.reading.history import EventView
from service.casework.reading.submissions import Submission, listed, readable_uploads, submissions_of
from service.casework.reading.value_words import value_in_words
from service.casework.subjects.case_subjects import subject_ids
from service.catalog import Package
from service.catalog.parameters.parameters import Basis
from service.catalog.parameters.value_words import value_words
from service.catalog.scenarios.scenario_terms import terms_of
from service.domain.calendar import local_date
from service.domain.text import Text
from service.store import Transaction
from service.store.models import CaseRow, FindingRow

MOST_EVENTS = 5000
"""So many entries of the history are told, the newest ones."""


@dataclass(frozen=True, slots=True)
class TraceStep:
    """What happened, with the articles on which the step rests."""

    event: EventView
    clauses: tuple[CitedArticle, ...]


@dataclass(frozen=True, slots=True)
class TraceFinding:
    """A ground with what was found (met, not_met, unknown), by whom (machine, attested, department) and from what."""

    text: str
    result: str
    clauses: tuple[CitedArticle, ...]
    decided_by: str
    why: str
    facts: tuple[DecidingFact, ...]


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
class TraceValue:
    """A named value; ``basis`` says of a setting whether the text states it, ``clauses`` on what it rests."""

    name: Text
    value: Text
    basis: Basis | None = None
    clauses: tuple[CitedArticle, ...] = ()


@dataclass(frozen=True, slots=True)
class Trace:
    """A case from its first day to its last, as far as the reader may see it; ``reasons`` where they may read them.

    Organisations that the case is about read ``findings`` once it has ended.
    """

    brief: Brief
    law: str
    steps: tuple[TraceStep, ...]
    findings: tuple[TraceFinding, ...]
    dates: tuple[TraceDate, ...]
    values: tuple[TraceValue, ...]
    settings: tuple[TraceValue, ...]
    submissions: tuple[Submission, ...]
    reasons: Reasons | None
    today: date


@guarded("case.view")
def view_trace(desk: Desk, actor: Actor, case_id: int) -> Trace:
    """Return the whole trace of a case, redacted and masked as its page is; raises NotFound, NotAllowed."""
    with desk.store.read() as tx:
        case = tx.cases.get(case_id)
        demand_case(actor, case, tx)
        package, wide = desk.packages.get(case.definition, tx), actor.oversees(case.jurisdiction)
        others = case.subject_id not in actor.body_ids
        forms = listed(actor, case, submissions_of(desk, tx, actor, case, package))
        brief = redact_history(
            tx, brief_of(desk, tx, case, MOST_EVENTS), actor, readable_uploads(tx, actor, case, package)
        )
        known = Readable(case, forms, wide)
        told = wide or (not others and case.status == "ended")
        outside = not actor.body_ids.isdisjoint(subject_ids(case)) and not wide
        settled = tx.findings.current(case_id) if case.status == "ended" or not outside else []
        return Trace(
            brief=brief,
            law=package.law.title,
            steps=tuple(_steps(package, brief)),
            findings=tuple(_finding(desk, package, row, known) for row in settled),
            dates=tuple(_dates(desk, tx, actor, package, case)),
            values=tuple(_values(package, case, forms)) if wide else (),
            settings=tuple(_settings(package, case)),
            submissions=tuple(reversed(forms)),
            reasons=reasons_of(desk, tx, actor, case) if told else None,
            today=local_date(desk.clock.now()),
        )


def _steps(package: Package, brief: Brief) -> Iterator[TraceStep]:
    cited = package.derived("clauses of elements", lambda: _cited_by_element(package))
    for event in reversed(brief.events):
        yield TraceStep(event, cite(package, cited.get(event.element or "", ())))


def _cited_by_element(package: Package) -> Mapping[str, tuple[str, ...]]:
    """Return what elements cite; what a shared diagram leaves to its place (a slot) is no article."""
    drawn = (element for diagram in package.processes.values() for element in diagram.elements.values())
    return {element.id: tuple(c for c in element.clauses if not c.startswith("slot:")) for element in drawn}


def _finding(desk: Desk, package: Package, row: FindingRow, known: Readable) -> TraceFinding:
    facts = facts_of(desk, package, row, known)
    return TraceFinding(row.text, row.result, cite(package, row.clauses), row.decided_by, reason_given(row), facts)


def _dates(desk: Desk, tx: Transaction, actor: Actor, package: Package, case: CaseRow) -> Iterator[TraceDate]:
    """Yield the limits of tasks and the periods of notices by the day on which they began."""
    calendar = desk.calendar(package.jurisdiction.calendar)
    found = []
    for task in tx.tasks.of_case(case.id):
        limit = time_limit(calendar, task.due_at, task.due_reason, desk.clock.now())
        if limit.last_day is None or not may_see_task(actor, task):
            continue
        clauses = cite(package, task.clauses)
        began = local_date(task.created_at)
        found.append(TraceDate(task.title, began, limit.last_day, limit.reason, task.done_at, clauses))
    for notice in tx.notices.of_case(case.id):
        said = notice.period or {}
        words = Text(str(said["zh"]), str(said.get("en") or said["zh"])) if said.get("zh") else None
        found.append(TraceDate(notice.title, notice.first_day, notice.last_day, words, None, ()))
    yield from sorted(found, key=lambda one: (one.began, one.last_day))


def _values(package: Package, case: CaseRow, forms: Iterable[Submission]) -> Iterator[TraceValue]:
    """Yield the facts of the case that have a value and a name, without those that a form marks personal or secret."""
    hidden = {field.key for one in forms for field in one.form.fields() if field.personal or field.secret}
    for name, value in (case.facts or {}).items():
        said = terms_of(package).word(name, "fact")
        if value is not None and said.zh != name and name not in hidden:
            yield TraceValue(said, value_in_words(package, value))


def _settings(package: Package, case: CaseRow) -> Iterator[TraceValue]:
    """Yield the settings that hold for the case, as they were frozen when its round opened."""
    for ident, value in (case.parameters or {}).items():
        parameter = package.award.parameters.get(ident)
        if parameter is not None:
            said = value_words(parameter, value)
            yield TraceValue(parameter.text, said, parameter.source, cite(package, parameter.clauses))
