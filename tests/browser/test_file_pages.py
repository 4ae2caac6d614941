"""An expert reads a file page by page beside the sheet, notes something, and loses nothing that was typed."""

from __future__ import annotations

import os

from playwright.sync_api import Browser, Locator, Page, expect

import handlers
from service.casework.simulate.stage.typed_values import sample_pdf
from service.domain.review import field_of
from service.store import Store
from service.store.models import FormResultRow, UploadRow
from tests.support.accessibility import axe
from tests.support.review import BEGIN, DECLARED, ReviewBench, make_review
from tests.support.served import served, signed_in

handlers.load()


def hand_in(bench: ReviewBench, content: bytes | None = None, secret: str | None = None) -> None:
    """Let 甲 submit its application with a report."""
    with bench.desk.store.write() as tx:
        case, now = tx.cases.get(bench.case()), bench.desk.clock.now()
        sha256, size = bench.desk.store.files.put(content or sample_pdf())
        tx.uploads.add(UploadRow(
                id="r1", case_id=case.id, field="report", name="自评报告.pdf", kind="application/pdf", size=size,
                sha256=sha256, secret=secret, person_id=bench.actor("甲").person_id, at=now,
            ))  # fmt: skip
        data = {"merit": "特色", "report": [{"id": "r1", "name": "自评报告.pdf", "size": size}]}
        tx.forms.insert(
            FormResultRow(case_id=case.id, element="fill", form="apply", data=data, body_id=case.subject_id, at=now)
        )


def test_a_file_is_read_and_noted_at_beside_the_sheet(sqlite_store: Store, chromium: Browser) -> None:
    bench = make_review(sqlite_store, *BEGIN, DECLARED)
    hand_in(bench)
    task = bench.tasks("score")[0]
    bench.people["expert"] = int(task.assignee_id or 0)
    item = field_of(next(iter(bench.stage.package.edition("gbt19580-2012").items)))
    with served(bench) as base, signed_in(chromium, bench, "expert", base) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.set_viewport_size({"width": 1366, "height": 768})
        page.goto(f"{base}/tasks/{task.id}")
        title = page.title()
        page.locator(f"[name='{item}.percent']").fill("60")
        first = drawn(page, 1)
        assert ink(first) > 0
        page.get_by_text("记笔记", exact=True).click()
        expect(page.locator("#note-words")).to_be_focused()
        page.keyboard.type("与附表不一致")
        page.get_by_role("button", name="记下").click()
        expect(page.locator(".file-notes .page-notes")).to_contain_text("第1页")
        expect(page.locator(".file-notes .page-notes")).to_contain_text("与附表不一致")
        expect(page.locator(".page-note > summary")).to_be_focused()
        at_item = page.locator(f"fieldset:has(> .fields [name='{item}.percent']) > .item-notes")
        expect(at_item).to_contain_text("第1页 与附表不一致")
        expect(page.locator("[data-autosave-status]")).to_contain_text("已暂存")
        page.reload()
        expect(at_item.get_by_role("link", name="第1页")).to_be_visible()
        assert page.title() == title
        expect(page.locator(f"[name='{item}.percent']")).to_have_value("60")
        shown(page, "wide")
        assert axe(page, serious=True) == []
        page.set_viewport_size({"width": 390, "height": 844})
        expect(page.locator(f"[name='{item}.percent']")).to_be_visible()
        expect(first).to_be_hidden()
        assert axe(page, serious=True) == []
        shown(page, "phone-form")
        page.get_by_text("材料", exact=True).click()
        expect(page.locator(f"[name='{item}.percent']")).to_be_hidden()
        expect(page.locator("[data-autosave-status]")).not_to_contain_text("有改动")  # nothing of the sheet was changed
        shown(page, "phone")
        page.get_by_role("button", name="删除第1页的这条笔记").click()
        expect(page.locator(".page-notes")).to_have_count(0)
        expect(page.locator(".page-note > summary")).to_be_focused()
        assert "有改动" not in page.locator("[data-autosave-status]").inner_text()  # a note is none of it, either
        page.get_by_text("记笔记", exact=True).click()
        page.locator("#note-words").fill("没有按记下")
        page.goto(f"{base}/tasks")
        page.goto(f"{base}/tasks/{task.id}")
        expect(page.locator(".file-notes .page-notes")).to_contain_text("没有按记下")


def drawn(page: Page, number: int) -> Locator:
    """Return the picture of a page once it is drawn."""
    sheet = page.locator(".reader-sheet").nth(number - 1)
    expect(sheet).to_have_attribute("data-drawn", "yes")
    return sheet.locator("canvas")


def ink(canvas: Locator) -> int:
    """Return how many points are dark."""
    count: int = canvas.evaluate(
        "canvas => [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data]"
        ".filter((part, at) => at % 4 === 0 && part < 128).length"
    )
    return count


def shown(page: Page, name: str) -> None:
    """Keep a picture where somebody wants to look."""
    if folder := os.environ.get("LAUREL_PICTURES"):
        page.screenshot(path=f"{folder}/file-pages-{name}.png")
