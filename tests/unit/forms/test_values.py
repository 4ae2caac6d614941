"""Every kind of field and every rule that form-js can set on it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.domain.forms import FormCheck
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
