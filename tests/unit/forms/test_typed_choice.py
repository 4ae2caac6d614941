"""A choice whose value is typed, and fields that are called alike in several groups."""

from datetime import date
from typing import Any

import pytest

from service.catalog.scoring.scoring import score_schema
from service.domain.forms import compile_form
from service.domain.review.edition import Category, Edition, ScoredItem
from service.domain.text import Text
from service.web.forms import render_form

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
    ("typed", "near"), [("62", "60%、65%"), ("105", "95%、100%"), ("很好", "0%、5%……100%（共 21 档）")]
)
def test_a_value_that_is_none_of_them_is_told_with_those_nearby(typed: str, near: str) -> None:
    (error,) = FORM.check({"a": {"percent": typed}, "b": {"percent": "5"}, "who": "甲"}, today=TODAY).errors
    assert typed in error.text.zh
    assert near in error.text.zh


def test_no_formula_computes_with_a_value_that_is_none_of_them() -> None:
    found = FORM.state({"a": {"percent": "6555"}, "b": {"percent": "60%"}}, today=TODAY)
    assert found.values["a"] == {"percent": None}
    assert found.values["b"] == {"percent": "60"}


def test_what_is_missing_is_named_by_its_group_only_where_fields_are_called_alike() -> None:
    errors = FORM.check({"a": {"percent": "60"}}, today=TODAY).errors
    assert [(e.path, e.part.zh) for e in errors] == [("b.percent", "4.1.3 组织治理"), ("who", "")]
    page = str(render_form(FORM, {"a": {"percent": "60"}}, errors, today=TODAY))
    assert "4.1.3 组织治理：请填写“得分率”。" in page
    assert ">请填写“填表人”。" in page


@pytest.mark.parametrize(("bands", "said"), [((0, 5, 10), "0–10，每档5"), ((0, 10, 25), "0、10、25"), ((40,), "40")])
def test_a_sheet_says_which_percentages_there_are(bands: tuple[int, ...], said: str) -> None:
    item = ScoredItem("4.1", "领导", 10)
    edition = Edition("e", Text("e", "e"), (Category("4", "四", "process", (item,)),), bands, {})
    assert f">{said}<" in str(render_form(compile_form(score_schema("score/e", edition)), {}, today=TODAY))


def test_it_is_drawn_as_a_field_with_its_steps() -> None:
    page = str(render_form(FORM, {"a": {"percent": "60"}}, today=TODAY))
    assert page.count('inputmode="numeric"') == 2
    assert 'data-steps="0 5 10 15' in page
    assert "<select" not in page
