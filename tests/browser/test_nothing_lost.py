"""What somebody typed is kept: by a refusal, a link, a closed tab, a dead session, and while they go on typing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from service.casework.desk.premises import Premises, SignInRules
from service.casework.people.factors.passwords import hash_password
from service.casework.people.factors.sessions import close_session, open_session
from service.casework.simulate.stage.stage import PlayState
from service.store import Store
from service.web.frame.requests.cookies import SESSION
from tests.browser.clicks import serving
from tests.support.half_seasons import season
from tests.support.waiting import until

PASSWORD = "原样还在-2026"
FIELD = "[name='organisation.address']"
TYPED = "乌鲁木齐市天山区示范路1号"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@dataclass
class Desk:
    """An applicant before the application form, in a real browser."""

    stage: PlayState
    context: BrowserContext
    base: str
    token: str
    task: int

    def open(self) -> Page:
        page = self.context.new_page()
        page.goto(f"{self.base}/tasks/{self.task}")
        return page

    def with_rows(self) -> Page:
        """Open the form, and in it the table that an answer opens."""
        page = self.open()
        page.locator("[name='record.has_accident'][value=yes]").check()
        page.locator("button.row-add").first.wait_for()
        return page

    def draft(self) -> str:
        person = self.stage.cast.actor("甲").person_id
        assert person is not None
        with self.stage.desk.store.read() as tx:
            row = tx.drafts.find(task_id=self.task, person_id=person)
        return str((row.data.get("organisation") or {}).get("address") or "") if row else ""

    def arrived(self) -> str:
        """Return the draft once it is there: what a page sends as it is left travels on its own."""
        until(self.draft, rest=lambda _seconds: self.context.new_page().close())
        return self.draft()


@pytest.fixture
def desk(sqlite_store: Store, chromium: Browser) -> Iterator[Desk]:
    stage = season("urumqi/quality_award", "clean", sqlite_store, 2)
    person = stage.cast.actor("甲").person_id
    assert person is not None
    with stage.desk.store.write() as tx:
        tx.people.change(person, password=hash_password(PASSWORD))
    with stage.desk.store.read() as tx:
        (task,) = tx.tasks.open_of_case(stage.case("甲"))
    token = open_session(stage.desk, person, 12)
    with serving(stage) as base:
        context = chromium.new_context(locale="zh-CN")
        context.add_cookies([{"name": SESSION, "value": token, "url": base}])
        yield Desk(stage, context, base, token, task.id)
        context.close()


def test_a_refused_submission_keeps_what_was_typed_when_the_page_is_left(desk: Desk) -> None:
    page = desk.open()
    page.fill(FIELD, TYPED)
    page.get_by_role("button", name="提交", exact=True).click()
    page.wait_for_selector(".error-summary")
    assert desk.draft() == TYPED
    page.close(run_before_unload=False)
    assert desk.open().input_value(FIELD) == TYPED


def test_what_was_added_after_a_refusal_stays_when_the_page_is_loaded_again(desk: Desk, tmp_path: Path) -> None:
    """Loaded again, the page that answered a submission would send that submission once more, over the newer draft."""
    licence = tmp_path / "执照.pdf"
    licence.write_bytes(PDF)
    page = desk.open()
    page.get_by_role("button", name="提交", exact=True).click()
    page.wait_for_selector(".error-summary")
    asked = page.locator(".error-summary li").count()
    asking = page.locator(".field.has-error", has=page.locator(".upload")).first
    field = page.locator(f"#{asking.get_attribute('id')}")
    assert field.locator(".field-error").count() == 1
    field.locator("input[type=file]").set_input_files(licence)
    page.get_by_role("button", name="删除 执照.pdf").wait_for()
    expect(field.locator(".field-error")).to_have_count(
        0
    )  # the file is there: nothing says any more that it is missing
    expect(page.locator(".error-summary li")).to_have_count(asked - 1)
    page.fill(FIELD, TYPED)
    page.locator("[data-autosave-status]", has_text="有改动未暂存").wait_for()
    page.locator("[data-autosave-status]", has_text="已暂存").wait_for()
    assert desk.draft() == TYPED
    page.reload()
    expect(page.locator(FIELD)).to_have_value(TYPED)
    expect(page.get_by_role("button", name="删除 执照.pdf")).to_have_count(1)


def test_two_windows_of_one_person_replace_nothing_of_each_other(desk: Desk) -> None:
    first, second = desk.open(), desk.open()
    contact = "[name='organisation.contact_name']"
    first.fill(FIELD, TYPED)
    first.locator("[data-autosave-status]", has_text="已暂存").wait_for()
    second.fill(contact, "第二个窗口")
    second.locator("[data-autosave-status]", has_text="在另一个窗口").wait_for()
    assert desk.draft() == TYPED
    second.get_by_role("button", name="提交", exact=True).click()
    expect(second.get_by_role("region", name="您在另一个窗口填写的内容")).to_contain_text(TYPED)
    expect(second.locator(contact)).to_have_value("第二个窗口")
    beside = second.get_by_role("region", name="您在另一个窗口填写的内容")
    expect(beside.locator("tbody tr")).to_have_count(2)  # what differs; all the rest is folded away
    expect(beside.locator("details")).not_to_have_attribute("open", "")
    second.set_viewport_size({"width": 390, "height": 844})
    assert beside.bounding_box()["height"] < 900  # type: ignore[index]  # it is shown
    second.fill(FIELD, TYPED)
    second.get_by_role("button", name="提交", exact=True).click()
    second.wait_for_selector(".error-summary")  # both were seen: it is judged now
    assert desk.draft() == TYPED
    assert desk.open().input_value(contact) == "第二个窗口"


def test_words_of_a_search_go_along_when_its_list_is_sorted(desk: Desk) -> None:
    office = desk.stage.cast.actor("office").person_id
    assert office is not None
    token = open_session(desk.stage.desk, office, 12)
    desk.context.add_cookies([{"name": SESSION, "value": token, "url": desk.base}])
    page = desk.context.new_page()
    page.goto(f"{desk.base}/cases")
    box = page.locator("form.filters input[type=search]")
    box.fill("甲")
    page.locator("th[aria-sort] > a").first.click()
    page.wait_for_function("document.querySelector('form.filters input[type=search]').defaultValue === '甲'")
    assert "order=" in page.url


def test_words_in_any_form_are_not_left_without_a_question(desk: Desk) -> None:
    page, warned = desk.context.new_page(), list[str]()
    page.on("dialog", lambda dialog: (warned.append(dialog.type), dialog.accept()))
    page.goto(f"{desk.base}/register-organisation/urumqi")
    for name in ("name", "code", "contact", "telephone"):
        page.fill(f"main [name={name}]", "916501000000000000")
    page.fill("main [name=email]", "office@example.org")
    page.locator("main [name=body]").select_option(index=1)
    page.locator("main [name=acknowledged]").check()
    page.get_by_role("button", name="提交注册").click()
    page.get_by_text("统一社会信用代码不对").wait_for()
    page.wait_for_load_state()  # it is the page's script that asks
    assert warned == []
    page.locator("a[href='/inbox']").first.click()
    page.wait_for_url("**/inbox")
    assert warned == ["beforeunload"]
    office = desk.stage.cast.actor("office").person_id
    assert office is not None
    token = open_session(desk.stage.desk, office, 12)
    desk.context.add_cookies([{"name": SESSION, "value": token, "url": desk.base}])
    page.goto(f"{desk.base}/cases/{desk.stage.case('甲')}/notes")
    page.locator("main textarea[name=words]").first.fill("电话里问过，下周一补来")
    page.locator("a[href='/inbox']").first.click()
    page.wait_for_url("**/inbox")
    assert warned == ["beforeunload"] * 2


def test_a_closed_tab_keeps(desk: Desk) -> None:
    page = desk.open()
    page.fill(FIELD, TYPED)
    page.close(run_before_unload=False)
    assert desk.arrived() == TYPED


def test_a_hidden_tab_keeps(desk: Desk) -> None:
    """Phones end a program in the background without a word: what is typed is sent when the tab is hidden."""
    page = desk.context.new_page()
    page.clock.install()
    page.goto(f"{desk.base}/tasks/{desk.task}")
    page.clock.pause_at(datetime.now() + timedelta(minutes=1))  # so that nothing is saved because time went by
    page.fill(FIELD, TYPED)
    page.evaluate(
        "Object.defineProperty(document, 'hidden', {get: () => true}); document.dispatchEvent(new Event('visibilitychange'))"
    )
    assert desk.arrived() == TYPED


def test_who_never_stops_typing_is_saved_all_the_same(desk: Desk) -> None:
    page = desk.context.new_page()
    page.clock.install()
    page.goto(f"{desk.base}/tasks/{desk.task}")
    page.focus(FIELD)
    for letter in "不停地写不停地写不停地写不停地写":
        page.keyboard.insert_text(letter)
        page.clock.run_for(1000)
    page.locator("[data-autosave-status]", has_text="已暂存").wait_for()
    assert desk.draft().startswith("不停地写不停地写")


def test_a_dead_session_gives_everything_back_and_goes_on_giving_it(desk: Desk) -> None:
    page = desk.open()
    page.fill(FIELD, TYPED)
    close_session(desk.stage.desk, desk.token)
    page.get_by_role("button", name="提交", exact=True).click()
    page.wait_for_selector("input[name='password']")
    page.fill("input[name='login']", "scenario-甲")
    page.fill("input[name='password']", PASSWORD)
    page.locator("main button[type='submit']").first.click()
    expect(page.locator(FIELD)).to_have_value(TYPED)
    page.close(run_before_unload=False)
    assert desk.open().input_value(FIELD) == TYPED


@pytest.mark.parametrize(
    "meanwhile", ["button => button.style.translate = '0 -9em'", "b => b.replaceWith(b.cloneNode(true))"]
)
def test_a_press_is_not_lost_when_the_page_moves_beneath_it(desk: Desk, meanwhile: str) -> None:
    page = desk.open()
    submit = page.get_by_role("button", name="提交", exact=True)
    _press(page, submit, meanwhile)
    expect(page.locator(".error-summary")).to_be_visible()


def test_who_draws_the_mouse_away_presses_nothing(desk: Desk) -> None:
    page = desk.open()
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.url) if asked.method == "POST" else None)
    _press(page, page.get_by_role("button", name="提交", exact=True), "button => button", away=60)
    page.get_by_role("link", name="我的申报", exact=True).first.click()
    page.wait_for_url(lambda url: "/tasks/" not in url)
    assert sent == []


def _press(page: Page, button: Locator, meanwhile: str, away: int = 0) -> None:
    """Let the mouse go down on ``button`` and come up, ``away`` pixels higher, after the page did ``meanwhile``."""
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    button.evaluate(meanwhile)
    page.mouse.move(x, y - away)
    page.mouse.up()


def test_a_form_on_its_way_asks_for_nothing_more(desk: Desk) -> None:
    """The task may be over before a question about it arrives: that it was refused would stand in red under the next page."""
    page, here = desk.open(), f"{desk.base}/tasks/{desk.task}"
    posted: list[str] = []
    page.on("request", lambda request: posted.append(request.url) if request.method == "POST" else None)
    for address in (here, f"{here}/form"):
        page.route(address, lambda route: None)
    page.fill(FIELD, TYPED)
    asking = page.locator("main [hx-trigger='change'][type=radio]").first
    with page.expect_request(f"{here}/form"):
        asking.check()
    asking.evaluate(
        """field => field.form.addEventListener('submit', () => {
            setTimeout(() => {
                for (const kind of ['input', 'change']) field.dispatchEvent(new Event(kind, {bubbles: true}));
            }, 300);
            setTimeout(() => fetch('/livez'), 3000);  // later than the draft would be kept, by the page's own clock
        })"""
    )
    failed = page.expect_event("requestfailed", lambda request: request.url == f"{here}/form")
    with failed, page.expect_request("**/livez"):
        page.get_by_role("button", name="提交", exact=True).click(no_wait_after=True)
    assert posted[posted.index(here) :] == [here]


def test_what_is_done_before_the_script_has_arrived_is_kept(desk: Desk, tmp_path: Path) -> None:
    """On a slow line the form is there before what saves it."""
    licence = tmp_path / "执照.pdf"
    licence.write_bytes(PDF)
    page, late = desk.context.new_page(), list[Route]()
    page.route("**/shell.js*", lambda route: late.append(route))
    with page.expect_request("**/shell.js*"):
        page.goto(f"{desk.base}/tasks/{desk.task}", wait_until="commit")
    page.fill(FIELD, TYPED)
    page.locator(".upload input[type=file]").first.set_input_files(licence)
    late.pop().continue_()
    page.get_by_role("button", name="删除 执照.pdf").wait_for()
    page.locator("[data-autosave-status]", has_text="已暂存").wait_for()
    assert desk.draft() == TYPED


def test_what_is_typed_while_a_row_is_on_its_way_stays(desk: Desk) -> None:
    """The answer draws the whole form anew, with what was sent; what came after it stays where it belongs."""
    page, late = desk.with_rows(), list[Route]()
    more = page.locator("button.row-add").first
    table = more.get_attribute("value")
    page.route(f"**/tasks/{desk.task}/form", lambda route: late.append(route))

    def in_row(number: int) -> Locator:
        return page.locator(f"main input[type=text][name^='{table}.{number}.']").first

    def press_and_type(button: Locator, field: Locator, text: str) -> None:
        with page.expect_request(f"**/tasks/{desk.task}/form"):
            button.click()
        field.fill(text)
        late.pop().continue_()

    press_and_type(more, page.locator(FIELD), TYPED)
    in_row(1).wait_for()
    expect(page.locator(FIELD)).to_have_value(TYPED)
    press_and_type(page.locator(f"button[name=_remove][value='{table}.0']"), in_row(1), "2026-06-05")
    expect(in_row(1)).to_have_count(0)
    expect(in_row(0)).to_have_value("2026-06-05")


def test_a_row_follows_a_file_that_is_still_being_sent(desk: Desk, tmp_path: Path) -> None:
    """The form drawn anew would not know the file: a row that is asked for meanwhile comes after it."""
    licence = tmp_path / "执照.pdf"
    licence.write_bytes(PDF)
    page, late = desk.with_rows(), list[Route]()
    more = page.locator("button.row-add").first
    table = more.get_attribute("value")
    page.route("**/uploads?*", lambda route: late.append(route))
    with page.expect_request("**/uploads?*"):
        page.locator(".upload input[type=file]").first.set_input_files(licence)
    with page.expect_response(f"**/tasks/{desk.task}/form"):
        more.click()
    page.get_by_text("附件还在上传，传完后接着办理").wait_for()
    late.pop().continue_()
    page.locator(f"main input[type=text][name^='{table}.1.']").first.wait_for()
    expect(page.get_by_role("button", name="删除 执照.pdf")).to_be_visible()


def test_a_form_before_any_task_is_kept_too(desk: Desk) -> None:
    """The form of an action belongs to no task: it stays with the session until it is sent."""
    address = f"{desk.base}/cases/{desk.stage.case('甲')}/actions/withdraw"
    page = desk.context.new_page()
    page.goto(address)
    page.locator("main textarea").first.fill("生产线搬迁，本年度不再申报。")
    page.close(run_before_unload=False)
    again = desk.context.new_page()

    def restored() -> str:
        again.goto(address)
        return again.locator("main textarea").first.input_value()

    until(restored)
    assert again.locator("main textarea").first.input_value() == "生产线搬迁，本年度不再申报。"
    assert "您上次填写的内容已恢复" in again.locator("main").inner_text()


STORED = "JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)])"


def test_what_is_typed_and_searched_is_never_kept_by_the_browser_and_signing_out_leaves_nothing(desk: Desk) -> None:
    page = desk.open()
    page.fill(FIELD, TYPED)
    page.keyboard.press("Tab")
    assert desk.arrived() == TYPED
    assert TYPED not in page.evaluate(STORED)
    page.goto(f"{desk.base}/tasks?scope=visible&q=%E5%A4%A9%E5%B1%B1")
    rows = page.locator(".row-link")
    rows.first.wait_for()
    rows.first.click()
    page.wait_for_url("**/tasks/*")
    stored = page.evaluate(STORED)
    assert "laurel.place./tasks" in stored
    assert "天山" not in stored
    assert "%E5%A4%A9" not in stored
    page.evaluate(
        "localStorage.setItem('laurel-kept-upload-x', '{}'); localStorage.setItem('laurel-diagram-clipboard', 'x')"
    )
    page.get_by_role("button", name="退出").first.click()
    page.wait_for_url(lambda url: "/tasks" not in url)
    assert [key for key, _ in page.evaluate("Object.entries(localStorage)") if "kept" in key or "diagram" in key] == []
    assert [key for key in page.evaluate("Object.keys(sessionStorage)") if key.startswith("laurel")] == []


def test_a_session_that_ends_by_itself_clears_the_page_and_what_the_browser_kept_after_a_warning(desk: Desk) -> None:
    began = desk.stage.clock.now()
    page = desk.context.new_page()
    page.clock.install()
    page.goto(f"{desk.base}/tasks/{desk.task}")
    page.fill(FIELD, TYPED)
    page.clock.run_for(3_000)
    assert desk.arrived() == TYPED
    page.evaluate(
        "localStorage.setItem('laurel-kept-upload-x', '{}'); sessionStorage.setItem('laurel.place./tasks', '7')"
    )
    desk.stage.clock.move_to(began + timedelta(hours=11, minutes=59, seconds=30))
    page.clock.fast_forward("11:59:10")
    page.get_by_text("登录将在一分钟内自动退出").wait_for()
    assert page.input_value(FIELD) == TYPED
    desk.stage.clock.move_to(began + timedelta(hours=12, seconds=5))
    page.clock.fast_forward("01:00")
    page.wait_for_url("**/sign-in?next=*")
    page.get_by_label("登录名").wait_for()
    assert TYPED not in page.content()
    assert [key for key, _ in page.evaluate("Object.entries(localStorage)") if "kept" in key] == []
    assert [key for key in page.evaluate("Object.keys(sessionStorage)") if key.startswith("laurel")] == []
    page.go_back()
    assert TYPED not in page.content()


def test_who_goes_on_when_warned_stays_signed_in(desk: Desk) -> None:
    began, person = desk.stage.clock.now(), desk.stage.cast.actor("甲").person_id
    strict = replace(desk.stage.desk, premises=Premises(sign_in=SignInRules(idle=timedelta(minutes=30))))
    assert person is not None
    token = open_session(strict, person, 12)
    with serving(replace(desk.stage, desk=strict)) as base:
        desk.context.clear_cookies()
        desk.context.add_cookies([{"name": SESSION, "value": token, "url": base}])
        page = desk.context.new_page()
        page.clock.install()
        page.goto(f"{base}/tasks/{desk.task}")
        desk.stage.clock.move_to(began + timedelta(minutes=30, seconds=30))
        page.clock.fast_forward("30:30")
        page.get_by_role("button", name="继续办理").click()
        page.get_by_text("登录将在一分钟内自动退出").wait_for(state="detached")
        desk.stage.clock.move_to(began + timedelta(minutes=45))
        page.goto(f"{base}/tasks/{desk.task}")
        assert page.locator(FIELD).count() == 1
