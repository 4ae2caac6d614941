"""Effect of recusals (回避) on ballots: a member recused from an applicant takes no part in the vote on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from service.casework.access.actor import Actor
from service.casework.ballots.box import OPEN, Box, roll_of
from service.casework.step.step import Step
from service.casework.subjects.case_subjects import subject_ids
from service.domain.errors import NotAllowed
from service.domain.text import Text
from service.store import Transaction
from service.store.models import BallotRecusalRow, BallotRow, CaseRow, RollRow

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


def recuse_from_open_ballots(step: Step, person: int, body: int, reason: str) -> None:
    """Apply a new recusal of ``person`` to open ballots in which they have not voted yet."""
    if step.case.parameters.get(EXCUSED) is False:
        return
    for case_id in filter(None, (step.case.id, step.case.parent_id)):
        for row in step.tx.ballots.select(case_id=case_id):
            member = step.tx.rolls.find_member(row.id, person, ()) if row.state == OPEN else None
            if member is None or member.state:
                continue
            out = applicants(step.tx, case_id, Box(row).names).get(body, ())
            rows = [{"number": member.number, "candidate": c, "reason": reason, "declared": False} for c in out]
            put_recusals(step.tx, row, rows)


def put_recusals(tx: Transaction, row: BallotRow, recusal_rows: Iterable[Mapping[str, Any]]) -> None:
    """Put recusals on record; the task of whoever is to vote on nothing any more ends."""
    for recusal in recusal_rows:
        tx.ballot_recusals.insert_new(BallotRecusalRow(ballot_id=row.id, **recusal))
    box = Box(row)
    asked, voters = box.agenda.questions(box.rules.unit), roll_of(tx, row.id).voters
    out = {v.number for v in voters if v.recused and all(v.recused_from(q, box.agenda) for q in asked)}
    tasks = (m.task_id for m in tx.rolls.select(ballot_id=row.id) if m.number in out)
    tx.ballots.finish_tasks([task for task in tasks if task is not None], "cancelled")


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
