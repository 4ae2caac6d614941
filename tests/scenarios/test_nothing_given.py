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
LETTER = "processes/lakeside/star_award/documents/refusal.yaml"
DUE = b"workdays(param.decision_working_days)"
PROPERTY = b'<spiffworkflow:property name="routes" value="decision" />'
ENTRIES = b' /><spiffworkflow:parameter id="entries" type="string" value="&quot;subject&quot;"'
PERIOD = b'value="param.notice_working_days"'


def _of(name: str, formula: str) -> bytes:
    return f'<spiffworkflow:property name="{name}" value="{formula}" />'.encode()


def incidents(
    changes: dict[bytes, bytes], file: str = DIAGRAM, season: str = "accepted", award: str = LAKESIDE
) -> list[str]:
    """Return what is told of a season of the miniature, or another award, when its diagram or another file reads otherwise."""
    package = package_of(award)
    text = package.files[file]
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    changed = Package.from_files({**package.files, file: text}, operations(), f"changed-{sha256(text).hexdigest()}")
    result, _ = played(changed, scenarios(package)[season])
    return [unmet.message.zh for unmet in result.unmet if unmet.where == "incident"]


def test_a_season_as_drawn_tells_of_nothing() -> None:
    assert incidents({}) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [(DUE, b"if case.stage = null then null else workdays(1)"), (DUE, b"workdays(get value(case, &quot;none&quot;))")],
)
def test_a_formula_may_say_that_nothing_is_meant(old: bytes, new: bytes) -> None:
    assert incidents({old: new}) == []


