"""Forms that the server could not check fully are refused when they are saved."""

from __future__ import annotations

import pytest

from service.domain.forms import FormRefused, compile_form
from tests.support.tables import rows

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
