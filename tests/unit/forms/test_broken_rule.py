"""A rule of a whole form leads to the field that somebody has to change."""

from __future__ import annotations

import pytest

from service.domain.forms import Form, compile_form

from .conftest import TODAY


def _errors(form: Form, typed: dict[str, object]) -> dict[str, str]:
    return {error.path: error.text.zh for error in form.check(typed, today=TODAY).errors}


FIELDS = [
    {"type": "textfield", "id": "f_a", "key": "a", "label": "甲项"},
    {"type": "textfield", "id": "f_b", "key": "b", "label": "乙项", "conditional": {"hide": '=a = "关"'}},
    {"type": "textfield", "id": "f_c", "key": "c", "label": "丙项", "readonly": True},
]


def _of(rule: str, **group: object) -> Form:
    inner = {"type": "group", "id": "g", "label": "一", "components": FIELDS, **group}
    ruled = {"rule": rule, "ruleMessage": "不行。"}
    if group:
        return compile_form({"id": "f", "components": [{**inner, "properties": ruled}]})
    return compile_form({"id": "f", "components": [inner], "properties": ruled})


@pytest.mark.parametrize(
    ("rule", "typed", "leads_to"),
    [
        ("a = b", {"a": "1", "b": "2"}, "b"),
        ("a != null and b != null", {"b": "2"}, "a"),
        ("a != \"关\" or b != null", {"a": "关"}, "a"),
        ("c != null", {}, ""),
    ],
)  # fmt: skip
def test_neither_hidden_nor_shut_fields_are_led_to(rule: str, typed: dict[str, object], leads_to: str) -> None:
    assert _errors(_of(rule), typed) == {leads_to: "不行。"}


def test_a_rule_of_a_group_leads_to_its_field() -> None:
    assert _errors(_of("a = b", showOutline=True), {"a": "1", "b": "2"}) == {"b": "不行。"}


def test_a_rule_that_cannot_be_decided_yet_refuses_nothing() -> None:
    assert _errors(_of("number(a) > 1"), {"a": ""}) == {}