ACCEPTED = b'decision = "accept"</bpmn:conditionExpression>'
_LATE = (
    b'<bpmn:boundaryEvent id="late" name="late" attachedToRef="decide" cancelActivity="false"><bpmn:timerEventDefinition id="late_t">'
    b'<bpmn:timeDate xsi:type="bpmn:tFormalExpression">if case.stage = "x" then workdays(1) else workdays(2)</bpmn:timeDate>'
    b'</bpmn:timerEventDefinition></bpmn:boundaryEvent><bpmn:endEvent id="told" name="told" />'
    b'<bpmn:sequenceFlow id="tell" sourceRef="late" targetRef="told" />'
)
_LOOP = b"<bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>[1..3]</bpmn:loopDataInputRef></bpmn:multiInstanceLoopCharacteristics>"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (ACCEPTED, b'"accept"</bpmn:conditionExpression>', ["“是否受理”", "“\"accept\"”", "得到“accept”"]),
        (ACCEPTED, b"count([decision])</bpmn:conditionExpression>", ["“是否受理”", "得到“1”"]),
        (ACCEPTED, b"score &gt; 60</bpmn:conditionExpression>", ["“是否受理”", "“score”没有值"]),
        (ACCEPTED, b'case.stage != "x"</bpmn:conditionExpression>', ["“是否受理”", "“case.stage”没有值"]),
        (ACCEPTED, b'(if case.stage &gt; "a" then 1 else 2) = 2</bpmn:conditionExpression>', ["“是否受理”", "“case.stage”没有值"]),
        (DUE, b"if case.stage = &quot;x&quot; then workdays(5) else workdays(9)", ["的期限没有算出", "“case.stage”没有值"]),
        (PROPERTY, PROPERTY + _of("role_from", "case.stage"), ["由谁办理没有算出", "得空值"]),
        (PROPERTY, PROPERTY + _of("remind", "case.stage"), ["“决定是否受理”何时提醒没有算出"]),
        (PROPERTY, PROPERTY + _of("assignee", "case.stage"), ["“决定是否受理”由谁办理没有算出", "得空值"]),
        (PROPERTY, PROPERTY + _of("assignee", "&quot;x&quot;"), ["由谁办理没有算出", "得到“x”，没有这个人"]),
        (PROPERTY, PROPERTY + _of("assignee", "99999"), ["由谁办理没有算出", "得到“99999”"]),
        (PROPERTY, PROPERTY + _of("body", "case.stage"), ["由谁办理没有算出", "得空值"]),
        (DUE, b"workdays(param.decision_working_days, date(case.stage))", ["“决定是否受理”的期限没有算出"]),
        (PERIOD, b'value="exam.working_days"', ["working_days"]),
        (DUE, "&quot;2026年3月31日&quot;".encode(), ["“决定是否受理”的期限没有算出", "得到“2026年3月31日”"]),
        (DUE, b"&quot;P10D&quot;", ["“决定是否受理”的期限没有算出", "得到“P10D”"]),
        (DUE, b"5", ["“决定是否受理”的期限没有算出", "得到“5”"]),
        (b"</bpmn:userTask>", _LOOP + b"</bpmn:userTask>", ["“决定是否受理”", "“[1..3]”", "不是列表"]),
        (b"</bpmn:userTask>", _LOOP.replace(b"[1..3]", b"[1]") + b"</bpmn:userTask>", ["“是否受理”", "“decision”没有值"]),
        (b"</bpmn:userTask>", _LOOP.replace(b"[1..3]", b"[case.stage]") + b"</bpmn:userTask>", ["“决定是否受理”", "有一项没有值"]),
        (b"</bpmn:userTask>", b"</bpmn:userTask>" + _LATE, ["“late”", "workdays(2)", "“case.stage”，没有值"]),
        (PERIOD, b'value="if case.stage = &quot;x&quot; then 5 else 7"', ["“拟定公示”没有完成", "“case.stage”，没有值"]),
        (PERIOD, b'value="2.5"', ["“working_days”得到“2.5”，应为整数"]),
        (PERIOD, PERIOD + ENTRIES, ["“subject”", "不是列表"]),
        (b"{subject.name}", b"{case.stage}", ["“case.stage”，没有值"]),
    ],
)  # fmt: skip
def test_what_decides_nothing_is_told_with_element_formula_and_value(old: bytes, new: bytes, words: list[str]) -> None:
    [said] = incidents({old: new})
    assert [word for word in words if word not in said] == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("{f.text}", "{f.txt}", ["文书“refusal”", "“{f.txt}”", "“f.txt”没有值"]),
        ("{subject.name}：", "{case.stage}：", ["“{case.stage}：”会印出空白"]),
        ("'{subject.name}：'", "'{subject.name}：'", []),
        ("'{decide.reason}'", "'理由{if case.stage = \"x\" then 1 else 2}'", ["“case.stage”没有值"]),
        ("'{decide.reason}'", "'{if case.stage = \"x\" then 1 else 2}'", ["“case.stage”没有值"]),
        ("湖滨县市场监督管理局", "'{if case.stage = \"x\" then 1 else 2}局'", ["“case.stage”没有值"]),
        ('result = "not_met"', "result != case.stage", ["“case.stage”没有值"]),
        ("'findings[result = \"not_met\"]'", "'subject'", ["“subject”", "不是列表"]),
        ("'{decide.reason}'", "'{case.stage}'", []),
        ("'{decide.reason}'", "'{subject}'", ["“{subject}”得到一条记录"]),
        ("'{decide.reason}'", '\'名单：{string join([case.stage, "乙"], "、")}\'', []),
        ("'{decide.reason}'", '\'{"理由：" + (if subject = null then "" else case.stage)}\'', []),
        ("'{decide.reason}'", "'理由{if subject = null then \"\" else case.stage}'", ["“case.stage”没有值"]),
        ("'{decide.reason}'", "'理由{if case.stage = null then \"\" else case.stage}'", []),
    ],
)
def test_a_letter_is_not_issued_with_a_hole(old: str, new: str, words: list[str]) -> None:
    told = incidents({old.encode(): new.encode()}, LETTER, "refused")
    assert (len(told) == 1) == bool(words)
    assert [word for word in words if word not in told[0]] == []


@pytest.mark.parametrize("formula", ["100000 / 3", "-1", "if case.stage = 1 then 1 else 2"])
def test_a_prize_is_a_sum_in_whole_yuan_that_something_decided(formula: str) -> None:
    award = "millbrook/long_prize"
    told = incidents(
        {b"param.prizes[id = row.tier][1].yuan": formula.encode()},
        f"processes/{award}/application.bpmn",
        "succeeded",
        award,
    )
    assert told
    assert all(("“case.stage”" if "case" in formula else "不是整元的金额") in one for one in told)


def test_a_remark_in_a_formula_refuses_nobody() -> None:
    remarked = 'decision<!-- 受理 --> = <?x y?>"accept"</bpmn:conditionExpression>'
    assert incidents({ACCEPTED: remarked.encode()}) == []
