"""Scenario verbs of ballots: installing members, casting a whole vote in one step, closing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from service.casework.access.actor import Actor, Seat
from service.casework.ballots.box import OPEN, Box
from service.casework.ballots.cast_vote import cast_vote
from service.casework.ballots.close_ballot import close_ballot
from service.casework.ballots.declare_recusal import declare_recusal
from service.casework.ballots.hall import SUPERVISOR, enter_hall_vote
from service.casework.simulate.scenarios.scenario import Move, ScenarioMistake
from service.casework.simulate.scenarios.words import ABSENT, LETTERS, SPOILED
from service.casework.simulate.stage.stage import PlayState
from service.catalog import Package
from service.domain.ballots import MARKS, HallSheet, Mark, question_name
from service.domain.text import Text
from service.store import Transaction
from service.store.models import BallotRow, MembershipRow, PersonRow, RollRow

MOST_MEMBERS = 1000
"""So many people a step puts on a list at once."""


def add_ballot_members(stage: PlayState, move: Move, actor: Actor) -> None:  # noqa: ARG001  the list is filled as by an import
    """``members: {role: leading_group, body: …, count: 9}``: put that many people on the list, before the ballot opens.

    They are called ``leading_group#1`` and so on, where a person acts and where a form names one; another
    step for the same role numbers on.
    """
    data: Mapping[str, Any] = move.value
    place, now = stage.package.jurisdiction, stage.desk.clock.now()
    role = str(data["role"])
    if not 1 <= int(data["count"]) <= MOST_MEMBERS:
        raise ScenarioMistake(
            Text(
                f"第{move.number}步：一次列入1至{MOST_MEMBERS}人。",
                f"Step {move.number}: list between 1 and {MOST_MEMBERS} people at once.",
            )
        )
    holding = [b.id for b in place.bodies if role in b.roles]
    key = str(data.get("body") or (holding[0] if holding else ""))
    with stage.desk.store.write() as tx:
        body = tx.bodies.find(jurisdiction=place.id, key=key)
        if body is None:
            raise ScenarioMistake(
                Text(f"第{move.number}步：没有担任“{role}”的单位。", f"Step {move.number}: no body holds “{role}”.")
            )
        first = len(stage.cast.members_of(role)) + 1
        for number in range(first, first + int(data["count"])):
            name = f"{role}#{number}"
            person = tx.people.insert(PersonRow(
                login=f"scenario-{name}", name=name,
                created_at=now,
            ))  # fmt: skip
            tx.memberships.give(
                MembershipRow(person_id=person, body_id=body.id, jurisdiction=place.id, role=role, since=now)
            )
            seat = Seat(place.id, role, body.id, body.key, body.name, body.kind)
            stage.cast.introduce(name, Actor(person, name, (seat,)))


def cast_votes(stage: PlayState, move: Move, actor: Actor) -> None:  # noqa: ARG001  the members vote, not who is named
    """``vote: {甲: yyyyyynnn, 乙: yyy-nnnnx}``: one letter per member of the roll, for the open ballot of the case.

    y in favour, n against, ``-`` abstention, ``.`` nothing (recused), x stays away. Where one paper asks
    for two tiers, ``甲/tier`` names the tier.
    """
    with stage.desk.store.read() as tx:
        row = _get_open_ballot(stage, tx, move)
        roll = tx.rolls.select(ballot_id=row.id)
        voters = [_get_voter(stage, tx, row, member) for member in roll]
    votes = _select_recorded_votes(stage, Box(row), move) if move.keys.get("recorded") else move.value
    papers = _build_papers(stage, Box(row), votes, len(roll), move.number)
    for voter, paper in zip(voters, papers, strict=True):
        if paper is not None:
            cast_vote(stage.desk, voter, row.id, paper)


def _select_recorded_votes(stage: PlayState, box: Box, move: Move) -> dict[str, str]:
    """Return what a recorded vote says of those on the paper now; raises ScenarioMistake for whom nobody voted on then."""
    letters_by_key = {}
    for word, letters in move.value.items():
        with suppress(ScenarioMistake):
            letters_by_key[_get_question_key(stage, box, str(word), move.number)] = (word, letters)
    unasked = [question_name(q, box.names) for q in box.questions if q.key not in letters_by_key]
    if unasked:
        names = [name.zh for name in unasked]
        raise ScenarioMistake(
            Text(
                f"当时的表决没有问到：{'、'.join(names)}。没有投过的票无从得知，重演停在这里。",
                f"The vote on record did not ask about {', '.join(names)}: how it would have been cast is unknown, and the "
                "replay stops here.",
            )
        )
    return dict(letters_by_key.values())


def other_teller(package: Package, voting: str) -> str:
    """Return the role of who counts beside the office: supervision where it does not vote itself, else the government."""
    bodies = [body for body in package.jurisdiction.bodies if body.roles and voting not in body.roles]
    kinds = {str(body.kind): body.roles[0] for body in reversed(bodies)}
    return kinds.get(SUPERVISOR) or kinds.get("government") or "office"


def enter_hall_papers(stage: PlayState, move: Move, actor: Actor) -> None:
    """``hall: {甲: yyynss}, teller: supervisor``: papers of those present, entered by who acts and by another teller.

    Letters as in ``vote``; s hands in a spoiled paper, ``.`` and x none.
    """
    with stage.desk.store.read() as tx:
        row = _get_open_ballot(stage, tx, move)
        roll = tx.rolls.select(ballot_id=row.id)
    letters = {
        _get_question_key(stage, Box(row), str(word), move.number): str(said) for word, said in move.value.items()
    }
    for word, member_letters in letters.items():
        _require_all(word, member_letters, len(roll), move.number)
    spoiled = [
        n for n in range(len(roll)) if any(question_letters[n] == SPOILED for question_letters in letters.values())
    ]
    handed = [
        n
        for n in range(len(roll))
        if n in spoiled or any(question_letters[n] in LETTERS for question_letters in letters.values())
    ]
    valid = [n for n in handed if n not in spoiled]
    counts = {
        key: [sum(roll[n].weight for n in valid if LETTERS.get(question_letters[n]) == mark) for mark in Mark]
        for key, question_letters in letters.items()
    }
    marks = {key: (yes, no, abstain) for key, (yes, no, abstain) in counts.items()}
    sheet = HallSheet(tuple(roll[n].number for n in handed), sum(roll[n].weight for n in spoiled), marks)
    for teller in (actor, stage.cast.actor(str(move.keys.get("teller")))):
        enter_hall_vote(stage.desk, teller, row.id, sheet)


def recuse_member(stage: PlayState, move: Move, actor: Actor) -> None:  # noqa: ARG001  the member declares, not who is named
    """``recuse: {甲: 3}, reason``: let the third member of the roll declare a recusal from the vote on one candidate."""
    with stage.desk.store.read() as tx:
        row = _get_open_ballot(stage, tx, move)
        roll = {m.number: m for m in tx.rolls.select(ballot_id=row.id)}
        declared = [(word, _get_voter(stage, tx, row, roll[int(number)])) for word, number in move.value.items()]
    reason = str(move.keys.get("reason", "利害关系"))
    for word, member in declared:
        candidate = _get_question_key(stage, Box(row), str(word), move.number).partition(":")[2]
        declare_recusal(stage.desk, member, row.id, candidate, reason)


def close_vote(stage: PlayState, move: Move, actor: Actor) -> None:
    """``close_vote: reason``: let the office close the open ballot of the case before everybody has voted."""
    with stage.desk.store.read() as tx:
        row = _get_open_ballot(stage, tx, move)
    close_ballot(stage.desk, actor, row.id, str(move.value))


def ballots(stage: PlayState, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what an expectation ``ballot: 1`` may look at: the ballots of a case, counted from 1."""
    records = []
    with stage.desk.store.read() as tx:
        for number, ballot in enumerate(tx.ballots.select(case_id=stage.case(row.get("case"))), 1):
            box, result = Box(ballot), tx.ballot_results.find(ballot_id=ballot.id)
            outcome = result.outcome if result else {}
            records.append(
                {
                    "ballot": number,
                    "state": ballot.state,
                    "title": ballot.title,
                    "round": max(c.round for c in box.agenda.contests),
                    "tiers": [c.tier for c in box.agenda.contests],
                    "candidates": _as_written(
                        stage, row.get("candidates"), box, [n for c in box.agenda.contests for n in c.candidates]
                    ),
                    "elected": _as_written(
                        stage, row.get("elected"), box, [e["candidate"] for e in outcome.get("elected", ())]
                    ),
                    "hints": {c.name: c.hint for c in box.candidates},
                    "scores": {c.name: None if c.score is None else float(c.score) for c in box.candidates},
                    "vacant": sum(n for _, n in outcome.get("vacant", ())),
                    "text": "；".join(line["why"]["zh"] for line in outcome.get("lines", ()))
                    + outcome.get("why", {}).get("zh", "")
                    + _by_name(box, tx.rolls.select(ballot_id=ballot.id)),
                    **{k: outcome.get(k) for k in ("quorum", "issued", "cast", "valid", "spoiled", "second_ballot")},
                }
            )
    return records


