"""A candidate's file for the members who vote: those on the roll of the ballot, not recused from the candidate.

The file is read-only and open while the ballot is: no member must vote on names alone, and none keeps access to
the papers after the count. Overseers of the jurisdiction may always look.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from service.casework.access.actor import Actor
from service.casework.access.case_access import is_recused
from service.casework.access.guards import guarded
from service.casework.ballots.box import CLOSED, OPEN, Box
from service.casework.ballots.recusals import cases_voted_on
from service.casework.ballots.view_ballot import place_on_roll, require_sight
from service.casework.desk.desk import Desk
from service.casework.reading.case_summary import FileView, list_visible_uploads
from service.casework.reading.citations import cite
from service.casework.reading.dossier import PANEL_OPINION, FindingLine, ReviewStage, stages_of_case
from service.casework.reading.lacked import describe_missing_facts
from service.casework.reading.submissions import Submission, readable_uploads, submissions_of
from service.domain.errors import NotAllowed, NotFound
from service.domain.review import shown
from service.domain.text import Text
from service.store import Transaction
from service.store.models import BallotRow, CaseRow, RollRow

_RUNNING = (OPEN, CLOSED)


@dataclass(frozen=True, slots=True)
class TotalOfStages:
    """How the points of a candidate came of those of its stages, each with its weight in per cent, as it was ranked."""

    total: str
    stages: tuple[tuple[str, str, str], ...]
    bonus: str


@dataclass(frozen=True, slots=True)
class CandidateFile:
    """A candidate with everything a member may read; ``shared`` are the documents of the round.

    ``total`` is None where one stage alone counts. ``recused`` are those recused; the reason is shown to them and to the office only.
    """

    ballot: int
    title: str
    case: CaseRow
    name: str
    hint: str
    submissions: tuple[Submission, ...]
    findings: tuple[FindingLine, ...]
    documents: tuple[tuple[int, str, str, datetime], ...]
    shared: tuple[tuple[int, str, str, datetime], ...]
    stages: tuple[ReviewStage, ...]
    total: TotalOfStages | None
    recused: tuple[str, ...]
    files: tuple[FileView, ...]

    @property
    def opinions(self) -> tuple[Submission, ...]:
        """What the panels found, the latest first."""
        return tuple(s for s in self.submissions if s.form.id == PANEL_OPINION)


@guarded("ballot.view")
def view_candidate(desk: Desk, actor: Actor, ballot_id: int, candidate: str) -> CandidateFile:
    """Return the file of a candidate of a ballot.

    Raises:
        NotFound: no such candidate, or nothing is kept of it here.
        NotAllowed: the actor is not on the roll, is recused from the candidate, or the count is done.
    """
    with desk.store.read() as tx:
        row = tx.ballots.get(ballot_id)
        member = require_sight(tx, actor, row)
        box = Box(row)
        matter = cases_voted_on(tx, row).get(candidate)
        if matter is None or candidate not in box.names:
            raise NotFound(Text("这次表决没有这一候选对象的档案。", "This ballot keeps no file of such a candidate."))
        case = tx.cases.get(matter.id)
        _require_file_access(tx, actor, row, member, candidate, case)
        package = desk.packages.get(case.definition, tx)
        places = {m.number: m.name for m in tx.rolls.select(ballot_id=row.id)}
        recusals = tx.ballot_recusals.select(ballot_id=row.id)
        has_recusal = member is not None and any(r.number == member.number for r in recusals)
        return CandidateFile(
            ballot=row.id,
            title=row.title,
            case=case,
            name=box.names[candidate],
            hint=next(c.hint for c in box.candidates if c.id == candidate),
            submissions=submissions_of(desk, tx, actor, case, package, opened=PANEL_OPINION),
            findings=tuple(
                FindingLine(f.text, f.result, cite(package, f.clauses), describe_missing_facts(package, f))
                for f in tx.findings.select(case_id=case.id, current=True)
            ),
            documents=_list_documents(tx, case.id),
            shared=_list_documents(tx, row.case_id) if row.case_id != case.id and not has_recusal else (),
            stages=stages_of_case(tx, package, case, actor, wide=actor.oversees(case.jurisdiction)),
            total=_find_total(tx, row.case_id, case.id),
            recused=tuple(places.get(r.number, "") for r in recusals if r.candidate == candidate),
            files=list_visible_uploads(tx, package, case, readable_uploads(tx, actor, case, package)),
        )


def _find_total(tx: Transaction, round_id: int, case_id: int) -> TotalOfStages | None:
    """Return how the newest ranking of the round added up the stages of a case."""
    for event in tx.history.newest(round_id):
        for ranking in event.data.get("rankings") or ():
            entrant = next((row for row in ranking["entrants"] if row["case"] == case_id), None)
            if entrant is None:
                continue
            weights = {stage: Fraction(weight) for stage, weight in ranking["weights"].items()}
            points = {stage: Fraction(entrant["stages"].get(stage, 0)) for stage in weights}
            bonus = Fraction(entrant["bonus"])
            stages = tuple((stage, shown(points[stage]), _format_percent(weights[stage])) for stage in weights)
            total = sum((points[stage] * weights[stage] for stage in weights), bonus)
            return TotalOfStages(shown(total), stages, shown(bonus) if bonus else "") if len(weights) > 1 else None
    return None


def _format_percent(weight: Fraction) -> str:
    percent = weight * 100
    return str(percent.numerator) if percent.denominator == 1 else shown(percent)


def is_recused_from(
    tx: Transaction, actor: Actor, row: BallotRow, member: RollRow, candidate: str, case: CaseRow
) -> bool:
    """Return whether a member of the roll is recused from ``candidate``, by this ballot or by the records."""
    declared = any(r.candidate == candidate for r in tx.ballot_recusals.select(ballot_id=row.id, number=member.number))
    return declared or is_recused(actor.in_person, case)


def reads_as_voter(tx: Transaction, actor: Actor, case: CaseRow) -> bool:
    """Return whether ``actor`` may read papers of ``case`` as a voter on it or on a candidate in it.

    The papers of a round speak of every candidate: who is recused from one of them does not get those here.
    """
    for place in filter(None, (case.id, case.parent_id)):
        for row in tx.ballots.select(case_id=place):
            member = place_on_roll(tx, actor, row) if row.state in _RUNNING else None
            if member is None:
                continue
            standing = {name for name, matter in cases_voted_on(tx, row).items() if matter.id == case.id}
            if standing and not any(is_recused_from(tx, actor, row, member, name, case) for name in standing):
                return True
            if (
                not standing
                and case.id == row.case_id
                and not tx.ballot_recusals.select(ballot_id=row.id, number=member.number)
            ):
                return not actor.in_person.recused
    return False


def _require_file_access(
    tx: Transaction, actor: Actor, row: BallotRow, member: RollRow | None, candidate: str, case: CaseRow
) -> None:
    if is_recused(actor if member is None else actor.in_person, case) or (
        member is not None and is_recused_from(tx, actor, row, member, candidate, case)
    ):
        raise NotAllowed(
            Text(
                "您对这一候选对象已经回避，不能查看其材料、评审报告和得分。",
                "You are recused from this candidate and may not see its papers, report and scores.",
            )
        )
    if row.state not in _RUNNING and not actor.oversees(row.jurisdiction):
        raise NotAllowed(
            Text(
                "表决已经结束，候选对象的档案不再开放；结果和复核计票仍可查看。",
                "The vote is over and the candidates' files are closed; the result can still be seen and counted again.",
            )
        )


def _list_documents(tx: Transaction, case_id: int) -> tuple[tuple[int, str, str, datetime], ...]:
    return tuple((d.id, d.title, d.number or "", d.issued_at) for d in tx.documents.select(case_id=case_id))
