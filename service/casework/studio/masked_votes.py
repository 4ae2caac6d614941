"""Secret ballots of a past round as it can be repeated: so many for, against and abstaining, and who was on the rolls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from service.store import Transaction
from service.store.rows import BallotRow


def votes_of(tx: Transaction, ballot: BallotRow, nicks: Mapping[int, str]) -> dict[str, str]:
    """Return what a season writes of a counted ballot, a letter for each on the roll, by candidate; nothing of others."""
    result = tx.ballots.result(ballot.id)
    if result is None:
        return {}
    size = len(tx.ballots.roll(ballot.id))
    lines = result.outcome.get("lines", ())
    tiers = {line["tier"] for line in lines}
    said = {}
    for line in lines:
        ident = str(line["candidate"])
        nick = nicks.get(int(ident), ident) if ident.isdecimal() else ident
        letters = "y" * int(line["yes"]) + "n" * int(line["no"]) + "-" * int(line["abstain"])
        said[f"{nick}/{line['tier']}" if len(tiers) > 1 else nick] = letters[:size].ljust(size, ".")
    return said


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
