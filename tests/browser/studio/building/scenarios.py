"""Writes scenarios by their cards: the head, then each step and expectation as a row of its own, input by input."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Locator, expect

from service.casework.simulate.scenarios.row_words import RowWords
from service.casework.simulate.scenarios.scenario_head import head_of
from service.casework.simulate.scenarios.scenario_text import flow
from service.casework.simulate.scenarios.shapes import Like
from service.catalog import Package
from service.catalog.scenarios.scenario_terms import ScenarioTerms
from service.catalog.source.format_yaml import load_yaml
from service.catalog.source.yaml import parse_yaml, plain
from service.web.studio.scenarios.scenario_inputs import COUNT, RowInput
from service.web.studio.scenarios.scenario_rows import RowForm, row_form
from tests.browser.studio.building.basics import filled
from tests.browser.studio.building.hands import Hands
from tests.support.scenario_posts import LISTS
from tests.support.waiting import as_long_as


def write_scenario(hands: Hands, file: str, text: str, package: Package) -> None:
    """Write the scenario ``text`` of the file ``file``, whose names are those of ``package``."""
    page, wanted = hands.page, load_yaml(text)
    rows_of: Any = plain(parse_yaml(text.encode(), file))
    hands.go("scenarios")
    new = page.locator("form.cluster")
    new.get_by_text("更多", exact=True).click()
    hands.fill({"title": wanted["title"], "start": str(wanted["start"]), "name": PurePosixPath(file).stem}, new)
    hands.press("新建", new)
    head = page.locator("form.card").first
    hands.fill(filled(head_of(wanted)), head)
    if wanted.get("parameters"):
        head.locator('[name="beyond"]').check()
    hands.press("保存", head)
    path = page.url.partition("path=")[2].partition("#")[0]
    words = RowWords(package, ScenarioTerms(package), (), rows_of.get("organisations") or {})
    for rows in ("steps", "expect"):
        held = rows_of.get(rows) or ()
        if held:
            first = urlencode({"rows": rows, "number": 0, "insert": 1})
            page.goto(f"{hands.base}/studio/drafts/{hands.draft}/scenarios/edit/row?path={path}&{first}")
        for number, row in enumerate(held, 1):
            _type_row(hands, row_form(words, rows, row), row)
            with page.expect_navigation():
                hands.press("保存，再加一行" if number < len(held) else "保存")
    expect(page.locator(".step-card")).to_have_count(len(wanted["steps"]) + len(wanted.get("expect") or ()))


def _type_row(hands: Hands, form: RowForm, row: Mapping[str, Any]) -> None:
    """Choose what is done and about what, then fill in what the page shows for that."""
    shown = hands.page.locator("form.row-form")
    chosen = next((one for one in form.about if one.shape.like is Like.CHOICE), None)
    parts = [form.word, "", ""]
    _choose(hands, "word", form.word, parts, 0)
    if form.inner:
        _choose(hands, "inner", form.inner, parts, 1)
    if chosen is not None:
        _choose(hands, chosen.name, chosen.value, parts, 2)
    rest = dict(load_yaml(form.rest)) if form.rest else {}
    rest |= {key: value for key, value in row.items() if value in ({}, "") and key != form.word}
    every = [one for one in (*form.about, *form.beside, *form.filled, *form.apart) if one is not chosen]
    inputs = [one for one in every if _has_input(shown, one)]
    rest |= {one.shape.key: row[one.shape.key] for one in every if one not in inputs and one.shape.key in row}
    for one in inputs:
        _make_rows(shown, one)
    closed = shown.locator("details:not([open]) > summary")
    for _ in as_long_as(closed.count, "some are left"):
        closed.first.click()
    for one in inputs:
        _fill(shown, one)
    if rest:
        shown.locator('[name="rest"]').fill(flow(rest))


def _has_input(shown: Locator, one: RowInput) -> bool:
    """Tell whether a new row has an input for this value; what has none is written under “more”."""
    if one.written or (one.shape.key == "percent" and one.shape.like is not Like.NUMBER):
        return False
    if one.shape.like in (*LISTS, Like.GROUP) or one.chosen:
        return True
    return not one.value or shown.locator(f'[name="{one.name}"]').count() > 0


def _choose(hands: Hands, name: str, value: str, parts: list[str], place: int) -> None:
    """Choose, and see that the page shows what belongs to it."""
    form = hands.page.locator("form.row-form")
    parts[place] = value
    if form.locator(f'select[name="{name}"]').input_value() != value:
        form.locator(f'select[name="{name}"]').select_option(value)
    if place < 2:
        expect(form.locator(f'select[name="{name}"]')).to_have_value(value)
    found = hands.page.locator(f'form.row-form[data-shown^="{"/".join(parts[: place + 1]) if place < 2 else value}"]')
    if place == 2:
        found = hands.page.locator(f'form.row-form[data-shown="{"/".join(parts)}"]')
    expect(found).to_be_attached()
    expect(hands.page.locator("form.row-form[aria-busy]")).to_have_count(0)


def _make_rows(shown: Locator, one: RowInput) -> None:
    """Add as many rows as the value has, those within rows too."""
    if one.written:
        return
    if one.shape.like in LISTS:
        for number in range(len(one.rows)):
            shown.locator(f'button[name="_add"][value="{one.name}"]').click()
            expect(shown.locator(f'[name="{one.name}{COUNT}"]')).to_have_value(str(number + 1))
    for inner in (*one.inner, *(part for row in one.rows for part in row)):
        _make_rows(shown, inner)


def _fill(shown: Locator, one: RowInput) -> None:
    if one.written or not (one.inner or one.rows or one.chosen):
        control = shown.locator(f'[name="{one.name.removesuffix("~")}"]')
        if one.value and not one.written:
            if control.evaluate("node => node.tagName") == "SELECT":
                control.select_option(one.value)
            else:
                control.fill(one.value)
    for word in one.chosen:
        shown.locator(f'[name="{one.name}"][value="{word}"]').check()
    for inner in (*one.inner, *(part for row in one.rows for part in row)):
        _fill(shown, inner)
