"""Everything that is wrong with what was typed of a new city is told at once: in a list with links, and beside each field."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.integration.studio.test_lawyers_city import FIRST, LAW, proposed, rows
from tests.support.browsers import Browser


def told(page: str) -> tuple[list[str], list[str]]:
    """Return where the links of the list lead, and the fields beside which something is said."""
    listed = page.partition('class="error-summary"')[2].partition("</div>")[0]
    return re.findall(r'href="([^"]*)"', listed), re.findall(r'class="field-error" id="(\w+)-error"', page)


def test_every_field_in_error_of_the_first_page_is_named(browse: Callable[..., Browser]) -> None:
    wrong = {
        "name": "",
        "office": " ",
        "since": "明年",
        "tiers": "市长质量奖",
        "vote_days": "五",
        "acceptance_days": "400",
    }
    page = browse("designer").post("/studio/new/law", {**FIRST, **wrong, "text": LAW.read_text()})
    assert page.status_code == 422
    listed, beside = told(page.text)
    expected = {"name", "office", "since", "tiers", "vote_days", "acceptance_days"}
    assert {link.removeprefix("#") for link in listed} - {"id"} == expected
    assert set(beside) == expected
    assert 'value="400"' in page.text, "what was typed is kept"
    early = browse("designer").post(
        "/studio/new/law", {**FIRST, "since": "2025-01-01", "award_name": "", "text": LAW.read_text()}
    )
    assert told(early.text)[0] == ["#award_name", "#since"]
    assert "第十七条写明自2026年1月1日起施行" in early.text


def test_every_field_in_error_of_the_third_page_is_named_with_its_article(browse: Callable[..., Browser]) -> None:
    designer = browse("designer")
    third = proposed(designer.post("/studio/new/steps", {**FIRST, **rows()}).text)
    assert (third["cycle_years"], third["reviewers"], third["notice_days"]) == ("2", "5", "7")
    wrong = {"reviewers": "3", "notice_days": "6", "vote_base": "", "vote_days": "x", "cycle_years": "3"}
    page = designer.post("/studio/new", {**third, **FIRST, **rows(), **wrong})
    assert page.status_code == 422
    listed, beside = told(page.text)
    assert {link.removeprefix("#") for link in listed} == set(wrong)
    assert set(beside) == set(wrong)
    for said in (
        "第九条写的是“5名”，这里不能填3",
        "第十一条写的是“7个工作日”，这里不能填6",
        "第三条写的是“2年”，这里不能填3",
    ):
        assert said in page.text
