"""A day of each of nine persons in the demonstration: where they arrive, what they do there, in how many presses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.clicks_counted import counted
from tests.support.demonstration import play, served_demonstration

Enter = Callable[..., Page]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served_demonstration(tmp_path_factory.mktemp("days")) as base:
        yield base


@pytest.fixture
def enter(address: str, chromium: Browser) -> Iterator[Enter]:
    """Let a person sign in and arrive at their own place; nobody: a visitor on the portal."""
    opened = []

    def arrive(login: str = "", width: int = 1366) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": 768}, locale="zh-CN", base_url=address)
        opened.append(context)
        page = context.new_page()
        play(page, login)
        if login:
            page.goto("/")
        return page

    yield arrive
    for context in opened:
        context.close()


def test_an_applicant_arrives_at_its_application_and_goes_on_filling_it_in(enter: Enter) -> None:
    page = enter("qy.org.04")
    card = page.locator(".card").filter(has=page.get_by_role("heading", name="您现在要做的"))
    expect(card).to_contain_text("填写申报材料")
    expect(card).to_contain_text(re.compile(r"还剩 \d+ 个工作日"))
    expect(page.locator(".track, .stages, ol").filter(has_text="等您办理").first).to_be_visible()
    with counted(page, most=1) as hand:
        hand.click(page.get_by_role("link", name="去办理"))
        expect(page.locator("main form [name=version]").first).to_be_attached()
    progress = page.get_by_role("navigation", name="各部分填写情况")
    expect(progress.get_by_role("link").first).to_contain_text(re.compile(r"0/\d+"))
    page.locator("[name='organisation.address']").fill("人民路1号")
    page.locator("[name='organisation.contact_phone']").fill("电话")
    wrong_is_neither_filled_in_nor_missing = re.compile(r"1/\d+ 填错 1 处")
    expect(progress.get_by_role("link").first).to_contain_text(wrong_is_neither_filled_in_nor_missing)
    stops = page.locator(".form-body > .fields > fieldset.group").evaluate_all(
        "all => all.map((one) => [...one.querySelectorAll('.cite > .why-term')].filter((cite) => !cite.tabIndex).length)"
    )
    assert max(stops) == 1  # citations are one stop a section
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("button", name="提交").click()
    expect(page.locator(".error-summary")).to_be_visible()
    expect(page.locator(".form-body > .fields > fieldset.group:not(.is-folded)")).to_have_count(1)
    expect(page.locator("[aria-invalid=true]").first).to_be_in_viewport()
    page.locator(".error-summary summary").click()
    page.locator(".error-summary a").last.click()
    expect(page.locator(".form-body > .fields > fieldset.group:not(.is-folded)")).to_have_count(2)


def test_a_recommending_authority_takes_what_is_most_urgent(enter: Enter) -> None:
    page = enter("saybag.sun")
    with counted(page, most=3) as hand:
        hand.click(page.get_by_role("link", name="登记动员情况").first)
        for name, text in (("held_on", "2026-03-18"), ("organisations", "30"), ("sme", "12"), ("record", "上门走访")):
            page.locator(f"main [name={name}]").fill(text)
        hand.click(page.locator("main form button[type=submit]").filter(has_text=re.compile("提交|报送")).last)
        expect(
            page.locator(".flashes, [role=status]").filter(has_text=re.compile("已提交|已办|已完成")).first
        ).to_be_visible()


def test_an_office_finds_who_is_late_and_urges_them(enter: Enter) -> None:
    page = enter("office.wang")
    expect(page.locator(".figures")).to_contain_text("5个工作日内到期")
    with counted(page, most=4) as hand:
        hand.click(page.get_by_role("link", name="申报进展"))
        expect(page.get_by_role("heading", name=re.compile("审核推荐")).first).to_be_visible()
        hand.click(page.get_by_role("link", name="列表", exact=True))
        hand.click(page.locator("main tbody tr").filter(has_text="审核申报材料").get_by_role("link").first)
        hand.click(page.get_by_role("button", name="催办").first)
    expect(page.locator("main, .flashes").filter(has_text="已催办").first).to_be_visible()
    expect(page).to_have_url(re.compile(r"/cases/\d+$"))


def test_the_diagram_of_a_case_opens_where_the_case_stands(enter: Enter) -> None:
    page = enter("office.wang")
    page.goto("/cases/14/process")
    expect(page.locator(".diagram[data-ready]")).to_have_count(1)
    expect(page.locator(".diagram-row")).to_have_count(0)
    scroll, token = (
        page.locator(".diagram-scroll").bounding_box(),
        page.locator(".diagram .is-active").first.bounding_box(),
    )
    assert scroll
    assert token
    assert scroll["x"] <= token["x"] + token["width"] / 2 <= scroll["x"] + scroll["width"]
    assert scroll["y"] <= token["y"] + token["height"] / 2 <= scroll["y"] + scroll["height"]
    expect(page.get_by_role("button", name="看全图")).to_be_visible()


def test_a_long_diagram_stands_in_rows_that_can_be_read_and_follow_the_window(enter: Enter) -> None:
    page = enter("office.wang")
    page.goto("/portal/urumqi/quality_award/regulation")
    expect(page.locator(".diagram[data-ready]")).to_have_count(1)
    rows = page.locator(".diagram-row .diagram")
    assert 2 <= rows.count() <= 9
    names = rows.locator(".djs-visual text").evaluate_all(
        "all => all.map((one) => [one.getScreenCTM(), parseFloat(getComputedStyle(one).fontSize)])"
        ".map(([seen, size]) => Math.hypot(seen.a, seen.b) * size)"
    )
    assert min(names) >= 11
    assert page.locator("html").evaluate("node => node.scrollWidth") == 1366
    expect(page.locator(".diagram-row").nth(1).locator(".diagram-lane").first).not_to_be_empty()
    page.set_viewport_size({"width": 390, "height": 844})
    expect(rows).to_have_count(0)
    expect(page.locator(".diagram-scroll .diagram")).to_have_count(1)


def test_an_expert_opens_the_sheet_beside_the_papers(enter: Enter) -> None:
    page = enter("yn.expert.1")
    expect(page.locator("main")).to_contain_text("现在：专家评审")  # not the regulation's end, which runs beside it
    with counted(page, most=1) as hand:
        hand.click(page.get_by_role("link", name="评分", exact=True))
        expect(page.locator("[name$='percent']").first).to_be_visible()
        expect(page.locator("main")).to_contain_text("伊宁市政府质量奖申报表")


def test_a_round_waits_first_for_what_lies_on_its_way(enter: Enter) -> None:
    page = enter("yn.jin")
    page.goto("/cases?process=round&live=1")
    expect(page.locator("tbody tr")).to_contain_text(["等待“材料评审完毕”"])  # not for the end of the regulation
    page.locator("tbody tr a").first.click()
    expect(page.locator("main")).to_contain_text(re.compile(r"现在等待\s*正在等待：材料评审完毕"))


def test_a_member_votes_on_a_phone(enter: Enter) -> None:
    page = enter("gz.mao", 390)
    with counted(page, most=4) as hand:
        for candidate in page.locator("main fieldset").all():
            hand.check(candidate.get_by_role("radio", name="同意", exact=True))
        hand.click(page.get_by_role("button", name="下一步：核对"))
        hand.click(page.get_by_role("button", name=re.compile("投出|提交|确认")).first)
    expect(page.locator("main")).to_contain_text("回执")


def test_a_member_signs_in_to_the_sitting_on_a_phone(enter: Enter) -> None:
    page = enter("leading.he", 390)
    page.get_by_role("link", name="领导小组办公会").click()
    expect(page).to_have_url(re.compile(r"/sittings/\d+$"))
    assert page.locator("html").evaluate("node => node.scrollWidth") <= 390
    with counted(page, most=1) as hand:
        hand.click(page.get_by_role("button", name="签到", exact=True))
    expect(page.locator("main")).to_contain_text("您已签到")
    expect(page.locator("main h2").first).to_have_text("议程")


def test_a_head_sees_the_picture_of_the_round(enter: Enter) -> None:
    page = enter("government.tian")
    expect(page.locator(".stage-figures")).to_contain_text("资格审查")
    member = enter("leading.he")
    expect(member.locator(".stage-figures")).to_contain_text("资格审查")
    expert = enter("expert.1")  # called to a sitting today and without other work: the sitting itself
    expert.get_by_role("link", name="待办", exact=True).first.click()
    expect(expert.locator("main")).to_contain_text("现在等：")


def test_a_designer_begins_a_draft_and_opens_a_diagram(enter: Enter) -> None:
    page = enter("designer")
    expect(page).to_have_url(re.compile("/studio$"))
    card = page.locator(".card").filter(has=page.get_by_role("heading", name=re.compile("^乌鲁木齐市 · ")))
    with counted(page, most=3) as hand:
        card.get_by_label("新草稿的名称").fill("公示改为七个工作日")
        hand.click(card.get_by_role("button", name="新建草稿"))
        hand.click(page.get_by_role("link", name="流程图", exact=True))
        hand.click(page.locator("main a[href*='/diagrams/edit']").first)
        expect(page.locator(".studio-modeler[data-ready]")).to_be_visible()


def test_an_administrator_reads_what_went_wrong(enter: Enter) -> None:
    page = enter("admin")
    expect(page).to_have_url(re.compile("/monitor$"))
    expect(page.locator("#incidents")).to_be_in_viewport()
    expect(page.get_by_role("link", name=re.compile("处置 .* 件异常"))).to_be_visible()


def test_a_visitor_finds_whether_to_apply_whom_to_call_and_what_comes(enter: Enter) -> None:
    page = enter()
    with counted(page, most=1) as hand:
        hand.click(page.get_by_role("link", name="申报条件自查").first)
        expect(page.locator("main form").first).to_be_visible()
    page.go_back()
    expect(page.locator("link[rel=alternate][type='application/atom+xml']")).to_have_count(1)
    with counted(page, most=1) as hand:
        hand.click(page.locator("main a[href^='/notices/']").first)
        expect(page.locator("main")).to_contain_text("异议")


def _audits(address: str, chromium: Browser, width: int, height: int) -> Page:
    """Return the list of an auditor's tasks in a window of this size."""
    page = chromium.new_context(viewport={"width": width, "height": height}, locale="zh-CN").new_page()
    page.goto(f"{address}/portal/urumqi")
    if width < 720:
        page.locator("label[for=demo-unfold]").click()
    page.locator("#demo-person").select_option("gaoxin.ma")
    with page.expect_navigation():
        page.get_by_role("button", name="进入", exact=True).click()
    page.goto(f"{address}/tasks?scope=body")
    return page


