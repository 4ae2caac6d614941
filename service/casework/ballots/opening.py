"""Open a ballot: freeze the roll, draw the order, make the keys, give every member a task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import Any

from service.casework.access.actor import office_role
from service.casework.ballots.box import OPEN, Box, bound_by, frozen_rules
from service.casework.ballots.entitlement import Member, members_of_role, members_on, with_vote
from service.casework.ballots.recusals import put_recusals, recusals_at_opening, recuse_tied
from service.casework.desk.jsonable import to_json_value
from service.casework.desk.urns import urns_of
from service.casework.step.announce import announce_task
from service.casework.step.instants import require_instant
from service.casework.step.limits.days import NO_DUE_DATE
from service.casework.step.limits.votes import KIND
from service.casework.step.post import list_responsible_people
from service.casework.step.step import Step
from service.domain.ballots import (
    Agenda,
    BallotTier,
    Candidate,
    Rules,
    UrnShape,
    agenda_json,
    candidate_json,
    draw_receipts,
    first_agenda,
    read_rules,
    read_threshold,
)
from service.domain.errors import Invalid
from service.domain.text import Text, join_sentences, text_of
from service.sdk import BallotSpec, ElementView
from service.store.models import BallotRow, RollRow, TaskRow


@dataclass(frozen=True, slots=True)
class BallotElement:
    """Where on the diagram a ballot is opened."""

    process_id: str
    element: ElementView


def open_ballot(step: Step, place: BallotElement, spec: BallotSpec) -> int:
    """Open the first ballot of a series; returns its id; raises Invalid without voters or candidates."""
    parameters = to_json_value(frozen_rules(step.case.parameters, spec.rules))
    rules = read_rules(parameters)
    tiers = [_build_tier(step, t) for t in spec.tiers]
    candidates = [_build_candidate(row, tiers, rules) for row in to_json_value(list(spec.candidates))]
    agenda = first_agenda(tiers, candidates, rules)
    step.desk.randomness.shuffle(candidates)
    columns = {
        "role": spec.role,
        "units": spec.units,
        "voters": spec.voters,
        "teller_role": spec.teller_role or office_role(step.package),
        "rules": parameters,
        "candidates": [candidate_json(c) for c in candidates],
        "title": spec.title,
        "closes_at": require_instant(spec.closes_at, Text("投票截止", "the close of the vote")),
        "previous_id": None,
    }
    members = _select_entitled_members(step, members_of_role(step, spec.role, spec.units, spec.body), spec)
    recusals = _read_recusals(spec.recusals, members, {c.id for c in candidates})
    return _insert_ballot(step, place, _in_drawn_order(agenda, candidates), rules, columns, members, recusals)


def open_next_ballot(
    step: Step, place: BallotElement, before: BallotRow, agenda: Agenda, closes_at: datetime | None, why: Text
) -> int:
    """Open the ballot that ``before`` asked for, with the same rules; on its roll are those of before who still may vote.

    They are told ``why`` they vote again.
    """
    box = Box(before)
    names = ("role", "units", "voters", "teller_role", "rules", "candidates", "title")
    columns = {name: getattr(before, name) for name in names}
    columns |= {"closes_at": closes_at, "previous_id": before.id}
    member_keys = {(m.person_id, m.unit_id) for m in members_of_role(step, before.role, before.units, None)}
    old = members_on(step, step.tx.rolls.select(ballot_id=before.id))
    entitled = {
        n: m for n, m in old.items() if (m.person_id, m.unit_id) in member_keys and with_vote(step, before.voters, m)
    }
    if not entitled:
        raise _without_voters(before.role)
    places = {number: place for place, number in enumerate(entitled, 1)}
    recusals = [
        {"number": places[r.number], "candidate": r.candidate, "reason": r.reason, "declared": r.declared}
        for r in step.tx.ballot_recusals.select(ballot_id=before.id)
        if r.number in places
    ]
    return _insert_ballot(step, place, agenda, box.rules, columns, list(entitled.values()), recusals, why)


def explain_voided(title: str, ground: str) -> Text:
    """Return why a ballot is held in the place of one that is void."""
    return Text(
        f"表决“{title}”作废：{ground}。已经投出的选票不会打开，投过票的也请重新投票。",
        f"The ballot “{title}” is void: {ground}. No paper is opened. Please vote again, also if you had voted.",
    )


def explain_next(before: BallotRow, agenda: Agenda, outcome: Mapping[str, Any]) -> Text:
    """Return why ``agenda`` is voted after the ballot ``before``, which had this outcome."""
    if not outcome["quorum"] or outcome.get("undecided"):
        return text_of(outcome["why"])
    names, parts = Box(before).names, []
    for contest in agenda.contests:
        tier = agenda.tier(contest.tier).name
        tied = [names[c] for c in contest.candidates]
        if contest.runoff:
            parts.append(
                Text(
                    f"{'、'.join(tied)}在上一次投票中得票相同，就“{tier.zh}”余下的{contest.places}个名额在他们之间再投一次票。",
                    f"{', '.join(tied)} had equal votes: a ballot among them on what is left of “{tier.en}” ({contest.places}).",
                )
            )
        elif contest.round > 1:
            parts.append(
                Text(
                    f"上一次投票没有定下“{tier.zh}”的{contest.places}个名额，就此再投一次票。",
                    f"The ballot before left “{tier.en}” open ({contest.places}): it is voted on again.",
                )
            )
        else:
            parts.append(
                Text(f"前一类已经表决，接着表决“{tier.zh}”。", f"The tier above is decided; “{tier.en}” follows.")
            )
    return join_sentences(parts, " ")


def _list_candidate_names(agenda: Agenda) -> list[str]:
    return sorted({name for contest in agenda.contests for name in contest.candidates})


def _insert_ballot(
    step: Step,
    place: BallotElement,
    agenda: Agenda,
    rules: Rules,
    columns: Mapping[str, Any],
    members: Sequence[Member],
    recusals: Sequence[Mapping[str, Any]],
    why: Text | None = None,
) -> int:
    box = step.desk.randomness.randbytes(16).hex()
    weight = rules.votes_per_voter
    places = [[n, m.person_id, m.unit_id, weight, 0] for n, m in enumerate(members, 1)]
    bound = bound_by(columns["rules"], columns["candidates"], agenda_json(agenda), places)
    shape = UrnShape(box, agenda.questions(rules.unit), weight * len(members), bound=bound)
    made = urns_of(step.desk).make(shape, secret=rules.secret)
    ident = step.tx.ballots.insert(
        BallotRow(
            case_id=step.case.id,
            jurisdiction=step.case.jurisdiction,
            box=box,
            process_id=place.process_id,
            element=place.element.id,
            clauses=list(place.element.clauses),
            agenda=agenda_json(agenda),
            state=OPEN,
            opened_at=step.now,
            issued=shape.issued,
            urn=made.urn,
            key_name=made.key_name,
            **columns,
        )
    )
    asked = {**columns, "asked": _tiers_in_words(agenda)}
    _freeze_roll(step, place, ident, asked, members, rules.votes_per_voter, why)
    voters = {m.person_id: n for n, m in enumerate(members, 1) if m.person_id is not None}
    recusals = [*recusals, *recuse_tied(step, ident, _list_candidate_names(agenda), members)]
    if out := (*recusals, *recusals_at_opening(step, _list_candidate_names(agenda), voters)):
        put_recusals(step.tx, step.tx.ballots.get(ident), out)
    step.audit(
        "ballot",
        f"发起表决“{columns['title']}”：应发{shape.issued}票",
        place.element.id,
        {"ballot": ident, "issued": shape.issued},
    )
    return ident


def _freeze_roll(
    step: Step, place: BallotElement, ident: int, columns: Mapping[str, Any], members: Sequence[Member], weight: int,
    why: Text | None,
) -> None:  # fmt: skip
    tasks = [_build_vote_task(step, place, ident, number, member, columns) for number, member in enumerate(members, 1)]
    ids = step.tx.tasks.insert_many(tasks)
    receipts = draw_receipts(len(members), step.desk.randomness)
    step.tx.rolls.add(*[
            RollRow(
                ballot_id=ident, number=number, person_id=m.person_id, body_id=m.unit_id, name=m.name,
                weight=weight, task_id=task_id, receipt=receipt,
            )
            for number, (m, task_id, receipt) in enumerate(zip(members, ids, receipts, strict=True), 1)
        ])  # fmt: skip
    for task_id, row in zip(ids, tasks, strict=True):
        task = replace(row, id=task_id)
        announce_task(step, task, list_responsible_people(step.tx, step.package, step.case, task, step.now), why)


def _tiers_in_words(agenda: Agenda) -> str:
    """Say which tiers are voted, and which ballot of the series it is; "" of the first one on a motion."""
    rounds = {agenda.tier(c.tier): f"第{c.round}次" if c.round > 1 else "" for c in agenda.contests}
    words = "、".join(f"{'' if tier.motion else tier.name.zh}{again}" for tier, again in rounds.items())
    return f"（{words}）" if words else ""


def _build_vote_task(
    step: Step, place: BallotElement, ident: int, number: int, member: Member, columns: Mapping[str, Any]
) -> TaskRow:
    return TaskRow(
        case_id=step.case.id,
        engine_id=f"ballot:{ident}:{number}",
        process_id=place.process_id,
        element=place.element.id,
        kind=KIND,
        title=f"投票：{columns['title']}{columns['asked']}",
        subject=step.case.title,
        jurisdiction=step.case.jurisdiction,
        role=columns["role"],
        body_id=member.task_body,
        assignee_id=member.person_id,
        personal=member.person_id is not None,
        clauses=list(place.element.clauses),
        due_at=columns["closes_at"] or NO_DUE_DATE,
        note={"ballot": ident},
        created_at=step.now,
    )


def _select_entitled_members(step: Step, members: Sequence[Member], spec: BallotSpec) -> list[Member]:
    """Return the members whom the diagram's condition lets vote; raises Invalid when there is nobody."""
    if not members:
        raise Invalid(
            Text(
                f"没有担任“{spec.role}”的成员，不能发起表决。请先登记成员名单。",
                f"Nobody holds the role “{spec.role}”: record the members first.",
            )
        )
    entitled = [m for m in members if with_vote(step, spec.voters, m)]
    if not entitled:
        raise _without_voters(spec.role)
    return entitled


