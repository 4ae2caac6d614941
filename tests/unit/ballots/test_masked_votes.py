"""A secret ballot of a past round is dealt out again: its counts hold, and no paper says more than one might have said."""

from __future__ import annotations

from datetime import UTC, datetime

from service.casework.studio.replay.masked_votes import by_count
from service.domain.ballots import Question
from service.store.rows import ResultRow, RollRow

AT = datetime(2026, 3, 12, tzinfo=UTC)
WORDS = {Question("prize", name): name for name in "abc"}


def roll(*states: int) -> list[RollRow]:
    return [RollRow(ballot_id=1, number=n, name=str(n), weight=1, state=state) for n, state in enumerate(states, 1)]


def counted(spoiled: int = 0, **marks: tuple[int, int, int]) -> ResultRow:
    lines = [
        {"tier": "prize", "candidate": name, "yes": yes, "no": no, "abstain": abstain}
        for name, (yes, no, abstain) in marks.items()
    ]
    outcome = {"lines": lines, "spoiled": spoiled}
    return ResultRow(ballot_id=1, outcome=outcome, record={}, fingerprint="", counted_at=AT)


def test_counts_hold_and_votes_in_favour_are_spread() -> None:
    said = by_count(roll(1, 1, 1), counted(a=(2, 1, 0), b=(2, 0, 1), c=(2, 1, 0)), WORDS, set())
    assert [sorted(letters) for letters in said.values()] == [sorted("yyn"), sorted("yy-"), sorted("yyn")]
    assert [[said[x][n] for x in "abc"].count("y") for n in range(3)] == [2, 2, 2], "two names a paper at most"


def test_whoever_was_recused_or_stayed_away_marks_nothing_and_a_spoiled_paper_stays_spoiled() -> None:
    said = by_count(roll(0, 2, 2, 2), counted(1, a=(1, 0, 0), b=(1, 1, 0), c=(0, 2, 0)), WORDS, {(2, "a")})
    assert said["a"] == "x.ys"
    assert sorted(said["b"]) == sorted("xyns")
    assert said["c"] == "xnns"
