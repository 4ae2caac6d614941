"""Taking an element that cites a clause out of a diagram makes some scenario fail.

``make mutants`` tries every element of an award and keeps who noticed; here the record is compared with the diagrams,
and a few elements are taken out again: which ones moves on with every version of the package.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import handlers
from service.catalog import Package
from tests.mutants import CitingElement, citing_elements, without
from tests.scenarios.mutants import (
    BY_COVERAGE,
    KEPT,
    alike,
    kept,
    notices,
    package_of,
    played,
    scenarios,
    seen_elsewhere,
    uncovers,
)

handlers.load()
AWARDS = [path.stem.replace("-", "/", 1) for path in sorted(KEPT.glob("*.json"))]
SAMPLE = 2


def chosen(package: Package) -> list[CitingElement]:
    """Return the elements whose turn it is with this version."""
    every = sorted((m for m in citing_elements(package) if str(m) in kept(package.key)), key=str)
    first = int(package.version[:8], 16) % max(len(every), 1)
    return [every[(first + step * len(every) // SAMPLE) % len(every)] for step in range(SAMPLE)] if every else []


@pytest.mark.parametrize("award", AWARDS)
def test_somebody_notices_the_loss_of_every_citing_element(award: str) -> None:
    """A new element that cites needs a scenario that asserts its effect: write it, then run ``make mutants``."""
    drawn, known = {str(m) for m in citing_elements(package_of(award))}, kept(award)
    assert sorted(drawn - set(known) - set(alike(award)) - seen_elsewhere(award)) == []
    there = scenarios(package_of(award))
    assert sorted({who for who in known.values() if who != BY_COVERAGE and who not in there}) == []
    assert [name for name, why in alike(award).items() if len(why.strip()) < 10 or name in known] == []


@pytest.mark.parametrize("award", AWARDS)
@pytest.mark.parametrize("turn", range(SAMPLE))
def test_taking_it_out_makes_the_scenario_fail(award: str, turn: int) -> None:
    package = package_of(award)
    mark = chosen(package)[turn]
    who = kept(award)[str(mark)]
    path: Path | None = scenarios(package).get(who)
    assert notices(package, mark, path) if path else uncovers(package, mark), f"{mark} is gone and {who} passes"


def test_a_loop_without_an_end_is_said_and_does_not_stand_still() -> None:
    """Without the gateway that asks whether everything is known, the conditions would be examined for ever."""
    package = package_of("urumqi/quality_award")
    mark = next(m for m in citing_elements(package) if m.element == "conditions_known")
    result, _ = played(without(package, mark), scenarios(package)["national_day"])
    assert any("循环不止" in unmet.message.zh for unmet in result.unmet), result.unmet
