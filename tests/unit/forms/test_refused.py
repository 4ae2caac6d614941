"""Forms that are refused, rules that are broken, and what the editor therefore offers."""

from __future__ import annotations

from typing import Any

import pytest

from service.catalog.forms.form_structure import form_faults
from service.domain.forms import Form, FormRefused, compile_form
from service.domain.forms.compile_input import INPUTS
from service.domain.forms.offered import KINDS, EntryWay, OfferedKind, OfferedSetting, settings_of
from tests.support.tables import rows

from .conftest import TODAY

FIELD = {"id": "x", "key": "k", "type": "textfield"}
LIST = {"id": "x", "type": "dynamiclist", "path": "rows"}


@pytest.mark.parametrize(("component", "says"), rows("forms", "refused"))
def test_the_refusal_names_component_reason_and_remedy(component: dict, says: str) -> None:
    with pytest.raises(FormRefused) as refusal:
        compile_form({"id": "f", "components": [{**FIELD, **component}]})
    assert refusal.value.component in ("x", "r")
    assert says in refusal.value.message.zh
    assert refusal.value.remedy.zh
    assert refusal.value.message.en


def test_endless_nesting_is_refused() -> None:
    inner: dict = dict(FIELD)
    for depth in range(20):
        inner = {"id": f"g{depth}", "type": "group", "components": [inner]}
    with pytest.raises(FormRefused, match="嵌套"):
        compile_form({"id": "f", "components": [inner]})


# A rule of a whole form leads to the field that somebody has to change.


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


# The form editor offers only what the server checks fully.


VALUES: dict[EntryWay, Any] = {
    EntryWay.TEXT: "文字", EntryWay.LONG: "文字", EntryWay.NAME: "other", EntryWay.FLAG: True, EntryWay.TEXT_FLAG: "true",
    EntryWay.WHOLE: 2, EntryWay.TEXT_WHOLE: "2", EntryWay.NUMBER: 2, EntryWay.FORMULA: "=1 = 1", EntryWay.PLAIN_FORMULA: "1 = 1",
    EntryWay.CLAUSES: "XX-1", EntryWay.SIZE: "1048576",
}  # fmt: skip
SPECIAL: dict[str, Any] = {
    "accept": ".pdf", "properties.unique": "inner", "validate.pattern": "[0-9]+", "properties.variables": "param",
    "valuesExpression": '=["a", "b"]', "properties.normal": "option_1", "properties.stops_files": "option_1", "properties.beside": "apply.merit",
}  # fmt: skip
KEYED = INPUTS | {"expression"}


def component(kind: OfferedKind) -> dict[str, Any]:
    """Return a new component as the editor makes it."""
    name = {"key": "first"} if kind.type in KEYED else {"path": "first"} if kind.type == "dynamiclist" else {}
    made = {"type": kind.type, "id": "field_first", **name, **kind.new}
    if kind.type in ("group", "dynamiclist"):
        made["components"] = [{"type": "textfield", "id": "inner", "key": "inner", "label": "内"}]
    return made


def put(holder: dict[str, Any], setting: OfferedSetting) -> dict[str, Any]:
    """Return the component with a value for the setting."""
    value = SPECIAL.get(setting.place) or VALUES.get(setting.entry)
    if setting.entry is EntryWay.CHOICE:
        value = setting.choices[-1][0]
    if setting.entry is EntryWay.OPTIONS:
        value = [{"label": "甲", "value": "a"}]
    if setting.entry is EntryWay.RULES:
        return {**holder, "properties": {**holder.get("properties", {}), "rule": "1 = 1", "ruleMessage": "不行。"}}
    *above, last = setting.place.split(".")
    inner = {**holder.get(above[0], {}), last: value} if above else value
    more = {"readonly": True} if last == "unseen" else {"isRepeating": True} if last == "minRows" else {}
    return {**holder, (above[0] if above else last): inner, **more}


def form(*components: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "default", "id": "tried", "schemaVersion": 19, "components": list(components), **more}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.type)
def test_what_is_offered_compiles_with_every_setting(kind: OfferedKind) -> None:
    new = component(kind)
    assert not list(form_faults(form(new)))
    compile_form(form(new))
    for setting in settings_of(kind):
        changed = form(put(new, setting))
        assert not list(form_faults(changed)), setting.place
        compile_form(changed)