def _by_name(box: Box, roll: Sequence[RollRow]) -> str:
    """Return who voted how, where the ballot is open."""
    if box.rules.secret:
        return ""
    question_names = {q.key: question_name(q, box.names).zh for q in box.questions}
    marks = [(m.name, key, mark) for m in roll for key, mark in (m.open_paper or {}).items()]
    return "".join(f"；{name}对{question_names[key]}：{MARKS[Mark(mark)].zh}" for name, key, mark in marks)


def _as_written(stage: PlayState, written: object, box: Box, candidates: Sequence[str]) -> list[str]:
    """Return ``written`` when it names just these candidates in any order, by nickname or name; else their names, sorted."""
    names = sorted(box.names[c] for c in candidates)
    if not isinstance(written, list):
        return names
    expected_names = sorted(box.names.get(str(stage.cases.get(str(word))), str(word)) for word in written)
    return [str(word) for word in written] if expected_names == names else names


def _get_open_ballot(stage: PlayState, tx: Transaction, move: Move) -> BallotRow:
    row = next((b for b in reversed(tx.ballots.select(case_id=stage.case(move.case))) if b.state == OPEN), None)
    if row is None:
        raise ScenarioMistake(
            Text(f"第{move.number}步：办件“{move.case}”没有进行中的表决。", f"Step {move.number}: no ballot is open.")
        )
    return row


