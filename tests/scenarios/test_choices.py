"""No choice of a setting goes unplayed, and none switches off a clause that its setting does not declare.

``python -m tests.scenarios.choices CITY/quality_award`` tries every choice and keeps what came of it; here the record is
compared with the settings, and one choice of every award is tried again: which one moves on with every version.
"""

from __future__ import annotations

import pytest

import handlers
from service.casework.simulate import read_scenario
from tests.scenarios.choice_plays import plays_of
from tests.scenarios.choices import KEPT, Option, options, outcome, passed_over, record, with_choice
from tests.scenarios.mutants import package_of, scenarios
from tests.scenarios.setting_plays import BY_TEST

handlers.load()
AWARDS = [path.stem.replace("-", "/", 1) for path in sorted(KEPT.glob("*.json"))]


@pytest.mark.parametrize("award", AWARDS)
def test_every_choice_is_played_or_known_to_be_unplayed(award: str) -> None:
    """A new choice needs a scenario that sets it and fails without it, or an entry of ``CHOICES``."""
    known, there = record(award), scenarios(package_of(award))
    every = {str(option) for option in options(package_of(award))}
    assert sorted(every - set(known["played"]) - set(known["unplayed"])) == []
    files = {who for who in known["played"].values() if not who.startswith(BY_TEST)}
    assert sorted(files - set(there)) == []


@pytest.mark.parametrize("award", AWARDS)
def test_every_choice_was_replayed_and_switches_nothing_off(award: str) -> None:
    """What a choice changes of another clause is declared by its setting (``touches``)."""
    switched_off = record(award)["switched_off"]
    assert sorted({str(option) for option in options(package_of(award))} - set(switched_off)) == []
    assert {option: clauses for option, clauses in switched_off.items() if clauses} == {}


@pytest.mark.parametrize("award", AWARDS)
def test_the_play_of_a_choice_comes_out_otherwise_without_it(award: str) -> None:
    package, played = package_of(award), record(award)["played"]
    option = _turn(award, sorted(played))
    assert option is not None
    named = [one for one in plays_of(package, option.setting.id, option.choice) if one.name == played[str(option)]]
    assert any(not one.holds(package, option.setting.id) for one in named), f"{option}: {played[str(option)]}"


@pytest.mark.parametrize("award", AWARDS)
def test_what_a_setting_does_not_declare_holds_whatever_is_chosen(award: str) -> None:
    """The scenarios that proved the other clauses under the choice still do."""
    package, upheld = package_of(award), record(award)["upheld"]
    option = _turn(award, sorted(name for name, by in upheld.items() if by))
    if option is None:
        return
    by = upheld[str(option)]
    name = sorted(by)[int(package.version[:8], 16) % len(by)]
    path = scenarios(package)[name]
    scenario = with_choice(package, read_scenario(path.read_bytes(), path.name), option)
    assert sorted(set(by[name]) - outcome(package, scenario).held) == []


def _turn(award: str, names: list[str]) -> Option | None:
    """Return the choice whose turn it is with this version of the package."""
    found = {str(option): option for option in options(package_of(award))}
    there = [name for name in names if name in found]
    return found[there[int(package_of(award).version[:8], 16) % len(there)]] if there else None


def test_a_setting_without_a_choice_is_told_and_not_passed_over_in_silence() -> None:
    package = package_of(AWARDS[0])
    offered = {option.setting.id for option in options(package)}
    number = next(name for name in sorted(package.award.parameters) if name not in offered)
    said = list(passed_over(package, [number, "no_such", min(offered)]))
    assert [line.partition(":")[0] for line in said] == sorted([number, "no_such"])
    assert "content_mutants" in next(line for line in said if line.startswith(number))
    assert "NO SUCH SETTING" in next(line for line in said if line.startswith("no_such"))
