"""Count a ballot: the urn is opened, counted and emptied in one step, and its keys are destroyed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from service.casework.access.actor import office_role
from service.casework.audit.intact import require_intact
from service.casework.ballots.box import COUNTED, OPEN, VOID, Box, require_marked, require_named, roll_of, stored_urn
from service.casework.ballots.recusals import list_recusals
from service.casework.ballots.standing import is_awaited, list_awaiting_calls, settle_counts, standing_for
from service.casework.desk.desk import Desk
from service.casework.desk.urns import UrnKeys, urns_of
from service.casework.step.post import add_page_link, queue_to
from service.casework.step.step import Step
from service.casework.subjects.register_facts import former_names
from service.domain.ballots import (
    Agenda,
    ChairChoice,
    Elected,
    Mark,
    Outcome,
    Papers,
    PlaceResult,
    Question,
    Roll,
    agenda_json,
    count,
    fingerprint_of,
    is_anybody_left,
    make_record,
    outcome_json,
    read_agenda,
    settle_by_chair,
    settle_held,
)
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text, join_sentences
from service.store import KeyFolderGone, NewWork, Transaction
from service.store.models import BallotRow, PersonRow, ResultRow

KEYS = "ballot_keys"
"""Kind of the work item by which the keys of a counted ballot are destroyed."""


def count_ballot(
    step: Step, ballot_id: int, withdrawn: Sequence[str], attended: Sequence[str] | None = None
) -> dict[str, Any]:
    """Close, count and publish a ballot of the step's case; a ballot counted before gives its result again.

    Where nothing is left to vote on of what that count wanted voted on again, since candidates have ``withdrawn``, the places
    are given out by the votes that it held.

    ``attended`` are those who signed in: row numbers of people, or of units where these vote.

    Raises:
        Conflict: it was made void, or was called anew and not everybody has voted.
        NotIntact: ballot, roll or recusals are not what is on record.
        UrnDamaged, BoxMismatch, KeyLost: the stored ballot was tampered with; nothing is counted.
    """
    row = _of_case(step, ballot_id)
    out = frozenset(str(w) for w in withdrawn)
    if row.state == COUNTED:
        _settle_left(step, row, out)
        return result_of(step.tx, step.tx.ballots.get(row.id))
    if row.state == VOID:
        raise Conflict(Text(f"“{row.title}”已经作废。", f"“{row.title}” is void."))
    if row.state == OPEN and is_awaited(row) and row.cast < row.issued:
        raise Conflict(
            Text(
                f"“{row.title}”已重新发起，正在投票；全部投完或者办公室截止后自动计票。",
                f"“{row.title}” was called anew and is being voted on: it is counted once everybody has voted or the office"
                " closes it.",
            )
        )
    require_intact(step.desk, step.tx, step.case.id)
    box, roll = Box(row), roll_of(step.tx, row.id)
    roll = _signed_in(step, box, roll, attended)
    papers = _collect_papers(step.desk, step.tx, box)
    outcome = count(papers, box.rules, roll, box.candidates, box.agenda, out)
    _publish_result(step, box, roll, papers, outcome, out)
    if is_awaited(row):
        settle_counts(step, list_awaiting_calls(step, row))
    return result_of(step.tx, step.tx.ballots.get(row.id))


def _settle_left(step: Step, row: BallotRow, out: frozenset[str]) -> None:
    result, after = step.tx.ballot_results.find(ballot_id=row.id), read_agenda(row.after)
    assert result is not None
    if not after.contests or result.outcome["chair"] or is_anybody_left(after, out):
        return
    box = Box(row)
    settled = settle_held(box.rules, roll_of(step.tx, row.id), box.candidates, after, out)
    step.tx.ballots.change(row.id, after=agenda_json(settled.after))
    chair = outcome_json(settled)["chair"]
    step.tx.ballot_results.change_where(
        {"ballot_id": row.id}, outcome={**result.outcome, "chair": chair, "undecided": []}
    )
    step.audit("ballot", f"“{row.title}”：{settled.why.zh}", row.element, {"ballot": row.id})


def _signed_in(step: Step, box: Box, roll: Roll, attended: Sequence[str] | None) -> Roll:
    """Return the roll with those who signed in; others were guests. Raises Invalid without required attendance."""
    if not box.rules.ask_attendance:
        return roll
    if attended is None:
        raise Invalid(
            Text(
                f"“{box.row.title}”按到会人数计算，却没有签到记录。请在计票的 attended 中给出签到的成员。",
                f"“{box.row.title}” counts who was there, but no sign-in is given: say who signed in (“attended” of the count).",
            )
        )
    named = set(attended)
    members = step.tx.rolls.select(ballot_id=box.row.id)
    numbers = {m.number for m in members if str(m.person_id or m.body_id) in named}
    step.audit("ballot", f"签到{len(named)}人，其中名册上{len(numbers)}人", box.row.element, {"ballot": box.row.id})
    return roll.with_attendance(numbers)


def decide_tie(step: Step, ballot_id: int, chosen: Sequence[str], withdrawn: Sequence[str] = ()) -> dict[str, Any]:
    """Give tied places to the candidates the chair ``chosen``; those who have ``withdrawn`` are candidates no more.

    Raises Conflict where nothing is tied, Invalid where too many are chosen, or one who was not tied or has withdrawn.
    """
    row = _of_case(step, ballot_id)
    result = step.tx.ballot_results.find(ballot_id=row.id)
    if result is None or not result.outcome["chair"]:
        raise Conflict(Text("没有须由主持人决定的名额。", "There is no tie for the chair to decide."))
    box, names = Box(row), [str(c) for c in chosen]
    choices = [ChairChoice(c["tier"], c["places"], tuple(c["candidates"]), c["votes"]) for c in result.outcome["chair"]]
    by_tier = {c.tier: [n for n in names if n in c.candidates] for c in choices}
    out = frozenset(str(w) for w in withdrawn)
    after = settle_by_chair(choices, by_tier, read_agenda(row.after), box.candidates, box.rules, out)
    step.tx.ballots.change(row.id, after=agenda_json(after))
    step.tx.ballot_results.change_where({"ballot_id": row.id}, outcome={**result.outcome, "chair": [], "chosen": names})
    chosen_names = "、".join(box.names[n] for n in names if n in box.names) or "无"
    step.audit("ballot", f"末位得票相同，主持人决定：{chosen_names}", row.element, {"ballot": row.id})
    return result_of(step.tx, step.tx.ballots.get(row.id))


def cancel_ballot(step: Step, ballot_id: int, reason: str) -> None:
    """Make a ballot void: its papers are never read, its keys are destroyed; raises Conflict after the count."""
    row = _of_case(step, ballot_id)
    if row.state == COUNTED:
        raise Conflict(Text(f"“{row.title}”已经计票，不能作废。", f"“{row.title}” is counted and cannot be void."))
    _end_ballot(step, row, VOID, None)
    step.audit("ballot", voided_words(row, reason), row.element, {"ballot": row.id, VOIDED: reason})


def void_ballot(step: Step, ballot_id: int, why: Text) -> None:
    """Make a ballot void, as `cancel_ballot`, and tell everybody on its roll, voted or not, ``why`` nobody votes any more."""
    cancel_ballot(step, ballot_id, why.zh)
    row = step.tx.ballots.get(ballot_id)
    subject = Text(f"“{row.title}”作废", f"“{row.title}” is void")
    text = Text(
        f"表决“{row.title}”作废：{why.zh}。不再投票，也不计票；已经投出的选票不会打开。",
        f"The ballot “{row.title}” is void: {why.en}. Nobody votes in it and it is not counted; no paper is opened.",
    )
    queue_to(
        step, everybody_on_roll(step, row), f"ballot-void:{row.id}", subject, add_page_link(text, f"/ballots/{row.id}")
    )


VOIDED = "voided"
"""Key under which the event of a void ballot says why."""


def voided_words(row: BallotRow, reason: str) -> str:
    """Return what the history says of a void ballot."""
    return f"表决“{row.title}”作废：{reason}"


def result_of(tx: Transaction, row: BallotRow) -> dict[str, Any]:
    """Return the result of a counted ballot as variables of the diagram."""
    result = tx.ballot_results.find(ballot_id=row.id)
    assert result is not None
    outcome, after, names = result.outcome, read_agenda(row.after), _names_today(tx, Box(row))
    chair, undecided = bool(outcome["chair"]), outcome.get("undecided", ())
    again = bool(after.contests) and not chair
    passed = _passed_unopposed(tx, row, after)
    return {
        "ballot": row.id,
        "quorum": outcome["quorum"],
        "elected": [
            {
                "candidate": int(e.candidate) if e.candidate.isdecimal() else e.candidate,
                "name": names[e.candidate],
                "tier": e.tier,
                "votes": passed.get(e, e.votes),
                "unopposed": e in passed,
            }
            for e in after.elected
        ],
        "votes": [
            {
                "candidate": int(line["candidate"]) if line["candidate"].isdecimal() else line["candidate"],
                "name": names.get(line["candidate"], ""),
                **{key: line[key] for key in ("tier", "yes", "no", "abstain", "base", "passed")},
            }
            for line in outcome["lines"]
        ],
        "unopposed": [
            names[line["candidate"]]
            for line in outcome["lines"]
            if line["result"] == PlaceResult.ELECTED and not line["passed"]
        ],
        "vacant": sum(n for _, n in after.vacant),
        "second_ballot": outcome["second_ballot"],
        "undecided": [names[c] for c in undecided],
        "next_tier": again and outcome["quorum"] and not outcome["second_ballot"] and not undecided,
        "again": again,
        "chair": chair,
        "chair_places": sum(choice["places"] for choice in outcome["chair"]),
        "attending": outcome.get("attending"),
        "tied": [c for choice in outcome["chair"] for c in choice["candidates"]],
        "voted_next": [c for contest in after.contests for c in contest.candidates] if again else [],
        "issued": outcome["issued"],
        "cast": outcome["cast"],
        "unused": outcome["unused"],
        "valid": outcome["valid"],
        "spoiled": outcome["spoiled"],
        "recused": list_recusals(tx, Box(row)),
    }


def _passed_unopposed(tx: Transaction, row: BallotRow, after: Agenda) -> dict[Elected, int]:
    """Return who of the series has a place since no rival was left in a run-off, with the votes with which it passed before."""
    lines: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for ident in sorted(b.id for b in tx.ballots.select(case_id=row.case_id, state=COUNTED) if b.id <= row.id):
        result = tx.ballot_results.find(ballot_id=ident)
        for line in result.outcome["lines"] if result else ():
            lines.setdefault((line["tier"], line["candidate"]), []).append(line)
    passed = {}
    for elected in after.elected:
        own = lines.get((elected.tier, elected.candidate), [])
        tied = [line for line in own if line["result"] == PlaceResult.RUNOFF]
        if tied and (own[-1] is tied[-1] or own[-1]["result"] == PlaceResult.NO_QUORUM or not own[-1]["passed"]):
            passed[elected] = tied[-1]["yes"]
    return passed


def _names_today(tx: Transaction, box: Box) -> dict[str, str]:
    """Return the candidates' names by id, today's of those renamed or succeeded since the papers were made."""
    subjects = {str(case.id): case.subject_id for case in tx.cases.select(parent_id=box.row.case_id)}
    bodies = tx.bodies.by_id({ident for ident in subjects.values() if ident is not None})
    names = box.names
    for candidate, name in names.items():
        body = bodies.get(subjects.get(candidate) or 0)
        if body is not None and body.name not in name:
            former = [old for old in former_names(tx, body) if old in name]
            names[candidate] = name.replace(max(former, key=len), body.name) if former else name
    return names


def next_agenda(row: BallotRow) -> Agenda:
    """Return the ballot that a count asked for; raises Conflict when there is none."""
    after = read_agenda(row.after) if row.after else None
    if row.state != COUNTED or after is None or not after.contests:
        raise Conflict(Text(f"“{row.title}”之后没有须再投的票。", f"Nothing is to be voted after “{row.title}”."))
    return after


def _of_case(step: Step, ballot_id: int) -> BallotRow:
    row = step.tx.ballots.lock(standing_for(step.tx, ballot_id).id)
    if row.case_id != step.case.id:
        raise Conflict(Text("这次表决不属于本办件。", "This ballot belongs to another case."))
    return row


def _collect_papers(desk: Desk, tx: Transaction, box: Box) -> Papers:
    roll = tx.rolls.select(ballot_id=box.row.id)
    require_marked(box, roll)
    if urn := stored_urn(box, roll):
        return urns_of(desk).empty(urn)
    require_named(box, roll)
    slips: dict[Question, list[Mark]] = {q: [] for q in box.questions}
    members = [m for m in roll if m.state]
    for member in members:
        for question in box.questions:
            mark = (member.open_paper or {}).get(question.key)
            slips[question] += [Mark(mark)] * member.weight if mark else []
    return Papers(sum(m.weight for m in members), 0, {q: tuple(s) for q, s in slips.items()})


def _publish_result(
    step: Step, box: Box, roll: Roll, papers: Papers, outcome: Outcome, withdrawn: frozenset[str]
) -> None:
    row, tx = box.row, step.tx
    receipts = [member.receipt for member in tx.rolls.select(ballot_id=row.id) if member.state]
    record = make_record(
        row.box, row.title, row.rules, box.rules, roll, box.candidates, box.agenda, papers, outcome, withdrawn,
        receipts, step.desk.randomness,
    )  # fmt: skip
    fingerprint = fingerprint_of(record)
    tx.ballot_results.add(
        ResultRow(
            ballot_id=row.id,
            outcome=outcome_json(outcome),
            record=record,
            fingerprint=fingerprint,
            counted_at=step.now,
        )
    )
    _end_ballot(step, row, COUNTED, agenda_json(outcome.after))
    _notify_result(step, row, outcome)
    step.audit(
        "ballot",
        f"“{row.title}”计票：应发{outcome.issued}票，实投{outcome.cast}票，未投{outcome.unused}票，"
        f"有效{outcome.valid}票，作废{outcome.spoiled}票，会场纸质票{record['in_hall']}票；{outcome.why.zh}",
        row.element,
        {"ballot": row.id, "fingerprint": fingerprint},
    )


def _notify_result(step: Step, row: BallotRow, outcome: Outcome) -> None:
    """Notify the office, and every member of the roll alike, voted or not, of the result, what follows and the recount."""
    subject = Text(f"“{row.title}”已计票", f"“{row.title}” is counted")
    recount = Text("得票可以查看，也可以重新计票核对。", "The votes can be seen, and counted again.")
    text = join_sentences([*_list_outcomes(Box(row), outcome), _explain_standing(outcome), recount], "\n")
    office = step.tx.people.people_with(step.case.jurisdiction, office_role(step.package), None, step.now)
    people = {person.id: person for person in (*everybody_on_roll(step, row), *office)}
    queue_to(step, people.values(), f"ballot:{row.id}", subject, add_page_link(text, f"/ballots/{row.id}"))


def _explain_standing(outcome: Outcome) -> Text:
    if outcome.chair:
        return Text("末位得票相同，接着由主持人决定。", "The last places are tied: the chair decides next.")
    if outcome.after.contests:
        return Text("还须再次表决，投票另行通知。", "A further ballot follows and is announced.")
    return Text("本次表决办结，办件已转入下一步。", "The vote is over: the case has gone on to its next step.")


def _list_outcomes(box: Box, outcome: Outcome) -> list[Text]:
    """Return what was decided, a sentence for each tier voted; why it is not where there was no quorum."""
    if not outcome.quorum or outcome.undecided:
        return [outcome.why]
    sentences = []
    for contest in box.agenda.contests:
        tier = box.agenda.tier(contest.tier)
        won = [box.names[e.candidate] for e in outcome.elected if e.tier == tier.id]
        names = "、".join(won)
        if tier.motion:
            sentences.append(Text("表决通过。", "Carried.") if won else Text("表决没有通过。", "Not carried."))
            continue
        result = Text(f"当选：{names}", f"elected: {names}") if won else Text("没有当选的", "nobody is elected")
        sentences.append(Text(f"“{tier.name.zh}”{result.zh}。", f"“{tier.name.en}”: {result.en}."))
    return sentences


def everybody_on_roll(step: Step, row: BallotRow) -> list[PersonRow]:
    """Return who is on the roll of a ballot, and for a unit who holds its seat."""
    roll = step.tx.rolls.select(ballot_id=row.id)
    people = list(step.tx.people.by_id({m.person_id for m in roll if m.person_id is not None}).values())
    for body in sorted({m.body_id for m in roll if m.body_id is not None and m.person_id is None}):
        people += step.tx.people.people_with(step.case.jurisdiction, row.role, body, step.now)
    return people


def _end_ballot(step: Step, row: BallotRow, state: str, after: Mapping[str, Any] | None) -> None:
    close_ballot(step.desk, step.tx, row, state, after)
    step.pending.work.append(destruction_of(row, step.now))


def destruction_of(row: BallotRow, now: datetime) -> NewWork:
    """Return the work that destroys the keys of a ballot."""
    return NewWork(KEYS, row.case_id, f"{KEYS}:{row.id}", {"box": row.box}, now)


def close_ballot(desk: Desk, tx: Transaction, row: BallotRow, state: str, after: Mapping[str, Any] | None) -> None:
    """Let a ballot be over: what of its urn and keys stands in its row goes, and so do the tasks of who has not voted."""
    tx.ballots.change(
        row.id, state=state, after=after, urn=None, key_name=None, old_key=None, sheet=None, sheet_by=None
    )
    open_tasks = [m.task_id for m in tx.rolls.select(ballot_id=row.id) if m.task_id is not None and not m.state]
    if open_tasks:
        tx.ballots.finish_tasks(open_tasks, "cancelled")
    urns = urns_of(desk)
    tx.after_commit(lambda: _destroy_keys(urns, row.box))


def _destroy_keys(urns: UrnKeys, box: str) -> None:
    with suppress(OSError, KeyFolderGone):  # the work item tries again until it is done
        urns.destroy(box)
