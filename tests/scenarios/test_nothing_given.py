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
PROPERTY = b'<spiffworkflow:property name="routes" value="decision" />'
PERIOD = b'value="param.notice_working_days"'


def _of(name: str, formula: str) -> bytes:
    return f'<spiffworkflow:property name="{name}" value="{formula}" />'.encode()


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
    [(DUE, b"if case.stage = null then null else workdays(1)"), (DUE, b"workdays(get value(case, &quot;none&quot;))")],
)
def test_a_formula_may_say_that_nothing_is_meant(old: bytes, new: bytes) -> None:
    assert incidents({old: new}) == []


ACCEPTED = b'decision = "accept"</bpmn:conditionExpression>'
_LOOP = b"<bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>[1..3]</bpmn:loopDataInputRef></bpmn:multiInstanceLoopCharacteristics>"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (ACCEPTED, b'"accept"</bpmn:conditionExpression>', ["“是否受理”", "“\"accept\"”", "得到“accept”"]),
        (ACCEPTED, b"count([decision])</bpmn:conditionExpression>", ["“是否受理”", "得到“1”"]),
        (ACCEPTED, b"score &gt; 60</bpmn:conditionExpression>", ["“是否受理”", "“score”没有值"]),
        (PROPERTY, PROPERTY + _of("assignee", "case.stage"), ["“决定是否受理”由谁办理没有算出", "得空值"]),
        (PROPERTY, PROPERTY + _of("assignee", "&quot;x&quot;"), ["由谁办理没有算出", "得到“x”，没有这个人"]),
        (PROPERTY, PROPERTY + _of("assignee", "99999"), ["由谁办理没有算出", "得到“99999”"]),
        (PROPERTY, PROPERTY + _of("body", "case.stage"), ["由谁办理没有算出", "得空值"]),
        (DUE, "&quot;2026年3月31日&quot;".encode(), ["“决定是否受理”的期限没有算出", "得到“2026年3月31日”"]),
        (DUE, b"&quot;P10D&quot;", ["“决定是否受理”的期限没有算出", "得到“P10D”"]),
        (DUE, b"5", ["“决定是否受理”的期限没有算出", "得到“5”"]),
        (b"</bpmn:userTask>", _LOOP + b"</bpmn:userTask>", ["“决定是否受理”", "“[1..3]”", "不是列表"]),
        (b"</bpmn:userTask>", _LOOP.replace(b"[1..3]", b"[1]") + b"</bpmn:userTask>", ["“是否受理”", "“decision”没有值"]),
    ],
)  # fmt: skip
def test_what_decides_nothing_is_told_with_element_formula_and_value(old: bytes, new: bytes, words: list[str]) -> None:
    [said] = incidents({old: new})
    assert [word for word in words if word not in said] == []


def test_a_remark_in_a_formula_refuses_nobody() -> None:
    remarked = 'decision<!-- 受理 --> = <?x y?>"accept"</bpmn:conditionExpression>'
    assert incidents({ACCEPTED: remarked.encode()}) == []
