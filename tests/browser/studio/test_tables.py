"""A designer edits a decision table: the formula field helps, rows light up on facts, a spreadsheet goes out and comes back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.view_draft import open_file
from service.casework.studio.pieces.tables import view_table
from service.catalog.table_sheets.sheet import TableSheet
from service.store import Store
from tests.support.accessibility import axe
from tests.support.lakeside import KEY, Lakeside, make_lakeside
from tests.support.served import served, signed_in

TABLE = f"processes/{KEY}/eligibility.dmn"
MET, FINDING, CLAUSES = 1, 2, 4
"""Columns of the miniature's table."""


@dataclass
class Editor:
    """The editor of the miniature's table in a browser."""

    page: Page
    town: Lakeside
    draft: int

    @property
    def field(self) -> Locator:
        return self.page.locator(".cell-panel .cm-content")

    @property
    def verdict(self) -> Locator:
        """The line below the formula at hand."""
        return self.page.locator(".cell-panel .feel-value")

    def cell(self, row: int, column: int) -> Locator:
        return self.page.locator(f'[data-row="{row}"][data-column="{column}"]')

    def open(self, row: int, column: int) -> None:
        self.cell(row, column).click()
        expect(self.page.locator(".cell-panel")).to_be_visible()

    def type_formula(self, text: str) -> None:
        """Write ``text`` at once: of one that is typed letter by letter a slow machine saves the beginning too."""
        self.field.click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)

    def saved(self) -> TableSheet:
        expect(self.page.locator(".saving[data-tone=ok]")).to_contain_text("已保存")
        return view_table(self.town.desk, self.town.designer, self.draft, TABLE).sheet


@contextmanager
def editor(chromium: Browser, store: Store, width: int = 1366, who: str = "designer") -> Iterator[Editor]:
    town = make_lakeside(store)
    if who == "admin":
        town.start("first")
    draft = open_draft(town.desk, getattr(town, who), KEY, "条件")
    with served(town) as base, signed_in(chromium, town, who, base, width) as context:
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(f"{base}/studio/drafts/{draft}/forms")
        page.get_by_role("link", name="申报条件").click()
        page.wait_for_selector("html[data-table-editor=ready]")
        yield Editor(page, town, draft)
    assert [
        words for words in said if "422" not in words and "409" not in words
    ] == []  # a refusal that the page shows as a sentence


def test_a_name_is_completed_and_an_unknown_one_is_marked_and_mended(chromium: Browser, sqlite_store: Store) -> None:
    with editor(chromium, sqlite_store) as it:
        late: list[Route] = []
        it.page.route(re.compile(r"/words\?"), lambda words: late.append(words))
        with it.page.expect_request(re.compile(r"/words\?")):
            it.open(0, MET)
        it.type_formula("date(apply.")
        with it.page.expect_response(re.compile(r"/formula\?")):
            it.page.keyboard.type("fou")
        (words,) = late
        words.continue_()
        expect(it.page.locator(".cm-tooltip-autocomplete")).to_contain_text("成立日期")
        it.page.locator(".cm-tooltip-autocomplete li").click()
        it.page.keyboard.type(").year > 2010")
        expect(it.field).to_have_text("date(apply.founded).year > 2010")
        expect(it.verdict).to_have_text("")
        it.type_formula("aply.founded = null")
        expect(it.verdict).to_contain_text("是不是想写“apply”")
        expect(it.field).to_have_attribute("aria-invalid", "true")
        expect(it.cell(0, MET)).to_have_attribute("data-bad", "error")
        it.page.locator(".cm-lintRange-error").hover()
        it.page.get_by_role("button", name="改为“apply.founded”").click()
        expect(it.field).to_have_text("apply.founded = null")
        assert it.saved().rows[0].outputs[0] == "apply.founded = null"


def test_a_threshold_is_changed_by_the_keyboard_alone_and_undone(chromium: Browser, sqlite_store: Store) -> None:
    with editor(chromium, sqlite_store) as it:
        before = open_file(it.town.desk, it.town.designer, it.draft, TABLE).content
        it.cell(0, -1).focus()
        it.page.keyboard.press("ArrowRight")
        it.page.keyboard.press("ArrowRight")
        it.page.keyboard.press("Enter")
        expect(it.field).to_be_focused()
        it.page.keyboard.press("Control+End")
        it.page.keyboard.type(' + duration("P1D")')
        it.page.keyboard.press("Tab")
        expect(it.field).not_to_be_focused()
        assert it.saved().rows[0].outputs[0].endswith('+ duration("P1D")')
        it.page.keyboard.press("Shift+Tab")
        it.page.keyboard.press("Escape")
        expect(it.cell(0, MET)).to_be_focused()
        it.page.keyboard.press("Control+z")
        expect(it.page.locator(".saving")).to_contain_text(re.compile("有改动|正在保存"))
        it.saved()
        assert open_file(it.town.desk, it.town.designer, it.draft, TABLE).content == before


def test_texts_are_typed_without_quotation_marks_and_clauses_are_chosen(chromium: Browser, sqlite_store: Store) -> None:
    with editor(chromium, sqlite_store) as it:
        it.page.get_by_role("button", name="添加一行").click()
        it.page.get_by_label("说明").fill("信誉良好")
        it.open(1, FINDING)
        it.type_formula('"x"')
        it.open(0, MET)
        it.open(1, FINDING)
        it.page.get_by_label("符合时").fill('“信誉”良好，"无"失信记录')
        it.open(1, CLAUSES)
        it.page.get_by_label("添加条款").fill("LS-3")
        it.page.get_by_role("button", name="添加", exact=True).click()
        link = it.page.locator(".cell-clauses").get_by_role("link", name="LS-3")
        expect(link).to_have_attribute("href", re.compile(r"/studio/drafts/\d+/clauses\?clause=LS-3#LS-3$"))
        row = it.saved().rows[1]
        assert (row.description, row.outputs[1], row.outputs[3]) == (
            "信誉良好",
            '"“信誉”良好，\\"无\\"失信记录"',
            '"LS-3"',
        )
        it.cell(1, -1).click()
        it.page.get_by_role("button", name="删除这一行").click()
        expect(it.page.locator("tbody tr")).to_have_count(1)


@pytest.mark.parametrize("width", [1366, 390])
def test_the_editor_has_no_serious_barrier_and_fits_a_phone(chromium: Browser, sqlite_store: Store, width: int) -> None:
    with editor(chromium, sqlite_store, width) as it:
        it.open(0, MET)
        expect(it.field).to_have_attribute("aria-invalid", "false")
        assert it.page.locator("html").evaluate("node => node.scrollWidth") <= width
        assert axe(it.page, serious=True) == []
