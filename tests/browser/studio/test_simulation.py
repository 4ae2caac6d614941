"""Simulation in a real browser: a changed parameter makes an expectation fail, tokens walk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from service.casework.studio.scenarios.run_scenarios import run_scenarios
from service.store import Store
from tests.conftest import PATIENCE_WITH_WORK
from tests.support.accessibility import axe
from tests.support.example_town import FOLDER, ExampleTown, make_example_town
from tests.support.samples import sample
from tests.support.served import served, signed_in
from tests.support.settling import Settling
from tests.support.studio_work import studio_at_work

CLEAN = f"{FOLDER}/scenarios/clean_season.yaml"
NOTICE = "minimum: 10\n    value: 10\n  winners_notice_media"


@contextmanager
def opened(chromium: Browser, example: ExampleTown) -> Iterator[tuple[Page, str]]:
    """A page of the designer on a server of its own; whatever goes wrong in its scripts fails the test."""
    with served(example) as base, signed_in(chromium, example, "designer", base) as context:
        page, wrong = context.new_page(), []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        with studio_at_work(example.desk):
            yield page, f"{base}/studio/drafts/{example.draft}"
    assert wrong == []


@pytest.fixture
def example(sqlite_store: Store, tmp_path: Path) -> ExampleTown:
    return make_example_town(sqlite_store, tmp_path / "tree")


def test_a_changed_parameter_fails_an_expectation_and_the_season_is_drawn(
    chromium: Browser, example: ExampleTown
) -> None:
    with opened(chromium, example) as (page, draft):
        page.goto(f"{draft}/scenarios")
        tops = [one.bounding_box() for one in page.locator("tbody tr").first.get_by_role("button").all()]
        assert len({box["y"] for box in tops if box}) == 1, "what can be done about a scenario stands in one line"
        page.get_by_role("link", name=re.compile("三类奖项各有一个获奖者")).click()
        page.get_by_role("button", name="运行").click()
        expect(page.locator(".note-ok")).to_contain_text("通过", timeout=PATIENCE_WITH_WORK)
        expect(page.locator("#main")).to_be_focused()  # the result came without loading the page anew
        example.change(f"{FOLDER}/parameters.yaml", NOTICE, NOTICE.replace("value: 10", "value: 12"))
        page.reload()
        expect(page.get_by_text("未运行（改动前通过）")).to_be_visible()
        page.get_by_role("button", name="运行").click()
        expect(page.locator(".note-late").first).to_contain_text("未通过", timeout=PATIENCE_WITH_WORK)
        expect(page.locator("svg.season rect.bar-notice")).not_to_have_count(0)
        late = page.get_by_role("heading", name="与期望不符").locator("xpath=ancestor::section")
        expect(late).to_contain_text("呈报政府审定")
        late.get_by_role("link", name="在图上看").first.click()
        expect(page.locator(".djs-element.is-focus[data-element-id=submit_list]")).to_be_visible(
            timeout=PATIENCE_WITH_WORK
        )


def test_tokens_walk_by_keyboard_with_dates(chromium: Browser, example: ExampleTown) -> None:
    with opened(chromium, example) as (page, draft):
        page.goto(f"{draft}/scenarios/view?path={CLEAN}")
        page.get_by_role("button", name="运行").click()
        page.get_by_role("link", name="在流程图上逐步播放").click(timeout=PATIENCE_WITH_WORK)
        tokens = page.locator("[data-tokens][data-ready]")
        expect(tokens).to_be_visible(timeout=PATIENCE_WITH_WORK)
        expect(page.locator("[data-token-words]")).to_contain_text("2026年3月2日 09:00")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        expect(tokens).to_have_attribute("data-now", "2")
        page.keyboard.press("ArrowLeft")
        expect(tokens).to_have_attribute("data-now", "1")
        page.keyboard.press("End")
        expect(page.locator("[data-token-words]")).to_contain_text("2026年4月2日")
        expect(page.locator(".token")).to_have_count(1)
        page.set_viewport_size({"width": 700, "height": 420})
        page.keyboard.press("Home")
        for step in range(int(page.get_by_label("第几步").get_attribute("max") or 0)):
            page.keyboard.press("ArrowRight")
            expect(tokens).to_have_attribute("data-now", str(step + 1))
            expect(page.locator(".token.is-now")).to_be_in_viewport()  # the page follows where the case goes
        expect(page.get_by_role("button", name="播放", exact=True)).to_be_in_viewport()


@pytest.mark.parametrize("width", sample((1366, 390), 2))
def test_pages_with_results_fit_and_are_accessible(chromium: Browser, example: ExampleTown, width: int) -> None:
    """What the every-page test sees empty: results, a walk, coverage, a recording that goes on."""
    example.change(f"{FOLDER}/parameters.yaml", NOTICE, NOTICE.replace("value: 10", "value: 12"))
    with opened(chromium, example) as (page, draft):
        settling = Settling(page)
        page.set_viewport_size({"width": width, "height": 800})
        begin = {
            "title": "演示",
            "start": "2026-03-02",
            "organisations": "一家名称很长很长很长很长的示例重工集团股份有限公司",
        }
        page.goto(f"{draft}/scenarios/record")
        for name, value in begin.items():
            page.locator(f"[name={name}]").fill(value)
        with page.expect_navigation():
            page.get_by_role("button", name="开始录制").click()
        ident = int(draft.rpartition("/")[2])
        example.finished(run_scenarios(example.desk, example.designer, ident, (CLEAN,)))
        found = {}
        for place in (
            "scenarios", f"scenarios/view?path={CLEAN}", f"scenarios/walk?path={CLEAN}",
            f"scenarios/edit?path={CLEAN}", f"scenarios/edit/row?path={CLEAN}&rows=steps&number=3", "scenarios/record",
            "scenarios/record/start?process=round&who=office&parent=",
        ):  # fmt: skip
            page.goto(f"{draft}/{place}")
            settling.settle()
            wide = page.locator("html").evaluate("node => node.scrollWidth - innerWidth")
            objections = [*axe(page, serious=True), *([f"{wide} pixels too wide"] if wide > 0 else [])]
            if objections:
                found[place] = objections
        assert found == {}