def _without_voters(role: str) -> Invalid:
    return Invalid(
        Text(
            f"担任“{role}”的成员都没有表决权，不能发起表决。请检查成员名单和表决规则。",
            f"Nobody who holds the role “{role}” may vote: look at the members and at the rules of the vote.",
        )
    )


def _read_recusals(
    recusal_rows: Sequence[Mapping[str, Any]], members: Sequence[Member], candidates: set[str]
) -> list[dict[str, Any]]:
    numbers = {m.key: n for n, m in enumerate(members, 1)}
    rows = []
    for row in recusal_rows:
        voter, candidate = str(row.get("voter")), str(row.get("candidate"))
        if voter in numbers and candidate in candidates:
            reason = str(row.get("reason") or "利益关系")
            rows.append({"number": numbers[voter], "candidate": candidate, "reason": reason, "declared": False})
    return rows


def _build_tier(step: Step, row: Mapping[str, Any]) -> BallotTier:
    ident = str(row.get("id"))
    tier_name = next((t.text for t in step.package.award.tiers if t.id == ident), None)
    row_name = Text(str(row["name"]), str(row.get("name_en") or row["name"])) if row.get("name") else None
    name = tier_name or row_name
    threshold = str(row.get("threshold") or "")
    if threshold:
        read_threshold(threshold)
    return BallotTier(ident, name or Text("表决事项", "Motion"), int(row.get("places") or 0), name is None, threshold)


def _build_candidate(row: Mapping[str, Any], tiers: Sequence[BallotTier], rules: Rules) -> Candidate:
    if not isinstance(row, Mapping) or row.get("id") is None:
        raise Invalid(Text("候选名单的每一行都须有 id。", "Every candidate needs an id."))
    names = [t.id for t in tiers]
    tier_id = str(row["tier"]) if row.get("tier") is not None else None
    stands: tuple[str, ...] = ()
    if tier_id is not None:
        stands = tuple(names[names.index(tier_id) :]) if rules.fall_back and tier_id in names else (tier_id,)
    score = None if row.get("score") is None else Fraction(str(row["score"]))
    name = str(row.get("name") or row.get("title") or row["id"])
    return Candidate(str(row["id"]), name, score, stands, str(row.get("href") or ""), str(row.get("hint") or ""))


def _in_drawn_order(agenda: Agenda, candidates: Sequence[Candidate]) -> Agenda:
    order = {c.id: n for n, c in enumerate(candidates)}
    contests = tuple(replace(c, candidates=tuple(sorted(c.candidates, key=order.__getitem__))) for c in agenda.contests)
    return replace(agenda, contests=contests)