def test_on_a_phone_the_audit_is_short_and_shows_what_was_stated_on_a_tap(address: str, chromium: Browser) -> None:
    page = _audits(address, chromium, 390, 844)
    page.locator("a.row-link").filter(has_text="审核申报材料").first.click()
    expect(page.locator("#findings-all")).to_be_visible()
    page.wait_for_load_state()
    assert page.locator("html").evaluate("node => node.scrollHeight") <= 3900
    assert page.locator("html").evaluate("node => node.scrollWidth") <= 390
    item = page.locator("#f-conditions-operation .beside-item")
    expect(item.locator("dl")).to_be_hidden()
    item.locator("summary").click()
    expect(item).to_contain_text("正常运营情况")
    expect(item).to_contain_text("来源：")
    brief = page.locator("aside.brief")
    expect(brief).to_be_hidden()
    page.locator("#brief-shown").check()
    expect(brief).to_be_visible()
    page.context.close()


def test_an_audit_without_findings_takes_six_clicks(address: str, chromium: Browser) -> None:
    page = _audits(address, chromium, 1366, 768)
    with counted(page, most=6) as hand:
        hand.click(page.locator("a.row-link").filter(has_text="审核申报材料").first)
        expect(page.locator("[name=auditor]")).to_have_value("马志强")
        hand.click(page.get_by_role("button", name="以下全部符合", exact=True))
        expect(page.locator("[name=summary]")).to_have_value("逐项审核，全部符合。")
        expect(page.locator("[data-normal]:checked")).to_have_count(17)
        expect(page.locator(".form-body > .note")).to_contain_text("请选择“审核结论”")
        hand.check(page.locator("[name=no_interest]"))
        hand.press("Shift+Tab")  # back to the colleague before it, who may have to be named
        expect(page.locator("[name=second_auditor]")).to_be_focused()
        if not page.locator("[name=second_auditor]").input_value():
            hand.type("李建军")
        hand.check(page.locator("[name=site_checked][value=no]"))
        hand.check(page.locator("[name=conclusion][value=pass]"))
        hand.click(page.get_by_role("button", name="提交", exact=True))
    expect(page.locator(".toast, .flash, [role=status]").filter(has_text="已提交").first).to_be_visible()
    page.context.close()


