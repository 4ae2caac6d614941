"""Every scenario of every package, played from its first to its last step."""

from __future__ import annotations

from pathlib import Path

import pytest

import handlers
from service.casework.simulate import play, read_scenario
from service.casework.simulate.stage.stage import empty_store
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.catalog.check import check_path
from service.catalog.coverage.coverage import coverage
from service.catalog.scenarios.proofs import with_proofs
from service.cli.check import whole_checker
from service.sdk import operations
from service.store import Store
from tests.support.bundled import bundled
from tests.support.letters import faults_of_season
from tests.support.samples import LONG, sample

PROJECT = Path(__file__).parents[2]
handlers.load()
SCENARIOS = sorted((PROJECT / "processes").glob("*/*/scenarios/*.yaml"))
CALENDARS = load_calendars(bundled_calendars())
WHOLE_ROUNDS = {
    "season_of_twelve", "nobody_reaches_the_bar", "objections", "objection_at_ballot", "votes", "last_weeks",
    "review_stages",
}  # fmt: skip
"""Review, vote, objections and conferral in Urumqi, with everything that goes otherwise: these run on both databases."""
ON_POSTGRESQL = (
    SCENARIOS
    if LONG
    else sample([path for path in SCENARIOS if path.parts[-4] == "urumqi" and path.stem in WHOLE_ROUNDS], 4)
)
"""One in four; `make scenarios` plays all of all cities there."""


def name(path: Path) -> str:
    return f"{path.parts[-4]}/{path.parts[-3]}/{path.stem}"


@pytest.mark.parametrize("path", SCENARIOS, ids=name)
def test_scenario(path: Path) -> None:
    """Played in memory, as in the studio: a quarter less than in a file, where other tests play whole seasons."""
    package = bundled().package("/".join(path.parts[-4:-2]))
    with empty_store() as store:
        played = play(store, package, read_scenario(path.read_bytes(), path.name), CALENDARS, operations())
        faults = faults_of_season(store, played.cases)
    assert played.passed, "\n".join(f"{u.where}: {u.message.zh}" for u in played.unmet)
    assert faults == [], "what a reader of official documents would send back"


@pytest.mark.postgres
@pytest.mark.parametrize("path", ON_POSTGRESQL, ids=name)
def test_scenario_on_postgresql(path: Path, postgres_url: str, tmp_path: Path) -> None:
    store = Store(postgres_url, tmp_path / "files", durable=False)
    package = bundled().package("/".join(path.parts[-4:-2]))
    played = play(store, package, read_scenario(path.read_bytes(), path.name), CALENDARS, operations())
    store.close()
    assert played.passed, "\n".join(f"{u.where}: {u.message.zh}" for u in played.unmet)


def test_every_package_has_scenarios() -> None:
    with_scenarios = {"/".join(path.parts[-4:-2]) for path in SCENARIOS}
    assert with_scenarios == set(bundled().packages)


@pytest.mark.parametrize("city", sorted({path.parts[-4] for path in SCENARIOS}))
def test_the_check_finds_nothing_in_a_city(city: str) -> None:
    assert [str(p) for p in check_path(PROJECT / "processes" / city, checker=whole_checker())] == []


@pytest.mark.parametrize("city", sorted({path.parts[-4] for path in SCENARIOS}))
def test_every_clause_that_is_cited_is_proved(city: str) -> None:
    """Write ``proves`` on an expectation that fails without it, or say in law.yaml why it is words only."""
    assert coverage([with_proofs(package, bundled().tree) for package in bundled().of(city)]).unproved == ()
