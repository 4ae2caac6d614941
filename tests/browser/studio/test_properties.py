"""Every property that an element may have can be set in the panel, and is what the file then says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from service.casework.studio.drafts.view_draft import open_file
from service.catalog.bpmn.model import Diagram, Kind
from service.catalog.bpmn.read import read_diagram
from service.catalog.rules.diagrams import ANYWHERE, FLOW_PROPERTIES, OF_LISTS, PROCESS_PROPERTIES, PROPERTIES
from service.store import Store
from tests.browser.studio.building.canvas import Hand
from tests.browser.studio.building.panel import Panel
from tests.support.example_town import FOLDER, ExampleTown, make_example_town
from tests.support.served import served, signed_in

DRAWN = f"{FOLDER}/call.bpmn"
SHARED = "processes/shared/ballot.bpmn"
IN_SHARED = ("slots",)
PIECES: dict[Kind, tuple[str, str]] = {
    Kind.USER_TASK: ("person", ""),
    Kind.RULE_TASK: ("table", ""),
    Kind.CALL: ("call", ""),
    Kind.CATCH: ("message", ""),
    Kind.RECEIVE_TASK: ("person", "replace-with-receive-task"),
    Kind.END: ("end", ""),
    Kind.EXCLUSIVE: ("choice", ""),
    Kind.INCLUSIVE: ("choice", "replace-with-inclusive-gateway"),
}


LABELS = {
    "role": "角色", "form": "表单", "due": "法定期限", "remind": "提醒（公式）", "prefill": "预填内容（公式）", "body": "单位",
    "assignee": "指定到人（公式）", "role_from": "角色随设置而定（公式）", "consequence": "提交前的提醒", "title": "任务列表中的标题",
    "redo": "没有办成时的说明",
    "resultVariable": "结果叫什么", "barrier": "等到条件成立（公式）", "outcome": "结果代码", "outcome_name": "结果名称",
    "outcome_name_en": "英文名称", "outcome_reason": "为什么到此结束", "may_be_empty": "列表可以为空（跳过）",
    "send_back": "可以退回上一环节", "take_back": "提交后可以撤回", "bulk": "可以批量办理", "private": "只有办理人可以看到所填内容",
    "transfer": "可以转给同一角色的其他单位", "paper": "书面答复由谁代录", "paper_entry": "期满后一个工作日内可以补录按时送达的书面材料",
    "unknown": "有数据未知时也走默认分支",
    "clauses": "落实的条款", "main": "主路径：一切顺利时走这条路", "variables": "数据的名称和类型", "outputs": "办完后交回上级流程的数据",
    "optional": "上级流程可以不给的数据", "meanings": "含义", "slots": "由各地填写条款之处",
}  # fmt: skip
"""What the panel calls each property."""
FORMULAS = ("due", "remind", "prefill", "assignee", "role_from", "barrier")
TICKS = ("send_back", "take_back", "bulk", "private", "may_be_empty", "transfer", "paper_entry", "unknown")


class Setter:
    """Sets a property of the chosen element, whatever kind of field it has."""

    def __init__(self, panel: Panel) -> None:
        self.panel = panel

    def _unknown(self) -> None:
        """A gateway says it of its default way, an event of the condition that it waits for."""
        label = next(one for one in (LABELS["unknown"], "有数据未知时继续等") if self.panel.field(one).count())
        self.panel.field(label).set_checked(True)

    def set(self, name: str) -> None:
        own = getattr(self, f"_{name}", None)
        label = LABELS.get(name, "")
        if own:
            own()
        elif name in FORMULAS:
            self.panel.formula(label, "1 = 1")
        elif name in TICKS or name == "main":
            control = self.panel.field(label)
            control.set_checked(not control.is_checked())
        elif self.panel.field(label).evaluate("control => control.tagName") == "SELECT":
            self.panel.field(label).select_option(index=1)
        else:
            self.panel.write(label, "decision")

    def _clauses(self) -> None:
        self.panel.clauses(["SL-2-1", "SL-3"])

    def _role(self) -> None:
        self.panel.choose("角色", "office")

    def _routes(self) -> None:
        self.panel.box.locator(".panel-routes input").first.check()

    def _meanings(self) -> None:
        self.panel.box.locator(".data-row > summary").first.click()
        self.panel.write(LABELS["meanings"], "处理结论")

    def _slots(self) -> None:
        self.panel.choose("流程", "shared_ballot")
        self.panel.clauses(["SL-2-1"], self.panel.called("vote"))


@pytest.fixture
def town(sqlite_store: Store, tmp_path: Path) -> ExampleTown:
    return make_example_town(sqlite_store, tmp_path)


@pytest.fixture
def hand(chromium: Browser, town: ExampleTown) -> Iterator[Hand]:
    with served(town) as base, signed_in(chromium, town, "designer", base) as context:
        page = context.new_page()
        page.goto(f"{base}/studio/drafts/{town.draft}/diagrams/edit?path={DRAWN}")
        expect(page.locator(".studio-modeler[data-ready=yes]")).to_be_visible()
        yield Hand(page)


def saved(hand: Hand, town: ExampleTown) -> Diagram:
    hand.page.evaluate("laurelStudio.saving.flush()")
    expect(hand.page.locator(".studio-modeler")).to_have_attribute("data-state", "saved")
    return read_diagram(open_file(town.desk, town.designer, town.draft, DRAWN).content, DRAWN)


def test_every_property_of_every_kind_is_set_in_the_panel(hand: Hand, town: ExampleTown) -> None:
    panel = Panel(hand.page)
    setter, drawn = Setter(panel), {}
    for kind, (piece, entry) in PIECES.items():
        drawn[kind] = hand.append("post_call", piece)
        hand.name(kind.value)
        if entry:
            hand.choose(drawn[kind])
            drawn[kind] = hand.become(entry)
        for _ in range(2 if kind.decides else 0):
            hand.append(drawn[kind], "end")
    drawn[Kind.BOUNDARY] = hand.put("message", drawn[Kind.USER_TASK], 0.5, 1)
    hand.name("附着")
    assert {*PROPERTIES} == {*drawn}
    for kind, ident in drawn.items():
        hand.choose(ident)
        for title in ("办理方式", "编号"):
            panel.unfold(title)
        for name in (*ANYWHERE, *PROPERTIES[kind]):
            setter.set(name)
    hand.choose(drawn[Kind.USER_TASK])
    panel.write("办理说明", "先看清再填")
    panel.unfold("重复")
    panel.choose("重复", "parallel")
    for name in OF_LISTS:
        setter.set(name)
    panel.formula("对哪些逐一办理（公式）", "[1, 2]")
    panel.write("其中每一个叫什么", "one")
    panel.write("每一个办完留下什么", "decision")
    panel.write("合起来叫什么", "decisions")
    found = saved(hand, town)
    for kind, ident in drawn.items():
        wanted = {*ANYWHERE, *PROPERTIES[kind], *(OF_LISTS if kind is Kind.USER_TASK else ())}
        assert {*found.elements[ident].properties} == wanted, kind
    assert found.elements[drawn[Kind.USER_TASK]].instructions == "先看清再填"
    multi = found.elements[drawn[Kind.USER_TASK]].multi
    assert multi is not None
    assert (multi.collection, multi.item, multi.output, multi.outputs) == ("[1, 2]", "one", "decision", "decisions")


def test_every_property_of_process_and_flow_is_set_in_the_panel(hand: Hand, town: ExampleTown) -> None:
    panel = Panel(hand.page)
    setter = Setter(panel)
    hand.choose_nothing()
    panel.unfold("一次写多项")
    for name in PROCESS_PROPERTIES:
        if name not in IN_SHARED:
            setter.set(name)
    hand.choose_flow("post_call_to_read_deadline")
    for title in ("条款",):
        panel.unfold(title)
    for name in FLOW_PROPERTIES:
        setter.set(name)
    found = saved(hand, town)
    assert {*found.properties} == {*PROCESS_PROPERTIES} - {*IN_SHARED}
    assert {*found.flows["post_call_to_read_deadline"].properties} == {*FLOW_PROPERTIES}
    hand.page.goto(hand.page.url.replace(DRAWN, SHARED))
    expect(hand.page.locator(".studio-modeler[data-ready=yes]")).to_be_visible()
    hand.tool("看全图")
    hand.choose_nothing()
    for name in IN_SHARED:
        expect(panel.field(LABELS[name])).to_be_visible()


def test_the_ways_of_a_decision_are_asked_in_an_order_that_can_be_changed(hand: Hand, town: ExampleTown) -> None:
    path = f"{FOLDER}/round.bpmn"
    hand.page.goto(hand.page.url.replace(DRAWN, path))
    expect(hand.page.locator(".studio-modeler[data-ready=yes]")).to_be_visible()
    hand.choose("approval_result")
    ways = hand.page.locator(".panel-ways li")
    expect(ways).to_have_text(["退回", "不再授奖 ↑", "无人可报 ↑"])
    hand.page.get_by_role("button", name="“无人可报”提前").click()
    expect(ways).to_have_text(["退回", "无人可报 ↑", "不再授奖 ↑"])
    hand.page.evaluate("laurelStudio.saving.flush()")
    expect(hand.page.locator(".studio-modeler")).to_have_attribute("data-state", "saved")
    found = read_diagram(open_file(town.desk, town.designer, town.draft, path).content, path)
    assert [flow.name for flow in found.outgoing("approval_result") if flow.condition] == [
        "退回",
        "无人可报",
        "不再授奖",
    ]
    hand.tool("撤销")
    expect(ways).to_have_text(["退回", "不再授奖 ↑", "无人可报 ↑"])
