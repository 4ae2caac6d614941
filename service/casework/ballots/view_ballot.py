"""The page of a ballot: members see their paper, all others turnout and nothing more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.case_access import is_recused
from service.casework.access.guards import guarded
from service.casework.ballots.box import CLOSED, COUNTED, OPEN, VOID, Box
from service.casework.ballots.hall import Tellers
from service.casework.ballots.opening import explain_next, explain_voided
from service.casework.ballots.recusals import cases_voted_on, recusals_asked
from service.casework.ballots.void import Voided, VoidProposal, view_void, voided_of
from service.casework.desk.desk import Desk
from service.casework.desk.urns import WHO_CAN_OPEN
from service.casework.reading.citations import CitedArticle, cite
from service.domain.ballots import (
    Contest,
    MarkUnit,
    Rules,
    question_name,
    rule_sentence,
)
from service.domain.errors import NotAllowed
from service.domain.text import Text
from service.store import Transaction
from service.store.models import BallotRecusalRow, BallotRow, RollRow


@dataclass(frozen=True, slots=True)
class Ask:
    """One line of the paper; ``recused`` is the reason why the reader takes no part in it."""

    key: str
    candidate: str
    name: Text
    hint: str
    href: str
    recused: str | None


@dataclass(frozen=True, slots=True)
class PaperPart:
    """The part of the paper for one tier, with its rule in one sentence; a ``motion`` has no places."""

    tier: str
    name: Text
    sentence: Text
    places: int
    round: int
    runoff: bool
    names: tuple[str, ...]
    standing: tuple[str, ...]
    asks: tuple[Ask, ...]
    motion: bool


def name_nth(title: str, nth: int) -> str:
    """Return the name of a ballot that is the ``nth`` of this name in its case."""
    return title if nth == 1 else f"{title}（第{nth}次）"


def name_ballots(rows: Iterable[BallotRow]) -> dict[int, str]:
    """Return the names of all ballots of a case by their ids, each told from those before it."""
    counts, names = Counter[str](), dict[int, str]()
    for row in sorted(rows, key=lambda row: row.id):
        counts[row.title] += 1
        names[row.id] = name_nth(row.title, counts[row.title])
    return names


@dataclass(frozen=True, slots=True)
class RollMember:
    """A member on the roll, as tellers see it."""

    number: int
    name: str
    voted: bool
    recused: bool


@dataclass(frozen=True, slots=True)
class BallotView:
    """A ballot with everything its pages show; ``watched`` when the reader may open the case it belongs to.

    ``files`` are the addresses of the candidates' files that the reader may open now; ``in_hall`` how many papers were
    of the hall, after the count. ``receipt`` is the member's own number, ``receipts`` are those that were counted.
    ``teller``: they may enter a tally of the hall now; ``hall_refusal`` says to any other teller why not.
    ``keys`` says to who oversees it who holds the urn's keys, and what that means. ``before`` is the ballot that this one
    follows, and why it does.
    """

    id: int
    case_id: int
    case_title: str
    jurisdiction: str
    award: str
    title: str
    state: str
    state_in_words: Text
    secret: bool
    unit: MarkUnit
    rules: Rules
    opened_at: datetime
    closes_at: datetime | None
    over: bool
    issued: int
    cast: int
    parts: tuple[PaperPart, ...]
    clauses: tuple[CitedArticle, ...]
    member: str | None
    voted: bool
    may_vote: bool
    teller: bool
    hall_refusal: Text | None
    sheet_waits: bool
    is_sheet_author: bool
    may_close: bool
    receipt: str
    receipts: tuple[str, ...]
    roll: tuple[RollMember, ...]
    result: Mapping[str, Any] | None
    names: Mapping[str, str]
    fingerprint: str | None
    by_name: tuple[tuple[str, Mapping[str, str]], ...]
    watched: bool
    files: Mapping[str, str]
    in_hall: int | None
    keys: Text | None
    void: VoidProposal | None
    voided: Voided | None
    before: tuple[int, Text] | None


@guarded("ballot.view")
def view_ballot(desk: Desk, actor: Actor, ballot_id: int) -> BallotView:
    """Return ballot ``ballot_id``; raises NotFound, NotAllowed for who neither votes, counts papers nor oversees."""
    with desk.store.read() as tx:
        row = tx.ballots.get(ballot_id)
        member = require_sight(tx, actor, row)
        return _build_view(desk, tx, actor, Box(row), member)


def require_sight(tx: Transaction, actor: Actor, row: BallotRow) -> RollRow | None:
    """Return the actor's place on the roll, None for tellers and overseers; raises NotAllowed for all others."""
    member = place_on_roll(tx, actor, row)
    if member is None and not _may_watch(actor, row):
        raise NotAllowed(
            Text(
                "这次表决只有名册上的成员、计票人和监督机构可以打开。",
                "Only members on the roll, tellers and supervisors may open this ballot.",
            )
        )
    return member


