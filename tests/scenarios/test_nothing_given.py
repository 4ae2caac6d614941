"""A time limit or a parameter that comes to nothing is told, unless its formula says that it may."""

from __future__ import annotations

from hashlib import sha256

import pytest

import handlers
from service.catalog import Package
from service.sdk import operations
from tests.scenarios.mutants import package_of, played, scenarios

handlers.load()
LAKESIDE = "lakeside/star_award"
DIAGRAM = "processes/lakeside/star_award/application.bpmn"
DUE = b"workdays(param.decision_working_days)"
PERIOD = b'value="param.notice_working_days"'


def incidents(changes: dict[bytes, bytes]) -> list[str]:
    """Return what is told of the miniature's accepted season when its diagram reads otherwise."""
    package = package_of(LAKESIDE)
    text = package.files[DIAGRAM]
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    changed = Package.from_files({**package.files, DIAGRAM: text}, operations(), f"changed-{sha256(text).hexdigest()}")
    result, _ = played(changed, scenarios(package)["accepted"])
    return [unmet.message.zh for unmet in result.unmet if unmet.where == "incident"]


def test_a_season_as_drawn_tells_of_nothing() -> None:
    assert incidents({}) == []


def test_a_time_limit_that_comes_to_nothing_is_an_incident() -> None:
    told = incidents({DUE: b"workdays(param.decision_working_days, date(case.stage))"})
    assert len(told) == 1
    assert "决定是否受理" in told[0]
    assert "期限" in told[0]


def test_a_parameter_that_comes_to_nothing_is_an_incident() -> None:
    told = incidents({PERIOD: b'value="exam.working_days"'})
    assert len(told) == 1
    assert "working_days" in told[0]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (DUE, b"if case.stage = null then null else workdays(1)"),
        (DUE, b"workdays(get value(case, &quot;none&quot;))"),
    ],
)
def test_a_formula_may_say_that_nothing_is_meant(old: bytes, new: bytes) -> None:
    assert incidents({old: new}) == []
