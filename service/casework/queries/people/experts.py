"""The pages of experts and draws, for those who keep and oversee them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from service.casework.access.actor import Actor
from service.casework.access.case_access import require_not_recused
from service.casework.access.declarations import DECIDED, DECLARATION, DECLARED, has_gone_on
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.lists import ListSpec, Page, cut_page, read_lines
from service.casework.reading.published import choose_register, published
from service.casework.review.draw_record import RepeatedDraw, repeat_draw
from service.casework.review.pool import EDUCATION_NAMES, Listed, find_expert_bar, register_after, years_between
from service.casework.review.register_of_experts import ExpertRecord, build_record, is_disqualified_by_process
from service.casework.review.who_may_serve import DECLINED, INVITED
from service.casework.subjects.case_subjects import subjects_of_panel
from service.casework.subjects.ties import KINDS, interest_words, kind_words, list_declared_applicants
from service.domain.calendar import local_date
from service.domain.errors import NotAllowed
from service.domain.text import Text
from service.domain.values.bounds import ExpertStatus
from service.store import Transaction
from service.store.models import (
    DrawRow,
    ExpertChangeRow,
    ExpertRow,
    FormResultRow,
    InterestRow,
    RecusalRow,
    TrainingRow,
)


class LedTo(Enum):
    """What a tie between an expert and an organisation led to."""

    RECUSED = Text("已决定回避", "recused")
    LIFTED = Text("曾决定回避，已解除", "recused, lifted since")
    KEPT = Text("决定不予回避", "not recused")
    OPEN = Text("还没有决定是否回避", "recusal not decided yet")
    APART = Text("不属于须回避的情形，评审照常进行", "no ground for a recusal: the review went on")
    """Of a tie that the rules of the panel do not count, as one that ended long ago."""
    NOTHING = Text("", "")
    """Of a tie on record, about which nobody has asked."""


@dataclass(frozen=True, slots=True)
class RecusalOutcome:
    """What a tie led to: ``at`` is when somebody was recused, ``reason`` why, or why not."""

    led_to: LedTo
    at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class KnownTie:
    """A tie of a person to an organisation since ``at``; ``case`` is where it was declared, None for one on record."""

    person: int
    body: int
    at: datetime
    case: int | None


def of_interest(row: InterestRow) -> KnownTie:
    """Return a tie as it was noted."""
    return KnownTie(row.person_id, row.body_id, row.noted_at, row.case_id if row.source != "record" else None)


def outcome_of(tx: Transaction, tie: KnownTie, recusals: Sequence[RecusalRow]) -> RecusalOutcome:
    """Return what was decided about recusal since a tie was noted, by ``recusals`` from the newest, or by its panels."""
    last = next((r for r in recusals if r.body_id == tie.body and r.decided_at >= tie.at), None)
    if last is not None:
        return (
            RecusalOutcome(LedTo.LIFTED)
            if last.lifted_at
            else RecusalOutcome(LedTo.RECUSED, last.decided_at, last.reason)
        )
    if tie.case is None:
        return RecusalOutcome(LedTo.NOTHING)
    for decision in (d for panel in tx.panels.of_case(tie.case) for d in panel.settings.get(DECIDED, ())):
        if (decision["person"], decision["body"]) == (tie.person, tie.body):
            return RecusalOutcome(LedTo.KEPT, reason=str(decision["reason"]))
    return RecusalOutcome(LedTo.APART if has_gone_on(tx, tie.case, tie.person, tie.at) else LedTo.OPEN)


MOST_DECLARED = 30
"""So many declarations are looked at, the newest."""
STILL_NEWS = timedelta(days=30)
"""So long after it was declared a tie that was decided stands in its reader's own place."""


@dataclass(frozen=True, slots=True)
class DeclaredTie:
    """A tie to an applicant as its person declared it ``at`` a time, and what it led to."""

    applicant: str
    words: Text
    at: datetime
    outcome: RecusalOutcome


@guarded("review.view")
def list_declared_ties(desk: Desk, actor: Actor) -> Sequence[DeclaredTie]:
    """Return the ties that the reader declared, the newest first."""
    with desk.store.read() as tx:
        return list(declared_ties(tx, actor))


def news_of_ties(tx: Transaction, actor: Actor, now: datetime) -> Sequence[DeclaredTie]:
    """Return of these what waits for a decision, and what was declared lately."""
    ties = declared_ties(tx, actor)
    return [tie for tie in ties if tie.outcome.led_to is LedTo.OPEN or tie.at > now - STILL_NEWS]


