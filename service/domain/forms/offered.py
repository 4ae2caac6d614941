"""What a form editor offers: the kinds of components, and the settings of each that the server checks fully."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from service.domain.forms.limits import NUMBERS
from service.domain.forms.model import NO_TEXT, TRADE_SECRET
from service.domain.text import Text


class EntryWay(StrEnum):
    """How a setting is entered. ``TEXT_FLAG`` and ``TEXT_WHOLE`` are kept as text, as ``properties`` want it."""

    TEXT = "text"
    LONG = "long"
    NAME = "name"
    FLAG = "flag"
    TEXT_FLAG = "text_flag"
    WHOLE = "whole"
    TEXT_WHOLE = "text_whole"
    NUMBER = "number"
    FORMULA = "formula"
    PLAIN_FORMULA = "plain_formula"
    CHOICE = "choice"
    OPTIONS = "options"
    CLAUSES = "clauses"
    SIZE = "size"
    RULES = "rules"


@dataclass(frozen=True, slots=True)
class OfferedSetting:
    """One setting of a component: the key path where it stands, how it is called and entered.

    ``choices`` are (value, words); ``help`` says what it does. ``FORMULA`` is written with a leading "=".
    """

    place: str
    entry: EntryWay
    label: Text
    help: Text = NO_TEXT
    choices: tuple[tuple[str, Text], ...] = ()
    off: Any = None

    def as_json(self) -> dict[str, Any]:
        """Return it for the script of the editor."""
        return {
            "place": self.place, "entry": self.entry.value, "label": self.label.as_json(), "help": self.help.as_json(),
            "choices": [[value, words.as_json()] for value, words in self.choices], "off": self.off,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class OfferedKind:
    """A kind of component: its ``group`` in the palette, what a new one holds, and its settings by section."""

    type: str
    group: str
    label: Text
    new: Mapping[str, Any]
    sections: Mapping[str, tuple[OfferedSetting, ...]]

    def as_json(self) -> dict[str, Any]:
        """Return it for the script of the editor."""
        sections = {name: [setting.as_json() for setting in settings] for name, settings in self.sections.items()}
        return {
            "type": self.type, "group": self.group, "label": self.label.as_json(),
            "new": dict(self.new), "sections": sections,
        }  # fmt: skip


SECTIONS: Mapping[str, Text] = MappingProxyType(
    {
        "words": Text("文字", "Words"),
        "answer": Text("填写要求", "What may be entered"),
        "shown": Text("何时显示", "When it is shown"),
        "basis": Text("依据与保护", "Basis and protection"),
        "rules": Text("核对规则", "Rules"),
        "name": Text("名称与位置", "Name and place"),
    }
)
"""The sections of the property sheet, in order."""

GROUPS: Mapping[str, Text] = MappingProxyType(
    {
        "fill": Text("填写", "To fill in"),
        "choose": Text("选择", "To choose"),
        "hold": Text("归组", "To group"),
        "show": Text("展示", "To show"),
    }
)
"""The groups of the palette, in order."""


_LABEL = OfferedSetting("label", EntryWay.TEXT, Text("标签", "Label"))
_DATE_LABEL = OfferedSetting("dateLabel", EntryWay.TEXT, Text("标签", "Label"))
_ENGLISH = OfferedSetting("properties.label_en", EntryWay.TEXT, Text("英文标签", "English label"))
_HELP = OfferedSetting(
    "properties.help", EntryWay.LONG, Text("填写说明", "Help"), Text("写在标签下面", "stands below the label")
)
_HELP_EN = OfferedSetting("properties.help_en", EntryWay.LONG, Text("英文说明", "English help"))
_TEXT = OfferedSetting(
    "text", EntryWay.LONG, Text("文字", "Text"), Text("{{param.x}} 显示参数的值", "{{param.x}} shows a parameter")
)
_TEXT_EN = OfferedSetting("properties.text_en", EntryWay.LONG, Text("英文文字", "English text"))
_HIDE = OfferedSetting(
    "conditional.hide", EntryWay.FORMULA, Text("隐藏条件", "Hide while"),
    Text("成立时不显示；不填则总是显示", "not shown while this is true; always shown where empty"),
)  # fmt: skip
_CLAUSES = OfferedSetting(
    "properties.clauses",
    EntryWay.CLAUSES,
    Text("依据条款", "Clauses"),
    Text("按条号或文字查找", "search by article or words"),
)
_PERSONAL = OfferedSetting(
    "properties.personal", EntryWay.TEXT_FLAG, Text("个人信息", "Personal data"),
    Text("无权的人只看到遮盖后的内容；不是个人信息也不是商业秘密的即为公开，能看办件的人都看得到",
         "masked for whoever may not see it; what is neither personal nor secret is public to whoever sees the case"),
)  # fmt: skip
_PURPOSE = OfferedSetting(
    "properties.purpose", EntryWay.TEXT, Text("为什么收集", "Why it is asked for"),
    Text("填写人在这一项下面读到；引用了要求它的条款的可以不写",
         "read below the field by who fills it in; not needed where a clause that asks for it is cited"),
)  # fmt: skip
_PURPOSE_EN = OfferedSetting("properties.purpose_en", EntryWay.TEXT, Text("为什么收集（英文）", "Why, in English"))
_SECRET = OfferedSetting(
    "properties.secret", EntryWay.CHOICE, Text("商业秘密", "Trade secret"),
    Text("遮盖它和由它算出的一切", "masked together with what is computed from it"), ((TRADE_SECRET, Text("商业秘密", "trade secret")),),
)  # fmt: skip
_REQUIRED = OfferedSetting("validate.required", EntryWay.FLAG, Text("必填", "Required"))
_REQUIRED_IF = OfferedSetting(
    "properties.requiredIf", EntryWay.PLAIN_FORMULA, Text("在此条件下必填", "Required while"),
    Text("如 decision = \"refuse\"", 'such as decision = "refuse"'),
)  # fmt: skip
_READONLY = OfferedSetting(
    "readonly", EntryWay.FLAG, Text("只读", "Read only"), Text("显示已有内容，不能改", "shown, not changed")
)
_UNSEEN = OfferedSetting(
    "properties.unseen", EntryWay.TEXT_FLAG, Text("不在页面显示", "Not on the page"),
    Text("只供流程图读取，须同时只读", "only the diagram reads it; read only as well"),
)  # fmt: skip
_KEY = OfferedSetting(
    "key", EntryWay.NAME, Text("字段名", "Field name"),
    Text("规则、流程图和文书用它引用这一项", "rules, diagrams and documents call it so"),
)  # fmt: skip
_PATH = OfferedSetting(
    "path", EntryWay.NAME, _KEY.label, Text("内容放在这个名称之下", "what it holds lies below this name")
)
_WIDTH = OfferedSetting(
    "layout.columns",
    EntryWay.WHOLE,
    Text("宽度（共 16 栏）", "Width (of 16)"),
    Text("不填则占整行", "a whole row where empty"),
)
_LENGTHS = (
    OfferedSetting("validate.minLength", EntryWay.WHOLE, Text("至少几个字", "At least (characters)")),
    OfferedSetting("validate.maxLength", EntryWay.WHOLE, Text("至多几个字", "At most (characters)")),
)
_PATTERN = (
    OfferedSetting("validate.pattern", EntryWay.TEXT, Text("格式（正则表达式）", "Pattern")),
    OfferedSetting(
        "validate.patternErrorMessage", EntryWay.TEXT, Text("格式不符时的提示", "Said when it does not fit")
    ),
    OfferedSetting("properties.patternErrorMessage_en", EntryWay.TEXT, Text("英文提示", "The same in English")),
)
_OPTIONS = (
    OfferedSetting("values", EntryWay.OPTIONS, Text("选项", "Options")),
    OfferedSetting(
        "valuesExpression", EntryWay.FORMULA, Text("选项由公式给出", "Options by a formula"),
        Text("填写后不用上面的选项", "instead of the options above"),
    ),
)  # fmt: skip
_NORMAL = OfferedSetting(
    "properties.normal", EntryWay.TEXT, Text("没有问题时的值", "Where nothing is found"),
    Text("选项的值或以“=”开头的公式；填写人按“以下全部符合”时填入还空着的项",
         "an option's value or a formula with “=”; filled in where blank when all is found in order"),
)  # fmt: skip
_STOPS_FILES = OfferedSetting(
    "properties.stops_files", EntryWay.TEXT, Text("停止流转附件的选项", "Option that stops files"),
    Text("选了它即提交时，申报材料的附件停止流转，谁也不能打开", "chosen, it takes the applicant's files out of circulation"),
)  # fmt: skip
_TYPED = OfferedSetting(
    "properties.typed", EntryWay.TEXT_FLAG, Text("直接输入", "Typed"),
    Text("输入选项的值，不必展开列表", "the value of an option is typed, no list is opened"),
)  # fmt: skip
_PERSON = OfferedSetting(
    "properties.person", EntryWay.CHOICE, Text("填谁的姓名", "Whose name"), NO_TEXT,
    (("reader", Text("填写人（自动填入）", "who fills it in (set)")), ("colleague", Text("同岗位同事（供选择）", "a colleague (offered)")),
     ("other", Text("其他人", "somebody else"))),
)  # fmt: skip
_BESIDE = OfferedSetting(
    "properties.beside", EntryWay.TEXT, Text("旁边显示的申报内容", "Shown beside it"),
    Text("其他表单的部分，如 application.conditions.merit，几项用空格隔开",
         "parts of other forms, such as application.conditions.merit, with blanks between"),
)  # fmt: skip
_RULES = OfferedSetting(
    "properties.rule", EntryWay.RULES, Text("核对规则", "Rules"),
    Text("条件不成立时不能提交，并显示说明", "refused while the condition is false, with this sentence"),
)  # fmt: skip
_FORMAT = OfferedSetting(
    "validate.validationType", EntryWay.CHOICE, Text("格式", "Format"), NO_TEXT,
    (("email", Text("电子邮箱", "e-mail")), ("phone", Text("电话", "telephone"))),
)  # fmt: skip
_NUMBER_WORDS = {
    "credit_code": Text("统一社会信用代码", "credit code"),
    "identity_number": Text("公民身份号码", "identity number"),
}
_CHECK = OfferedSetting(
    "properties.check", EntryWay.CHOICE, Text("核对校验位", "Check sign of"), NO_TEXT,
    tuple((name, _NUMBER_WORDS.get(name, Text(name, name))) for name in NUMBERS),
)  # fmt: skip


def _build_field_kind(
    type: str, group: str, label: Text, answer: tuple[OfferedSetting, ...] = (), *,
    label_setting: OfferedSetting = _LABEL, new: Mapping[str, Any] | None = None,
) -> OfferedKind:  # fmt: skip
    return OfferedKind(
        type, group, label, {label_setting.place: label.zh, **(new or {})},
        {
            "words": (label_setting, _ENGLISH, _HELP, _HELP_EN),
            "answer": (_REQUIRED, _REQUIRED_IF, *answer, _READONLY, _UNSEEN),
            "shown": (_HIDE, _BESIDE),
            "basis": (_CLAUSES, _PERSONAL, _PURPOSE, _PURPOSE_EN, _SECRET),
            "name": (_KEY, _WIDTH),
        },
    )  # fmt: skip


_UNIQUE = OfferedSetting(
    "properties.unique", EntryWay.TEXT, Text("不得重复的字段", "No two alike in"),
    Text("字段名，用逗号隔开", "field names, with commas"),
)  # fmt: skip
_CHOICE = {"values": [{"label": "选项一", "value": "option_1"}, {"label": "选项二", "value": "option_2"}]}
_LIMITS = (
    OfferedSetting("validate.min", EntryWay.NUMBER, Text("最小值", "Least")),
    OfferedSetting("validate.max", EntryWay.NUMBER, Text("最大值", "Most")),
)

KINDS: tuple[OfferedKind, ...] = (
    _build_field_kind("textfield", "fill", Text("单行文本", "Line of text"), (*_LENGTHS, _FORMAT, _CHECK, *_PATTERN, _NORMAL, _PERSON)),
    _build_field_kind("textarea", "fill", Text("多行文本", "Text"), (*_LENGTHS, *_PATTERN, _NORMAL)),
    _build_field_kind(
        "number", "fill", Text("数字", "Number"),
        (OfferedSetting("decimalDigits", EntryWay.WHOLE, Text("小数位数", "Decimal places")), *_LIMITS,
         OfferedSetting("increment", EntryWay.NUMBER, Text("步长", "Step"))),
        new={"decimalDigits": 0},
    ),
    _build_field_kind(
        "datetime", "fill", Text("日期", "Date"),
        (OfferedSetting("subtype", EntryWay.CHOICE, Text("填写", "Enter"), NO_TEXT,
                 (("date", Text("日期", "a date")), ("time", Text("时刻", "a time")), ("datetime", Text("日期和时刻", "both")))),
         OfferedSetting("disallowPassedDates", EntryWay.FLAG, Text("不能早于今天", "Not before today"))),
        label_setting=_DATE_LABEL, new={"subtype": "date"},
    ),
    _build_field_kind(
        "upload", "fill", Text("附件上传", "Files"),
        (OfferedSetting("accept", EntryWay.TEXT, Text("文件类型", "Kinds of file"), Text("如 .pdf,.jpg", "such as .pdf,.jpg")),
         OfferedSetting("properties.maxCount", EntryWay.TEXT_WHOLE, Text("至多几个", "How many at most")),
         OfferedSetting("properties.maxBytes", EntryWay.SIZE, Text("每个至多（MB）", "Each at most (MB)"))),
        new={"accept": ".pdf,.jpg,.jpeg,.png", "properties": {"maxBytes": "20971520", "maxCount": "5"}},
    ),
    _build_field_kind("radio", "choose", Text("单选", "One of several"), (*_OPTIONS, _NORMAL, _STOPS_FILES), new=_CHOICE),
    _build_field_kind("select", "choose", Text("下拉单选", "One from a list"), (*_OPTIONS, _NORMAL, _TYPED), new=_CHOICE),
    _build_field_kind("checklist", "choose", Text("多选", "Several"), _OPTIONS, new=_CHOICE),
    _build_field_kind(
        "checkbox", "choose", Text("勾选框", "Box to tick"),
        (OfferedSetting("properties.unticked", EntryWay.CHOICE, Text("不勾选时", "Left alone"), NO_TEXT, (("false", Text("算“否”", "says no")),)),),
        new={"properties": {"unticked": "false"}},
    ),
    OfferedKind(
        "group", "hold", Text("分组", "Group"), {"label": "分组", "showOutline": True, "components": []},
        {"words": (_LABEL, _ENGLISH, _HELP, _HELP_EN), "shown": (_HIDE,), "basis": (_CLAUSES,), "rules": (_RULES,), "name": (_PATH, _WIDTH)},
    ),
    OfferedKind(
        "dynamiclist", "hold", Text("名单（可重复的行）", "Rows"),
        {"label": "名单", "isRepeating": True, "allowAddRemove": True, "defaultRepetitions": 1, "showOutline": True, "components": []},
        {
            "words": (_LABEL, _ENGLISH, _HELP, _HELP_EN),
            "answer": (
                OfferedSetting("allowAddRemove", EntryWay.FLAG, Text("可以增删行", "Rows can be added"), off=False),
                OfferedSetting("defaultRepetitions", EntryWay.WHOLE, Text("开始时几行", "Rows to begin with")),
                OfferedSetting("properties.minRows", EntryWay.TEXT_WHOLE, Text("至少几行", "At least")),
                OfferedSetting("properties.maxRows", EntryWay.TEXT_WHOLE, Text("至多几行", "At most")),
                _UNIQUE,
            ),
            "shown": (_HIDE,), "basis": (_CLAUSES,), "rules": (_RULES,), "name": (_PATH, _WIDTH),
        },
    ),
    OfferedKind(
        "expression", "show", Text("自动计算", "Computed"), {"label": "自动计算", "expression": "=1 + 1", "computeOn": "change"},
        {"words": (_LABEL, _ENGLISH, _HELP, _HELP_EN), "answer": (OfferedSetting("expression", EntryWay.FORMULA, Text("公式", "Formula")),),
         "shown": (_HIDE,), "basis": (_CLAUSES,), "name": (_KEY, _WIDTH)},
    ),
    OfferedKind(
        "text", "show", Text("说明文字", "Explanation"), {"text": "请在此写说明。"},
        {"words": (_TEXT, _TEXT_EN), "shown": (_HIDE,), "basis": (_CLAUSES,), "name": (_WIDTH,)},
    ),
)  # fmt: skip
"""What the palette offers."""

FORM_SETTINGS: Mapping[str, tuple[OfferedSetting, ...]] = MappingProxyType(
    {
        "words": (
            OfferedSetting("properties.title", EntryWay.TEXT, Text("表单名称", "Title")),
            OfferedSetting("properties.title_en", EntryWay.TEXT, Text("英文名称", "English title")),
        ),
        "basis": (_CLAUSES,),
        "answer": (
            OfferedSetting(
                "properties.asks_correction", EntryWay.TEXT_FLAG, Text("可以要求补正", "Asks for corrections"),
                Text("有要求补正的选项；想退回的人会得知可以在这里要求补正",
                     "one of its choices asks for a correction; who would send a task back is pointed to it"),
            ),
        ),
        "rules": (_RULES,),
        "name": (
            OfferedSetting(
                "properties.variables", EntryWay.TEXT, Text("表单之外可以引用的名称", "Names from outside"),
                Text("用逗号隔开，如 param、setting", "with commas, such as param, setting"),
            ),
        ),
    }
)  # fmt: skip
"""The settings of the form as a whole."""


def build_palette() -> dict[str, Any]:
    """Return everything that the editor offers, as JSON."""
    return {
        "sections": {name: text.as_json() for name, text in SECTIONS.items()},
        "groups": {name: text.as_json() for name, text in GROUPS.items()},
        "kinds": [kind.as_json() for kind in KINDS],
        "form": {name: [setting.as_json() for setting in settings] for name, settings in FORM_SETTINGS.items()},
    }


def settings_of(kind: OfferedKind) -> Iterator[OfferedSetting]:
    """Yield all settings of a kind of component."""
    for settings in kind.sections.values():
        yield from settings
