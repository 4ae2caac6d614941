"""Ballots of a past round as they can be repeated: who was on the rolls and recused, and what was counted.

A secret ballot is on record by its counts alone: so many for, against and abstaining are cast, whoever cast which. An open
one is repeated by name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from service.casework.ballots.box import Box
from service.domain.ballots import Mark, Question
from service.store import Transaction
from service.store.repositories.review.ballots import IN_HALL, NOT_VOTED
from service.store.rows import BallotRow, ResultRow, RollRow

_LETTERS = {Mark.YES: "y", Mark.NO: "n", Mark.ABSTAIN: "-"}
_NOTHING, _AWAY, _SPOILED = ".", "x", "s"
Steps = Iterator[tuple[datetime, dict[str, Any]]]


def ballot_steps(
    tx: Transaction, ballot: BallotRow, nicks: Mapping[int, str], plain: Callable[[Any], Any], teller: str
) -> Steps:
    """Yield when a counted ballot was voted on, with the steps that do so; nothing of others.

    ``nicks`` are those of the cases, ``plain`` masks a reason, ``teller`` counts the papers of the hall beside the office. Where
    everybody voted the papers come in at the count, else when the ballot opened: no time of a paper is kept.
    """
    result = tx.ballots.result(ballot.id)
    if result is None:
        return
    roll, box = tx.ballots.roll(ballot.id), Box(ballot)
    words = _words(box, nicks)
    everybody = all(member.state != NOT_VOTED for member in roll)
    at = result.counted_at if everybody else ballot.opened_at
    recusals = tx.ballots.recusals(ballot.id)
    for one in recusals:
        word = next((word for asked, word in words.items() if asked.candidate == one.candidate), None)
        if word is not None:
            yield at, {"recuse": {word: one.number}, "reason": plain(one.reason)}
    recused = {(one.number, one.candidate) for one in recusals}
    said = _by_name(roll, words) if not box.rules.secret else by_count(roll, result, words, recused)
    on_screen = {word: _of_part(letters, roll, in_hall=False) for word, letters in said.items()}
    if any(member.state not in (NOT_VOTED, IN_HALL) for member in roll):
        yield at, {"vote": on_screen, "recorded": True}
    if any(member.state == IN_HALL for member in roll):
        entered = {word: _of_part(letters, roll, in_hall=True) for word, letters in said.items()}
        yield at, {"as": ballot.teller_role, "hall": entered, "teller": teller}
    if not everybody and (ballot.closes_at is None or result.counted_at < ballot.closes_at):
        yield result.counted_at, {"as": "office", "close_vote": "提前截止"}


def members_on_rolls(tx: Transaction, cases: Iterable[int]) -> dict[int, str]:
    """Return what the people on the rolls of ballots are called, ``role#number``, by person; units on a roll are none."""
    words: dict[int, str] = {}
    for case in cases:
        for ballot in tx.ballots.of_case(case):
            for place in tx.ballots.roll(ballot.id) if not ballot.units else ():
                if place.person_id is not None and place.person_id not in words:
                    number = sum(word.startswith(f"{ballot.role}#") for word in words.values()) + 1
                    words[place.person_id] = f"{ballot.role}#{number}"
    return words


def _words(box: Box, nicks: Mapping[int, str]) -> dict[Question, str]:
    """Return what a season calls what a paper asks: the candidate's case, with the tier where there are several."""
    several = len({asked.tier for asked in box.questions}) > 1
    found = {}
    for asked in box.questions:
        ident = asked.candidate
        nick = nicks.get(int(ident), ident) if ident.isdecimal() else ident
        found[asked] = f"{nick}/{asked.tier}" if several else nick
    return found


def _by_name(roll: list[RollRow], words: Mapping[Question, str]) -> dict[str, str]:
    """Return the marks of an open ballot, member by member."""
    return {
        word: "".join(
            _AWAY if member.state == NOT_VOTED else _mark((member.open_paper or {}).get(asked.key)) for member in roll
        )
        for asked, word in words.items()
    }


def _mark(mark: Any) -> str:
    return _LETTERS[Mark(mark)] if mark else _NOTHING


def by_count(
    roll: list[RollRow], result: ResultRow, words: Mapping[Question, str], recused: set[tuple[int, str]]
) -> dict[str, str]:
    """Return the counts of a secret ballot as marks of those who voted and were not recused.

    Votes in favour go to whoever has the fewest of them yet, so that no paper holds more than it may.
    """
    lines = {(str(line["tier"]), str(line["candidate"])): line for line in result.outcome.get("lines", ())}
    hall = [member.number for member in roll if member.state == IN_HALL]
    spoiled = set(hall[len(hall) - int(result.outcome.get("spoiled") or 0) :])
    given: Counter[tuple[str, int]] = Counter()
    found = {}
    for asked, word in words.items():
        line: Mapping[str, Any] = lines.get((asked.tier, asked.candidate)) or next(
            (x for x in lines.values() if x["tier"] == asked.tier), {}
        )
        voting = [m for m in roll if m.state != NOT_VOTED and m.number not in spoiled]
        free = [m for m in voting if (m.number, asked.candidate) not in recused]
        free.sort(key=lambda m: (given[asked.tier, m.number], m.number))
        marks = _dealt(free, {letter: int(line.get(mark.value, 0)) for mark, letter in _LETTERS.items()})
        given.update((asked.tier, number) for number, letter in marks.items() if letter == _LETTERS[Mark.YES])
        found[word] = "".join(_letter(member, marks, spoiled) for member in roll)
    return found


def _dealt(members: Iterable[RollRow], left: dict[str, int]) -> dict[int, str]:
    """Return who has which mark, by place on the roll, until so many papers as are ``left`` of each are dealt out."""
    marks = {}
    for member in members:
        letter = next((letter for letter, count in left.items() if count >= member.weight), None)
        if letter is not None:
            marks[member.number] = letter
            left[letter] -= member.weight
    return marks


def _letter(member: RollRow, marks: Mapping[int, str], spoiled: Collection[int]) -> str:
    if member.state == NOT_VOTED:
        return _AWAY
    return _SPOILED if member.number in spoiled else marks.get(member.number, _NOTHING)


def _of_part(letters: str, roll: list[RollRow], *, in_hall: bool) -> str:
    """Return the marks of those who voted in the hall, or on the screen; the others stay away."""
    return "".join(
        letter if (member.state == IN_HALL) == in_hall else _AWAY for letter, member in zip(letters, roll, strict=True)
    )
