"""Draws a diagram as a person does: element by element, flow by flow, everything else in the panel.

What is to be drawn is read from a diagram by the one model; nothing of its text reaches the editor but by keys and pointer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from playwright.sync_api import Page, expect

from service.catalog.bpmn.model import Diagram, Element, Flow, Kind, Trigger
from tests.browser.studio.building.canvas import Hand
from tests.browser.studio.building.panel import Panel

PIECES: dict[tuple[Kind, Trigger | None], tuple[str, str]] = {
    (Kind.START, None): ("start", ""),
    (Kind.CATCH, Trigger.TIMER): ("timer", ""),
    (Kind.CATCH, Trigger.MESSAGE): ("message", ""),
    (Kind.BOUNDARY, Trigger.TIMER): ("timer", ""),
    (Kind.BOUNDARY, Trigger.MESSAGE): ("message", ""),
    (Kind.END, None): ("end", ""),
    (Kind.END, Trigger.TERMINATE): ("end", "replace-with-terminate-end"),
    (Kind.EXCLUSIVE, None): ("choice", ""),
    (Kind.PARALLEL, None): ("parallel", ""),
    (Kind.EVENT_GATEWAY, None): ("events", ""),
    (Kind.INCLUSIVE, None): ("choice", "replace-with-inclusive-gateway"),
    (Kind.USER_TASK, None): ("person", ""),
    (Kind.SERVICE_TASK, None): ("service", ""),
    (Kind.RULE_TASK, None): ("table", ""),
    (Kind.CALL, None): ("call", ""),
}
"""The piece that is pressed for an element, and what it is made of it afterwards."""

LABELS = {
    "role": "角色", "form": "表单", "due": "法定期限", "remind": "提醒（公式）", "prefill": "预填内容（公式）", "body": "单位",
    "assignee": "指定到人（公式）", "role_from": "角色随设置而定（公式）", "consequence": "提交前的提醒", "title": "任务列表中的标题",
    "resultVariable": "结果叫什么", "barrier": "等到条件成立（公式）", "outcome": "结果代码", "outcome_name": "结果名称",
    "outcome_name_en": "英文名称", "outcome_reason": "为什么到此结束", "may_be_empty": "列表可以为空（跳过）",
    "send_back": "可以退回上一环节", "take_back": "提交后可以撤回", "bulk": "可以批量办理", "private": "只有办理人可以看到所填内容",
    "transfer": "可以转给同一角色的其他单位", "unknown": "有数据未知时也走默认分支",
    "clauses": "落实的条款", "main": "主路径：一切顺利时走这条路", "variables": "数据的名称和类型", "outputs": "办完后交回上级流程的数据",
    "optional": "上级流程可以不给的数据", "meanings": "含义", "slots": "由各地填写条款之处", "accepts": "上级流程可以给的说法",
}  # fmt: skip
"""What the panel calls each property."""

FORMULAS = ("due", "remind", "prefill", "assignee", "role_from", "barrier")
CHOICES = ("role", "form")
HANDLING = ("send_back", "take_back", "bulk", "private")
TICKS = (*HANDLING, "may_be_empty", "transfer", "unknown")
TEXTS = (
    "consequence", "title", "resultVariable", "outcome", "outcome_name", "outcome_name_en", "outcome_reason",
)  # fmt: skip


@dataclass
class Draftsman:
    """A person who draws in a draft; ``ids`` tells of which elements the id is typed as well."""

    page: Page
    base: str
    draft: int
    ids: Callable[[Element], bool] = field(default=lambda element: True)

    def draw(self, wanted: Diagram, name: str, role: str) -> str:
        """Draw ``wanted`` as a new diagram under the file ``name``; returns its path."""
        drawn = self.begin(wanted, name, role)
        self.finish(drawn)
        return drawn.path

    def go_on(self, drawn: Drawing) -> None:
        """Open again a diagram that was begun, and draw what is to be on it."""
        self.page.goto(f"{self.base}/studio/drafts/{self.draft}/diagrams/edit?path={drawn.path}")
        expect(self.page.locator(".studio-modeler[data-ready=yes]")).to_be_visible()
        self.finish(drawn)

    def finish(self, drawn: Drawing) -> None:
        """Draw what is to be on a diagram, on the canvas that is open."""
        drawn.process()
        drawn.elements()
        drawn.hand.tidy()
        drawn.flows()
        self.saved()

    def begin(self, wanted: Diagram, name: str, role: str) -> Drawing:
        """Make a new diagram and clear away the task it begins with."""
        page = self.page
        page.goto(f"{self.base}/studio/drafts/{self.draft}/diagrams")
        page.locator("#new-title").fill(wanted.name)
        if page.locator("#new-name").is_hidden():
            page.locator("#new-name").locator("xpath=ancestor::details/summary").click()
        page.locator("#new-name").fill(name)
        page.locator("#new-role").select_option(role)
        page.get_by_role("button", name="新建并打开").click()
        expect(page.locator(".studio-modeler[data-ready=yes]")).to_be_visible()
        hand = Hand(page)
        for begun in ("handle", "done", *hand.lanes()):
            hand.remove(begun)
        self.saved()
        path = str(page.locator(".studio-modeler").get_attribute("data-path"))
        return Drawing(wanted, path, hand, Panel(page), self.ids)

    def saved(self) -> None:
        """Wait until everything is kept."""
        expect(self.page.locator(".studio-modeler")).to_have_attribute("data-state", "saved")


@dataclass
class Drawing:
    """One diagram on its way, kept in the file ``path``; ``there`` are the ids on the canvas of what is drawn, by those of what is wanted."""

    wanted: Diagram
    path: str
    hand: Hand
    panel: Panel
    ids: Callable[[Element], bool]
    there: dict[str, str] = field(default_factory=dict)

    def process(self) -> None:
        """Say what the process as a whole says."""
        self.hand.choose_nothing()
        for title in ("流程中用到的数据", "一次写多项"):
            self.panel.unfold(title)
        for name in ("variables", "outputs", "optional"):
            if name in self.wanted.properties:
                self.panel.write(LABELS[name], self.wanted.properties[name])
        self.panel.clauses(self.wanted.clauses)

    def elements(self) -> None:
        """Draw every element behind the one before it, the ways out of each in their order."""
        start = next(self.wanted.of(Kind.START))
        self.there[start.id] = "begin"
        self.hand.choose("begin")
        self.fill(start, renamed=True)
        waiting = [start.id]
        while waiting:
            here = waiting.pop(0)
            for element in self.attached(here):
                waiting.append(element.id)
            for flow in self.wanted.outgoing(here):
                target = self.wanted.elements[flow.target]
                if target.id in self.there:
                    self.hand.connect(self.there[here], self.there[target.id])
                else:
                    self.add(target, lambda piece, source=here: self.hand.append(self.there[source], piece))
                    waiting.append(target.id)
        missing = {*self.wanted.elements} - {*self.there}
        assert not missing, f"no way leads to {sorted(missing)}"

    def attached(self, host: str) -> Iterator[Element]:
        """Put the events that stand on an element on its lower edge."""
        found = [e for e in self.wanted.elements.values() if e.attached_to == host]
        for place, event in enumerate(found, 1):
            across = place / (len(found) + 1)
            self.add(event, lambda piece, at=across: self.hand.put(piece, self.there[host], at, 1))
            yield event

    def add(self, element: Element, place: Callable[[str], str]) -> None:
        """Draw an element by its piece, name it and fill it in."""
        piece, kind = PIECES[element.kind, element.trigger]
        ident = place(piece)
        named = self.hand.name(element.name)
        if kind:
            ident = self.hand.become(kind)
        self.there[element.id] = ident
        self.hand.choose(ident)
        self.fill(element, renamed=not named)

    def fill(self, element: Element, *, renamed: bool) -> None:
        """Say in the panel what an element says."""
        panel = self.panel
        if renamed and element.name:
            panel.write("名称", element.name)
        panel.clauses(element.clauses)
        self.properties(element)
        self.operation(element)
        if element.decision:
            panel.choose("按哪张表", element.decision)
        self.call(element)
        self.event(element)
        self.repetition(element)
        if self.ids(element) and element.id != self.there[element.id]:
            panel.unfold("编号")
            panel.write("编号", element.id)
            self.there[element.id] = element.id

    def properties(self, element: Element) -> None:
        """Fill in the properties, each by what it is."""
        panel = self.panel
        for name in CHOICES:
            if element.properties.get(name):
                panel.choose(LABELS[name], element.properties[name])
        for key in element.routes:
            panel.tick(panel.called(key))
        if element.body:
            panel.either(LABELS["body"], element.body)
        for name in TEXTS:
            if element.properties.get(name):
                panel.write(LABELS[name], element.properties[name])
        for name in FORMULAS:
            if element.properties.get(name):
                panel.formula(LABELS[name], element.properties[name])
        if element.instructions:
            panel.write("办理说明", element.instructions)
        if any(element.properties.get(name) for name in HANDLING):
            panel.unfold("办理方式")
        for name in HANDLING:
            if element.properties.get(name):
                panel.field(LABELS[name]).set_checked(element.properties[name] == "yes")

    def operation(self, element: Element) -> None:
        """Choose the operation, and give it what it takes."""
        call = element.operation
        if call is None:
            return
        self.panel.choose("由系统做什么", call.operation)
        for name, value in call.parameters.items():
            self.panel.either(self.panel.called(name), value)
        if call.result:
            self.panel.write(LABELS["resultVariable"], call.result)

    def call(self, element: Element) -> None:
        """Choose the called process, and the clauses of its slots."""
        if element.called:
            self.panel.choose("流程", element.called)
        for slot, clauses in element.slots.items():
            self.panel.clauses(clauses, self.panel.called(slot))

    def event(self, element: Element) -> None:
        """Say what an event waits for, or throws."""
        panel = self.panel
        if element.message:
            panel.write("或新起一个消息名", element.message)
        if element.message_variable:
            panel.write("收到的内容叫什么", element.message_variable)
        if element.payload:
            panel.formula("消息内容（公式）", element.payload)
        if element.timer:
            panel.choose("计时方式", element.timer.kind.value)
            panel.formula("何时", element.timer.expression)
        if element.error_code:
            panel.write("代码", element.error_code)
        if element.kind is Kind.BOUNDARY and not element.interrupting:
            panel.field("发生时中断所附的任务").uncheck()

    def repetition(self, element: Element) -> None:
        """Say what is done once for every item, and what becomes of the results."""
        multi, panel = element.multi, self.panel
        if multi is None:
            return
        panel.unfold("重复")
        panel.choose("重复", "sequential" if multi.sequential else "parallel")
        panel.formula("对哪些逐一办理（公式）", multi.collection)
        for label, value in (
            ("其中每一个叫什么", multi.item), ("每一个办完留下什么", multi.output), ("合起来叫什么", multi.outputs),
        ):  # fmt: skip
            if value:
                panel.write(label, value)
        if multi.completion:
            panel.formula("提前结束的条件（公式）", multi.completion)
        if element.properties.get("may_be_empty"):
            panel.tick(LABELS["may_be_empty"])

    def flows(self) -> None:
        """Name the flows that have names, and say when each is taken."""
        for flow in self.wanted.flows.values():
            default = self.wanted.elements[flow.source].default_flow == flow.id
            if flow.name or flow.condition or flow.clauses or flow.main or default:
                [*_, drawn] = self.hand.flows(self.there[flow.source], self.there[flow.target])
                self.hand.choose_flow(drawn)
                self.flow(flow, default=default)

    def flow(self, flow: Flow, *, default: bool) -> None:
        """Say in the panel what a flow says."""
        panel = self.panel
        if flow.name:
            panel.write("名称", flow.name)
        if default:
            panel.tick("默认分支：其他条件都不成立时走这里")
        if flow.condition:
            panel.formula("条件（公式）", flow.condition)
        if flow.main:
            panel.tick(LABELS["main"])
        if flow.clauses:
            panel.unfold("条款")
            panel.clauses(flow.clauses)