def declared_ties(tx: Transaction, actor: Actor) -> Iterator[DeclaredTie]:
    """Yield the same within a unit of work."""
    if actor.person_id is None:
        return
    rows = tx.forms.select("-id", limit=MOST_DECLARED, person_id=actor.person_id, form=DECLARATION, taken_back_at=None)
    declared = [row for row in rows if row.data.get(DECLARED[0]) == "yes"]
    recusals = tx.recusals.select("-id", person_id=actor.person_id) if declared else []
    for row in declared:
        panels = tx.panels.of_case(row.case_id)
        bodies = list(dict.fromkeys(body for panel in panels for body in subjects_of_panel(tx, panel.id)))
        names = tx.bodies.by_id(set(bodies))
        for body, words in _read_ties(row, bodies):
            tie = KnownTie(actor.person_id, body, row.at, row.case_id)
            yield DeclaredTie(names[body].name, words, row.at, outcome_of(tx, tie, recusals))


def _read_ties(row: FormResultRow, bodies: Sequence[int]) -> Iterator[tuple[int, Text]]:
    """Yield (applicant, tie in words) of a declaration about ``bodies``."""
    for entry in row.data.get(DECLARED[1]) or [{}]:
        words = kind_words(str(entry.get("kind") or "other"), str(entry.get("text") or ""))
        for body in list_declared_applicants(entry, bodies):
            yield body, words


PAGE = 100
_AT_ONCE = 300
"""Entries of the register that one statement reads."""


@dataclass(frozen=True, slots=True)
class ExpertLine:
    """A row of the register; ``barred`` says why the expert cannot review today."""

    row: ExpertRow
    name: str
    education: Text
    experience_years: int
    last_training: date | None
    barred: Text | None
    panels: int

    @property
    def status(self) -> ExpertStatus:
        """The state of the entry."""
        return self.row.status

    @property
    def sectors(self) -> tuple[str, ...]:
        """The sectors the expert knows."""
        return tuple(self.row.sectors)


@dataclass(frozen=True, slots=True)
class ExpertRegisterView:
    """A page of the register of one jurisdiction; ``places`` are those the reader may look at."""

    jurisdiction: str
    places: tuple[tuple[str, Text], ...]
    page: Page[ExpertLine, int]
    educations: Mapping[str, Text]


@dataclass(frozen=True, slots=True)
class ExpertView:
    """An expert with everything on record."""

    line: ExpertLine
    login: str
    trainings: tuple[TrainingRow, ...]
    interests: tuple[tuple[InterestRow, str, Text, RecusalOutcome], ...]
    recusals: tuple[tuple[RecusalRow, str], ...]
    changes: tuple[ExpertChangeRow, ...]
    kinds: Mapping[str, Text]
    educations: Mapping[str, Text]
    bodies: tuple[tuple[int, str], ...]
    by_process: bool
    """Whether a procedure of the regulation disqualifies, and not the office."""

    @property
    def record(self) -> ExpertRecord:
        """What may be changed."""
        return build_record(self.line.row, self.line.row.version)


@dataclass(frozen=True, slots=True)
class DrawView:
    """A draw on record, computed again; names by expert id."""

    row: DrawRow
    case_title: str
    names: Mapping[int, str]
    repeated: RepeatedDraw
    chosen: tuple[str, ...]
    reserve: tuple[str, ...]
    clauses: Sequence[str]
    at: datetime


EXPERTS: ListSpec[ExpertLine] = ListSpec("/experts", Text("评审专家", "Experts"), (), cursor="after")


@guarded("experts.view")
def list_experts(
    desk: Desk, actor: Actor, jurisdiction: str = "", text: str = "", after: int | None = None
) -> ExpertRegisterView:
    """Return a page of the register of a jurisdiction the actor oversees, the first without a name; raises NotAllowed."""
    today = local_date(desk.clock.now())
    with desk.store.read() as tx:
        publications = published(desk, tx)
        chosen, places = choose_register(actor, publications, jurisdiction)
        listed = _find_matching(tx, chosen, text.strip(), after or 0)
        busy = tx.panels.busy(chosen)
    expert_page = cut_page(listed, lambda expert: expert.row.id, PAGE)
    lines = read_lines(expert_page, (_build_line(expert, today, busy) for expert in expert_page.lines))
    named = tuple((place, publications.of(place)[0].jurisdiction.text) for place in places)
    return ExpertRegisterView(chosen, named, lines, EDUCATION_NAMES)


