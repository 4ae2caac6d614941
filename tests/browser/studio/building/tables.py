"""Fills decision tables cell by cell."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, expect

from service.catalog.table_sheets.sheet import TableSheet
from tests.browser.studio.building.hands import Hands
from tests.browser.studio.building.sheets import write_formula
from tests.support.waiting import as_long_as


def fill_table(hands: Hands, wanted: TableSheet) -> None:
    """Make a table that decides as ``wanted`` does."""
    page = hands.page
    hands.go("tables")
    new = page.locator("form.studio-new")
    new.get_by_text("更多", exact=True).click()
    hands.fill({"name": wanted.name, "id": wanted.id}, new)
    hands.press("新建", new)
    page.wait_for_selector("html[data-table-editor=ready]")
    grid = _Grid(hands)
    grid.columns(wanted)
    for number, row in enumerate(wanted.rows):
        grid.row(number, row.id, row.description)
        for place, cell in enumerate((*row.inputs, *row.outputs)):
            name = (*wanted.inputs, *wanted.outputs)[place].name
            grid.cell(number, place, cell, name)
    expect(page.locator(".saving[data-tone=ok]")).to_contain_text("已保存")


class _Grid:
    """The grid of the editor and the panel below it."""

    def __init__(self, hands: Hands) -> None:
        self.page = hands.page
        self.panel = hands.page.locator(".cell-panel")

    def open(self, row: int, column: int) -> None:
        self.page.locator(f'[data-row="{row}"][data-column="{column}"]').click()
        expect(self.panel).to_be_visible()

    def press(self, words: str) -> None:
        self.panel.get_by_role("button", name=words, exact=True).click()

    def columns(self, wanted: TableSheet) -> None:
        """Bring the columns to what is wanted: as many as needed, then each its heading, kind and what it looks at."""
        self.open(-1, -1)
        self.panel.get_by_label("几行同时符合时").select_option(wanted.hit_policy)
        self._many("inputs", len(wanted.inputs), "添加条件列")
        self._many("outputs", len(wanted.outputs), "添加结果列")
        for place, column in enumerate((*wanted.inputs, *wanted.outputs)):
            self.open(-1, place)
            self.panel.get_by_label("列名").fill(column.label)
            self.panel.get_by_label("值的种类").select_option(column.type)
            if column.name:
                self.panel.get_by_label("变量名").fill(column.name)
            else:
                write_formula(self.page, self.panel.locator(".cm-content"), column.expression)

    def _many(self, part: str, count: int, add: str) -> None:
        heads = self.page.locator(f'th[data-part="{part}"]')
        for _ in as_long_as(lambda: heads.count() > count, "more than wanted"):
            heads.last.click()
            self.press("删除这一列")
        for _ in as_long_as(lambda: heads.count() < count, "fewer than wanted"):
            self.open(-1, -1)
            self.press(add)

    def row(self, number: int, ident: str, description: str) -> None:
        """Have a row ``number`` with its id and what it says."""
        if self.page.locator(f'[data-row="{number}"][data-column="-1"]').count() == 0:
            self.open(-1, -1)
            self.press("在最后添加一行")
        self.open(number, -1)
        self.panel.get_by_label("说明").fill(description)
        self.panel.get_by_label("编号（其他文件凭它引用这一行）").fill(ident)

    def cell(self, row: int, column: int, text: str, name: str) -> None:
        """Write a cell in the way it is offered: a choice, clauses, or a formula."""
        self.open(row, column)
        kinds: tuple[tuple[Locator, Callable[[Locator], None]], ...] = (
            (self.panel.get_by_label("添加条款"), lambda box: self._cite(box, text)),
            (self.panel.locator(".cell-body > select"), lambda box: self._choose(box, text)),
            (self.panel.locator(".cm-content"), lambda box: write_formula(self.page, box, text)),
        )
        box, write = next((box, write) for box, write in kinds if box.count())
        write(box)

    def _cite(self, box: Locator, text: str) -> None:
        for clause in text.strip('"').split():
            box.fill(clause)
            self.press("添加")

    def _choose(self, box: Locator, text: str) -> None:
        box.select_option(text.strip('"') if text != "null" else "")
