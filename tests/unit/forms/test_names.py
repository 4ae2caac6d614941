"""Names that a form asks for and that are known."""

from __future__ import annotations

import pytest

from service.domain.forms import Form, FormRefused, compile_form
from service.web.forms import render_form

from .conftest import TODAY


def _line(key: str, person: str) -> dict[str, object]:
    return {"type": "textfield", "id": f"f_{key}", "key": key, "label": key, "properties": {"person": person}}


@pytest.fixture(scope="module")
def signed() -> Form:
    return compile_form({"id": "f", "components": [_line("auditor", "reader"), _line("second", "colleague")]})


def test_the_readers_name_stands_and_that_of_an_only_colleague(signed: Form) -> None:
    assert signed.asks_for_colleague
    assert signed.with_names({}, "甲", ["乙"]) == {"auditor": "甲", "second": "乙"}
    assert signed.with_names({"auditor": "丙"}, "甲", ["乙", "丁"]) == {"auditor": "丙"}


def test_of_several_colleagues_one_is_chosen_from_a_list(signed: Form) -> None:
    shown = render_form(signed, {}, today=TODAY, colleagues=("乙", "丁"))
    assert shown.count("<datalist") == 1
    assert '<option value="乙"></option><option value="丁"></option>' in shown


def test_nobody_elses_name_can_be_asked_for() -> None:
    with pytest.raises(FormRefused, match="person 只能是：reader、colleague"):
        compile_form({"id": "f", "components": [_line("auditor", "anybody")]})
