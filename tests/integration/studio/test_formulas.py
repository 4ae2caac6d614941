"""Help where a formula of a draft is written: words of the place, what is wrong, its value on the sample."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.pieces.formulas import TypedFormula, judge_formula
from service.domain.errors import Invalid
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


def test_the_words_of_a_place_come_with_type_label_and_sample(browse: Browse, draft: int):
    found = words(browse("designer"), draft)

    names = {name["name"]: name for name in found["names"]}
    founded = next(entry for entry in names["apply"]["entries"] if entry["name"] == "founded")
    assert (founded["label"]["zh"], founded["kind"]["zh"], founded["sample"]) == ("成立日期", "日期", '"2020-05-01"')
    assert "条件具备，公示后受理" in found["sample"]["zh"]
    assert any(function["name"] == "workdays" for function in found["functions"])


def test_what_is_wrong_is_told_with_its_place_and_the_value_with_its_gaps(browse: Browse, draft: int):
    designer = browse("designer")

    (fault,) = judged(designer, draft, "aply.founded")["problems"]
    assert (fault["start"], fault["end"], fault["suggestion"]) == (0, 12, "apply.founded")
    value = judged(designer, draft, "param.min_years + 1")["value"]
    assert (value["shown"], value["gaps"]) == ("4", [])
    (gap,) = judged(designer, draft, 'apply.founded + "x" + apply.none')["value"]["gaps"]
    assert "apply.none" in gap["part"]
    assert judged(designer, draft, "> 3", kind="tests", input="param.min_years")["value"]["shown"] == "false"
    assert judged(designer, draft, "if a")["problems"][0]["severity"] == "error"


def test_what_loops_is_stopped_and_what_is_huge_is_refused(browse: Browse, draft: int):
    designer = browse("designer")

    assert "已停止" in judged(designer, draft, "sum(for a in 1..9999, b in 1..9999 return a)")["value"]["refused"]["zh"]
    assert "10000" in judged(designer, draft, "1 + " * 4000 + "1")["problems"][0]["message"]["zh"]
    assert designer.send("POST", place(draft, "formula"), {"text": "1" * 50_000}).status_code == 422


def test_facts_can_be_laid_over_the_sample(town: Lakeside, draft: int):
    def value(founded: str) -> str:
        typed = TypedFormula("date(apply.founded).year", facts={"apply.founded": founded})
        found = judge_formula(town.desk, town.designer, draft, TABLE, "", "cell", typed)
        assert found.value is not None
        return found.value.shown

    assert value('"2011-01-01"') == "2011"
    with pytest.raises(Invalid) as refused:
        value("2011 01")
    assert "apply.founded" in refused.value.message.zh
