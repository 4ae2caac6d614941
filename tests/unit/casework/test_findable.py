"""Nothing that a form marks personal or secret leads to a case: of every form of every package."""

from __future__ import annotations

import json
from typing import Any

import pytest

import handlers
from service.casework.step.facts import findable_of
from service.domain.forms import compile_form
from tests.support.bundled import bundled

handlers.load()
PACKAGES = bundled().packages
HIDDEN = "龘靐"


@pytest.mark.parametrize("key", sorted(PACKAGES))
def test_no_personal_or_secret_field_of_any_form_is_searched(key: str) -> None:
    package = PACKAGES[key]
    personal = [
        field.path.replace("[]", "").split(".")
        for ident in package.forms
        for field in compile_form(package.form(ident)).fields()
        if field.personal or field.secret
    ]
    assert personal, "each award asks for somebody's name or telephone"
    for names in personal:
        for facts in _every_shape(names):
            found = json.loads(findable_of(package, facts))
            assert HIDDEN not in json.dumps(found, ensure_ascii=False), (names, facts)
    seen = json.loads(findable_of(package, {"a_name_that_no_form_has": HIDDEN}))
    assert [text for _, text in seen] == [HIDDEN], "what nobody marks is found"


def _every_shape(names: list[str]) -> list[dict[str, Any]]:
    """Return facts with the value itself, in a group, and in a row of a list, each at its own name and as a name."""
    first, last = names[0], names[-1]
    row = {last: HIDDEN, "name": HIDDEN}
    return [{first: HIDDEN}, {first: row}, {first: [row]}, {first: [HIDDEN]}, {last: HIDDEN}, {last: [row]}]
