from __future__ import annotations

from pathlib import Path

import pytest

from service.catalog.check import check_path
from service.cli.check import whole_checker
from service.cli.simulate import play_file
from tests.unit.catalog.conftest import MINIATURE

SCENARIOS = sorted(MINIATURE.rglob("scenarios/*.yaml"))


def test_the_worked_example_of_the_manual_has_no_problems() -> None:
    assert check_path(MINIATURE, checker=whole_checker()) == ()


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_its_scenarios_play_as_written(path: Path) -> None:
    played = play_file(path)
    assert played.passed, [str(unmet) for unmet in played.unmet]
