"""A field without a label that was published before the rule came is told, and holds up no other change."""

from __future__ import annotations

import json

from service.catalog.problems import Problem, Severity
from service.catalog.rules.forms import unlabelled
from service.catalog.rules.standing import told_alone

PATH = "processes/a/b/forms/apply.json"


def form(*labels: str) -> bytes:
    fields = [{"type": "textfield", "key": f"f{n}", "label": label} for n, label in enumerate(labels)]
    return json.dumps({"components": fields}).encode()


def severities(before: bytes | None, now: bytes) -> list[Severity]:
    problems = tuple(unlabelled(PATH, json.loads(now)))
    return [one.severity for one in told_alone(problems, {} if before is None else {PATH: before}, {PATH: now})]


def test_what_stood_before_is_a_warning_and_what_came_is_an_error() -> None:
    old = form("名称", "")
    assert severities(old, old) == [Severity.WARNING]
    assert severities(None, old) == [Severity.ERROR], "a new place has nothing that stood before"
    assert severities(old, form("名称", "", "地址")) == [Severity.WARNING], "another field is added to the same form"
    assert severities(form("名称", "地址"), old) == [Severity.ERROR], "the draft emptied it"
    assert severities(old, form("名称", "", "地址", "")) == [Severity.ERROR, Severity.WARNING]
    assert severities(b"[", old) == [Severity.ERROR]


def test_other_rules_are_as_they_were() -> None:
    told = next(iter(unlabelled(PATH, json.loads(form("")))))
    other = Problem(PATH, told.element, "form", told.message, told.remedy)
    assert told_alone([other], {PATH: form("")}, {PATH: form("")}) == (other,)
