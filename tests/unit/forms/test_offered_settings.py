"""The form editor offers only what the server checks fully."""

from __future__ import annotations

from typing import Any

import pytest

from service.catalog.forms.form_structure import form_faults
from service.domain.forms import compile_form
from service.domain.forms.compile_input import INPUTS
from service.domain.forms.offered import KINDS, settings_of
from service.domain.forms.settings_offered import EntryWay, OfferedKind, OfferedSetting

VALUES: dict[EntryWay, Any] = {
    EntryWay.TEXT: "文字", EntryWay.LONG: "文字", EntryWay.NAME: "other", EntryWay.FLAG: True, EntryWay.TEXT_FLAG: "true",
    EntryWay.WHOLE: 2, EntryWay.TEXT_WHOLE: "2", EntryWay.NUMBER: 2, EntryWay.FORMULA: "=1 = 1", EntryWay.PLAIN_FORMULA: "1 = 1",
    EntryWay.CLAUSES: "XX-1", EntryWay.SIZE: "1048576",
}  # fmt: skip
SPECIAL: dict[str, Any] = {
    "accept": ".pdf", "properties.unique": "inner", "validate.pattern": "[0-9]+", "properties.variables": "param",
    "valuesExpression": '=["a", "b"]', "dataSource": "=[]", "properties.normal": "option_1", "properties.beside": "apply.merit",
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
    if setting.entry in (EntryWay.OPTIONS, EntryWay.COLUMNS):
        value = (
            [{"label": "甲", "value": "a", "key": "a"}]
            if setting.entry is EntryWay.COLUMNS
            else [{"label": "甲", "value": "a"}]
        )
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
