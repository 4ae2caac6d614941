"""Recusals (回避) on record, as a ballot meets them: who is recused from an applicant takes no part in the vote on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from service.casework.actor import Actor
from service.casework.ballots.box import OPEN, Box
from service.casework.held import held_by
from service.casework.step import Step
from service.domain.errors import NotAllowed
from service.domain.text import Text
from service.store import Transaction
from service.store.ballot_rows import BallotRow, RollRow
from service.store.rows import CaseRow

EXCUSED = "recusal_of_voters"
"""Parameter by which a city may let recusals bind reviewers only; where it is not set they bind voters too."""


def on_record(step: Step, candidates: Iterable[str], voters: Mapping[int, int]) -> list[dict[str, Any]]:
    """Return the recusals on record that concern a ballot which opens now, as `Ballots.recuse` takes them.

    ``candidates`` are case numbers where organisations stand; ``voters`` maps persons to their places on the roll.
    """
    if step.case.parameters.get(EXCUSED) is False or not voters:
        return []
    standing = applicants(step.tx, step.case.id, candidates)
    known = step.tx.experts.recusals(sorted(standing))
    return [
        {"number": voters[r.person_id], "candidate": standing[r.body_id], "reason": r.reason, "declared": False}
        for r in known
        if r.person_id in voters
    ]


def applicants(tx: Transaction, case_id: int, candidates: Iterable[str]) -> dict[int, str]:
    """Return the candidates of a ballot of case ``case_id`` that are applications below it, by organisation."""
    names = set(candidates)
    rows = tx.cases.children(case_id)
    return {body: str(c.id) for c in rows if str(c.id) in names for body in held_by(c)}


def matters(tx: Transaction, row: BallotRow) -> Mapping[str, CaseRow]:
    """Return by candidate the case that is voted on: an application below the ballot's case, or that case itself.

    The second where the motion is about the organisation of the ballot's own case, such as a revocation.
    """
    names = {name for contest in Box(row).agenda.contests for name in contest.candidates}
    below = {str(c.id): c for c in tx.cases.children(row.case_id)}
    found = {name: below[name] for name in names if name in below}
    own = tx.cases.get(row.case_id)
    if own.subject_id is not None:
        found |= {name: own for name in names if name not in found}
    return found


def take_off_open_ballots(step: Step, person: int, body: int, reason: str) -> None:
    """Let somebody who is recused while a ballot is open, and has not voted yet, take no part in it any more."""
    if step.case.parameters.get(EXCUSED) is False:
        return
    for case_id in filter(None, (step.case.id, step.case.parent_id)):
        for row in step.tx.ballots.of_case(case_id):
            member = step.tx.ballots.member(row.id, person, ()) if row.state == OPEN else None
            candidate = applicants(step.tx, case_id, Box(row).names).get(body) if member is not None else None
            if member is not None and candidate is not None and not member.state:
                step.tx.ballots.recuse(
                    {
                        "ballot_id": row.id, "number": member.number, "candidate": candidate,
                        "reason": reason, "declared": False,
                    }
                )  # fmt: skip


def demand_free(tx: Transaction, actor: Actor, row: BallotRow, member: RollRow) -> None:
    """Raise NotAllowed when somebody would vote for their unit on an organisation they are recused from.

    A person on the roll votes on the rest of the paper; a unit sends somebody who is free for the whole of it.
    """
    if member.body_id is None or not actor.recused or tx.cases.get(row.case_id).parameters.get(EXCUSED) is False:
        return
    names = Box(row).names
    kept = [names[c] for body, c in applicants(tx, row.case_id, names).items() if body in actor.recused]
    if kept:
        raise NotAllowed(
            Text(
                f"您（{actor.name}）对“{'、'.join(kept)}”已经回避，不能代表“{member.name}”投票，请由本单位其他人员投票。",
                f"You ({actor.name}) are recused from {', '.join(kept)} and cannot vote for “{member.name}”: "
                "somebody else of your unit must.",
            )
        )
