"""The forms that come with the packages can all be checked and drawn."""

from __future__ import annotations

import json

import pytest

from service.domain.forms import compile_form
from service.web.forms import render_form
from tests.support.tree import project_tree

from .conftest import TODAY

TREE = project_tree()
FORMS = sorted(path for path in TREE if path.startswith("forms/") and "/patterns/" not in path)


@pytest.mark.parametrize("path", FORMS)
def test_a_bundled_form_compiles_and_is_drawn_blank(path: str) -> None:
    form = compile_form(json.loads(TREE[path]))
    body = render_form(form, form.blank(), form.check(form.blank(), today=TODAY).errors, today=TODAY, reveal=True)
    for info in form.fields():
        assert info.label.zh or info.type is None, f"{path}: {info.path} has no label"
    assert "form-body" in body
