"""Two programs, written apart, come to the same days, panels, rankings and counts, whatever the rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from service.casework.sealing.law_part import layer_json
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.domain.ballots import (
    BallotTier,
    Candidate,
    Mark,
    Papers,
    Roll,
    Voter,
    agenda_json,
    candidate_json,
    count,
    first_agenda,
    outcome_json,
    read_rules,
)
from service.domain.calendar import RestDayRule, StartRule, calendar_window, working_window
from service.domain.errors import LaurelError
from service.domain.review import (
    DrawRules,
    Entrant,
    PoolExpert,
    SelectionLimits,
    choose,
    combine,
    draw,
    exact,
    shown,
    summed,
)
from service.domain.text import Text
from verifier.counts import differences
from verifier.draws import drawn
from verifier.rankings import standings
from verifier.scores import combined
from verifier.tally import Recount
from verifier.windows import Calendar, counted

CALENDARS = load_calendars(bundled_calendars())
WHY = Text("回避", "recused")


@pytest.mark.parametrize("key", ["cn", "cn-xinjiang"])
def test_days(key: str) -> None:
    calendar, random = CALENDARS[key], Random(7)
    layers = [layer_json(layer, range(2023, 2030)) for layer in calendar.layers]
    for _ in range(150):
        posted, length = date(2024, 1, 1) + timedelta(random.randrange(900)), random.randint(1, 40)
        rule, roll = random.choice(list(StartRule)), random.choice(list(RestDayRule))
        for unit in ("working_days", "calendar_days"):
            window = (
                working_window(calendar, posted, length, rule)
                if unit == "working_days"
                else calendar_window(calendar, posted, length, rule, roll)
            )
            told = {"unit": unit, "length": length, "posted_on": str(posted), "day_one": rule.value}
            found = counted({**told, "rest_day_rule": roll.value}, Calendar(layers))
            assert (found.first, found.last) == (window.first_day, window.last_day)
            assert found.sure == (not window.provisional)


def test_panels() -> None:
    random = Random(11)
    full = 0
    for number in range(400):
        size = random.randint(1, 9)
        pool = [
            PoolExpert(
                n, "", frozenset({"s"} if random.random() < 0.4 else ()), random.choice(["", "a", "b", "c"]),
                WHY if random.random() < 0.1 else None, random.random() < 0.4,
            )
            for n in range(1, size + 1)
        ]  # fmt: skip
        places = random.randint(1, 5)
        sitting = [n for n in range(1, size + 1) if random.random() < 0.1]
        rules = DrawRules(
            places, "s", random.randint(0, min(2, places)), random.randint(1, 2), random.random() < 0.3,
            random.choice([0, 0, 1, min(2, places)]), sitting=sitting,
        )  # fmt: skip
        conflicts = {n: WHY for n in range(1, size + 1) if random.random() < 0.1}
        taken = sorted({*sitting, *(n for n in range(1, size + 1) if random.random() < 0.05)})
        seed = f"seed {number}"
        try:
            wanted = [c.id for c in draw(pool, rules, seed, conflicts, taken).chosen]
        except LaurelError:
            wanted = None
        full += wanted is not None
        told: Mapping[str, Any] = {
            "seed": seed,
            "pool": [
                {"expert": c.id, "of_sector": "s" in c.sectors, "employer": c.body or None, "unfit": bool(c.unfit),
                 "outside": c.outside}
                for c in pool
            ],
            "rules": {
                "places": rules.places, "from_sector": rules.from_sector, "per_body": rules.per_body, "odd": rules.odd,
                "from_outside": rules.from_outside, "conflicts": sorted(conflicts), "taken": taken,
                **({"sitting": sitting} if sitting else {}),
            },
        }  # fmt: skip
        assert drawn(told) == wanted, told
    assert 100 < full < 350


def test_rankings() -> None:
    random = Random(13)
    for _ in range(200):
        weights = random.choice([{"a": Fraction(2, 5), "b": Fraction(3, 5)}, {"a": Fraction(1), "b": Fraction(1)}])
        tie = random.choice(["all_pass", "none_pass", "higher_sub_score"])
        rows = []
        for case in range(1, random.randint(2, 9)):
            stages = {s: Fraction(random.randint(1, 4), random.randint(1, 3)) for s in "ab" if random.random() < 0.95}
            rows.append((case, stages, Fraction(random.randint(-1, 1), 3), random.randint(0, 1)))
        limits = SelectionLimits(
            floors={"a": Fraction(random.randint(0, 2), 2)}, at_least=random.choice([None, Fraction(3, 2)]),
            places=random.choice([None, 0, 1, 2, 3]), reserve=random.randint(0, 2), shared=tie != "none_pass",
        )  # fmt: skip
        entrants = [
            Entrant(
                case, summed(stages, weights) + bonus, stages, (Fraction(finer),),
                (stages.get("b", Fraction(0)),) if tie == "higher_sub_score" else (),
            )
            for case, stages, bonus, finer in rows
        ]  # fmt: skip
        wanted = [
            {
                "case": c.applicant,
                "points": shown(c.points),
                "place": c.place,
                "passing": c.stop is None,
                "alternate": c.alternate,
            }
            for c in choose(entrants, limits)
        ]
        told = {
            "weights": {s: exact(w) for s, w in weights.items()}, "scale": {}, "tie": tie, "tie_stage": "b",
            "floors": {s: exact(f) for s, f in limits.floors.items()}, "places": limits.places,
            "at_least": None if limits.at_least is None else exact(limits.at_least), "reserve": limits.reserve,
            "entrants": [
                {"case": case, "stages": {s: exact(p) for s, p in stages.items()}, "bonus": exact(bonus), "finer": finer}
                for case, stages, bonus, finer in rows
            ],
        }  # fmt: skip
        assert standings(told) == wanted


def test_combined_scores() -> None:
    random = Random(17)
    for _ in range(60):
        values = [Fraction(random.randint(0, 99), 7) for _ in range(random.randint(1, 8))]
        for how in ("mean", "median", "trimmed_mean", "trimmed_mean_2"):
            assert combined(values, how) == combine(values, how)


PARAMETERS: Mapping[str, list[Any]] = {
    "vote_quorum": ["2/3", "> 1/2", 3, "all", None],
    "vote_threshold": ["> 1/2", ">= 2/3", "plurality", None],
    "vote_threshold_base": ["votes_cast", "members_present", "members_on_roll", "members_signed_in", None],
    "vote_unit": ["per_candidate", "per_candidate", "whole_list", "approval_up_to_quota"],
    "vote_max_ballots": [1, 2, 3],
    "vote_recused_in_denominator": [True, False],
    "quota_overflow": ["most_votes", "review_score", "new_ballot_among_passed"],
    "vote_tie": ["second_ballot_then_vacant", "review_score", "chair_decides", "all_vacant"],
    "vote_order_of_tiers": ["quality_first", "one_ballot_for_both"],
    "quota_transfer_between_tiers": [True, False],
    "vote_quorum_counts": ["papers", "sign_in", None],
}


def one_ballot(random: Random) -> dict[str, Any] | None:
    """A record as the program writes it, of a ballot that follows another one now and then."""
    values = {name: value for name, some in PARAMETERS.items() if (value := random.choice(some)) is not None}
    rules = read_rules(values)
    tiers = [
        BallotTier(t, Text(t, t), random.randint(0, 2), threshold=random.choice(["", "", "> 1/3", ">= 2/3"]))
        for t in ("x", "y")[: random.randint(1, 2)]
    ]
    candidates = [
        Candidate(
            str(n), "", random.choice([None, Fraction(random.randint(1, 3))]), random.choice([(), ("x",), ("y",)])
        )
        for n in range(1, random.randint(2, 6))
    ]
    try:
        agenda = first_agenda(tiers, candidates, rules)
    except LaurelError:
        return None
    for _ in range(random.randint(1, 3)):
        voters = tuple(
            Voter(
                n, "", random.choice([1, 1, 2]),
                frozenset(c.id for c in candidates if random.random() < 0.08), random.random() < 0.8, random.random() < 0.5,
            )
            for n in range(1, random.randint(3, 9))
        )  # fmt: skip
        roll = Roll(voters)
        slips = {
            q: tuple(
                random.choice([Mark.YES, Mark.YES, Mark.NO, Mark.ABSTAIN])
                for v in voters if v.marked and not v.recused_from(q, agenda) for _ in range(v.weight)
            )
            for q in agenda.questions(rules.unit)
        }  # fmt: skip
        papers = Papers(roll.marked, 0, slips)
        withdrawn = frozenset(c.id for c in candidates if random.random() < 0.05)
        try:
            outcome = count(papers, rules, roll, candidates, agenda, withdrawn)
        except LaurelError:  # a list voted as a whole that is longer than the next tier's places
            return None
        record = {
            "rules": values, "agenda": agenda_json(agenda), "candidates": [candidate_json(c) for c in candidates],
            "withdrawn": sorted(withdrawn), "papers": {"valid": papers.valid, "spoiled": 0},
            "roll": [
                {"weight": v.weight, "recused": sorted(v.recused), "marked": v.marked, "attended": v.attended} for v in voters
            ],
            "slips": {q.key: [{"mark": str(m)} for m in some] for q, some in slips.items()},
            "outcome": outcome_json(outcome), "after": agenda_json(outcome.after),
        }  # fmt: skip
        if outcome.next is None or random.random() < 0.5:
            return record
        agenda = replace(outcome.after)
    return record


def test_counts() -> None:

    random, seen = Random(19), set[str]()
    for _ in range(1500):
        record = one_ballot(random)
        if record is None:
            continue
        tally = Recount(record)
        assert list(tally.faults()) == []
        assert differences(record["outcome"], record["after"], tally.outcome()) == [], record
        seen |= {line["result"] for line in record["outcome"]["lines"]}
    assert seen == {
        "elected", "not_passed", "no_quorum", "outvoted", "second_ballot", "runoff", "chair", "vacant", "withdrawn",
        "elected_above",
    }  # fmt: skip
