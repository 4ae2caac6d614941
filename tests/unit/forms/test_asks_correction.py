"""A form that asks for a correction declares it, whatever its options are called."""

from __future__ import annotations

from service.domain.forms import compile_form


def _form(label: str, **properties: str) -> dict[str, object]:
    values = [{"label": "受理", "value": "accept"}, {"label": label, "value": "return"}]
    choice = {"type": "radio", "id": "f_choice", "key": "choice", "label": "决定", "values": values}
    return {"id": "f", "components": [choice], "properties": properties}


def test_a_correction_is_asked_for_where_the_form_declares_it_and_not_where_an_option_is_called_so() -> None:
    assert compile_form(_form("退回完善材料", asks_correction="true")).asks_correction
    assert not compile_form(_form("已按要求补正")).asks_correction