def _get_voter(stage: PlayState, tx: Transaction, row: BallotRow, member: RollRow) -> Actor:
    """Return who casts for ``member``: the person, or for a unit its person on the list, else any person of it."""
    if member.person_id is None:
        body = tx.bodies.get(member.body_id or 0)
        named = stage.cast.acting_for(tx, body.id, row.role)
        if named is not None:
            return named
        return Actor(None, member.name, (Seat(row.jurisdiction, row.role, body.id, body.key, body.name, body.kind),))
    memberships = tx.memberships.list_valid(member.person_id, stage.desk.clock.now())
    bodies = tx.bodies.by_id({m.body_id for m in memberships})
    seats = [
        Seat(m.jurisdiction, m.role, m.body_id, bodies[m.body_id].key, bodies[m.body_id].name, bodies[m.body_id].kind)
        for m in memberships
    ]
    return Actor(member.person_id, member.name, tuple(seats))


def _build_papers(
    stage: PlayState, box: Box, votes: Mapping[str, str], size: int, step: int
) -> list[dict[str, str] | None]:
    papers: list[dict[str, str] | None] = [{} for _ in range(size)]
    for word, letters in votes.items():
        _require_all(str(word), str(letters), size, step)
        key = _get_question_key(stage, box, str(word), step)
        for index, letter in enumerate(str(letters)):
            paper = papers[index]
            if letter == ABSENT:
                papers[index] = None
            elif paper is not None and letter in LETTERS:
                paper[key] = LETTERS[letter]
    return papers


def _require_all(word: str, letters: str, size: int, step: int) -> None:
    if len(letters) != size:
        raise ScenarioMistake(
            Text(
                f"第{step}步：名册上有{size}个成员，“{word}”写了{len(letters)}个字母。",
                f"Step {step}: {size} members are on the roll; “{word}” has {len(letters)} letters.",
            )
        )


def _get_question_key(stage: PlayState, box: Box, word: str, step: int) -> str:
    """Return the question that ``word`` means: the name of a candidate's case, of the organisation, or as printed.

    Ids that are words (``motion``) may be written too; a row's number never counts: an organisation's may be another
    one's case number.
    """
    nick, _, tier = word.partition("/")
    cases = {str(stage.cases[nick])} if nick in stage.cases else set()
    called = {nick, *stage.cast.names_of(nick)}
    questions = [q for q in box.questions if not tier or q.tier == tier]
    ids = cases | ({nick} if not nick.isdecimal() else set())
    matches = [q for q in questions if q.candidate in ids] or [
        q for q in questions if box.names.get(q.candidate) in called
    ]
    if len({q.candidate for q in matches}) == 1:
        return matches[0].key
    names = "、".join(box.names.values())
    if matches:
        raise ScenarioMistake(
            Text(
                f"第{step}步：选票上叫“{word}”的不止一个，请写办件名。选票上有：{names}。",
                f"Step {step}: more than one candidate is called “{word}”; write the name of the case: {names}.",
            )
        )
    raise ScenarioMistake(
        Text(
            f"第{step}步：“{word}”不在选票上，选票上有：{names}。",
            f"Step {step}: “{word}” is not on the paper: {names}.",
        )
    )


BALLOT_DOERS: Mapping[str, Callable[[PlayState, Move, Actor], None]] = {
    "members": add_ballot_members,
    "vote": cast_votes,
    "hall": enter_hall_papers,
    "recuse": recuse_member,
    "close_vote": close_vote,
}
"""What happens at a ballot, by verb."""
