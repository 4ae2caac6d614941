"""What cites a clause and says something else makes some scenario fail.

``make mutants`` tries every change; here the record is compared with the package, and a few changes are made again:
which ones moves on with every version of the package.
"""

from __future__ import annotations

import json

import pytest

import handlers
from service.casework.simulate import read_scenario
from service.catalog import Package
from tests.mutants import Mutant, changed, content_mutants
from tests.mutants.witness import Witness, candidates
from tests.scenarios.choice_plays import WITHOUT
from tests.scenarios.content_mutants import (
    KEPT,
    alike,
    kept,
    notices,
    notices_choice,
    season_of,
    sifted,
    still_open,
    untried,
)
from tests.scenarios.mutants import package_of, scenarios
from tests.scenarios.playing import only_played

handlers.load()
AWARDS = [path.stem.replace("-", "/", 1) for path in sorted(KEPT.glob("*.json"))]
SAMPLE = 2
MINIATURE = "lakeside/star_award"


@pytest.fixture(scope="module")
def package() -> Package:
    """The worked example of the manual."""
    return package_of(MINIATURE)


def season(package: Package, name: str) -> Witness:
    found = season_of(package, scenarios(package)[name])
    assert found is not None, f"{name} fails anyway"
    return found


def chosen(package: Package) -> list[Mutant]:
    """Return the mutants whose turn it is with this version."""
    made = content_mutants(package)
    every = [made[ident] for ident in sorted(kept(package.key)) if ident in made]
    first = int(package.version[:8], 16) % max(len(every), 1)
    return [every[(first + step * len(every) // SAMPLE) % len(every)] for step in range(SAMPLE)] if every else []


@pytest.mark.parametrize("award", AWARDS)
def test_somebody_notices_every_change_of_what_cites(award: str) -> None:
    """What cites anew needs an expectation that asserts its content: write it, then run the content mutants."""
    made = set(content_mutants(package_of(award)))
    assert sorted(made - set(kept(award)) - set(alike(award))) == []


@pytest.mark.parametrize("award", [award for award in AWARDS if len(kept(award)) >= SAMPLE])
@pytest.mark.parametrize("turn", range(SAMPLE))
def test_the_change_makes_the_scenario_fail(award: str, turn: int) -> None:
    package = package_of(award)
    mutant = chosen(package)[turn]
    by = kept(award)[mutant.id].by
    if by.startswith(WITHOUT):
        assert notices_choice(package, mutant, by.removeprefix(WITHOUT)), f"{mutant.told.zh}: {by} comes out the same"
    else:
        assert notices(package, [mutant], season(package, by)), f"{mutant.told.zh}: {by} passes"


def test_every_kind_of_content_is_changed(package: Package) -> None:
    made = content_mutants(package)
    assert {
        "lakeside_application/is_eligible condition", "eligibility/founded_long_enough dropped",
        "eligibility/founded_long_enough met", "parameters/min_years", "apply/founded required",
        "lakeside_application/decide due", "lakeside_application/decide role", "documents/refusal signature",
    } <= set(made), sorted(made)  # fmt: skip
    assert made["parameters/min_years"].clauses == ("LS-3",)
    assert made["parameters/min_years"].told.zh == "参数“成立年限”由3改为4"


@pytest.mark.parametrize(
    ("ident", "by"),
    [
        ("eligibility/founded_long_enough met", "refused"),
        ("parameters/notice_working_days", "accepted"),
        ("lakeside_application/decide due", "accepted"),
    ],
)
def test_a_change_of_what_the_law_brings_about_is_noticed(package: Package, ident: str, by: str) -> None:
    mutant = content_mutants(package)[ident]
    played = season(package, by)
    assert candidates(package, mutant, [played]) == [played]
    found = notices(package, [mutant], played)
    assert found is not None
    assert found.by == by


def test_what_nobody_looks_at_is_noticed_by_nobody(package: Package) -> None:
    mutant = content_mutants(package)["documents/refusal signature"]
    scenario = read_scenario(scenarios(package)["refused"].read_bytes(), "refused.yaml")
    assert only_played(changed(package, [mutant]), scenario).passed


def test_halving_finds_those_that_are_noticed_among_those_that_are_not(package: Package) -> None:
    made = content_mutants(package)
    refused = season(package, "refused")
    group = [m for m in made.values() if m.target == "refusal"]
    found = {mutant.id for mutant, _ in sifted(package, group, refused)}
    assert found == {i for i in (m.id for m in group) if notices(package, [made[i]], refused)}
    assert found


def test_the_record_says_what_was_changed() -> None:
    for path in KEPT.glob("*.json"):
        record = json.loads(path.read_text("utf-8"))
        assert set(record) - {"alike"} == {"open", "untried", "noticed"}
        assert all("：" in told for told in record["open"].values())


@pytest.mark.parametrize("award", AWARDS)
def test_what_makes_no_difference_says_why(award: str) -> None:
    """A reason stands with each, and nobody notices any of them."""
    same = alike(award)
    assert [ident for ident, why in same.items() if len(why.strip()) < 10] == []
    assert sorted(set(same) & {*kept(award), *still_open(award), *untried(award)}) == []
