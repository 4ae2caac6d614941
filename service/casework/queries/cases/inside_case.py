"""What keeps a case going: tokens, timers with the reason for their day, what it waits for, work, and its variables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.cases.variables import VariableLine, overseen_case, variables_of
from service.casework.reading.case_loading import open_read_only
from service.casework.reading.citations import CitedArticle, cite
from service.casework.reading.submissions import Submission, submissions_of
from service.casework.step.step import Step
from service.catalog import Kind
from service.catalog.scenarios.scenario_terms import terms_of
from service.domain.text import Text
from service.domain.values.bounds import WorkState
from service.domain.wording.work_words import work_word
from service.engine.model import TokenState
from service.store import Transaction
from service.store.models import WorkItemRow

_UNNAMED = {
    Kind.EXCLUSIVE: "未命名的判断",
    Kind.PARALLEL: "未命名的并行汇合",
    Kind.INCLUSIVE: "未命名的汇合",
    Kind.SUBPROCESS: "未命名的子流程",
}
_SLOT = "slot:"
"""Begins what a shared piece leaves to its place; one that is not filled cites nothing."""


@dataclass(frozen=True, slots=True)
class TokenLine:
    """Where the case stands: an element, and whether it waits there, works or is stuck."""

    process: str
    element: str
    name: str
    state: TokenState


@dataclass(frozen=True, slots=True)
class CaseTimer:
    """A timer of the case: when it fires, why then, and by which articles."""

    name: str
    due_at: datetime
    reason: Text
    clauses: tuple[CitedArticle, ...]
    set_at: datetime
    state: WorkState
    provisional: bool


@dataclass(frozen=True, slots=True)
class AwaitedLine:
    """A message or a condition that the case waits for."""

    name: str
    element: str
    message: str
    condition: str
    said: Text | None


@dataclass(frozen=True, slots=True)
class WorkLine:
    """What the program has still to do for the case by itself; its number finds the case again when it is done."""

    id: int
    kind: str
    name: Text
    state: WorkState
    due_at: datetime
    attempts: int
    error: str


@dataclass(frozen=True, slots=True)
class InsideCase:
    """The inside of a case."""

    id: int
    title: str
    jurisdiction: str
    parent: tuple[int, str] | None
    version: str
    tokens: tuple[TokenLine, ...]
    timers: tuple[CaseTimer, ...]
    awaited: tuple[AwaitedLine, ...]
    work: tuple[WorkLine, ...]
    variables: tuple[VariableLine, ...]


@guarded("monitor.view")
def inside_case(desk: Desk, actor: Actor, case_id: int) -> InsideCase:
    """Return the inside of a case to those who oversee its place.

    Raises NotFound, NotAllowed.

    Personal data are masked, and what nobody but its author may read is left out, as on the forms themselves.
    """
    with desk.store.read() as tx:
        case = overseen_case(tx, actor, case_id)
        step = open_read_only(desk, tx, case, actor)
        items = tx.work.of_case(case_id, ("waiting", "running", "held", "dead"))
        reasons = {row.ends_at: row.period or {} for row in tx.notices.select(case_id=case_id)}
        parent = tx.cases.get(case.parent_id) if case.parent_id is not None else None
        submissions = submissions_of(desk, tx, actor, case, step.package)
        above = submissions_of(desk, tx, actor, parent, desk.packages.get(parent.definition, tx)) if parent else ()
        return InsideCase(
            id=case.id,
            title=case.title,
            jurisdiction=case.jurisdiction,
            parent=(parent.id, parent.title) if parent else None,
            version=case.definition,
            tokens=tuple(_iterate_tokens(step)),
            timers=tuple(
                _build_timer(step, item, reasons, (*submissions, *above))
                for item in items
                if item.kind == "timer" and item.element
            ),
            awaited=tuple(_iterate_awaited_messages(tx, step)),
            work=tuple(
                WorkLine(i.id, i.kind, work_word(i.kind), i.state, i.due_at, i.attempts, i.last_error or "")
                for i in items
                if i.kind != "timer" or not i.element
            ),
            variables=variables_of(tx, step.package, case, submissions),
        )


def _get_element_name(step: Step, process: str, element: str) -> str:
    diagram = step.package.processes.get(process)
    element_info = diagram.elements.get(element) if diagram else None
    if element_info is None or element_info.name:
        return element_info.name if element_info else element
    return _UNNAMED.get(element_info.kind, "未命名的环节")


def _iterate_tokens(step: Step) -> Iterator[TokenLine]:
    for token in step.instance.tokens():
        name = _get_element_name(step, token.process_id, token.element_id)
        yield TokenLine(token.process_id, token.element_id, name, token.state)


def _build_timer(
    step: Step, item: WorkItemRow, reasons: Mapping[datetime, Mapping[str, Any]], submissions: Iterable[Submission]
) -> CaseTimer:
    """Return a timer; one that waits for a notice to end has the notice's reason, a fixed day names who set it."""
    process, ident = item.process_id or "", item.element or ""
    diagram = step.package.processes.get(process)
    reason_data = item.payload if item.payload.get("zh") else {**item.payload, **reasons.get(item.due_at, {})}
    element = diagram.elements.get(ident) if diagram else None
    path = next((t.call_path for t in step.instance.timers() if t.id == reason_data.get("engine_id")), ())
    clauses = step.clauses_of(element, path) if element else ()
    return CaseTimer(
        _get_element_name(step, process, ident),
        item.due_at,
        _reason_words(reason_data, submissions)
        if reason_data.get("zh")
        else _format_drawn_reason(_get_element_name(step, process, ident)),
        cite(step.package, [c for c in clauses if not c.startswith(_SLOT)]),
        item.created_at,
        item.state,
        item.provisional,
    )


def _reason_words(reason_data: Mapping[str, Any], submissions: Iterable[Submission]) -> Text:
    """Return the reason on record; of a fixed day with whose form it is from, the newest that holds it."""
    zh, en = str(reason_data["zh"]), str(reason_data.get("en") or reason_data["zh"])
    if reason_data.get("fixed"):
        day = reason_data.get("first_day")
        holding = (
            submission
            for submission in submissions
            if any(str(value) == day for value in submission.read.plain.values())
        )
        if (form := next(holding, None)) is not None:
            return Text(f"{zh}；由{form.who}在“{form.title.zh}”中确定", f"{en}; set by {form.who} in “{form.title.en}”")
    return Text(zh, en)


def _format_drawn_reason(name: str) -> Text:
    """Return the reason of a timer that no statutory period explains."""
    return Text(f"流程图在“{name}”处设定了这一时刻", f"the diagram sets this moment at “{name}”")


def _iterate_awaited_messages(tx: Transaction, step: Step) -> Iterator[AwaitedLine]:
    for wait in tx.subscriptions.select(case_id=step.case.id):
        name = _get_element_name(step, wait.process_id, wait.element)
        term = terms_of(step.package).word(wait.message)
        term_text = term if term.zh != wait.message else None
        yield AwaitedLine(name, wait.element, wait.message, wait.barrier or "", term_text)
