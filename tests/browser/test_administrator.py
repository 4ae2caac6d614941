"""The administrator's jobs of docs/interventions.md, each done by clicks in a real browser.

Every page on the way is looked at: axe finds nothing serious, and a phone shows it without sideways scrolling.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from service.casework.tasks.claim import claim_task
from service.store import NewWork, Store
from service.store.models import IncidentRow
from tests.integration.interventions.test_interventions import WHY, done, reviewed
from tests.integration.law.test_amendment import amendment
from tests.integration.law.test_corrected_calendar import take_in
from tests.integration.law.test_undone_moves import SETTLE
from tests.support.accessibility import axe
from tests.support.desks import BROKEN, make_bench
from tests.support.lakeside import DIAGRAM, KEY, make_lakeside
from tests.support.pictures import keep_picture
from tests.support.served import served, signed_in
from tests.support.settling import Settling

PHONE, OFFICE = {"width": 390, "height": 844}, {"width": 1366, "height": 768}


@dataclass
class Hand:
    """The administrator at a screen: ``town`` is the bench or the miniature that is served at ``base``."""

    page: Page
    base: str
    town: Any
    looked: set[str]
    settling: Settling = field(init=False)

    def __post_init__(self) -> None:
        self.settling = Settling(self.page)

    def go(self, path: str) -> None:
        """Open a page by its address, and look at it."""
        self.page.goto(f"{self.base}{path}")
        self.look()

    def follow(self, where: str | Locator) -> None:
        """Click a link, and look at the page behind it."""
        with self.page.expect_navigation():
            (self.page.locator(where).first if isinstance(where, str) else where).click()
        self.look()

    def press(self, text: str, within: str = "main") -> None:
        """Click a button that sends a form, and look at the answer."""
        self.follow(self.page.locator(within).get_by_role("button", name=text).first)

    def fill(self, **typed: str) -> None:
        """Type into fields by their id, choose where they are lists."""
        for ident, value in typed.items():
            control = self.page.locator(f"#{ident}")
            if control.evaluate("e => e.tagName") == "SELECT":
                control.select_option(value)
            else:
                control.fill(value)

    def says(self, *texts: str) -> None:
        """Expect the page to say so."""
        said = self.page.locator("main").inner_text() + " ".join(
            self.page.locator(".flash, [role=status]").all_inner_texts()
        )
        for text in texts:
            assert text in said, f"{text!r} is not on {self.page.url}: {said}"

    def look(self) -> None:
        """Look at a page as it is laid out in an office and on a phone; a kind of page that was seen is not asked again."""
        place = re.sub(r"\d+|[0-9a-f]{64}", "N", self.page.url.removeprefix(self.base).partition("?")[0])
        tried = " (tried)" if self.page.locator("#effect").count() else ""
        if place + tried in self.looked:
            return
        self.looked.add(place + tried)
        self.settling.settle()
        found = axe(self.page, serious=True)
        keep_picture(self.page, f"{place}{tried}-wide")
        self.page.set_viewport_size(PHONE)
        wide = self.page.locator("html").evaluate("node => node.scrollWidth - innerWidth")
        keep_picture(self.page, f"{place}{tried}-phone")
        self.page.set_viewport_size(OFFICE)
        assert (found, max(0, wide)) == ([], 0), place

    def intervene(self, case: int, title: str, **typed: str) -> None:
        """Try an intervention on its page, then do it."""
        self.go(f"/cases/{case}")
        self.follow("a:has-text('干预')")
        self.follow(f"main a:text-is('{title}')")
        self.carry_out(title, **typed)

    def carry_out(self, title: str, **typed: str) -> None:
        """Fill in the page of an intervention, try it, and do it."""
        self.fill(**typed, reason=WHY)
        self.press("先试算")
        assert self.page.locator("#effect").count() == 1, self.page.locator("main").inner_text()
        self.press(title)
        self.says("已办理：")


@pytest.fixture(scope="module")
def bench(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The small award, served: every job begins cases of its own."""
    yield from _served(sqlite_template, tmp_path_factory.mktemp("bench"), make_bench)
    BROKEN.clear()