def may_see_ballot(tx: Transaction, actor: Actor, row: BallotRow) -> bool:
    """Return whether the ballot opens for ``actor``: to vote, to tell or to oversee."""
    return _may_watch(actor, row) or place_on_roll(tx, actor, row) is not None


def _may_watch(actor: Actor, row: BallotRow) -> bool:
    return actor.oversees(row.jurisdiction) or actor.holds(row.jurisdiction, row.teller_role) is not None


def place_on_roll(tx: Transaction, actor: Actor, row: BallotRow) -> RollRow | None:
    """Return the place on the roll of ``actor`` or of the unit they act for."""
    bodies = [
        s.body_id for s in actor.in_person.seats if row.units and s.role == row.role and s.serves(row.jurisdiction)
    ]
    return tx.rolls.find_member(row.id, actor.person_id, bodies)


def _build_view(desk: Desk, tx: Transaction, actor: Actor, box: Box, member: RollRow | None) -> BallotView:
    row = box.row
    case = tx.cases.get(row.case_id)
    member_recusals = [] if member is None else tx.ballot_recusals.select(ballot_id=row.id, number=member.number)
    over = row.state != OPEN or (row.closes_at is not None and desk.clock.now() >= row.closes_at)
    tellers = Tellers(tx, row, desk.clock.now())
    counts = box.rules.secret and not over and not tellers.of(actor).is_none
    hall_refusal = tellers.refusal_for(actor) if counts else None
    teller = counts and hall_refusal is None
    result = tx.ballot_results.find(ballot_id=row.id)
    return BallotView(
        id=row.id,
        case_id=row.case_id,
        case_title=case.title,
        jurisdiction=case.jurisdiction,
        award=case.award,
        title=row.title,
        state=row.state,
        state_in_words=name_state(row, desk.clock.now()),
        secret=box.rules.secret,
        unit=box.rules.unit,
        rules=box.rules,
        opened_at=row.opened_at,
        closes_at=row.closes_at,
        over=over,
        issued=row.issued,
        cast=row.cast,
        parts=tuple(_build_paper_part(box, contest, member_recusals) for contest in box.agenda.contests),
        clauses=cite(desk.packages.get(case.definition, tx), row.clauses),
        member=member.name if member else None,
        voted=bool(member and member.state),
        may_vote=member is not None and not member.state and not over and case.status == "running",
        teller=teller,
        hall_refusal=hall_refusal,
        sheet_waits=row.sheet is not None,
        is_sheet_author=row.sheet is not None and row.sheet_by == actor.person_id,
        may_close=row.state == OPEN and actor.in_person.in_office(row.jurisdiction),
        receipt=member.receipt if member and member.state else "",
        receipts=tuple(result.record["receipts"]) if result else (),
        roll=_build_roll(tx, box) if teller else (),
        result=result.outcome if result else None,
        names=box.names,
        fingerprint=result.fingerprint if result else None,
        by_name=_by_name(tx, box),
        watched=actor.oversees(row.jurisdiction),
        files=_list_candidate_files(tx, actor, box, member_recusals),
        in_hall=result.record.get("in_hall") if result else None,
        keys=WHO_CAN_OPEN if row.urn is not None else None,
        void=view_void(tx, actor, row, tellers),
        voided=voided_of(tx, row),
        before=_find_ballot_before(tx, box),
    )


