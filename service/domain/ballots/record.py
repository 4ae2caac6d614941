"""The count record: everything needed to repeat a count, published once the box is empty and its key destroyed.

Slips stand in clear, each with a random salt by which they are sorted: the order is that of the salts,
the salts keep anybody from testing guesses against the fingerprint that went on record with the count.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from service.domain.ballots.agenda import Agenda, Candidate, agenda_json, candidate_json, read_agenda, read_candidate
from service.domain.ballots.count import count
from service.domain.ballots.outcome import Outcome, outcome_json
from service.domain.ballots.papers import Mark, Papers
from service.domain.ballots.roll import Roll, Voter
from service.domain.ballots.rules import Rules, read_rules
from service.domain.errors import Invalid
from service.domain.text import Text

FORMAT = "laurel-count-1"


class BadRecord(Invalid):
    """A record that cannot be read as one."""

    code = "bad_record"
    sentence = Text(
        "这不是完整的计票记录，无法复核。请重新下载计票记录文件。",
        "This is no complete count record: download it again.",
    )


def make_record(
    box: str,
    title: str,
    parameters: Mapping[str, Any],
    rules: Rules,
    roll: Roll,
    candidates: Sequence[Candidate],
    agenda: Agenda,
    papers: Papers,
    outcome: Outcome,
    withdrawn: frozenset[str],
    receipts: Sequence[str],
    random: Random,
) -> dict[str, Any]:
    """Return the record as JSON; voters appear without names, ordered by what is said of them."""
    questions = agenda.questions(rules.unit)
    return {
        "format": FORMAT,
        "box": box,
        "title": title,
        "rules": dict(parameters),
        "candidates": [candidate_json(c) for c in candidates],
        "agenda": agenda_json(agenda),
        "withdrawn": sorted(withdrawn),
        "roll": sorted(
            (
                {"weight": v.weight, "recused": sorted(v.recused), "marked": v.marked}
                | ({"attended": v.attended} if rules.ask_attendance else {})
                | ({"hall": True} if v.hall else {})
                for v in roll.voters
            ),
            key=_get_order_key,
        ),
        "in_hall": sum(v.weight for v in roll.voters if v.hall),
        "papers": {"valid": papers.valid, "spoiled": papers.spoiled},
        "slips": {q.key: _salt_slips(papers.slips.get(q, ()), random) for q in questions},
        "receipts": sorted(receipts),
        "salt": random.randbytes(16).hex(),
        "outcome": outcome_json(outcome),
        "after": agenda_json(outcome.after),
    }


def fingerprint_of(record: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a record in canonical JSON."""
    text = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def recount(record: Mapping[str, Any]) -> Outcome:
    """Count again from the record alone.

    Raises:
        BadRecord: if it is not one.
        BoxMismatch: if papers, slips and marks do not add up.
    """
    try:
        rules, agenda = read_rules(record["rules"]), read_agenda(record["agenda"])
        voters = tuple(
            Voter(n, "", v["weight"], frozenset(v["recused"]), v["marked"], v.get("attended", False))
            for n, v in enumerate(record["roll"], 1)
        )
        slips = {q: tuple(Mark(s["mark"]) for s in record["slips"][q.key]) for q in agenda.questions(rules.unit)}
        papers = Papers(record["papers"]["valid"], record["papers"]["spoiled"], slips)
        candidates = [read_candidate(c) for c in record["candidates"]]
        withdrawn = frozenset(record["withdrawn"])
    except (KeyError, TypeError, ValueError, AttributeError, StopIteration):
        raise BadRecord from None
    return count(papers, rules, Roll(voters), candidates, agenda, withdrawn)


def agrees(record: Mapping[str, Any], again: Outcome) -> bool:
    """Return whether a repeated count says what the record says."""
    return outcome_json(again) == record.get("outcome") and agenda_json(again.after) == record.get("after")


def _salt_slips(slips: Sequence[Mark], random: Random) -> list[dict[str, str]]:
    salted = [{"salt": random.randbytes(16).hex(), "mark": str(mark)} for mark in slips]
    return sorted(salted, key=lambda slip: slip["salt"])


def _get_order_key(voter: Mapping[str, Any]) -> tuple[Any, ...]:
    return voter["weight"], voter["recused"], voter["marked"], voter.get("attended", False), voter.get("hall", False)


_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Digits and letters without those that look alike (0 O, 1 I)."""


def draw_receipts(many: int, random: Random) -> list[str]:
    """Return ``many`` different numbers, as ``7K4M-Q2XD``: drawn by chance, before anybody votes, they say nothing of a vote."""
    numbers: dict[str, None] = {}
    while len(numbers) < many:
        signs = "".join(random.choice(_SIGNS) for _ in range(8))
        numbers[f"{signs[:4]}-{signs[4:]}"] = None
    return list(numbers)
