"""The entries of jurisdiction.yaml and award.yaml as sections of a sheet: which fields each has, and how it is typed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from service.domain.text import Text


class EntryInput(StrEnum):
    """How a field is typed. NAME and WORDS are a Chinese and an English text; PAIRS and ROWS are one item a line."""

    LINE = "line"
    PROSE = "prose"
    FORMULA = "formula"
    DAY = "day"
    FLAG = "flag"
    ONE = "one"
    SEVERAL = "several"
    NAME = "name"
    WORDS = "words"
    PAIRS = "pairs"
    ROWS = "rows"


class EntryShape(StrEnum):
    """How the entries of a section stand in the file: its head, by name, as a list with ids, or a word for each name."""

    HEAD = "head"
    NAMED = "named"
    LISTED = "listed"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class EntryField:
    """One field: ``options`` names what may be chosen or is offered, ``columns`` the cells of each of its lines."""

    key: str
    label: Text
    input: EntryInput = EntryInput.LINE
    options: str = ""
    required: bool = False
    hint: Text | None = None
    columns: tuple[tuple[str, Text], ...] = ()


@dataclass(frozen=True, slots=True)
class EntrySection:
    """A kind of entry: ``of_award`` tells whether it stands in award.yaml, ``at`` under which key."""

    id: str
    title: Text
    note: Text
    of_award: bool
    at: str
    shape: EntryShape
    fields: tuple[EntryField, ...]


_CLAUSES = EntryField("clauses", Text("依据的条款", "Clauses"), EntryInput.SEVERAL, "clauses")
_NAME = EntryField("name", Text("名称", "Name"), EntryInput.NAME, required=True)
_MEMBERS = (
    ("id", Text("编号", "id")),
    ("name", Text("姓名", "name")),
    ("title", Text("职务", "title")),
    ("from", Text("任期起", "from")),
    ("until", Text("任期止", "until")),
    ("login", Text("登录名", "login")),
    ("roles", Text("角色", "roles")),
)

SECTIONS = (
    EntrySection(
        "place",
        Text("地方和办法", "Place and regulation"),
        Text("名称、日历、期间怎样起算、办法的文号和施行日期。", "Names, calendar, counting, the regulation."),
        False,
        "",
        EntryShape.HEAD,
        (
            _NAME,
            EntryField("calendar", Text("工作日历", "Calendar"), EntryInput.ONE, "calendars", required=True),
            EntryField("start_rule", Text("期间从哪天起算", "Periods begin"), EntryInput.ONE, "start_rules"),
            EntryField("roll", Text("届满日遇休息日", "Where the last day is no working day"), EntryInput.ONE, "rolls"),
            EntryField(
                "office_closes",
                Text("下班时间", "Office hours end"),
                hint=Text("如 18:00，不写就是 18:00", "e.g. 18:00"),
            ),
            EntryField("law.title", Text("办法名称", "Title of the regulation"), EntryInput.NAME, required=True),
            EntryField("law.number", Text("文号", "Document number")),
            EntryField("law.issued", Text("印发日期", "Issued on"), EntryInput.DAY),
            EntryField("law.from", Text("施行日期", "In force from"), EntryInput.DAY),
            EntryField("law.until", Text("失效日期", "In force until"), EntryInput.DAY),
        ),
    ),
    EntrySection(
        "roles",
        Text("角色", "Roles"),
        Text("谁在流程里做事：泳道、任务和动作由这里的角色承担。", "Who acts: lanes, tasks and actions name these."),
        False,
        "roles",
        EntryShape.NAMED,
        (
            _NAME,
            EntryField("subject", Text("是申报者一方（办件是关于它的）", "The case is about it"), EntryInput.FLAG),
            EntryField("leads", Text("负责人（可查看每一届的进展）", "Leads: sees how rounds stand"), EntryInput.FLAG),
            EntryField(
                "term",
                Text("任期（聘期）按哪个参数", "Term of office by parameter"),
                EntryInput.ONE,
                "terms",
                hint=Text(
                    "按年或者按月的参数；专家入库、授予席位时超过的不能保存",
                    "In years or months: no expert is put on the register, no seat given, for longer",
                ),
            ),
            EntryField(
                "most_terms",
                Text("最多连任几届，按哪个参数", "Most terms in a row by parameter"),
                EntryInput.ONE,
                "counts",
                hint=Text("中间间隔满一届的，重新计算", "After a pause of one term it is counted anew"),
            ),
        ),
    ),
    EntrySection(
        "bodies",
        Text("机构", "Bodies"),
        Text("承担角色的单位；评审委员会写名的成员也在这里。", "Bodies that hold roles, with members named here."),
        False,
        "bodies",
        EntryShape.LISTED,
        (
            _NAME,
            EntryField("kind", Text("性质", "Kind"), EntryInput.ONE, "body_kinds", required=True),
            EntryField("roles", Text("承担的角色", "Roles it holds"), EntryInput.SEVERAL, "roles"),
            EntryField("area", Text("管辖范围", "Area")),
            EntryField("phone", Text("电话", "Phone")),
            EntryField("address", Text("地址", "Address")),
            EntryField("email", Text("电子邮箱", "E-mail")),
            EntryField(
                "members",
                Text("写名的成员", "Members by name"),
                EntryInput.ROWS,
                hint=Text(
                    "一人一行，从电子表格粘贴或用“｜”隔开：编号｜姓名｜职务｜任期起｜任期止｜登录名｜角色",
                    "One a line, pasted from a spreadsheet or parted by “｜”: id｜name｜title｜from｜until｜login｜roles",
                ),
                columns=_MEMBERS,
            ),
        ),
    ),
    EntrySection(
        "bindings",
        Text("通用流程的角色由谁担任", "Roles of shared diagrams"),
        Text("共用流程图里的角色在本地由哪个角色担任。", "Which role here stands for a role of a shared diagram."),
        False,
        "bindings",
        EntryShape.WORD,
        (EntryField("role", Text("本地的角色", "Role here"), EntryInput.ONE, "roles", required=True),),
    ),
    EntrySection(
        "award",
        Text("奖项", "Award"),
        Text("整个奖项的名称和依据。", "The award as a whole."),
        True,
        "",
        EntryShape.HEAD,
        (_NAME, _CLAUSES),
    ),
    EntrySection(
        "tiers",
        Text("类别", "Tiers"),
        Text("奖项分几类，按次序。", "What the award is divided into, in order."),
        True,
        "tiers",
        EntryShape.LISTED,
        (_NAME, _CLAUSES),
    ),
    EntrySection(
        "processes",
        Text("办件种类", "Kinds of cases"),
        Text(
            "每一种办件走哪个流程、由谁发起、填什么表、记录哪些事实。", "Which diagram, who starts it, what it records."
        ),
        True,
        "processes",
        EntryShape.NAMED,
        (
            _NAME,
            EntryField("process", Text("流程", "Process"), EntryInput.ONE, "processes", required=True),
            EntryField("parent", Text("上级办件", "Below"), EntryInput.ONE, "kinds"),
            EntryField("started_by", Text("由谁发起", "Started by"), EntryInput.SEVERAL, "starters"),
            EntryField("start_form", Text("发起时填的表单", "Form to start with"), EntryInput.ONE, "forms"),
            EntryField("start_condition", Text("什么时候可以发起", "May start when"), EntryInput.FORMULA),
            EntryField("start_refusal", Text("不能发起时的说明", "What is said otherwise"), EntryInput.WORDS),
            EntryField("subject_condition", Text("对申报者的条件", "Condition of the applicant"), EntryInput.FORMULA),
            EntryField("subject_refusal", Text("不符合时的说明", "What is said otherwise"), EntryInput.WORDS),
            EntryField("one_per_subject", Text("每个申报者只能有一件", "One for each applicant"), EntryInput.FLAG),
            EntryField("same_subject", Text("关于上级办件的申报者", "About whom the case above is"), EntryInput.FLAG),
            EntryField("holds", Text("办结前上级办件暂缓呈报", "Holds the case above"), EntryInput.FLAG),
            EntryField("own_values", Text("按发起当天的参数", "Values of the day it starts"), EntryInput.FLAG),
            EntryField("title", Text("办件标题", "Title of a case"), hint=Text("可用 {…} 取值", "{…} takes a value")),
            _CLAUSES,
            EntryField(
                "facts",
                Text("记录的事实", "Facts"),
                EntryInput.PAIRS,
                "fact_types",
                hint=Text("一行一个：名称: 类型", "One a line: name: type"),
            ),
        ),
    ),
    EntrySection(
        "actions",
        Text("办件动作", "Actions"),
        Text(
            "任务以外可以随时做的事：撤回、补正、申请复核。",
            "What may be done outside tasks: withdraw, complete, appeal.",
        ),
        True,
        "actions",
        EntryShape.NAMED,
        (
            EntryField("process", Text("对哪种办件", "On which kind of case"), EntryInput.ONE, "kinds", required=True),
            _NAME,
            EntryField("roles", Text("谁可以做", "Who may"), EntryInput.SEVERAL, "starters"),
            EntryField("form", Text("表单", "Form"), EntryInput.ONE, "forms"),
            EntryField("message", Text("发给流程的消息", "Message to the process"), required=True),
            EntryField("condition", Text("什么时候可以做", "May be done when"), EntryInput.FORMULA),
            EntryField("refusal", Text("不能做时的说明", "What is said otherwise"), EntryInput.WORDS),
            _CLAUSES,
            EntryField("consequence", Text("做了以后会怎样", "What follows"), EntryInput.PROSE),
        ),
    ),
)
"""Every section, in the order of the sheet."""
