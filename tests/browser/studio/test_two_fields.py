"""Two fields filled one after the other, as quick as a script or as slow as a person: both stand in the draft."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.view_draft import open_file
from service.catalog.bpmn.model import Diagram
from service.catalog.bpmn.read import read_diagram
from tests.browser.studio.building.panel import Panel
from tests.browser.studio.test_nothing_is_lost import diagram, saved
from tests.support.lakeside import DIAGRAM, KEY, Lakeside
from tests.support.waiting import until_on

TITLE, TEXT = '"先填的标题"', '"后填的正文"'
ONE_MOMENT = """([[first, one], [second, two]]) => {
  const fill = (name, words) => {
    const control = [...document.querySelectorAll('[data-part=panel] label')].find((label) => label.textContent === name).control;
    control.focus();
    control.value = words;
    control.dispatchEvent(new Event('input', { bubbles: true }));
  };
  fill(first, one);
  fill(second, two);
}"""
"""Both within one task of the browser, as an extension that fills in forms does."""


@pytest.fixture
def draft(page: Page, town: Lakeside, base: str) -> int:
    number = open_draft(town.desk, town.designer, KEY, "先后填两处")
    diagram(page, base, number)
    return number


def choose(page: Page, element: str) -> None:
    page.evaluate(
        "id => laurelStudio.modeler.get('selection').select(laurelStudio.modeler.get('elementRegistry').get(id))",
        element,
    )


def drawn(town: Lakeside, draft: int) -> Diagram:
    return read_diagram(open_file(town.desk, town.designer, draft, DIAGRAM).content, DIAGRAM)


def parameters(town: Lakeside, draft: int, element: str = "draft") -> dict[str, str]:
    operation = drawn(town, draft).elements[element].operation
    assert operation is not None
    return dict(operation.parameters)


def hold(page: Page, town: Lakeside, draft: int, **formulas: str) -> None:
    """Wait until the draft holds these parameters, and see that what is saved afterwards changes none of them."""
    until_on(page, lambda: formulas.items() <= parameters(town, draft).items())
    saved(page)
    assert {name: parameters(town, draft)[name] for name in formulas} == formulas


@pytest.mark.parametrize("way", ["filled", "typed"])
@pytest.mark.parametrize("pace", ["quick", "slow"])
def test_two_formulas_of_one_operation(page: Page, town: Lakeside, draft: int, way: str, pace: str) -> None:
    choose(page, "draft")
    panel = Panel(page)
    for key, words in (("title", TITLE), ("text", TEXT)):
        field = panel.field(panel.called(key))
        if way == "filled":
            field.fill(words)
        else:
            field.click()
            page.keyboard.press("Control+a")
            page.keyboard.insert_text(words)
        if pace == "slow":
            hold(page, town, draft, **{key: words})
    page.evaluate("document.activeElement.blur()")
    hold(page, town, draft, title=TITLE, text=TEXT, kind='"acceptance"')
    choose(page, "examine")
    choose(page, "draft")
    for key, words in (("title", TITLE), ("text", TEXT)):
        expect(panel.field(panel.called(key))).to_have_value(words)


def test_two_fields_within_one_task_of_the_browser(page: Page, town: Lakeside, draft: int) -> None:
    choose(page, "draft")
    panel = Panel(page)
    page.evaluate(ONE_MOMENT, [[panel.called("title"), TITLE], [panel.called("text"), TEXT]])
    hold(page, town, draft, title=TITLE, text=TEXT)
    assert len(parameters(town, draft)) == 4, "nothing but these two was filled"


def test_undo_takes_back_the_second_field_alone(page: Page, town: Lakeside, draft: int) -> None:
    choose(page, "draft")
    panel = Panel(page)
    title, text = panel.called("title"), panel.called("text")
    was = parameters(town, draft)
    panel.formula(title, TITLE)
    panel.formula(text, TEXT)
    tools = page.locator("[data-part=tools]")
    tools.get_by_role("button", name="撤销", exact=True).click()
    expect(panel.field(text)).to_have_value(was["text"])
    expect(panel.field(title)).to_have_value(TITLE)
    saved(page)
    assert parameters(town, draft) == {**was, "title": TITLE}
    tools.get_by_role("button", name="重做", exact=True).click()
    expect(panel.field(text)).to_have_value(TEXT)
    saved(page)
    assert parameters(town, draft) == {**was, "title": TITLE, "text": TEXT}


def test_a_formula_typed_as_the_page_is_left(page: Page, town: Lakeside, draft: int, base: str) -> None:
    choose(page, "draft")
    panel = Panel(page)
    panel.field(panel.called("title")).click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(TITLE)
    page.goto("about:blank")
    diagram(page, base, draft)
    choose(page, "draft")
    expect(panel.field(panel.called("title"))).to_have_value(TITLE)
    saved(page)
    assert parameters(town, draft)["title"] == TITLE


def test_formulas_of_two_panels(page: Page, town: Lakeside, draft: int) -> None:
    panel = Panel(page)
    choose(page, "draft")
    title = panel.called("title")
    panel.field(title).click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(TITLE)
    choose(page, "is_accepted")  # at once: what was typed has not been told yet
    panel.field("条件（公式）").fill('decision = "accept" and true')
    choose(page, "explain")
    panel.field(panel.called("recipients")).fill('["applicant", "applicant"]')
    choose(page, "decide")
    until_on(page, lambda: parameters(town, draft, "explain")["recipients"] == '["applicant", "applicant"]')
    hold(page, town, draft, title=TITLE)
    conditions = [one.condition for one in drawn(town, draft).flows.values() if one.id == "is_accepted"]
    assert conditions == ['decision = "accept" and true']
