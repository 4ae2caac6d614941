"""A successor that withdraws: its examination and its notice end with the application."""

from __future__ import annotations

import pytest

import handlers
from service.casework.simulate import read_scenario
from tests.scenarios.laid_over import Choice, laid_over
from tests.scenarios.mutants import package_of, scenarios
from tests.scenarios.playing import only_played

handlers.load()
WITHDRAWALS = [
    ("ganzhou", "乙", "乙并", "丙", "2026-04-24"),
    ("kizilsu", "乙", "乙并", "丙", "2026-05-13"),
    ("qingyuan", "甲", "甲分", "丙", "2026-04-24"),
    ("urumqi", "乙", "乙并", "丁", "2026-06-29"),
    ("yining", "乙", "乙并", "丙", "2026-04-24"),
]
"""City, candidate, its succession, the successor, the first day of the successor's notice."""


@pytest.mark.parametrize("noticed", [True, False], ids=["noticed", "examined"])
@pytest.mark.parametrize(("city", "case", "succession", "successor", "day"), WITHDRAWALS, ids=lambda word: word)
def test_a_successor_withdraws(
    city: str, case: str, succession: str, successor: str, day: str, *, noticed: bool
) -> None:
    package = package_of(f"{city}/quality_award")
    path = scenarios(package)["succession"]
    examine = {"as": "office", "case": succession, "complete": "find_successor", "with": {"successor": "met"}}
    withdraw = {"at": f"{day} 10:00", "as": successor, "case": case, "action": "withdraw", "with": {"confirmed": True}}
    notice = {"state": "closed"} if noticed else {"no": True}
    expected = (
        {"case": succession, "outcome": "application_over", "on": day},
        {"case": succession, "notice": "successor", **notice},
        {"case": succession, "task": "find_successor", **({} if noticed else {"state": "cancelled"})},
    )
    ending = ((succession, "find_successor"), (*([examine] if noticed else []), withdraw))
    choice = Choice(city, "succession", {}, expected, unasked=True, ending=ending)
    scenario = laid_over(read_scenario(path.read_bytes(), str(path)), choice)
    assert only_played(package, scenario).unmet == ()
