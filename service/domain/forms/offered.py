"""What a form editor offers: the kinds of components, and the settings of each that the server checks fully."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from service.domain.forms.limits import NUMBERS
from service.domain.forms.model import NO_TEXT
from service.domain.forms.settings_offered import GROUPS, SECTIONS, Entry, Kind, Setting
from service.domain.text import Text

_LABEL = Setting("label", Entry.TEXT, Text("标签", "Label"))
_DATE_LABEL = Setting("dateLabel", Entry.TEXT, Text("标签", "Label"))
_ENGLISH = Setting("properties.label_en", Entry.TEXT, Text("英文标签", "English label"))
_HELP = Setting("properties.help", Entry.LONG, Text("填写说明", "Help"), Text("写在标签下面", "stands below the label"))
_HELP_EN = Setting("properties.help_en", Entry.LONG, Text("英文说明", "English help"))
_TEXT = Setting(
    "text", Entry.LONG, Text("文字", "Text"), Text("{{param.x}} 显示参数的值", "{{param.x}} shows a parameter")
)
_TEXT_EN = Setting("properties.text_en", Entry.LONG, Text("英文文字", "English text"))
_HIDE = Setting(
    "conditional.hide", Entry.FORMULA, Text("隐藏条件", "Hide while"),
    Text("成立时不显示；不填则总是显示", "not shown while this is true; always shown where empty"),
)  # fmt: skip
_CLAUSES = Setting(
    "properties.clauses",
    Entry.CLAUSES,
    Text("依据条款", "Clauses"),
    Text("按条号或文字查找", "search by article or words"),
)
_PERSONAL = Setting(
    "properties.personal", Entry.TEXT_FLAG, Text("个人信息", "Personal data"),
    Text("无权的人只看到遮盖后的内容", "masked for whoever may not see it"),
)  # fmt: skip
_SECRET = Setting(
    "properties.secret", Entry.CHOICE, Text("商业秘密", "Trade secret"),
    Text("遮盖它和由它算出的一切", "masked together with what is computed from it"), (("trade", Text("商业秘密", "trade secret")),),
)  # fmt: skip
_REQUIRED = Setting("validate.required", Entry.FLAG, Text("必填", "Required"))
_REQUIRED_IF = Setting(
    "properties.requiredIf", Entry.PLAIN_FORMULA, Text("在此条件下必填", "Required while"),
    Text("如 decision = \"refuse\"", 'such as decision = "refuse"'),
)  # fmt: skip
_READONLY = Setting(
    "readonly", Entry.FLAG, Text("只读", "Read only"), Text("显示已有内容，不能改", "shown, not changed")
)
_UNSEEN = Setting(
    "properties.unseen", Entry.TEXT_FLAG, Text("不在页面显示", "Not on the page"),
    Text("只供流程图读取，须同时只读", "only the diagram reads it; read only as well"),
)  # fmt: skip
_KEY = Setting(
    "key", Entry.NAME, Text("字段名", "Field name"),
    Text("规则、流程图和文书用它引用这一项", "rules, diagrams and documents call it so"),
)  # fmt: skip
_PATH = Setting("path", Entry.NAME, _KEY.label, Text("内容放在这个名称之下", "what it holds lies below this name"))
_WIDTH = Setting(
    "layout.columns",
    Entry.WHOLE,
    Text("宽度（共 16 栏）", "Width (of 16)"),
    Text("不填则占整行", "a whole row where empty"),
)
_LENGTHS = (
    Setting("validate.minLength", Entry.WHOLE, Text("至少几个字", "At least (characters)")),
    Setting("validate.maxLength", Entry.WHOLE, Text("至多几个字", "At most (characters)")),
)
_PATTERN = (
    Setting("validate.pattern", Entry.TEXT, Text("格式（正则表达式）", "Pattern")),
    Setting("validate.patternErrorMessage", Entry.TEXT, Text("格式不符时的提示", "Said when it does not fit")),
    Setting("properties.patternErrorMessage_en", Entry.TEXT, Text("英文提示", "The same in English")),
)
_OPTIONS = (
    Setting("values", Entry.OPTIONS, Text("选项", "Options")),
    Setting(
        "valuesExpression", Entry.FORMULA, Text("选项由公式给出", "Options by a formula"),
        Text("填写后不用上面的选项", "instead of the options above"),
    ),
)  # fmt: skip
_RULES = Setting(
    "properties.rule", Entry.RULES, Text("核对规则", "Rules"),
    Text("条件不成立时不能提交，并显示说明", "refused while the condition is false, with this sentence"),
)  # fmt: skip
_FORMAT = Setting(
    "validate.validationType", Entry.CHOICE, Text("格式", "Format"), NO_TEXT,
    (("email", Text("电子邮箱", "e-mail")), ("phone", Text("电话", "telephone"))),
)  # fmt: skip
_NUMBER_WORDS = {
    "credit_code": Text("统一社会信用代码", "credit code"),
    "identity_number": Text("公民身份号码", "identity number"),
}
_CHECK = Setting(
    "properties.check", Entry.CHOICE, Text("核对校验位", "Check sign of"), NO_TEXT,
    tuple((name, _NUMBER_WORDS.get(name, Text(name, name))) for name in NUMBERS),
)  # fmt: skip


def _field(
    type: str, group: str, label: Text, answer: tuple[Setting, ...] = (), *,
    label_setting: Setting = _LABEL, protect: tuple[Setting, ...] = (), new: Mapping[str, Any] | None = None,
) -> Kind:  # fmt: skip
    return Kind(
        type, group, label, {label_setting.place: label.zh, **(new or {})},
        {
            "words": (label_setting, _ENGLISH, _HELP, _HELP_EN),
            "answer": (_REQUIRED, _REQUIRED_IF, *answer, _READONLY, _UNSEEN),
            "shown": (_HIDE,),
            "basis": (_CLAUSES, _PERSONAL, _SECRET, *protect),
            "name": (_KEY, _WIDTH),
        },
    )  # fmt: skip


_CHOICE = {"values": [{"label": "选项一", "value": "option_1"}, {"label": "选项二", "value": "option_2"}]}
_LIMITS = (
    Setting("validate.min", Entry.NUMBER, Text("最小值", "Least")),
    Setting("validate.max", Entry.NUMBER, Text("最大值", "Most")),
)

KINDS: tuple[Kind, ...] = (
    _field("textfield", "fill", Text("单行文本", "Line of text"), (*_LENGTHS, _FORMAT, _CHECK, *_PATTERN)),
    _field("textarea", "fill", Text("多行文本", "Text"), (*_LENGTHS, *_PATTERN)),
    _field(
        "number", "fill", Text("数字", "Number"),
        (Setting("decimalDigits", Entry.WHOLE, Text("小数位数", "Decimal places")), *_LIMITS,
         Setting("increment", Entry.NUMBER, Text("步长", "Step"))),
        new={"decimalDigits": 0},
    ),
    _field(
        "datetime", "fill", Text("日期", "Date"),
        (Setting("subtype", Entry.CHOICE, Text("填写", "Enter"), NO_TEXT,
                 (("date", Text("日期", "a date")), ("time", Text("时刻", "a time")), ("datetime", Text("日期和时刻", "both")))),
         Setting("disallowPassedDates", Entry.FLAG, Text("不能早于今天", "Not before today"))),
        label_setting=_DATE_LABEL, new={"subtype": "date"},
        protect=(Setting("properties.record", Entry.TEXT, Text("只作记录的原因", "Why it is only kept"),
                         Text("没有规则读取这个日期时写明", "say so where nothing reads the date")),),
    ),
    _field(
        "upload", "fill", Text("附件上传", "Files"),
        (Setting("accept", Entry.TEXT, Text("文件类型", "Kinds of file"), Text("如 .pdf,.jpg", "such as .pdf,.jpg")),
         Setting("properties.maxCount", Entry.TEXT_WHOLE, Text("至多几个", "How many at most")),
         Setting("properties.maxBytes", Entry.SIZE, Text("每个至多（MB）", "Each at most (MB)"))),
        new={"accept": ".pdf,.jpg,.jpeg,.png", "properties": {"maxBytes": "20971520", "maxCount": "5"}},
    ),
    _field("radio", "choose", Text("单选", "One of several"), _OPTIONS, new=_CHOICE),
    _field("select", "choose", Text("下拉单选", "One from a list"), _OPTIONS, new=_CHOICE),
    _field("checklist", "choose", Text("多选", "Several"), _OPTIONS, new=_CHOICE),
    _field(
        "checkbox", "choose", Text("勾选框", "Box to tick"),
        (Setting("properties.unticked", Entry.CHOICE, Text("不勾选时", "Left alone"), NO_TEXT, (("false", Text("算“否”", "says no")),)),),
    ),
    Kind(
        "group", "hold", Text("分组", "Group"), {"label": "分组", "showOutline": True, "components": []},
        {"words": (_LABEL, _ENGLISH, _HELP, _HELP_EN), "shown": (_HIDE,), "basis": (_CLAUSES,), "rules": (_RULES,), "name": (_PATH, _WIDTH)},
    ),
    Kind(
        "dynamiclist", "hold", Text("名单（可重复的行）", "Rows"),
        {"label": "名单", "isRepeating": True, "allowAddRemove": True, "defaultRepetitions": 1, "showOutline": True, "components": []},
        {
            "words": (_LABEL, _ENGLISH, _HELP, _HELP_EN),
            "answer": (
                Setting("allowAddRemove", Entry.FLAG, Text("可以增删行", "Rows can be added"), off=False),
                Setting("defaultRepetitions", Entry.WHOLE, Text("开始时几行", "Rows to begin with")),
                Setting("properties.minRows", Entry.TEXT_WHOLE, Text("至少几行", "At least")),
                Setting("properties.maxRows", Entry.TEXT_WHOLE, Text("至多几行", "At most")),
                Setting("properties.unique", Entry.TEXT, Text("不得重复的字段", "No two alike in"), Text("字段名，用逗号隔开", "field names, with commas")),
            ),
            "shown": (_HIDE,), "basis": (_CLAUSES,), "rules": (_RULES,), "name": (_PATH, _WIDTH),
        },
    ),
    Kind(
        "expression", "show", Text("自动计算", "Computed"), {"label": "自动计算", "expression": "=1 + 1", "computeOn": "change"},
        {"words": (_LABEL, _ENGLISH, _HELP, _HELP_EN), "answer": (Setting("expression", Entry.FORMULA, Text("公式", "Formula")),),
         "shown": (_HIDE,), "basis": (_CLAUSES,), "name": (_KEY, _WIDTH)},
    ),
    Kind(
        "text", "show", Text("说明文字", "Explanation"), {"text": "请在此写说明。"},
        {"words": (_TEXT, _TEXT_EN), "shown": (_HIDE,), "basis": (_CLAUSES,), "name": (_WIDTH,)},
    ),
    Kind(
        "table", "show", Text("只读表格", "Table"),
        {"label": "表格", "dataSource": "=[]", "columns": [{"key": "name", "label": "名称"}]},
        {"words": (_LABEL, _ENGLISH), "answer": (Setting("dataSource", Entry.FORMULA, Text("各行来自", "Rows from")),
         Setting("columns", Entry.COLUMNS, Text("列", "Columns"))), "shown": (_HIDE,), "basis": (_CLAUSES,), "name": (_WIDTH,)},
    ),
    Kind("separator", "show", Text("分隔线", "Line"), {}, {"shown": (_HIDE,)}),
)  # fmt: skip
"""What the palette offers."""

FORM_SETTINGS: Mapping[str, tuple[Setting, ...]] = MappingProxyType(
    {
        "words": (
            Setting("properties.title", Entry.TEXT, Text("表单名称", "Title")),
            Setting("properties.title_en", Entry.TEXT, Text("英文名称", "English title")),
        ),
        "basis": (_CLAUSES,),
        "rules": (_RULES,),
        "name": (
            Setting(
                "properties.variables", Entry.TEXT, Text("表单之外可以引用的名称", "Names from outside"),
                Text("用逗号隔开，如 param、setting", "with commas, such as param, setting"),
            ),
        ),
    }
)  # fmt: skip
"""The settings of the form as a whole."""


def palette() -> dict[str, Any]:
    """Return everything that the editor offers, as JSON."""
    return {
        "sections": {name: text.as_json() for name, text in SECTIONS.items()},
        "groups": {name: text.as_json() for name, text in GROUPS.items()},
        "kinds": [kind.as_json() for kind in KINDS],
        "form": {name: [setting.as_json() for setting in found] for name, found in FORM_SETTINGS.items()},
    }


def settings_of(kind: Kind) -> Iterator[Setting]:
    """Yield all settings of a kind of component."""
    for found in kind.sections.values():
        yield from found
