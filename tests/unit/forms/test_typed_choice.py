"""A choice whose value is typed, and fields that are called alike in several groups."""

from datetime import date
from typing import Any

import pytest

from service.domain.forms import compile_form

TODAY = date(2026, 3, 2)


def _group(name: str, label: str) -> dict[str, Any]:
    field = {
        "type": "select",
        "id": f"{name}_percent",
        "key": "percent",
        "label": "得分率",
        "values": [{"label": f"{n}%", "value": str(n)} for n in range(0, 101, 5)],
        "validate": {"required": True},
        "appearance": {"suffixAdorner": "%"},
        "properties": {"typed": "true"},
    }
    return {"type": "group", "id": name, "path": name, "label": label, "components": [field]}


SCHEMA = {
    "type": "default",
    "id": "sheet",
    "schemaVersion": 19,
    "components": [
        _group("a", "4.1.2 高层领导的作用"),
        _group("b", "4.1.3 组织治理"),
        {"type": "textfield", "id": "who", "key": "who", "label": "填表人", "validate": {"required": True}},
    ],
}
FORM = compile_form(SCHEMA)


@pytest.mark.parametrize("typed", ["60", " 60 ", "60%", "６０", "60％"])
def test_a_value_is_taken_however_it_is_typed(typed: str) -> None:
    found = FORM.check({"a": {"percent": typed}, "b": {"percent": "5"}, "who": "甲"}, today=TODAY)
    assert (found.values["a"], found.errors) == ({"percent": "60"}, [])


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("62", "“62”这一档，可填 60%、65%"),
        ("105", "不能超过 100%"),
        ("很好", "“很好”这一档，可填 0%、5%……100%（共 21 档）"),
    ],
)
def test_a_value_that_is_none_of_them_is_told_with_those_nearby(typed: str, says: str) -> None:
    (error,) = FORM.check({"a": {"percent": typed}, "b": {"percent": "5"}, "who": "甲"}, today=TODAY).errors
    assert says in error.text.zh
