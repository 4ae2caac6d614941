"""Help where a formula of a draft is written: words of the place, what is wrong."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

from service.casework.studio.drafts.open_draft import open_draft
from tests.support.browsers import Browse, Browser
from tests.support.lakeside import KEY, Lakeside

TABLE = f"processes/{KEY}/eligibility.dmn"


@pytest.fixture
def draft(town: Lakeside) -> int:
    return open_draft(town.desk, town.designer, KEY, "条件")


def place(draft: int, what: str, path: str = TABLE, element: str = "", field: str = "cell") -> str:
    return f"/api/v1/drafts/{draft}/{what}?{urlencode({'path': path, 'element': element, 'field': field})}"


def words(browser: Browser, draft: int, **where: str) -> dict[str, Any]:
    found: dict[str, Any] = browser.get(place(draft, "words", **where)).get_json()
    return found


def judged(browser: Browser, draft: int, text: str, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = browser.send("POST", place(draft, "formula"), {"text": text, **more}).get_json()
    return found


def test_the_words_of_a_place_come_with_type_and_label(browse: Browse, draft: int):
    found = words(browse("designer"), draft)

    names = {name["name"]: name for name in found["names"]}
    founded = next(entry for entry in names["apply"]["entries"] if entry["name"] == "founded")
    assert (founded["label"]["zh"], founded["kind"]["zh"]) == ("成立日期", "日期")
    assert any(function["name"] == "workdays" for function in found["functions"])


def test_what_is_wrong_is_told_with_its_place(browse: Browse, draft: int):
    designer = browse("designer")

    (fault,) = judged(designer, draft, "aply.founded")["problems"]
    assert (fault["start"], fault["end"], fault["suggestion"]) == (0, 12, "apply.founded")
    assert judged(designer, draft, "> 3", kind="tests", input="param.min_years")["problems"] == []
    assert judged(designer, draft, "if a")["problems"][0]["severity"] == "error"
    (idle,) = judged(designer, draft, "apply.founded != null", kind="tests", input='"all"')["problems"]
    assert "不变的值" in idle["message"]["zh"]


def test_what_is_huge_is_refused(browse: Browse, draft: int):
    designer = browse("designer")

    assert "10000" in judged(designer, draft, "1 + " * 4000 + "1")["problems"][0]["message"]["zh"]
    assert designer.send("POST", place(draft, "formula"), {"text": "1" * 50_000}).status_code == 422
