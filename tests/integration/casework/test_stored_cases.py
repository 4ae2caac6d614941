"""Cases that an earlier version stored go on as they went on there, on every diagram."""

from __future__ import annotations

import pytest

from service.catalog.feel import FUNCTIONS
from service.engine import Engine
from tests.support.stored_cases import StoredCase, places, stored_cases, surroundings, take

DIAGRAMS, CASES = stored_cases()


@pytest.fixture(scope="module")
def engine() -> Engine:
    engine = Engine(FUNCTIONS)
    for award, diagrams in DIAGRAMS.items():
        engine.load(award, diagrams, late=True)
    return engine


def test_every_diagram_of_then_has_a_case_under_way(engine: Engine) -> None:
    under_way = {process for case in CASES for process in (case.process, *(place[0] for place in case.before))}
    drawn = {process for award in DIAGRAMS for process in engine._definition(award).processes}
    assert len(drawn) > 150
    assert drawn - under_way == set()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.process}")
def test_a_stored_case_loads_steps_and_is_saved(engine: Engine, case: StoredCase) -> None:
    instance = engine.restore(case.award, case.state, surroundings(case.variables))
    assert places(instance) == case.before
    take(instance, case.act)
    assert places(instance) == case.after
    again = engine.restore(case.award, instance.dump(), surroundings(case.variables))
    assert places(again) == case.after