@guarded("experts.view")
def view_expert(desk: Desk, actor: Actor, expert_id: int) -> ExpertView:
    """Return an expert with what ties them to organisations known in the place; raises NotFound, NotAllowed outside it.

    What other places decided is theirs, and of somebody who has not agreed to be on the register nothing is shown.
    """
    today = local_date(desk.clock.now())
    with desk.store.read() as tx:
        row = tx.experts.get(expert_id)
        if not actor.oversees(row.jurisdiction):
            raise NotAllowed(Text("该专家属于其他辖区。", "That expert belongs to another jurisdiction."))
        person = tx.people.get(row.person_id)
        trainings = tuple(tx.trainings.list_of_register(row.jurisdiction).get(row.id, ()))
        organisations = {body.id: body for body in tx.bodies.list_organisations_in(row.jurisdiction)}
        agreed = row.status not in (INVITED, DECLINED)
        interests = [i for i in tx.interests.select(person_id=row.person_id) if agreed and i.body_id in organisations]
        recusals = [
            r
            for r in tx.recusals.select("-id", person_id=row.person_id)
            if agreed and r.jurisdiction == row.jurisdiction
        ]
        bodies = tx.bodies.by_id({r.body_id for r in recusals}) | organisations
        line = _build_line(Listed(row, person.name, trainings, person.active), today, tx.panels.busy(row.jurisdiction))
        return ExpertView(
            line,
            person.login,
            trainings,
            tuple(
                (i, bodies[i.body_id].name, interest_words(i), outcome_of(tx, of_interest(i), recusals))
                for i in interests
            ),
            tuple((r, bodies[r.body_id].name) for r in recusals),
            tuple(tx.expert_changes.select("-id", expert_id=row.id)),
            KINDS,
            EDUCATION_NAMES,
            tuple((b.id, b.name) for b in organisations.values()),
            is_disqualified_by_process(desk, tx, row.jurisdiction),
        )


@guarded("experts.view")
def view_draws(desk: Desk, actor: Actor, case_id: int) -> Sequence[DrawView]:
    """Return the draws of a case, each computed again from its record; raises NotAllowed outside what the actor oversees."""
    with desk.store.read() as tx:
        case = tx.cases.get(case_id)
        require_not_recused(actor, case)
        if not actor.oversees(case.jurisdiction):
            raise NotAllowed(Text("抽取记录由办公室和监督机构查看。", "Draws are for the office and supervisors."))
        panels = tx.panels.of_case(case_id)
        rows = [draw for panel in panels for draw in tx.draws.select(case_id=panel.case_id, stage=panel.stage)]
        clauses = {p.stage: p.settings.get("clauses", []) for p in panels}
    return [_build_draw_view(row, case.title, clauses[row.stage]) for row in rows]


def _find_matching(tx: Transaction, place: str, text: str, after: int) -> list[Listed]:
    """Return one entry more than a page holds of those that ``text`` fits, reading no more of the register than that takes."""
    experts: list[Listed] = []
    while len(experts) <= PAGE:
        read = register_after(tx, place, after, _AT_ONCE)
        experts += [expert for expert in read if _is_match(expert, text)]
        if len(read) < _AT_ONCE:
            break
        after = read[-1].row.id
    return experts


def _build_draw_view(row: DrawRow, title: str, clauses: Sequence[str]) -> DrawView:
    names: dict[int, str] = {c["id"]: c["name"] for c in row.pool}
    chosen, reserve = (tuple(names[ident] for ident in row.result[key]) for key in ("chosen", "reserve"))
    return DrawView(row, title, names, repeat_draw(row), chosen, reserve, clauses, row.drawn_at)


def _build_line(expert: Listed, today: date, busy: Mapping[int, int]) -> ExpertLine:
    row = expert.row
    education = EDUCATION_NAMES.get(row.education, EDUCATION_NAMES["other"])
    last = expert.trainings[0].held_on if expert.trainings else None
    years = years_between(row.practising_since, today)
    return ExpertLine(
        row, expert.name, education, years, last, find_expert_bar(expert, today), busy.get(row.person_id, 0)
    )


def _is_match(expert: Listed, text: str) -> bool:
    return not text or any(text in word for word in (expert.name, expert.row.employer, *expert.row.sectors))
