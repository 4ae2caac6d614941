"""An expert fills in a score sheet by keys with the application beside it, and counts what that took."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

import handlers
from service.domain.review import field_of
from service.store import Store
from tests.support.accessibility import axe
from tests.support.clicks_counted import Counted, counted
from tests.support.review import BEGIN, DECLARED, STAGE, ReviewBench, make_review
from tests.support.served import served, signed_in

handlers.load()


@pytest.fixture
def sheet(sqlite_store: Store, chromium: Browser) -> Iterator[tuple[ReviewBench, Page, list[str]]]:
    bench = make_review(sqlite_store, *BEGIN, DECLARED)
    task = bench.tasks("score")[0]
    bench.people["expert"] = int(task.assignee_id or 0)
    items = [field_of(item) for item in bench.stage.package.edition("gbt19580-2012").items]
    with served(bench) as base, signed_in(chromium, bench, "expert", base) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"{base}/tasks/{task.id}")
        yield bench, page, items


def test_a_sheet_is_typed_beside_the_application_with_five_clicks_at_most(
    sheet: tuple[ReviewBench, Page, list[str]],
) -> None:
    bench, page, items = sheet
    page.locator(f"[name='{items[0]}.percent']").fill("35")
    expect(page.locator("[data-autosave-status]")).to_have_text("有改动未暂存")
    with counted(page, most=5) as hand:
        expect(page.locator(f"[name='{items[0]}.percent']")).to_have_value("35")
        beside = page.get_by_role("region", name="申报材料")
        expect(beside.get_by_role("heading", level=2)).to_have_text("申报")
        assert axe(page, serious=True) == []
        percents(page, hand, items)
        _edge_keeps_typing(page, items[0])
        expect(page.locator(".action-bar .submit-lacks")).to_contain_text(re.compile(r"还有 \d 项没有填好，先填：4\.7"))
        hand.click(page.get_by_role("button", name="提交"))
        _last_is_named_and_jumped_to(page, hand, items)
        hand.click(page.get_by_role("button", name="提交"))
        hand.click(page.get_by_role("button", name="确认提交"))
        expect(page.locator(".toast, .note").filter(has_text="已提交")).to_be_visible()
    page.go_back()  # to what answered the refused sheet, which the browser cannot show again by itself
    expect(page.get_by_text("已办结").first).to_be_visible()
    with bench.desk.store.read() as tx:
        (kept,) = tx.sheets.select(case_id=bench.case(), stage=STAGE)
    given = {item: score["percent"] for item, score in kept.scores.items()}
    assert sorted(set(given.values())) == [40, 45]


def percents(page: Page, hand: Counted, items: list[str]) -> None:
    """Fill in every item but the last by keys, one of them by the arrows."""
    hand.click(page.locator(f"[name='{items[0]}.percent']"))
    hand.press("Enter")
    expect(page.locator(f"[name='{items[1]}.percent']")).to_be_focused()
    hand.press("Shift+Enter")
    for item in items[:-1]:
        expect(page.locator(f"[name='{item}.percent']")).to_be_focused()
        hand.type("40")
        if item == items[1]:
            hand.press("ArrowUp")
            expect(page.locator(f"[name='{item}.percent']")).to_have_value("45")
        if item == items[0]:  # the words that are wanted are counted with the percentages
            expect(page.locator(".sheet-missing")).to_contain_text("4.1.2（改进机会）")
        words(hand)
        hand.press("Tab")


def words(hand: Counted) -> None:
    """Go on from the percentage to what is to be improved, and write it."""
    hand.press("Tab")
    hand.press("Tab")
    hand.type("记录不全")


def _edge_keeps_typing(page: Page, item: str) -> None:
    edge = page.get_by_role("separator")
    before = page.locator("#beside").bounding_box()
    edge.focus()
    page.keyboard.press("ArrowLeft")
    after = page.locator("#beside").bounding_box()
    assert before
    assert after
    assert after["width"] < before["width"]
    expect(page.locator(f"[name='{item}.percent']")).to_have_value("40")


def _last_is_named_and_jumped_to(page: Page, hand: Counted, items: list[str]) -> None:
    last = page.locator(f"[name='{items[-1]}.percent']")
    link = page.locator(".error-summary").get_by_role("link", name="得分率").first
    expect(link).to_contain_text("4.7")
    expect(last).to_be_focused()  # not the summary: what is missing is typed at once
    hand.click(link)
    expect(last).to_be_focused()
    _no_such_value_is_told(page, hand, items[-1])
    expect(page.locator("#beside")).to_be_visible()  # the papers stay open after a refusal
    hand.type("40")
    words(hand)
    expect(page.locator(".sheet-missing")).to_have_text("各项都已评分并写明")


def _no_such_value_is_told(page: Page, hand: Counted, item: str) -> None:
    field = page.locator(f"[name='{item}.percent']")
    figures = page.locator("fieldset").filter(has=field).last.locator("output.computed")
    hand.type("6555")
    expect(figures).to_have_text("…")  # no figure of the value before stands beside one that is being typed
    expect(page.locator("#f-total")).to_have_text("…")
    hand.press("Tab")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".sheet-missing")).to_contain_text("1 项需改：4.7.7（不能超过 100%）")
    hand.press("Shift+Tab")  # back in the field, which is chosen whole


def test_a_table_that_was_fetched_is_chosen_and_checked_without_a_question(
    sheet: tuple[ReviewBench, Page, list[str]], tmp_path: Path
) -> None:
    _, page, _ = sheet
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.get_by_role("link", name="用表格填写").click()
    with page.expect_download() as fetched:
        page.get_by_role("link", name="下载表格").click()
    table = tmp_path / "评分.xlsx"
    fetched.value.save_as(table)
    page.locator("#file").set_input_files(table)
    page.get_by_role("button", name="逐行检查").click()
    expect(page.get_by_text("尚未导入，请核对每一行。")).to_be_visible()
    assert asked == []


def test_a_sheet_is_level_and_large_enough_to_touch_and_short_on_a_phone(
    sheet: tuple[ReviewBench, Page, list[str]],
) -> None:
    _, page, items = sheet
    page.set_viewport_size({"width": 1024, "height": 768})
    for item in items:
        boxes = page.locator(f"#f-{item} :is(input, output, textarea)").evaluate_all(
            "all => all.map((one) => [one.getBoundingClientRect().top, one.getBoundingClientRect().height].map(Math.round))"
        )
        assert {(top, height >= 44) for top, height in boxes} == {(boxes[0][0], True)}, boxes
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.locator("html").evaluate("node => [node.scrollWidth, node.scrollHeight <= 3000]") == [390, True]
    page.set_viewport_size({"width": 1024, "height": 768})
    page.get_by_role("button", name="提交").click()
    errors = page.locator(".field-error")
    expect(errors).to_have_count(len(items))
    assert max(errors.evaluate_all("all => all.map((one) => one.getBoundingClientRect().height)")) < 30  # one line each
    assert page.locator(".sheet-missing").evaluate("line => line.scrollWidth <= line.clientWidth")
    expect(page.locator(".sheet-missing")).to_contain_text("4.1.4")


def test_enter_on_the_last_item_asks_once_and_sends_nothing_by_itself(
    sheet: tuple[ReviewBench, Page, list[str]],
) -> None:
    bench, page, items = sheet
    waiting = len(bench.tasks("score"))
    for item in items:
        page.locator(f"[name='{item}.percent']").fill("50")
    last = page.locator(f"[name='{items[-1]}.percent']")
    last.focus()
    asking = page.get_by_role("dialog").filter(has_text="现在核对并提交？")
    page.keyboard.press("Enter")
    expect(asking).to_be_visible()
    expect(asking.get_by_role("button", name="再看看")).to_be_focused()
    page.keyboard.press("Enter")  # pressed once too often
    expect(asking).to_have_count(0)
    expect(last).to_be_focused()
    assert len(bench.tasks("score")) == waiting
    page.keyboard.press("Enter")
    asking.get_by_role("button", name="去核对").click()
    expect(page.locator(".error-summary, .note, .toast").first).to_be_visible()