def _find_ballot_before(tx: Transaction, box: Box) -> tuple[int, Text] | None:
    before = None if box.row.previous_id is None else tx.ballots.get(box.row.previous_id)
    if before is None:
        return None
    voided, result = voided_of(tx, before), tx.ballot_results.find(ballot_id=before.id)
    if voided is not None:
        return before.id, explain_voided(before.title, voided.why)
    return (before.id, explain_next(before, box.agenda, result.outcome)) if result else None


def _build_paper_part(box: Box, contest: Contest, member_recusals: list[BallotRecusalRow]) -> PaperPart:
    hints = {c.id: c for c in box.candidates}
    reasons = {r.candidate: r.reason for r in member_recusals}
    asks = []
    for question in contest.questions(box.rules.unit):
        candidate_info = hints.get(question.candidate)
        whole = next((reasons[c] for c in contest.candidates if c in reasons), None)
        asks.append(
            Ask(
                question.key,
                question.candidate,
                question_name(question, box.names),
                candidate_info.hint if candidate_info else "",
                candidate_info.href if candidate_info else "",
                reasons.get(question.candidate) if candidate_info else whole,
            )
        )
    return PaperPart(
        contest.tier,
        box.agenda.tier(contest.tier).name,
        rule_sentence(contest, box.agenda, box.rules),
        contest.places,
        contest.round,
        contest.runoff,
        tuple(box.names[c] for c in contest.candidates),
        tuple(contest.candidates),
        tuple(asks),
        box.agenda.tier(contest.tier).motion,
    )


def list_files_to_vote_on(tx: Transaction, actor: Actor, row: BallotRow) -> tuple[tuple[str, str], ...]:
    """Return the candidates of a ballot whose files the actor may open now, by name, with the addresses."""
    member = place_on_roll(tx, actor, row)
    own = tx.ballot_recusals.select(ballot_id=row.id, number=member.number) if member is not None else []
    files = _list_candidate_files(tx, actor, Box(row), own) if may_see_ballot(tx, actor, row) else {}
    names = {str(candidate["id"]): str(candidate["name"]) for candidate in row.candidates}
    return tuple((names.get(candidate, candidate), address) for candidate, address in files.items())


def _list_candidate_files(
    tx: Transaction, actor: Actor, box: Box, member_recusals: list[BallotRecusalRow]
) -> Mapping[str, str]:
    row = box.row
    if row.state not in (OPEN, CLOSED) and not actor.oversees(row.jurisdiction):
        return {}
    away = {r.candidate for r in member_recusals}
    return {
        candidate: f"/ballots/{row.id}/candidates/{candidate}"
        for candidate, case in cases_voted_on(tx, row).items()
        if candidate not in away and not is_recused(actor.in_person, case)
    }


def _build_roll(tx: Transaction, box: Box) -> tuple[RollMember, ...]:
    out = {r.number for r in recusals_asked(tx, box)}
    return tuple(
        RollMember(m.number, m.name, bool(m.state), m.number in out) for m in tx.rolls.select(ballot_id=box.row.id)
    )


def _by_name(tx: Transaction, box: Box) -> tuple[tuple[str, Mapping[str, str]], ...]:
    """Return who voted how, where a counted ballot was voted by name."""
    if box.rules.secret or box.row.state != COUNTED:
        return ()
    return tuple((m.name, m.open_paper or {}) for m in tx.rolls.select(ballot_id=box.row.id))


STATES: Mapping[str, Text] = {
    OPEN: Text("投票中", "open"),
    CLOSED: Text("已截止，待计票", "closed, to be counted"),
    COUNTED: Text("已计票", "counted"),
    VOID: Text("已作废", "void"),
}
"""The states in words."""


def name_state(row: BallotRow, now: datetime) -> Text:
    """Return how a ballot stands: of an open one that nobody can vote in any more, what it waits for."""
    if row.state == OPEN and row.issued and row.cast == row.issued:
        return Text("全部已投票，等待计票", "all have voted; to be counted")
    if row.state == OPEN and row.closes_at is not None and now >= row.closes_at:
        return Text("已到截止时间，等待计票", "past its close, to be counted")
    return STATES[row.state]
