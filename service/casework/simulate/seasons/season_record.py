"""What a played season came to: its cases, notices, limits, ballots and documents with their days, and who won."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from service.casework.access.case_access import CONFIRM
from service.casework.simulate.expecting.records import due_day
from service.casework.simulate.stage.stage import PlayState
from service.domain.calendar import CHINA, local_date
from service.domain.errors import NotFound
from service.store import Transaction
from service.store.models import AwardRow, CaseRow

MOST_CASES = 2000
"""So many cases of a season are looked at."""


class Lasting(StrEnum):
    """What has days in a season."""

    CASE = "case"
    NOTICE = "notice"
    LIMIT = "limit"
    TIMER = "timer"
    BALLOT = "ballot"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Span:
    """Something that lasted from ``first`` to ``last`` (None: still open), with the clauses it carries out.

    ``case`` is the case's nickname in the scenario, ``code`` what stands in the package (element, kind or template).
    """

    lasting: Lasting
    case: str
    code: str
    label: str
    first: date
    last: date | None
    clauses: tuple[str, ...] = ()
    process: str = ""
    element: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class CaseEnd:
    """How a case stands at the end; ``open_tasks`` are the elements where it waits for people.

    ``revoked`` are those of its ``awards`` that were taken away again, each with the day.
    """

    title: str
    process: str
    status: str
    outcome: str
    awards: tuple[str, ...]
    ended: date | None
    open_tasks: tuple[str, ...]
    revoked: tuple[tuple[str, date], ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A case passed an element; ``at`` is a time in Asia/Shanghai to the minute."""

    at: str
    case: str
    process: str
    element: str


@dataclass(frozen=True, slots=True)
class SeasonRecord:
    """A season as it was played, from its ``first`` to its ``last`` day; ``passages`` in the order of time."""

    first: date
    last: date
    spans: tuple[Span, ...]
    ends: Mapping[str, CaseEnd]
    passages: tuple[Passage, ...]


def season_record(stage: PlayState) -> SeasonRecord:
    """Return what the season on ``stage`` came to by now."""
    names = {ident: nick for nick, ident in stage.cases.items()}
    spans: list[Span] = []
    ends: dict[str, CaseEnd] = {}
    passed: list[tuple[int, Passage]] = []
    with stage.desk.store.read() as tx:
        for case in every_case(tx):
            nick = names.get(case.id) or f"{case.title}#{case.id}"
            spans += _iterate_spans(stage, tx, case, nick)
            ends[nick] = _build_case_end(stage, tx, case)
            passed += [
                (v.id, Passage(_format_minute(v.at), nick, v.process_id, v.element))
                for v in tx.visits.select(case_id=case.id)
            ]
    today = local_date(stage.clock.now())
    return SeasonRecord(
        local_date(stage.scenario.start), today, tuple(spans), ends, tuple(p for _, p in sorted(passed, key=_by_id))
    )


def _by_id(numbered: tuple[int, Passage]) -> int:
    return numbered[0]


def _format_minute(at: datetime) -> str:
    return at.astimezone(CHINA).isoformat(timespec="minutes")


def every_case(tx: Transaction) -> Iterator[CaseRow]:
    """Yield every case of a small store."""
    for ident in range(1, MOST_CASES):
        try:
            yield tx.cases.get(ident)
        except NotFound:
            return


def _iterate_spans(stage: PlayState, tx: Transaction, case: CaseRow, nick: str) -> Iterator[Span]:
    ended = local_date(case.ended_at) if case.ended_at else None
    state = case.outcome or case.status
    yield Span(Lasting.CASE, nick, case.process, case.title, local_date(case.started_at), ended, state=state)
    process = stage.package.process(case.process).process
    for n in tx.notices.select(case_id=case.id):
        yield Span(
            Lasting.NOTICE,
            nick,
            n.kind,
            n.title,
            n.first_day,
            n.last_day,
            tuple(n.clauses),
            process,
            n.element,
            n.state,
        )
    for task in tx.tasks.select(case_id=case.id):
        due = due_day(task)
        if due is not None and task.kind != CONFIRM:  # a provisional date waits for an authority, not for a limit
            first = local_date(task.created_at)
            yield Span(
                Lasting.LIMIT, nick, task.element, task.title, first, date.fromisoformat(due), tuple(task.clauses), task.process_id, task.element,
                task.state,
            )  # fmt: skip
    for b in tx.ballots.select(case_id=case.id):
        result = tx.ballot_results.find(ballot_id=b.id)
        last = local_date(result.counted_at) if result else None
        first = local_date(b.opened_at)
        yield Span(
            Lasting.BALLOT, nick, b.element, b.title, first, last, tuple(b.clauses), b.process_id, b.element, b.state
        )
    for d in tx.documents.select(case_id=case.id):
        day = local_date(d.issued_at)
        yield Span(Lasting.DOCUMENT, nick, d.template, d.title, day, day, tuple(d.clauses))
    for w in tx.work.of_case(case.id):
        if w.kind == "timer" and w.element:
            yield Span(
                Lasting.TIMER, nick, w.element, _get_element_name(stage, w.process_id, w.element), local_date(w.created_at),
                local_date(w.due_at), _get_clauses(stage, process, w.process_id, w.element), w.process_id or "", w.element, w.state,
            )  # fmt: skip


def _get_element_name(stage: PlayState, process: str | None, element: str) -> str:
    diagram = stage.package.processes.get(process or "")
    element_info = diagram.elements.get(element) if diagram else None
    return element_info.name or element if element_info else element


def _get_clauses(stage: PlayState, root: str, process: str | None, element: str) -> tuple[str, ...]:
    diagram = stage.package.processes.get(process or "")
    element_info = diagram.elements.get(element) if diagram else None
    return stage.package.clauses_anywhere(element_info, root) if element_info else ()


def _build_case_end(stage: PlayState, tx: Transaction, case: CaseRow) -> CaseEnd:
    awards: list[AwardRow] = []
    if case.subject_id is not None:
        awards = [
            a for a in tx.awards.list_of_body(case.subject_id) if a.decided_on >= local_date(stage.scenario.start)
        ]
    return CaseEnd(
        case.title,
        case.process,
        case.status,
        case.outcome or "",
        tuple(award.tier for award in awards),
        local_date(case.ended_at) if case.ended_at else None,
        tuple(task.element for task in tx.tasks.select(case_id=case.id) if task.state == "open"),
        tuple((award.tier, award.revoked_on) for award in awards if award.revoked_on is not None),
    )