@pytest.fixture(scope="module")
def lakeside(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The miniature, served, its administrator one of the whole system."""
    for base, town in _served(sqlite_template, tmp_path_factory.mktemp("lakeside"), make_lakeside):
        with town.desk.store.write() as tx:
            [member] = tx.memberships.list_valid(town.people["admin"], town.clock.now())
            tx.memberships.give(replace(member, id=0, jurisdiction="*"))
        yield base, town


def _served(template: Path, folder: Path, make: Callable[[Store], Any]) -> Iterator[tuple[str, Any]]:
    shutil.copy(template, folder / "laurel.db")
    store = Store(f"sqlite:///{folder}/laurel.db", folder / "files", durable=False)
    town = make(store)
    with served(town) as base:
        yield base, town
    store.close()


def passed(bench: Any) -> int:
    """Return an application that the office has let pass."""
    case = reviewed(bench)
    done(bench, case, bench.office, {"decision": "pass"})
    return case


def stuck(bench: Any) -> int:
    """Return an application whose notice could not be posted."""
    BROKEN.add("test.post")
    case = passed(bench)
    BROKEN.clear()
    return case


def row_of(hand: Hand, case: int) -> Locator:
    """Return the incident of a case on the desk."""
    return hand.page.locator("tr", has=hand.page.locator(f"a[href='/cases/{case}']"))


def read_the_figures(hand: Hand) -> None:
    reviewed(hand.town)
    hand.go("/monitor")
    for label in ("在办", "待受理人"):
        count = hand.page.locator(f".figure:has-text('{label}') b").first.inner_text()
        hand.follow(f".figure:has-text('{label}')")
        assert min(int(count), 40) == hand.page.locator("tr[data-row]").count()
        hand.page.go_back()
    hand.follow("nav a:text-is('报表')")
    link = hand.page.locator("tr[data-kind] td[data-label='在办'] a").first
    count = link.inner_text()
    hand.follow(link)
    assert min(int(count), 40) == hand.page.locator("tr[data-row]").count()


def see_where_it_stands(hand: Hand) -> None:
    passed(hand.town)
    reviewed(hand.town)
    hand.go("/monitor")
    hand.follow("nav a:text-is('报表')")
    hand.follow("main a:text-is('停留时间')")
    link = hand.page.locator("tr[data-element] td[data-label='在此（件）'] a").first
    count = int(link.inner_text())
    hand.follow(link)
    assert min(count, 40) == hand.page.locator("tr[data-row]").count()
    hand.page.go_back()
    with hand.page.expect_download() as file:
        hand.page.click("main a:text-is('导出事件日志')")
    assert "case" in Path(file.value.path()).read_text("utf-8").partition("\n")[0]


def watch_time_limits(hand: Hand) -> None:
    case = passed(hand.town)
    hand.go("/monitor")
    hand.follow("main a:text-is('期限清单')")
    assert hand.page.locator(f"tr[data-row='{case}']").count() == 1
    hand.says("还剩 5 个工作日")
    hand.go("/monitor")
    hand.follow(".figure:has-text('本周届满公示')")


def retry_incidents(hand: Hand) -> None:
    cases = [stuck(hand.town), stuck(hand.town)]
    hand.go("/monitor")
    hand.follow("main a:has-text('处置 2 件异常')")
    hand.press("重试这一原因的全部")
    hand.says("共 2 件，已办 0 件")
    hand.town.drain()
    expect(hand.page.locator("[data-progress=batch]")).to_contain_text("已办 2 件", timeout=30_000)
    hand.follow("a:text-is('已全部办完，点此查看结果')")
    hand.says("已重新执行或者排队的 2 件")
    hand.go("/monitor/incidents")
    assert all(row_of(hand, case).count() == 0 for case in cases)


def correct_and_retry(hand: Hand) -> None:
    case = stuck(hand.town)
    hand.go("/monitor/incidents")
    hand.follow(row_of(hand, case).locator("a:has-text('更正数据后重试')"))
    hand.carry_out("更正数据", name="note", value="补记")
    hand.go("/monitor/incidents")
    assert row_of(hand, case).count() == 0


def hand_over_and_skip(hand: Hand) -> None:
    town, case = hand.town, reviewed(hand.town)
    now, said = town.clock.now(), {"zh": "邮件没有发出", "en": "A mail did not leave"}
    with town.desk.store.write() as tx:
        tx.work.enqueue_many([NewWork("mail", case, f"mail{case}", {"message": "m"}, now)], now)
        [work] = [item for item in tx.work.of_case(case) if item.effect_key == f"mail{case}"]
        words: Any = {"what": said, "consequence": said, "remedy": said}
        row = IncidentRow(jurisdiction="testville", case_id=case, work_item_id=work.id, kind="work", since=now, **words)
        tx.incidents.open(row)
    hand.go("/monitor/incidents")
    row_of(hand, case).locator("summary:has-text('移交')").click()
    row_of(hand, case).locator("select[name=person]").select_option(label="second")
    row_of(hand, case).locator("input[name=message]").fill("请核对邮件网关")
    hand.follow(row_of(hand, case).locator("button:has-text('移交并通知')"))
    hand.says("请核对邮件网关")
    row_of(hand, case).locator("summary:has-text('跳过')").click()
    row_of(hand, case).locator("input[name=reason]").fill(WHY)
    hand.follow(row_of(hand, case).locator("button:has-text('跳过')"))
    assert row_of(hand, case).count() == 0


def restart_and_move_back(hand: Hand) -> None:
    case = reviewed(hand.town)
    [task] = hand.town.tasks(case)
    claim_task(hand.town.desk, hand.town.office, task.id)
    hand.intervene(case, "重新开始环节", task=str(task.id))
    assert hand.town.tasks(case)[0].assignee_id is None
    hand.intervene(case, "移回前一环节", task=str(task.id))
    assert [one.element for one in hand.town.tasks(case)] == ["fill"]


def change_a_due_date(hand: Hand) -> None:
    case = reviewed(hand.town)
    [task] = hand.town.tasks(case)
    hand.intervene(case, "依法改期", limit=f"task:{task.id}", day="2026-03-18", ground="第八条")
    assert hand.town.tasks(case)[0].due_reason["last_day"] == "2026-03-18"


def reassign_and_take_away(hand: Hand) -> None:
    case = reviewed(hand.town)
    [task] = hand.town.tasks(case)
    second = hand.town.people["second"]
    hand.intervene(case, "改派待办", task=str(task.id), person=str(second))
    assert hand.town.tasks(case)[0].assignee_id == second
    hand.intervene(case, "收回待办", task=str(task.id))
    assert hand.town.tasks(case)[0].assignee_id is None


def send_a_message_and_set_a_value(hand: Hand) -> None:
    town, case = hand.town, passed(hand.town)
    with town.desk.store.write() as tx:
        lost = NewWork("message", case, f"lost{case}", {"message": "notice_corrected", "payload": {}}, town.clock.now())
        tx.work.enqueue_many([lost], town.clock.now())
        tx.work.cancel([f"lost{case}"], town.clock.now())
    hand.intervene(case, "补发消息", message="notice_corrected")
    hand.intervene(case, "更正数据", name="note", value="补记")
    assert town.case(case).facts["note"] == "补记"


def change_many_cases(hand: Hand) -> None:
    cases = [reviewed(hand.town), reviewed(hand.town)]
    hand.go("/monitor")
    hand.follow("main a:text-is('批量干预')")
    hand.follow("main a:text-is('暂停办理')")
    for case in cases:
        hand.page.check(f"input[name=case][value='{case}']")
    hand.fill(reason=WHY)
    hand.press("先逐件试算")
    hand.town.drain()
    hand.page.reload()
    hand.press("办理可以办理的 2 件")
    hand.town.drain()
    hand.page.reload()
    hand.says("办成 2 件")
    assert {hand.town.case(case).status for case in cases} == {"suspended"}
    hand.go("/monitor")
    hand.follow("main a:text-is('批量办理的进度')")
    hand.says("2")


def move_to_another_version(hand: Hand) -> None:
    case = hand.town.start("one")
    old = hand.town.case(case).definition
    new = hand.town.deploy(amendment(**{DIAGRAM: SETTLE}))
    hand.go(f"/law/{KEY}/running")
    hand.follow(f"main a[href$='/from/{old}']")
    hand.fill(reason=WHY)
    hand.press("迁移全部")
    hand.town.drain()
    hand.page.reload()
    hand.look()
    hand.says("已迁移")
    assert hand.town.case(case).definition == new.version


def correct_the_calendar(hand: Hand) -> None:
    case = hand.town.start("two")
    before = hand.town.tasks(case)[0].due_reason["last_day"]
    take_in(hand.town)
    hand.go("/monitor")
    hand.follow("main a:text-is('日历更正')")
    hand.fill(reason="国办发〔2025〕9号")
    hand.press("改动选定办件的期限")
    hand.says("改动 1 项")
    assert hand.town.tasks(case)[0].due_reason["last_day"] > before


def archive_and_keep(hand: Hand) -> None:
    case = reviewed(hand.town)
    done(hand.town, case, hand.town.office, {"decision": "fail", "reason": "材料不全"})
    hand.town.drain()
    hand.go("/monitor/health")
    hand.follow(".sub-places a:text-is('归档与保存')")
    hand.fill(round=str(case), purpose="移交档案室")
    hand.press("开始归档")
    hand.town.drain()
    hand.page.reload()
    hand.look()
    with hand.page.expect_download() as file:
        hand.page.click("main a:text-is('下载')")
    assert Path(file.value.path()).read_bytes()[:2] == b"PK"
    hand.go("/monitor/retention")
    hand.page.fill("input[name='years.any.mails']", "3")
    hand.page.fill("#why-testville", "档案室意见")
    hand.press("保存", "form[action='/monitor/retention/rules']")
    assert hand.page.locator("input[name='years.any.mails']").input_value() == "3"


JOBS: dict[Callable[[Hand], None], str] = {
    read_the_figures: "bench",
    see_where_it_stands: "bench",
    watch_time_limits: "bench",
    retry_incidents: "bench",
    correct_and_retry: "bench",
    hand_over_and_skip: "bench",
    restart_and_move_back: "bench",
    change_a_due_date: "bench",
    reassign_and_take_away: "bench",
    send_a_message_and_set_a_value: "bench",
    change_many_cases: "bench",
    move_to_another_version: "lakeside",
    correct_the_calendar: "lakeside",
    archive_and_keep: "bench",
}
"""The jobs in the order of the list in docs/interventions.md, each with where it is done."""


@pytest.fixture(scope="module")
def looked() -> set[str]:
    """The kinds of pages that a job of this run has looked at already."""
    return set()


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.__name__)
def test_a_job_is_done_by_clicks(
    job: Callable[[Hand], None], request: pytest.FixtureRequest, chromium: Browser, looked: set[str]
) -> None:
    base, town = request.getfixturevalue(JOBS[job])
    with signed_in(chromium, town, "admin", base) as context:
        page, wrong = context.new_page(), list[str]()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        job(Hand(page, base, town, looked))
        assert wrong == []
