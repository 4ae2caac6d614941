"""The forms that come with the packages can all be checked and drawn."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from service.domain.forms import compile_form
from service.web.forms import render_form

from .conftest import TODAY

FORMS = sorted((Path(__file__).parents[3] / "forms").rglob("*.json"))


@pytest.mark.parametrize("path", FORMS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_bundled_form_compiles_and_is_drawn_blank(path: Path) -> None:
    form = compile_form(json.loads(path.read_text(encoding="utf-8")))
    body = render_form(form, form.blank(), form.check(form.blank(), today=TODAY).errors, today=TODAY, reveal=True)
    for info in form.fields():
        assert info.label.zh or info.type is None, f"{path.name}: {info.path} has no label"
    assert "form-body" in body
