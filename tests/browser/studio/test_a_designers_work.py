"""A designer's whole work on a real city: values, a form, a step, the law, a play, a review, a version in force."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

import handlers
from service.casework.access.actor import SYSTEM, Actor
from service.casework.assemble import desk_over
from service.casework.cases.start import start_case
from service.casework.definitions.deploy import deploy_package
from service.casework.desk.clock import VirtualClock
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_tree import package_of
from service.casework.tasks.claim import claim_task
from service.casework.tasks.complete import complete_task
from service.catalog import load_package
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.catalog.scenarios.proofs import with_proofs
from service.catalog.tree import read_sources, read_tree
from service.sdk import operations
from service.store import Store
from tests.browser.studio.building.canvas import Hand
from tests.support.lakeside import seat_people
from tests.support.served import served, signed_in
from tests.support.studio_work import carry_on
from tests.support.town import Town
from tests.support.tree import PROJECT

KEY = "urumqi/quality_award"
MATTER = f"processes/{KEY}/major_matter.bpmn"
NOTICES = tuple(f"{part}_notice_working_days" for part in ("internal", "audit", "acceptance", "winners"))
"""Every public notice of the regulation."""
_ONWARD = "id => laurelStudio.modeler.get('elementRegistry').get(id).outgoing.map((flow) => flow.id)"
ROLES = {"designer": "designer", "checker": "designer", "office": "office", "leader": "leading_group"}
START = datetime(2026, 3, 2, 1, tzinfo=UTC)
handlers.load()


@dataclass
class City(Town):
    """A real city on a desk, with two designers, its office and a member of its leading group."""

    desk: Desk
    clock: VirtualClock
    cast: dict[str, Actor]
    people: dict[str, int]

    def open_round(self, name: str) -> int:
        """Open a round; it and all that belongs to it keep the version that is in force now."""
        found = start_case(self.desk, self.cast["office"], KEY, "round", None, {"round_name": name})
        self.drain()
        return found

    def raise_matter(self, round_id: int, text: str) -> int:
        """Put a matter of a round before the leading group; returns the case."""
        form = {"kind": "escalated", "subject_matter": text, "facts": text}
        return start_case(self.desk, self.cast["office"], KEY, "major_matter", round_id, form)

    def decide(self, case: int) -> None:
        """Let the leading group decide a matter."""
        (task,) = self.tasks(case)
        claim_task(self.desk, self.cast["leader"], task.id)
        complete_task(
            self.desk, self.cast["leader"], task.id, task.version + 1, {"resolution": "approve", "reason": "同意。"}
        )
        self.drain()


@pytest.fixture
def city(sqlite_store: Store) -> City:
    clock = VirtualClock(START)
    desk = desk_over(sqlite_store, load_calendars(bundled_calendars()), operations(), clock=clock)
    package = with_proofs(load_package(PROJECT, *KEY.split("/")), read_tree(PROJECT))
    deploy_package(desk, SYSTEM, package, sources=read_sources(PROJECT))
    with sqlite_store.read() as tx:
        bodies = {role: body for body in tx.bodies.list_active("urumqi") for role in body.details.get("roles", ())}
    seats = {login: (role, bodies["office" if role == "designer" else role]) for login, role in ROLES.items()}
    people, cast = seat_people(desk, "urumqi", seats)
    return City(desk, clock, cast, people)


@pytest.fixture
def base(city: City) -> Iterator[str]:
    with served(city) as address:  # type: ignore[arg-type]
        yield address


def of(chromium: Browser, city: City, login: str, base: str) -> Any:
    return signed_in(chromium, city, login, base)  # type: ignore[arg-type]


def test_from_a_value_to_a_version_in_force(chromium: Browser, city: City, base: str) -> None:
    first = city.open_round("第一届")
    old = city.raise_matter(first, "旧版本下的事项")
    with of(chromium, city, "designer", base) as designer, of(chromium, city, "checker", base) as checker:
        page = designer.new_page()
        draft = open_draft_on(page, base)
        before = places_of_clause(page, base, draft, "WQ-6-1")
        set_notices_to_seven(page, base, draft)
        add_form(page, base, draft)
        add_second_instance(page, base, draft)
        assert places_of_clause(page, base, draft, "WQ-6-1") > before
        publish(city, page, checker.new_page(), base, draft)
    values = package_of(city.desk, draft).award.parameters
    assert {values[notice].values[-1].value for notice in NOTICES} == {7}

    late = city.raise_matter(first, "旧一届在发布之后的事项")
    new = city.raise_matter(city.open_round("第二届"), "新版本下的事项")
    for case in (old, late, new):
        city.decide(case)
    assert city.case(old).definition == city.case(late).definition != city.case(new).definition
    assert [city.case(case).status for case in (old, late)] == ["ended", "ended"]
    (review,) = city.tasks(new)
    assert (review.title, review.role, review.form) == ("复核决定", "office", "fu_he_yi_jian")


def open_draft_on(page: Page, base: str) -> int:
    page.goto(f"{base}/studio")
    page.get_by_label("新草稿的名称").fill("公示改为七个工作日，重大事项增加复核")
    page.get_by_role("button", name="新建草稿").click()
    page.wait_for_url(re.compile(r"/studio/drafts/\d+$"))
    return int(page.url.rpartition("/")[2])


def set_notices_to_seven(page: Page, base: str, draft: int) -> None:
    for notice in NOTICES:
        page.goto(f"{base}/studio/drafts/{draft}/parameters/{notice}")
        page.get_by_label("取值").fill("7")
        if notice != NOTICES[-1]:  # those of applying change with the next round, whose call is not out yet
            page.get_by_label("从哪一天起").fill("2027-01-01")
        page.get_by_role("button", name="预览改动和后果").click()
        expect(page.locator(".consequences")).to_contain_text("使用处")
        with page.expect_navigation():
            page.get_by_role("button", name="写入草稿").click()


def add_form(page: Page, base: str, draft: int) -> None:
    page.goto(f"{base}/studio/drafts/{draft}/forms")
    page.locator("#new-title").fill("复核意见")
    page.locator("#new-like").select_option(label="研究决定重大事项")
    page.get_by_role("button", name="新建", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("复核意见")


def add_second_instance(page: Page, base: str, draft: int) -> None:
    page.goto(f"{base}/studio/drafts/{draft}/diagrams/edit?path={MATTER}")
    expect(page.locator(".studio-modeler[data-ready]")).to_be_visible()
    page.evaluate("laurelStudio.modeler.get('canvas').scrollToElement('issue_decision', 200)")
    page.locator('[data-element-id="issue_decision"] .djs-hit').first.click(force=True)
    page.locator(".djs-context-pad [data-action='append.person']").click()
    page.keyboard.type("复核决定")
    page.keyboard.press("Escape")
    panel = page.locator("[data-part=panel]")
    panel.get_by_label("名称", exact=True).fill("复核决定")
    panel.get_by_label("角色", exact=True).select_option("office")
    panel.get_by_label("表单", exact=True).select_option("fu_he_yi_jian")
    panel.get_by_label("落实的条款").fill("重大事项")
    page.locator(".clause-hit", has_text="WQ-6-1").or_(page.locator(".clause-hit")).first.click()
    task = page.evaluate("laurelStudio.modeler.get('selection').get()[0].id")
    hand = Hand(page)
    [onward] = [flow for flow in hand.asks(_ONWARD, "issue_decision") if flow not in hand.flows("issue_decision", task)]
    hand.rejoin(onward, task)
    page.get_by_role("button", name="画出泳道“办公室”并整理版面").click()
    expect(page.locator("dialog")).to_contain_text("增加泳道“办公室”")
    page.locator("dialog").get_by_role("button", name="整理", exact=True).click()
    expect(page.locator("[data-part=problems] .problem")).to_have_count(0)
    expect(page.locator(".studio-modeler")).to_have_attribute("data-state", "saved")


def places_of_clause(page: Page, base: str, draft: int, clause: str) -> int:
    page.goto(f"{base}/studio/drafts/{draft}/clauses?clause={clause}")
    line = page.locator(f"[data-clause={clause}], #{clause}").first
    return int(re.findall(r"(\d+) 处", line.inner_text())[0])


def publish(city: City, page: Page, second: Page, base: str, draft: int) -> None:
    here = f"{base}/studio/drafts/{draft}/publish"
    page.goto(here)
    page.get_by_label("按启动时的版本办完").check()
    with page.expect_navigation():
        page.get_by_role("button", name="写进草稿").click()
    carry_on(city.desk)  # the draft is checked beside its page
    page.get_by_label("改了什么、为什么").fill("公示期延长；重大事项决定后由办公室复核。")
    page.get_by_role("button", name="提交复核").click()
    expect(page.locator("main")).to_contain_text("等待另一人复核")
    second.goto(here)
    expect(second.locator("main")).to_contain_text("个文件")
    second.get_by_role("button", name="通过").click()
    expect(second.locator(".note-late")).to_contain_text(re.compile(r"[1-9]\d* 个(情景都)?没有在本版上运行"))
    second.get_by_label("意见").fill("其余情景不涉及所改条款。")
    with second.expect_navigation():
        second.get_by_role("button", name="通过").click()
    page.goto(here)
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.locator("main")).to_contain_text("已发布")
