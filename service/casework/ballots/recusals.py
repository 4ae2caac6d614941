"""Effect of recusals (回避) on ballots: a member recused from an applicant takes no part in the vote on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.tie_guard import decided_at
from service.casework.ballots.box import Box, roll_of
from service.casework.ballots.entitlement import Member
from service.casework.step.post import add_page_link, queue_to
from service.casework.step.step import Step
from service.casework.subjects.case_subjects import subject_ids
from service.casework.subjects.employers import UNIT_ITSELF, applicants_of
from service.casework.subjects.ties import Lookback, PersonTie, list_person_ties
from service.domain.ballots.roll import Voter
from service.domain.errors import NotAllowed
from service.domain.text import Text
from service.store import Transaction
from service.store.models import BallotRecusalRow, BallotRow, CaseRow, RecusalRow, RollRow

EXCUSED = "recusal_of_voters"
"""Parameter by which a city may let recusals bind reviewers only; where it is not set they bind voters too."""


def recusals_at_opening(step: Step, candidates: Iterable[str], voters: Mapping[int, int]) -> list[dict[str, Any]]:
    """Return the recusals on record that concern a ballot which opens now, as `Ballots.recuse` takes them.

    ``candidates`` are case numbers where organisations stand; ``voters`` maps persons to their places on the roll.
    """
    if step.case.parameters.get(EXCUSED) is False or not voters:
        return []
    standing = applicants(step.tx, step.case.id, candidates)
    recusal_rows = step.tx.recusals.list_about(sorted(standing), sorted(voters))
    return [
        {"number": voters[r.person_id], "candidate": name, "reason": r.reason, "declared": False}
        for r in sorted(
            recusal_rows, key=lambda r: r.jurisdiction != step.case.jurisdiction
        )  # a city's own reason counts
        if r.person_id in voters and r.lifted_at is None
        for name in standing.get(r.body_id, ())
    ]


def recuse_tied(
    step: Step, ballot_id: int, candidates: Iterable[str], members: Sequence[Member]
) -> list[dict[str, Any]]:
    """Recuse everybody on the roll of a ballot that opens whom the records tie to a candidate, unless it was decided otherwise.

    Of people it goes on record, and they are told; of units it is returned, as `put_recusals` takes it.
    """
    if step.case.parameters.get(EXCUSED) is False:
        return []
    cases = _cases_of(step.tx, step.case.id, candidates)
    bodies = applicants_of(step.tx, sorted({case.id for case in cases.values()}))
    names = _by_applicant(cases)
    people = {m.person_id: m.name for m in members if m.person_id is not None}
    experts = step.tx.experts.select(jurisdiction=step.case.jurisdiction, person_id=sorted(people)) if people else []
    lookback = Lookback.by_parameters(step.case.parameters, step.today)
    decided = decided_at(step.tx, cases.values(), people)
    for tie in list_person_ties(step.tx, bodies, people, experts, lookback, step.now):
        last = decided.get((tie.person, tie.body))
        if last is None or (tie.noted_at is not None and tie.noted_at.isoformat() > last):
            _recuse_person(step, ballot_id, tie)
    return [
        {"number": number, "candidate": name, "reason": UNIT_ITSELF.zh, "declared": False}
        for number, member in enumerate(members, 1)
        for applicant in bodies
        if member.unit_id is not None and applicant.includes(member.name)
        for name in names[applicant.body.id]
    ]


def _recuse_person(step: Step, ballot_id: int, tie: PersonTie) -> None:
    rule = step.package.award.parameters.get(EXCUSED)
    fresh = step.tx.recusals.insert_new(
        RecusalRow(
            jurisdiction=step.case.jurisdiction,
            person_id=tie.person,
            body_id=tie.body,
            case_id=step.case.id,
            reason=tie.words.zh,
            source="record",
            clauses=list(rule.clauses) if rule is not None else [],
            decided_at=step.now,
        )
    )
    if not fresh:
        return
    person, body = step.tx.people.get(tie.person), step.tx.bodies.get(tie.body).name
    step.audit(
        "recusal",
        f"{person.name}回避{body}：{tie.words.zh}（记录在案）",
        None,
        {"person": tie.person, "body": tie.body},
    )
    text = Text(
        f"记录显示您与{body}有利害关系：{tie.words.zh}。您回避，本次表决不就其投票。记录有误的，请告知办公室解除回避。",
        f"On record is a tie of yours to {body}: {tie.words.en}. You are recused and do not vote on it. Where the record is "
        "wrong, tell the office, which can end the recusal.",
    )
    subject = Text(f"表决须回避：{body}", f"Recused from the vote: {body}")
    key = f"ballot-recused:{ballot_id}:{tie.body}"
    queue_to(step, [person], key, subject, add_page_link(text, f"/ballots/{ballot_id}"))


def list_recusals(tx: Transaction, box: Box) -> list[str]:
    """Return who was recused from which candidate of a ballot's series, by name, in the order of the roll."""
    voters = {member.number: member.name for member in tx.rolls.select(ballot_id=box.row.id)}
    rows = sorted(tx.ballot_recusals.select(ballot_id=box.row.id), key=lambda r: (r.number, r.candidate))
    return [f"{voters[r.number]}对{box.names[r.candidate]}" for r in rows]