@pytest.mark.parametrize("login", ["org.05", "gz.org.01", "yn.expert.2", "office.amina", "qy.jiang"])
def test_the_list_of_anybody_fits_a_phone(login: str, address: str, chromium: Browser) -> None:
    """The longest names of the steps of every city, and of the bodies of a whole place, must not widen the page."""
    context = chromium.new_context(base_url=address, viewport={"width": 390, "height": 844}, locale="zh-CN")
    page = context.new_page()
    play(page, login)
    for language, path in (("zh", "/tasks"), ("zh", "/tasks?scope=visible"), ("en", "/tasks?scope=visible")):
        context.request.get(f"{address}/language?to={language}")
        page.goto(f"{address}{path}")
        first = page.locator("main :is(tbody tr, .home-list li, .state)").first
        top = "row => row.getBoundingClientRect().top - document.querySelector('.masthead').getBoundingClientRect().top"
        assert first.evaluate(top) < 350, (language, path)
        page.locator("#narrow-shown").check()
        expect(page.locator("form.filters")).to_be_visible()
        assert page.locator("html").evaluate("node => node.scrollWidth") == 390, (language, path)
        cells = page.locator(".task-list td.who > .cluster > span")
        assert max((box["height"] for cell in cells.all() if (box := cell.bounding_box())), default=0) < 80, path
    page.set_viewport_size({"width": 794, "height": 1123})
    page.emulate_media(media="print")
    assert page.locator("html").evaluate("node => node.scrollWidth") == 794
    context.close()


def test_on_a_phone_a_step_of_the_tour_shows_where_it_leads(address: str, chromium: Browser) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{address}/portal")
    ahead = page.locator(".demo-tour").get_by_role("button", name="下一步")
    for leads in (1, 1, 1, 2, 1, 3):
        ways = page.locator(".tour-way")
        expect(ways).to_have_count(leads)
        assert all(way.is_visible() for way in ways.all())
        assert page.locator(".demo-tour > form").first.is_visible() == bool(leads)
        assert page.locator("html").evaluate("node => node.scrollWidth") == 390
        with page.expect_navigation():
            ahead.click()
    page.locator(".demo-tour").get_by_role("button", name="上一步").click()
    page.get_by_role("button", name="扮演沈一鸣").click()
    expect(page).to_have_url(re.compile(r"/tasks$"))
    context.close()
