"""A designer edits a decision table: the formula field helps, rows light up on facts, a spreadsheet goes out and comes back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Thread

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Locator, Page, expect
from werkzeug.serving import make_server

from service.casework.people.factors.sessions import open_session
from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.view_draft import open_file
from service.casework.studio.pieces.save_table import save_table
from service.casework.studio.pieces.view_table import view_table
from service.catalog.table_sheets.sheet import TableSheet
from service.store import Store
from service.web.frame.requests.cookies import SESSION
from service.web.frontend import webbuild
from tests.support.accessibility import axe
from tests.support.browsers import make_app
from tests.support.lakeside import KEY, Lakeside, make_lakeside
from tests.support.waiting import until_on

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
        """The line below the formula at hand; a fact of the trial that is a formula has one of its own."""
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
    webbuild.build()
    town = make_lakeside(store)
    if who == "admin":
        town.start("first")
    draft = open_draft(town.desk, getattr(town, who), KEY, "条件")
    server = make_server("127.0.0.1", 0, make_app(town), threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.port}"
    context = chromium.new_context(viewport={"width": width, "height": 768}, bypass_csp=False)
    context.add_cookies([{"name": SESSION, "value": open_session(town.desk, town.people[who], 12), "url": base}])
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{base}/studio/drafts/{draft}/tables")
    page.get_by_role("link", name="申报条件").click()
    page.wait_for_selector("html[data-table-editor=ready]")
    yield Editor(page, town, draft)
    context.close()
    server.shutdown()
    assert [
        words for words in said if "422" not in words and "409" not in words
    ] == []  # a refusal that the page shows as a sentence


@pytest.mark.browser
def test_a_name_is_completed_and_an_unknown_one_is_marked_and_mended(chromium: Browser, sqlite_store: Store) -> None:
    with editor(chromium, sqlite_store) as it:
        it.open(0, MET)
        it.type_formula("date(apply.")
        it.page.keyboard.type("fou")
        expect(it.page.locator(".cm-tooltip-autocomplete")).to_contain_text("成立日期")
        it.page.wait_for_timeout(150)  # an offer is not taken by a key that was meant for the line before it came
        it.page.keyboard.press("Enter")
        it.page.keyboard.type(").year > 2010")
        expect(it.field).to_have_text("date(apply.founded).year > 2010")
        expect(it.verdict).to_have_text("在样例上的值：true")
        it.type_formula("aply.founded = null")
        expect(it.verdict).to_contain_text("是不是想写“apply”")
        expect(it.field).to_have_attribute("aria-invalid", "true")
        expect(it.cell(0, MET)).to_have_attribute("data-bad", "error")
        it.page.locator(".cm-lintRange-error").hover()
        it.page.get_by_role("button", name="改为“apply.founded”").click()
        expect(it.field).to_have_text("apply.founded = null")
        assert it.saved().rows[0].outputs[0] == "apply.founded = null"


@pytest.mark.browser
def test_rows_light_up_on_facts_and_what_is_missing_is_named(chromium: Browser, sqlite_store: Store) -> None:
    with editor(chromium, sqlite_store) as it:
        row = it.page.locator("tbody tr").first
        expect(row).to_have_attribute("data-state", "yes")
        expect(row).to_contain_text("适用，条件符合")
        founded = it.page.get_by_label("成立日期", exact=True)
        expect(founded).to_have_value("2020-05-01")  # as people write it, not as a formula
        founded.fill("2026-01-01")
        expect(row).to_have_attribute("data-state", "failed")
        founded.fill("")
        expect(row).to_have_attribute("data-state", "open")
        expect(it.page.locator(".table-result")).to_contain_text("缺少的值：成立日期")
        it.page.get_by_role("button", name="成立日期：按公式填写").click()
        expect(founded).to_have_attribute("contenteditable", "true")
        founded.fill("param.min_ye")
        offered = it.page.locator(".cm-tooltip-autocomplete li").filter(has_text="min_years")
        founded.press("a")
        expect(offered).to_be_visible()
        founded.fill("2026 年")
        expect(it.page.locator(".table-problems")).to_contain_text("apply.founded")


@pytest.mark.browser
def test_who_may_look_at_cases_tries_the_table_on_one(chromium: Browser, sqlite_store: Store) -> None:
    with editor(chromium, sqlite_store, who="admin") as it:
        it.page.get_by_label("用谁的数据").select_option(label="办件：first木作坊（申报）")
        expect(it.page.locator(".trial")).to_contain_text("数据来自办件“first木作坊”")
        expect(it.page.locator("tbody tr").first).to_contain_text("适用，条件符合")


@pytest.mark.browser
def test_of_two_who_change_the_same_cell_the_second_is_told_and_loses_nothing(
    chromium: Browser, sqlite_store: Store
) -> None:
    with editor(chromium, sqlite_store) as it:
        other = it.page.context.new_page()
        other.goto(it.page.url)
        other.wait_for_selector("html[data-table-editor=ready]")
        for page, year in ((it.page, "2001"), (other, "2002")):
            page.locator(f'[data-row="0"][data-column="{MET}"]').click()
            page.locator(".cell-panel .cm-content").click()
            page.keyboard.press("Control+a")
            page.keyboard.insert_text(f"date(apply.founded).year > {year}")
            if page is it.page:
                until_on(page, lambda: b"2001" in open_file(it.town.desk, it.town.designer, it.draft, TABLE).content)
                expect(page.locator(".saving[data-tone=ok]")).to_contain_text("已保存")
        expect(other.locator(".saving[data-tone=late]")).to_contain_text("两份都保留着")
        other.locator(".saving").get_by_role("link", name="逐处选择").click()
        expect(other.get_by_text("apply.founded).year > 2001").first).to_be_visible()
        expect(other.get_by_text("apply.founded).year > 2002").first).to_be_visible()


@pytest.mark.browser
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


@pytest.mark.browser
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


@pytest.mark.browser
def test_a_row_that_seasons_expect_goes_only_when_confirmed(chromium: Browser, sqlite_store: Store) -> None:
    with editor(chromium, sqlite_store) as it:
        it.page.get_by_role("button", name="添加一行").click()
        it.cell(0, -1).click()
        it.page.get_by_role("button", name="删除这一行").click()
        expect(it.page.get_by_role("dialog")).to_contain_text("“条件具备，公示后受理”")
        it.page.get_by_role("button", name="保留").click()
        expect(it.page.locator("tbody tr")).to_have_count(2)
        it.page.get_by_role("button", name="删除这一行").click()
        it.page.get_by_role("button", name="仍要删除").click()
        expect(it.page.locator("tbody tr")).to_have_count(1)
        assert [row.was == "founded_long_enough" for row in it.saved().rows] == [False]


@pytest.mark.browser
def test_a_spreadsheet_goes_out_and_comes_back_with_its_differences(
    chromium: Browser, sqlite_store: Store, tmp_path: Path
) -> None:
    with editor(chromium, sqlite_store) as it:
        with it.page.expect_download() as download:
            it.page.get_by_role("link", name="导出为 Excel").click()
        file = tmp_path / download.value.suggested_filename
        download.value.save_as(file)
        book = load_workbook(file)
        sheet = book.worksheets[0]
        place = [cell.value for cell in sheet[1]].index("结果：符合时") + 1
        sheet.cell(2, place).value = '"成立年限足够"'
        book.save(file)

        with it.page.expect_file_chooser() as chooser:
            it.page.get_by_role("button", name="从 Excel 导入").click()
        chooser.value.set_files(file)
        dialog = it.page.get_by_role("dialog")
        expect(dialog).to_contain_text("1 处不同")
        expect(dialog).to_contain_text('改为“"成立年限足够"”')
        dialog.get_by_role("button", name="采用这些修改").click()
        expect(it.cell(0, FINDING)).to_have_text("成立年限足够")
        assert it.saved().rows[0].outputs[1] == '"成立年限足够"'

        sheet.cell(1, 30).value = "多余的列"
        book.save(file)
        with it.page.expect_file_chooser() as chooser:
            it.page.get_by_role("button", name="从 Excel 导入").click()
        chooser.value.set_files(file)
        expect(it.page.get_by_role("dialog")).to_contain_text("没有这样的列：多余的列")


@pytest.mark.browser
def test_a_number_beyond_the_law_is_told_with_its_article_and_no_spreadsheet_brings_it(
    chromium: Browser, sqlite_store: Store, tmp_path: Path
) -> None:
    with editor(chromium, sqlite_store) as it:
        lawful = view_table(it.town.desk, it.town.designer, it.draft, TABLE).sheet.rows[0].outputs[0]
        it.open(0, MET)
        it.type_formula('date(apply.founded) + duration("P2Y") <= today()')
        told = it.page.get_by_text("下列数超出了法定界限，这张表没有保存")
        expect(told.first).to_contain_text("写定的“2”超出第三条的界限")
        assert view_table(it.town.desk, it.town.designer, it.draft, TABLE).sheet.rows[0].outputs[0] == lawful
        it.open(0, MET)
        it.type_formula(lawful)
        expect(told).to_have_count(0)

        with it.page.expect_download() as download:
            it.page.get_by_role("link", name="导出为 Excel").click()
        file = tmp_path / "t.xlsx"
        download.value.save_as(file)
        book = load_workbook(file)
        sheet = book.worksheets[0]
        place = [cell.value for cell in sheet[1]].index("结果：是否符合") + 1
        sheet.cell(2, place).value = 'date(apply.founded) + duration("P2Y") <= today()'
        book.save(file)
        with it.page.expect_file_chooser() as chooser:
            it.page.get_by_role("button", name="从 Excel 导入").click()
        chooser.value.set_files(file)
        dialog = it.page.get_by_role("dialog")
        expect(dialog).to_contain_text("第三条")
        expect(dialog.get_by_role("button", name="采用这些修改")).to_have_count(0)


@pytest.mark.browser
def test_a_bar_that_counts_to_today_counts_to_the_application_by_one_click(
    chromium: Browser, sqlite_store: Store
) -> None:
    with editor(chromium, sqlite_store) as it:
        opened = view_table(it.town.desk, it.town.designer, it.draft, TABLE)
        [first, *others] = opened.sheet.rows
        barred = replace(first, id="no_event_for_min_years", was=first.id)
        sheet = replace(opened.sheet, rows=(barred, *others))
        save_table(it.town.desk, it.town.designer, it.draft, TABLE, sheet, opened.hash, removed=[first.id])
        it.page.reload()
        rules = it.page.locator(".file-problems")
        rules.get_by_role("button", name="算到申报之日").click()
        expect(rules.get_by_role("button", name="算到申报之日")).to_have_count(0)
        met = it.saved().rows[0].outputs[0]
        assert "reference_date" in met
        assert "today()" not in met


@pytest.mark.browser
@pytest.mark.parametrize("width", [1366, 390])
def test_the_editor_has_no_serious_barrier_and_fits_a_phone(chromium: Browser, sqlite_store: Store, width: int) -> None:
    with editor(chromium, sqlite_store, width) as it:
        it.open(0, MET)
        expect(it.verdict).to_contain_text("在样例上的值")
        assert it.page.evaluate("document.documentElement.scrollWidth") <= width
        assert axe(it.page, serious=True) == []
