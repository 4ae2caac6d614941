"""A designer draws: in a real browser, on the miniature, with everything saved as it is drawn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.view_draft import open_file
from service.casework.studio.pieces.diagrams import open_diagram
from service.casework.studio.publication.review_draft import submit_draft
from service.catalog.bpmn.read import read_diagram
from service.store import Store
from tests.support.lakeside import DIAGRAM, KEY, LAW, Lakeside, make_lakeside
from tests.support.served import served, signed_in


@dataclass
class Editor:
    """The editor of one diagram as a person has it before them."""

    page: Page
    town: Lakeside
    draft: int
    base: str
    errors: list[str]

    def open(self, path: str = DIAGRAM) -> Editor:
        self.page.goto(f"{self.base}/studio/drafts/{self.draft}/diagrams/edit?path={path}")
        expect(self.page.locator(".studio-modeler[data-ready]")).to_be_visible()
        return self

    def choose(self, element: str) -> Locator:
        """Click an element; returns the panel."""
        script = "id => { const m = laurelStudio.modeler; const e = m.get('elementRegistry').get(id); m.get('canvas').scrollToElement(e, 150); }"
        self.page.evaluate(script, element)
        self.page.locator(f'[data-element-id="{element}"] .djs-hit').first.click(force=True)
        return self.page.locator("[data-part=panel]")

    def field(self, label: str) -> Locator:
        return self.page.locator("[data-part=panel]").get_by_label(label, exact=True)

    def saved(self) -> None:
        expect(self.page.locator("[data-part=state]")).to_contain_text("已保存")
        expect(self.page.locator(".studio-modeler")).to_have_attribute("data-state", "saved")

    def problems(self) -> Locator:
        return self.page.locator("[data-part=problems] .problem")

    def content(self) -> bytes:
        return open_file(self.town.desk, self.town.designer, self.draft, DIAGRAM).content

    def tool(self, name: str) -> Locator:
        return self.page.locator("[data-part=tools]").get_by_role("button", name=name, exact=True)


@pytest.fixture
def town(sqlite_store: Store) -> Lakeside:
    return make_lakeside(sqlite_store)


@pytest.fixture
def context(chromium: Browser, town: Lakeside) -> Iterator[tuple[BrowserContext, str]]:
    with served(town) as base, signed_in(chromium, town, "designer", base) as found:
        yield found, base


@pytest.fixture
def editor(context: tuple[BrowserContext, str], town: Lakeside) -> Editor:
    found, base = context
    editor = Editor(found.new_page(), town, open_draft(town.desk, town.designer, KEY, "改图"), base, [])
    editor.page.on("console", lambda said: editor.errors.append(said.text) if said.type == "error" else None)
    editor.page.on("pageerror", lambda error: editor.errors.append(str(error)))
    return editor.open()


def test_a_task_is_drawn_filled_in_tidied_up_and_found_again(editor: Editor) -> None:
    before = editor.content()
    editor.choose("explain")
    editor.page.locator(".djs-context-pad [data-action='append.person']").click()
    editor.page.keyboard.type("核对理由")
    editor.page.keyboard.press("Escape")
    editor.field("名称").fill("核对理由")
    expect(editor.problems().filter(has_text="核对理由").first).to_be_visible()
    expect(editor.page.locator(".problem-mark").first).to_be_visible()
    task = editor.page.evaluate("laurelStudio.modeler.get('selection').get()[0].id")
    editor.field("角色").select_option("office")
    editor.field("表单").select_option("decide")
    editor.field("按条号或文字查找条款").or_(editor.field("落实的条款")).fill("书面说明")
    editor.page.locator(".clause-hit").first.click()
    expect(editor.page.locator("[data-part=panel] .chip", has_text="第六条")).to_be_visible()
    rejoin = """id => {
      const m = laurelStudio.modeler, r = m.get('elementRegistry'), task = r.get(id);
      m.get('modeling').reconnectStart(r.get('explained'), task, { x: task.x, y: task.y });
    }"""
    editor.page.evaluate(rejoin, task)
    editor.problems().get_by_role("button", name="移到泳道“办公室”").click()
    expect(editor.problems()).to_have_count(0)
    editor.saved()
    drawn = editor.content()
    element = read_diagram(drawn, DIAGRAM).elements[task]
    assert (element.name, element.role, element.form, element.clauses) == ("核对理由", "office", "decide", ("LS-6",))

    steps = editor.page.evaluate("laurelStudio.modeler.get('commandStack')._stackIdx")
    editor.tool("整理版面").click()
    asked = editor.page.locator("dialog")
    expect(asked).to_contain_text("个图形（共")
    asked.get_by_role("button", name="不整理").click()
    assert editor.page.evaluate("laurelStudio.modeler.get('commandStack')._stackIdx") == steps
    editor.tool("整理版面").click()
    asked.get_by_role("button", name="整理", exact=True).click()
    editor.page.wait_for_function("drawn => laurelStudio.modeler.get('commandStack')._stackIdx > drawn", arg=steps)
    editor.page.evaluate("laurelStudio.saving.flush()")
    editor.saved()
    expect(editor.problems()).to_have_count(0)
    tidied = editor.content()
    assert read_diagram(tidied, DIAGRAM).shapes != read_diagram(drawn, DIAGRAM).shapes
    editor.tool("撤销").click()
    editor.page.evaluate("laurelStudio.saving.flush()")
    assert editor.content() == drawn
    editor.tool("重做").click()
    editor.page.evaluate("laurelStudio.saving.flush()")
    assert editor.content() == tidied != before

    editor.open()
    assert (
        editor.page.evaluate("id => laurelStudio.modeler.get('elementRegistry').get(id).businessObject.name", task)
        == "核对理由"
    )
    assert editor.errors == []


def test_a_name_typed_beside_a_new_task_is_kept_and_forms_have_their_names(editor: Editor) -> None:
    """The editing of the name on the canvas ends where the field beside it is pressed: the field must stay."""
    editor.choose("explain")
    editor.page.locator(".djs-context-pad [data-action='append.person']").click()
    expect(editor.page.locator(".djs-direct-editing-content")).to_be_visible()
    editor.field("名称").click()
    editor.page.keyboard.type("核对理由", delay=30)
    editor.page.keyboard.press("Tab")
    expect(editor.field("名称")).to_have_value("核对理由")
    task = editor.page.evaluate("laurelStudio.modeler.get('selection').get()[0].businessObject.name")
    assert task == "核对理由"
    offered = editor.field("表单").locator("option[value=decide]").text_content()
    assert offered == "决定是否受理", "the key stands behind a name only where two are equal"
    assert editor.errors == []


def test_a_problem_is_mended_by_one_click(editor: Editor) -> None:
    editor.choose("accepted")
    editor.field("条件都不成立时").select_option("")
    problem = editor.problems().filter(has_text="没有默认分支")
    expect(problem).to_be_visible()
    problem.get_by_role("button", name="把“不受理”设为默认").click()
    expect(editor.problems()).to_have_count(0)
    editor.saved()
    assert read_diagram(editor.content(), DIAGRAM).elements["accepted"].default_flow == "not_accepted"


def test_a_time_limit_is_put_together_and_tried(editor: Editor) -> None:
    editor.choose("decide")
    editor.page.get_by_text("用选项拼出期限，并试算日期").click()
    editor.field("天数取自").select_option("param.notice_working_days")
    editor.field("试算：假如从这一天起").fill("2026-04-28")
    expect(editor.page.locator(".panel-dates")).to_contain_text(
        "5个工作日，从流程走到这里时起，第五条：2026年5月8日届满"
    )
    expect(editor.page.locator(".panel-taking")).to_contain_text("图上仍是 workdays(param.decision_working_days)")
    expect(editor.page.locator("[data-part=state]")).to_have_text("没有未保存的改动")
    assert read_diagram(editor.content(), DIAGRAM).elements["decide"].due == "workdays(param.decision_working_days)"
    take = editor.page.get_by_role("button", name="采用这个期限")
    take.click()
    expect(take).to_have_count(0)
    editor.page.get_by_role("button", name="这里也引用第五条").click()
    expect(editor.page.get_by_role("button", name="这里也引用第五条")).to_have_count(0)
    editor.saved()
    drawn = read_diagram(editor.content(), DIAGRAM).elements["decide"]
    assert (drawn.due, drawn.clauses) == ("workdays(param.notice_working_days)", ("LS-4", "LS-5"))
    editor.field("自何时起算").select_option(label="办件开始之日")
    expect(editor.page.locator(".panel-dates")).to_contain_text("5个工作日，自办件开始之日起，第五条")
    take.click()
    editor.saved()
    due = read_diagram(editor.content(), DIAGRAM).elements["decide"].due
    assert due == "workdays(param.notice_working_days, date and time(case.started_at))"


def test_a_timer_waits_until_a_notice_is_over(editor: Editor) -> None:
    """What counts a period of its own is told, one click lets it wait for the notice; another instant is chosen from a list."""
    path = "processes/shared/notice.bpmn"
    editor.open(path)
    editor.choose("over")
    until = editor.field("等到")
    expect(until.locator("option:checked")).to_have_text("“发布公示”的公示期满")
    editor.page.get_by_text("用选项拼出期限，并试算日期").click()
    editor.page.locator("[data-part=panel]").get_by_label("或直接填数", exact=True).fill("5")
    editor.page.get_by_role("button", name="采用这个期限").click()
    told = editor.problems().filter(has_text="等的是公示期满，却另按“workdays(5)”计算")
    told.get_by_role("button", name="等到公示期满").click()
    expect(told).to_have_count(0)
    expect(editor.field("等到").locator("option:checked")).to_have_text("“发布公示”的公示期满")
    editor.saved()
    content = open_file(editor.town.desk, editor.town.designer, editor.draft, path).content
    timer = read_diagram(content, path).elements["over"].timer
    assert timer is not None
    assert timer.expression == "date and time(posted.ends_at)"


def test_only_what_the_engine_runs_is_offered(editor: Editor) -> None:
    script = """() => {
      const m = laurelStudio.modeler, found = new Set();
      for (const name of Object.keys(m.get('palette').getEntries())) found.add(name);
      for (const element of m.get('elementRegistry').filter((e) => !e.labelTarget && e.parent)) {
        for (const name of Object.keys(m.get('contextPad').getEntries(element))) found.add(name);
        const menu = m.get('popupMenu'), providers = menu._getProviders('bpmn-replace');
        for (const name of Object.keys(menu._getEntries(element, providers))) found.add(name);
        for (const name of Object.keys(menu._getHeaderEntries(element, providers))) found.add(name);
      }
      return [...found].sort();
    }"""
    offered: list[Any] = editor.page.evaluate(script)
    never = (
        "script",
        "ad-hoc",
        "adhoc",
        "transaction",
        "complex",
        "compens",
        "conditional-",
        "cancel",
        "link",
        "data-",
        "toggle-loop",
        "append-task",
        "create.task",
        "create.data",
    )
    assert [
        name for name in offered if any(word in name for word in never) and name != "replace-with-conditional-flow"
    ] == []
    assert {
        "laurel.person",
        "laurel.call",
        "append.service",
        "replace-with-user-task",
        "replace-with-parallel-gateway",
    } <= {*offered}
    assert editor.page.evaluate("[...laurelStudio.untranslated]") == []
    tips = "[...document.querySelectorAll('.djs-palette .entry')].map((e) => [e.title, e.getAttribute('aria-label')])"
    shown = editor.page.evaluate(tips)
    assert len(shown) == 16
    assert all(tip and tip == label for tip, label in shown)


def test_a_diagram_that_would_lose_something_is_not_opened(editor: Editor) -> None:
    opened = open_diagram(editor.town.desk, editor.town.designer, editor.draft, DIAGRAM)
    broken = opened.xml.replace('targetRef="examine"', 'targetRef="nowhere"')
    body = {
        "path": DIAGRAM,
        "xml": broken,
        "hash": opened.hash,
        "editable": True,
        "revision": 0,
        "name": "",
        "origin": "own",
    }
    editor.page.route("**/diagram?*", lambda route: route.fulfill(json=body))
    editor.page.reload()
    expect(editor.page.locator(".studio-modeler[data-ready=refused]")).to_be_visible()
    expect(editor.page.get_by_role("alert")).to_contain_text("本图未打开")


def test_a_label_that_was_dragged_stays_where_it_was_put(editor: Editor) -> None:
    editor.tool("看全图").click()
    label = editor.page.locator('[data-element-id="applied_label"] .djs-hit').first
    where = "id => { const e = laurelStudio.modeler.get('elementRegistry').get(id); return [e.x, e.y]; }"
    before = editor.page.evaluate(where, "applied_label")
    box = label.bounding_box()
    assert box
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    editor.page.mouse.move(*middle)
    editor.page.mouse.down()
    editor.page.mouse.move(middle[0] + 12, middle[1] + 10, steps=3)
    editor.page.mouse.move(middle[0] + 30, middle[1] + 24, steps=5)
    editor.page.mouse.up()
    editor.saved()
    dragged = editor.page.evaluate(where, "applied_label")
    assert dragged[0] > before[0]
    assert dragged[1] > before[1]
    editor.open()
    assert editor.page.evaluate(where, "applied_label") == dragged
    editor.choose("applied")
    editor.field("名称").fill("收到申报")
    editor.field("名称").blur()
    editor.saved()
    editor.open()
    x, y = editor.page.evaluate(where, "applied_label")
    assert abs(y - dragged[1]) < 2
    assert abs(x - dragged[0]) < 30
    assert editor.errors == []


def pasted_elsewhere(
    editor: Editor, line: bytes, element: str = "explain", clause: str = "LS-6"
) -> tuple[Editor, set[str]]:
    """Copy a task into a draft whose law has ``line`` instead of ``clause``; returns its editor, and the elements it had."""
    town, designer = editor.town, editor.town.designer
    elsewhere = open_draft(town.desk, designer, KEY, "别处")
    law = open_file(town.desk, designer, elsewhere, LAW)
    without = re.sub(rb".*id: " + clause.encode() + rb",.*\n", line, law.content)
    assert without != law.content
    save_file(town.desk, designer, elsewhere, LAW, without, law.hash)
    editor.choose(element)
    editor.page.keyboard.press("Control+c")
    other = Editor(editor.page.context.new_page(), town, elsewhere, editor.base, []).open()
    before = set(read_diagram(other.content(), DIAGRAM).elements)
    other.page.bring_to_front()
    other.tool("看全图").click()
    box = other.page.locator("[data-part=canvas]").bounding_box()
    assert box
    other.tool("粘贴").click()
    other.page.mouse.move(box["x"] + 600, box["y"] + 250, steps=4)
    other.page.mouse.click(box["x"] + 610, box["y"] + 255)
    return other, before


def test_what_is_copied_elsewhere_cites_the_clause_there_that_asks_for_the_same_once_confirmed(editor: Editor) -> None:
    own = "  - {id: HB-9, article: 第九条, kind: notice, summary: 不予受理的，应当书面说明理由。}\n"
    other, before = pasted_elsewhere(editor, own.encode())
    dialog = other.page.get_by_role("dialog", name="粘贴的图形引用了别处的条款")
    expect(dialog.get_by_label("第六条")).to_have_value("HB-9")
    drawn = read_diagram(other.content(), DIAGRAM).elements
    assert not any("HB-9" in element.clauses for element in drawn.values()), "nothing is cited before it is confirmed"
    dialog.get_by_role("button", name="按选择引用").click()
    other.saved()
    drawn = read_diagram(other.content(), DIAGRAM).elements
    assert drawn[next(iter(set(drawn) - before))].clauses == ("HB-9",)
    expect(other.page.locator("[data-part=notice]")).not_to_contain_text("LS-6")
    assert other.errors == []


def test_a_diagram_under_review_is_shown_and_not_changed(editor: Editor) -> None:
    town = editor.town
    opened = open_file(town.desk, town.designer, editor.draft, DIAGRAM)
    content = opened.content.replace("书面说明理由".encode(), "书面告知理由".encode())
    save_file(town.desk, town.designer, editor.draft, DIAGRAM, content, opened.hash)
    submit_draft(town.desk, town.designer, editor.draft, "改名。")
    editor.open()
    expect(editor.page.locator(".studio-modeler[data-ready=yes]")).to_be_visible()
    expect(editor.page.locator("[data-part=state]")).to_contain_text("只读")
