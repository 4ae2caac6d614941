"""Every kind of field and every rule that form-js can set on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from service.domain.forms import FormCheck, compile_form
from tests.support.tables import rows

One = Callable[..., FormCheck]


@pytest.mark.parametrize(
    ("component", "entered", "kept"),
    [*rows("forms", "kept"), ({"type": "textfield", "validate": {"pattern": "^(a+)+$"}}, "a" * 1500, "a" * 1500)],
)
def test_a_good_value_is_kept(one: One, component: dict, entered: object, kept: object) -> None:
    result = one(component, entered)
    assert result.errors == []
    assert result.values == {"k": kept}


CODE = {"type": "textfield", "properties": {"check": "credit_code"}}
IDENTITY = {"type": "textfield", "properties": {"check": "identity_number"}}


@pytest.mark.parametrize(("component", "entered", "stored"), rows("forms", "plain"))
def test_signs_are_brought_to_plain_ones_before_they_are_judged(
    one: One, component: dict, entered: str, stored: str
) -> None:
    found = one(component, entered)
    assert (list(found.errors), found.values) == ([], {"k": stored})


@pytest.mark.parametrize(
    ("component", "entered", "says"),
    [
        *rows("forms", "wrong_values"),
        ({"type": "textfield"}, "字" * 3000, "超过 2000 个字"),
        ({"type": "textfield", "validate": {"pattern": ".*.*.*.*x"}}, "a" * 900, "格式不符合要求"),
    ],
)
def test_a_bad_value_gets_a_sentence(one: One, component: dict, entered: object, says: str) -> None:
    found = one(component, entered).errors
    assert [error.path for error in found] == ["k"]
    assert says in found[0].text.zh


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
