"""The task list in a real browser: an order is one click away, a mixed selection is told apart before the click."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from service.store import Store
from tests.support.accessibility import axe
from tests.support.clicks_counted import counted
from tests.support.desks import Bench, make_bench
from tests.support.records import hold_seat
from tests.support.served import served, signed_in


def busy(bench: Bench) -> None:
    """Two reviews, and a form of an applicant's that one person of the office fills in too."""
    seat = bench.applicant.seats[0]
    with bench.desk.store.write() as tx:
        hold_seat(tx, bench.people["office"], seat.body_id, seat.jurisdiction, seat.role, bench.clock.now())
    for who in (bench.applicant, bench.stranger):
        bench.submitted(by=who)
    bench.started()


def test_orders_and_mixed_selections_by_few_clicks(sqlite_store: Store, chromium: Browser) -> None:
    bench = make_bench(sqlite_store)
    busy(bench)
    with served(bench) as base, signed_in(chromium, bench, "office", base) as context:
        page = context.new_page()
        page.goto(f"{base}/tasks?scope=visible")
        with counted(page, most=1) as hand:
            hand.click("th a:has-text('到达')")
            expect(page.locator("th[aria-sort=ascending]")).to_have_text("到达▲")
        together = page.get_by_role("button", name="批量提交")
        expect(together).to_be_disabled()
        page.locator(".pick [name=task]").first.check()
        page.goto(f"{base}/tasks/done")
        page.go_back()  # the browser fills in again what was picked
        expect(page.locator("[data-bulk-count]")).to_have_text("1")
        page.locator(".pick [name=task]").first.uncheck()
        with counted(page, most=4) as hand:
            hand.check("[data-bulk-all]")
            expect(together).to_have_text("批量提交 2/3")
            told = page.locator("[data-bulk-told]")
            expect(told).to_contain_text("2 项可用一份表一起提交；1 项须打开逐件填写，不能批量提交：“")
            hand.click("button:has-text('批量提交')")
            expect(page.locator("main")).to_contain_text("以下 1 项不能一起办理")
            hand.check("[name=decision][value=pass]")
            hand.click("button:has-text('提交勾选的事项')")
            expect(page.locator("main")).to_contain_text("已提交 2 项")
        with counted(page, most=1) as hand:
            hand.click(".tabs a:has-text('已办')")
            expect(page.locator("tbody tr")).to_have_count(2)
        page.set_viewport_size({"width": 390, "height": 844})
        for address in ("/tasks/done", "/tasks?scope=visible"):
            page.goto(f"{base}{address}")
            assert axe(page, serious=True) == []
            assert page.locator("html").evaluate("node => node.scrollWidth") <= 390
