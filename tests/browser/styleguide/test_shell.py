"""What the shell does for people who fill in forms and work through lists."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect


@pytest.fixture
def page(chromium, guide):
    guide[1].clear()
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    page = context.new_page()
    page.address = guide[0] + "/styleguide"
    yield page
    context.close()


def test_a_failed_draft_says_so_and_the_form_keeps_working(page, guide):
    page.goto(page.address + "/task?broken=1")
    page.get_by_label("审查意见").fill("一")
    page.get_by_text("内容仍在本页").wait_for()
    page.get_by_label("审查意见").fill("一二")
    page.wait_for_function(
        "() => performance.getEntriesByType('resource').filter(e => e.name.endsWith('draft-broken')).length >= 2"
    )
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="提交", exact=True).click()
    page.wait_for_url("**/complete")
    assert guide[1][-1][1]["reason"] == ["一二"]


def test_enter_in_a_field_of_a_long_form_presses_no_button(page, guide):
    page.goto(page.address + "/task")
    page.get_by_label("2023 年营业收入").press("Enter")
    page.get_by_label("审查意见").fill("一")
    page.get_by_text("已暂存 10:33").wait_for()
    assert {name for name, _, _ in guide[1]} == {"draft"}


def test_a_double_click_submits_once(page, guide):
    page.goto(page.address + "/tasks?rows=3")
    page.locator(".pick input").nth(1).check()
    page.get_by_role("button", name="转办").evaluate("button => { button.click(); button.click(); }")
    page.wait_for_url("**/bulk")
    assert [(name, form["task"], form["do"]) for name, form, _ in guide[1] if name == "bulk"] == [
        ("bulk", ["0"], ["delegate"])
    ]


def test_a_form_sent_while_a_file_is_on_its_way_follows_the_file(page, guide):
    page.goto(page.address)
    late = []
    page.route("**/upload", lambda route: late.append(route))
    with page.expect_request("**/upload"):
        page.locator("#seal").set_input_files(
            {"name": "盖章页.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
        )
    form = page.locator("form", has=page.locator("#seal"))
    form.evaluate("form => form.requestSubmit()")
    page.get_by_text("附件还在上传，传完后自动提交").wait_for()
    assert "complete" not in {name for name, _, _ in guide[1]}
    late[0].continue_()
    page.wait_for_url("**/complete")
    assert [sent["seal"] for name, sent, _ in guide[1] if name == "complete"] == [["id-盖章页.pdf"]]


def test_a_form_that_waits_for_a_file_that_is_refused_says_that_it_was_not_sent(page, guide):
    page.goto(page.address)
    late = []
    page.route("**/upload", lambda route: late.append(route))
    with page.expect_request("**/upload"):
        page.locator("#seal").set_input_files(
            {"name": "盖章页.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
        )
    page.locator("form", has=page.locator("#seal")).evaluate("form => form.requestSubmit()")
    page.get_by_text("附件还在上传，传完后自动提交").wait_for()
    late[0].fulfill(status=422, json={"message": "不是 PDF"})
    page.get_by_text("有附件没有上传成功，表单没有提交").wait_for()
    assert "complete" not in {name for name, _, _ in guide[1]}


def test_a_refused_file_says_why_in_the_words_of_the_server(page):
    page.goto(page.address)
    page.locator("#proof").set_input_files({"name": "表.docm", "mimeType": "application/msword", "buffer": b"x"})
    expect(page.get_by_text("“表.docm”没有上传：文件里发现宏，请另存为不带宏的文档后再传")).to_be_visible()
    expect(page.locator(".upload li", has_text="表.docm")).to_have_count(0)
    expect(page.locator("input[type=hidden][name=proof]")).to_have_count(0)


def test_a_file_too_large_or_of_the_wrong_kind_is_refused_before_it_is_sent(page):
    page.goto(page.address)
    sent = []
    page.on("request", lambda request: sent.append(request.url) if "/upload" in request.url else None)
    page.locator("#seal").set_input_files([{"name": "大.pdf", "mimeType": "application/pdf", "buffer": b"0" * 1048577}])
    expect(page.get_by_text("超过上限 1.0 MB")).to_be_visible()
    page.locator("#seal").set_input_files([{"name": "表.xlsx", "mimeType": "application/zip", "buffer": b"0"}])
    expect(page.get_by_text("不接受这种文件，请上传 PDF")).to_be_visible()
    assert sent == []


def test_a_broken_connection_is_said_and_the_file_can_be_sent_again(page):
    page.goto(page.address)
    page.route("**/upload", lambda route: route.abort())
    page.locator("#seal").set_input_files({"name": "盖章页.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"})
    page.get_by_text("没有上传成功：网络中断").wait_for()
    page.unroute("**/upload")
    page.get_by_role("button", name="重试 盖章页.pdf").click()
    expect(page.locator("input[type=hidden][name=seal]")).to_have_value("id-盖章页.pdf")


def dropped(page, onto, path):
    """Drop what lies at ``path`` onto the middle of an element, as a hand does; events made by a script cannot be trusted."""
    onto.scroll_into_view_if_needed()
    box = onto.bounding_box()
    at = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    hand = page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        hand.send("Input.dispatchDragEvent", {"type": kind, **at, "data": data})
    hand.detach()


def test_a_file_is_dropped_into_its_box_and_beside_it_nothing_is_lost(page, tmp_path):
    page.goto(page.address)
    page.wait_for_selector("html.js")
    file = tmp_path / "盖章页.pdf"
    file.write_bytes(b"%PDF-1.7")
    box = page.locator(".upload", has=page.locator("#seal"))
    page.locator("input[type=text]").first.fill("打了一半")
    dropped(page, page.locator("h1").first, file)
    expect(page.locator("input[type=text]").first).to_have_value("打了一半")
    assert page.url.rstrip("/") == page.address.rstrip("/")
    assert len(page.context.pages) == 1, "the file was opened in place of the page, or beside it"
    expect(box.locator("li")).to_have_count(0)
    dropped(page, box, file)
    expect(page.locator("input[type=hidden][name=seal]")).to_have_value("id-盖章页.pdf")


def test_the_list_is_worked_by_keyboard(page, guide):
    page.goto(page.address + "/tasks?rows=5")
    page.wait_for_selector("html.js")
    for key in ("j", "j", "k", "j"):
        page.keyboard.press(key)
    expect(page.locator(".is-current")).to_have_attribute("data-row", "1")
    page.keyboard.press("x")
    expect(page.locator("[data-bulk-count]")).to_have_text("1")
    page.keyboard.press("?")
    expect(page.locator("#keys-help")).to_be_visible()
    page.get_by_role("button", name="知道了").click()
    page.keyboard.press("/")
    page.keyboard.type("j")
    expect(page.locator("main").get_by_role("searchbox")).to_have_value("j")
    page.locator(".row-link").nth(1).focus()
    page.keyboard.press("c")
    page.wait_for_url("**/bulk")
    assert guide[1][-1][1]["claim"] == ["1"]


def test_single_keys_can_be_switched_off(page):
    page.goto(page.address + "/tasks?rows=5")
    page.get_by_role("button", name="键盘操作").click()
    page.get_by_label("启用以上单键操作").uncheck()
    page.get_by_role("button", name="知道了").click()
    page.keyboard.press("j")
    expect(page.locator(".is-current")).to_have_count(0)


def test_going_back_finds_the_opened_row(page):
    page.goto(page.address + "/tasks?rows=40")
    page.locator(".row-link").nth(30).click()
    page.wait_for_url("**/task?30")
    page.go_back()
    page.wait_for_function("() => document.activeElement.closest('[data-row]')?.dataset.row === '30'")
    assert page.locator("[data-row='30']").bounding_box()["y"] < 768


def test_new_work_is_announced_without_moving_rows(page):
    page.goto(page.address + "/tasks?rows=5")
    before = page.locator("[data-row]").first.bounding_box()
    page.get_by_text("有 2 项新待办，点击显示").wait_for()
    assert page.locator("[data-row]").first.bounding_box() == before


def test_a_date_is_read_however_it_is_typed(page):
    page.goto(page.address)
    field = page.get_by_label("开始日期")
    for typed in ("2026年6月5日", "20260605", "2026/6/5"):
        field.fill(typed)
        field.blur()
        expect(field).to_have_value("2026-06-05")
    page.locator(".date-words").get_by_text("2026年6月5日（周五）").wait_for()
    field.fill("2026-02-30")
    field.blur()
    page.locator(".date-words").get_by_text("请按 2026-06-05 的样式填写").wait_for()


def test_a_part_of_the_page_is_exchanged_even_when_the_server_refuses(page, guide):
    page.goto(page.address)
    page.get_by_role("button", name="添加一个日期").click()
    page.get_by_text("请填写结束日期").wait_for()
    expect(page.get_by_label("结束日期")).to_have_value("2026-06-08")
    assert guide[1][-1][2] == "token-of-this-session"


def test_a_failure_of_a_background_request_is_told(page):
    page.goto(page.address)
    page.route("**/fields", lambda route: route.fulfill(status=503, body=""))
    page.get_by_role("button", name="添加一个日期").click()
    page.get_by_text("系统暂时无法处理，请稍后再试").wait_for()
    page.get_by_role("button", name="知道了").click()
    expect(page.locator(".toast")).to_have_count(0)


def test_a_confirmation_opens_over_the_page(page):
    page.goto(page.address + "/task")
    page.get_by_role("link", name="退回补正").click()
    expect(page.get_by_role("dialog", name="退回补正")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#return")).to_be_hidden()


INTO_A_SCROLLED_BOX = """table => { const box = document.createElement('div');
    box.className = 'table-scroll'; table.replaceWith(box); box.append(table); }"""
IS_WHOLE = """body => { const { left, right, top, bottom } = body.getBoundingClientRect();
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    return [[left + 2, y], [right - 2, y], [x, top + 2], [x, bottom - 2]]
        .every(([x, y]) => body.contains(document.elementFromPoint(x, y))); }"""


@pytest.mark.parametrize("width", [390, 1366])
def test_the_reason_of_a_date_shows_on_hover_and_leaves_on_escape(page, width):
    page.set_viewport_size({"width": width, "height": 768})
    page.goto(page.address + "/tasks?rows=3")
    page.locator("table").evaluate(INTO_A_SCROLLED_BOX)
    page.locator(".due .why-term").last.hover()
    body = page.locator(".due .why-body").last
    expect(body).to_be_visible()
    page.wait_for_function(IS_WHOLE, arg=body.element_handle(), timeout=10_000)
    page.keyboard.press("Escape")
    expect(body).to_be_hidden()


def test_a_click_on_the_diagram_shows_the_details_of_the_step(page):
    page.goto(page.address + "/monitor")
    page.wait_for_selector(".diagram[data-ready]")
    assert set(page.locator(".badge").all_inner_texts()) == {"12 ✓ 已办", "3 ● 在办", "1 ! 异常", "2 等申报组织"}
    page.locator("[data-element-id=examine]").click()
    expect(page.locator("[data-element=examine]")).to_be_visible()
    for other in ("accept", "render"):
        expect(page.locator(f"[data-element={other}]")).to_be_hidden()
    page.get_by_role("button", name="生成通知书：1 ! 异常").click()
    expect(page.locator("[data-element=render]")).to_be_visible()
    page.get_by_role("button", name="显示全部环节").click()
    expect(page.locator("[data-element=accept]")).to_be_visible()


def test_a_diagram_that_cannot_be_shown_says_so(page):
    page.goto(page.address + "/monitor?broken=1")
    expect(page.get_by_text("流程图没有显示出来")).to_be_visible()


def test_what_was_just_answered_stays_where_it_is(page):
    """Sections above come, sections below go until the page is too short to be scrolled so far."""
    page.goto(page.address)
    tall = "<br>" * 200
    answers = [
        f'<div id="once" hx-swap-oob="true">{tall}</div><div class="region" id="followed" hx-swap-oob="true">{tall}</div>',
        '<div id="once" hx-swap-oob="true"></div><div class="region" id="followed" hx-swap-oob="true"></div>',
    ]
    page.route("**/parts", lambda route: route.fulfill(content_type="text/html", body=answers.pop(0)))
    way = page.locator("#way")
    for choice in ("书面", "不说明"):
        way.evaluate("control => control.scrollIntoView({block: 'start'})")
        before = way.bounding_box()
        with page.expect_response("**/parts"):
            way.select_option(choice)
        expect(page.locator("#followed br")).to_have_count(200 if choice == "书面" else 0)
        after = way.bounding_box()
        assert abs(after["y"] - before["y"]) < 1, choice