def recusals_asked(tx: Transaction, box: Box) -> list[BallotRecusalRow]:
    """Return the recusals from what a ballot asks about; those of the series from other candidates are on record too."""
    asked = {name for contest in box.agenda.contests for name in contest.candidates}
    return [row for row in tx.ballot_recusals.select(ballot_id=box.row.id) if row.candidate in asked]


def applicants(tx: Transaction, case_id: int, candidates: Iterable[str]) -> dict[int, list[str]]:
    """Return by organisation the candidates of a ballot of case ``case_id`` that are about it."""
    return _by_applicant(_cases_of(tx, case_id, candidates))


def _by_applicant(cases: Mapping[str, CaseRow]) -> dict[int, list[str]]:
    names_by_body: dict[int, list[str]] = {}
    for name, case in sorted(cases.items()):
        for body in subject_ids(case):
            names_by_body.setdefault(body, []).append(name)
    return names_by_body


def cases_voted_on(tx: Transaction, row: BallotRow) -> Mapping[str, CaseRow]:
    """Return by candidate the case that is voted on: a child case of the ballot's case, or that case itself.

    The second where the motion is about the organisation of the ballot's own case, such as a revocation.
    """
    names = {name for contest in Box(row).agenda.contests for name in contest.candidates}
    return _cases_of(tx, row.case_id, names)


def _cases_of(tx: Transaction, case_id: int, candidates: Iterable[str]) -> dict[str, CaseRow]:
    names = set(candidates)
    child_cases = {str(c.id): c for c in tx.cases.select(parent_id=case_id) if str(c.id) in names}
    main_case = tx.cases.get(case_id)
    return child_cases if main_case.subject_id is None else dict.fromkeys(names, main_case) | child_cases


def put_recusals(tx: Transaction, row: BallotRow, recusal_rows: Iterable[Mapping[str, Any]]) -> None:
    """Put recusals on record; the task of whoever is to vote on nothing any more ends."""
    for recusal in recusal_rows:
        tx.ballot_recusals.insert_new(BallotRecusalRow(ballot_id=row.id, **recusal))
    out = {voter.number for voter in list_with_nothing_to_vote_on(tx, Box(row))}
    tasks = (m.task_id for m in tx.rolls.select(ballot_id=row.id) if m.number in out)
    tx.ballots.finish_tasks([task for task in tasks if task is not None], "cancelled")


def list_with_nothing_to_vote_on(tx: Transaction, box: Box) -> list[Voter]:
    """Return who has not voted and is recused from everything on the paper."""
    asked = box.agenda.questions(box.rules.unit)
    return [
        voter
        for voter in roll_of(tx, box.row.id).voters
        if voter.recused and not voter.marked and all(voter.recused_from(q, box.agenda) for q in asked)
    ]


def require_not_recused(tx: Transaction, actor: Actor, row: BallotRow, member: RollRow) -> None:
    """Raise NotAllowed when ``actor`` would vote for their unit on an organisation they are recused from.

    A person on the roll votes on the rest of the paper; a unit sends a person without any of these recusals.
    """
    if member.body_id is None or not actor.recused or tx.cases.get(row.case_id).parameters.get(EXCUSED) is False:
        return
    names = Box(row).names
    recused_names = [
        names[c] for body, about in applicants(tx, row.case_id, names).items() if body in actor.recused for c in about
    ]
    if recused_names:
        raise NotAllowed(
            Text(
                f"您（{actor.name}）对“{'、'.join(recused_names)}”已经回避，不能代表“{member.name}”投票，请由本单位其他人员投票。",
                f"You ({actor.name}) are recused from {', '.join(recused_names)} and cannot vote for “{member.name}”: "
                "another person of your unit must.",
            )
        )
