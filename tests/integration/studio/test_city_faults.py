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


def test_an_empty_page_asks_for_what_it_shows(browse: Callable[..., Browser]) -> None:
    page = browse("designer").post("/studio/new/law", {**dict.fromkeys(FIRST, ""), "steps": FIRST.get("steps", "")})
    assert page.status_code == 422
    said = told(page.text)
    assert "#id" not in said[0], "it is made of the name"
    assert "“”" not in page.text
    assert "请填写施行日期" in page.text


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


def test_an_award_of_every_year_is_set_from_the_start(browse: Callable[..., Browser]) -> None:
    text = LAW.read_text().replace("市长质量奖每2年评审一次", "市长质量奖每年评选一次")
    fields = rows(text)
    assert proposed(browse("designer").post("/studio/new/steps", {**FIRST, **fields}).text)["cycle_years"] == "1"


def test_places_that_were_read_as_no_tier_are_told(browse: Callable[..., Browser]) -> None:
    text = LAW.read_text() + "\n第九十九条 质量奖每届不超过3个组织、2名个人。"
    page = browse("designer").post("/studio/new/steps", {**FIRST, **rows(text)}).text
    told_here = page.partition('id="places-beside"')[2].partition("</section>")[0]
    assert "第九十九条：“2名个人”" in told_here
    assert 'href="/studio/new"' in told_here


def test_a_part_of_a_tier_is_told_not_to_be_counted_twice(browse: Callable[..., Browser]) -> None:
    text = LAW.read_text() + "\n第九十九条 提名奖每届不超过6个，其中个人不超过2名。"
    page = browse("designer").post("/studio/new/steps", {**FIRST, **rows(text)}).text
    told_here = page.partition('id="places-beside"')[2].partition("</section>")[0]
    assert "“其中个人不超过2名”" in told_here
    assert "前一个要减去同样多" in told_here


def test_each_step_shows_the_clauses_that_are_proposed_and_keeps_the_others_behind_one_click(
    browse: Callable[..., Browser],
) -> None:
    page = browse("designer").post("/studio/new/steps", {**FIRST, **rows()}).text
    sets = re.findall(r'<fieldset class="passage"><legend>([^<]*)</legend>(.*?)</fieldset>', page, re.S)
    assert len(sets) > 6
    for name, content in sets:
        shown, _, folded = content.partition("<details>")
        assert shown.count("<input") == shown.count(" checked"), name
        assert " checked" not in folded, name
        assert folded.count("<input"), name
